"""The link to one chip: commands protected or bare, long ones in parts, files in few commands.

Sources: ISO 7816-4 (command chaining, GET RESPONSE, secure messaging); ICAO Doc 9303-10, 3.6.
"""

from dataclasses import replace

from hardware.core.errors import DeviceError
from hardware.smartcard.apdu import (
    LONG_ANSWER,
    MORE_DATA,
    SHORT_ANSWER,
    SHORT_DATA,
    SW,
    WRONG_EXPECTED,
    Command,
    Response,
    split,
)
from hardware.smartcard.card_limits import Limits, of_atr, of_atr_info
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.file_reading import FileReader
from hardware.smartcard.interface import Chip
from hardware.smartcard.protocols.secure_messaging import SecureMessaging

CHAINED = 0x10
ATR_INFO = 0x2F01
ATR_INFO_SHORT = 0x01
MOST_PARTS = 512
"""An answer in more parts than this never ends."""


class CardLink:
    """A conversation with one chip. It belongs to one thread.

    Attributes:
        session: Secure messaging, once a protocol has agreed on keys; None for bare commands.
        apdus: How many commands went to the reader so far.
        longest_answer: The longest answer data field that is asked for, protection included. A
            caller whose session was lost over a long answer may set it lower and begin again.
    """

    def __init__(self, chip: Chip, atr: bytes = b"") -> None:
        """Take a powered chip.

        Args:
            chip: What answers APDUs.
            atr: The answer to reset, which may announce extended length.
        """
        self._chip = chip
        self._limits = of_atr(atr) if chip.takes_extended_length else Limits(are_in_file=False)
        self._files = FileReader(self.send, self._room)
        self.session: SecureMessaging | None = None
        self.apdus = 0
        self.longest_answer = self._limits.answer

    @property
    def takes_extended_length(self) -> bool:
        """Whether both the reader and the card pass extended length, as far as is known."""
        return self._limits.command > SHORT_DATA

    @property
    def longest_data(self) -> int:
        """How many bytes of data one command can carry; more go in a chain of commands."""
        return self._longest_data()

    def send(self, command: Command) -> Response:
        """Send a command, protected where there is a session, and gather its whole answer.

        Data too long for one command go in a chain of commands.

        Raises:
            ChipError: The answer makes no sense, or the session is lost, which then is None.
            DeviceError: The reader or the contact failed; a session is lost too.
        """
        try:
            return self._send_chain(command)
        except DeviceError as error:
            if self.session is not None and getattr(error, "reason", "") != "not_supported":
                self.session = None
            raise

    def select_application(self, identifier: bytes) -> None:
        """Select an application by its AID (9303-10, 3.6.1).

        Raises:
            ChipError: There is none (no_file), or the chip refuses.
        """
        self._files.forget()
        answer = self.send(Command(0xA4, 0x04, 0x0C, identifier))
        if answer.status_word == SW.WRONG_PARAMETERS:  # a card that insists on telling about it
            answer = self.send(Command(0xA4, 0x04, 0x00, identifier, SHORT_ANSWER))
        answer.require_ok("the application")

    def select_file(self, identifier: int) -> None:
        """Select an elementary file by its identifier.

        Raises:
            ChipError: There is none (no_file), or the chip refuses.
        """
        self._files.select(identifier)

    def read_file(self, identifier: int, short_identifier: int | None = None) -> bytes:
        """Read one elementary file, as long as its own first element says that it is.

        The first READ BINARY names the file by its short identifier, so that it selects and
        reads at once, and asks for as much as fits.

        Args:
            identifier: The file identifier.
            short_identifier: 1 to 30; by default the low five bits of identifiers 01xx, as
                9303-10 assigns them. 0 for a file that must be selected.

        Raises:
            ChipError: no_file, refused, malformed, or session_lost.
            DeviceError: The reader or the contact failed.
        """
        if short_identifier is None:
            short_identifier = identifier & 0x1F if identifier >> 8 == 0x01 else 0
        return self._files.read(identifier, short_identifier)

    def learn_limits(self) -> None:
        """Read from EF.ATR/INFO in the master file how long commands and answers may be.

        One or two commands, and none where the reader takes short ones alone or the answer to
        reset said enough. A card without the file keeps what the answer to reset announced.

        Raises:
            ChipError: session_lost. DeviceError: The reader or the contact failed.
        """
        if not self._limits.are_in_file:
            return
        self._limits = replace(self._limits, are_in_file=False)
        try:
            told = self._files.read_beginning(ATR_INFO, ATR_INFO_SHORT)
        except ChipError as error:
            if error.reason == "session_lost":
                raise
            return
        self._limits = of_atr_info(told, self._limits)
        self.longest_answer = self._limits.answer

    def _room(self) -> int:
        """How many bytes of a file one answer can hold."""
        if self.session is None:
            return self.longest_answer
        return self.session.longest_answer(self.longest_answer)

    def _longest_data(self) -> int:
        limit = self._limits.command
        return limit if self.session is None else self.session.longest_data(limit)

    def _send_chain(self, command: Command) -> Response:
        part = self._longest_data()
        if len(command.data) <= part:
            return self._send_one(command)
        if command.cla & CHAINED:  # a chain already: its links cannot be cut, only be longer
            if self._chip.takes_extended_length:
                return self._send_one(command)
            raise ChipError("not_supported", "a command that needs extended length")
        last = (len(command.data) - 1) // part * part
        for at in range(0, last, part):
            piece = command.data[at : at + part]
            chained = replace(command, data=piece, expected=None, cla=command.cla | CHAINED)
            answer = self._send_one(chained)
            if answer.status_word != SW.OK:
                return answer
        return self._send_one(replace(command, data=command.data[last:]))

    def _send_one(self, command: Command) -> Response:
        answer = self._exchange(command)
        if answer.status_word >> 8 == WRONG_EXPECTED:
            exact = answer.status_word & 0xFF or SHORT_ANSWER
            answer = self._exchange(replace(command, expected=exact))
        if answer.status_word >> 8 in (MORE_DATA, WRONG_EXPECTED):
            raise ChipError("malformed", "the answer never ends", answer.status_word)
        return answer

    def _exchange(self, command: Command) -> Response:
        session = self.session
        if session is None:
            return self._gather(self._transmit(command.encode(not command.fits_short)), command.cla)
        takes_long = self.takes_extended_length and self.longest_answer > SHORT_ANSWER
        extended = len(command.data) > session.longest_data() or (
            takes_long and (command.expected or 0) > session.longest_answer()
        )
        sent = session.wrap(command, extended)
        bare = self._transmit(sent)
        if bare.status_word >> 8 == WRONG_EXPECTED and not bare.data:
            # The transport wants the exact length (T=0); the seal does not cover the outer one.
            exact = bare.status_word & 0xFF
            tail = bytes((0, exact)) if extended else bytes((exact,))
            bare = self._transmit(sent[: -len(tail)] + tail)
        whole = self._gather(bare, command.cla)
        return session.unwrap(whole.data + whole.status_word.to_bytes(2, "big"))

    def _gather(self, answer: Response, cla: int) -> Response:
        """Fetch what the card still holds back (GET RESPONSE, which is never protected)."""
        if answer.status_word >> 8 != MORE_DATA:
            return answer
        parts = [answer.data]
        for _ in range(MOST_PARTS):
            waiting = answer.status_word & 0xFF or SHORT_ANSWER
            fetch = Command(0xC0, 0x00, 0x00, expected=waiting, cla=cla & 0xEC)
            answer = self._transmit(fetch.encode())
            if answer.status_word >> 8 == WRONG_EXPECTED:
                exact = replace(fetch, expected=answer.status_word & 0xFF or SHORT_ANSWER)
                answer = self._transmit(exact.encode())
            parts.append(answer.data)
            if answer.status_word >> 8 != MORE_DATA or not answer.data:
                break
        data = b"".join(parts)
        if len(data) > LONG_ANSWER:
            raise ChipError("malformed", "the answer never ends", answer.status_word)
        return Response(data, answer.status_word)

    def _transmit(self, sent: bytes) -> Response:
        self.apdus += 1
        return split(self._chip.transmit(sent))
