"""One powered chip: takes command APDUs, keeps their order, answers."""

from collections.abc import Callable
from functools import reduce
from operator import xor
from threading import Event

from hardware.simulation.chip.answers import SW, ChipTornError, Refusal
from hardware.simulation.chip.applications import Applications
from hardware.simulation.chip.chaining import Chain
from hardware.simulation.chip.commands import EXTENDED_LIMIT, SHORT_LIMIT, Command, cut
from hardware.simulation.chip.faults import Faults
from hardware.simulation.chip.memory import Memory, Store
from hardware.simulation.chip.randomness import Randomness, SystemRandomness
from hardware.simulation.chip.session import Session

SECURE = 0x0C
"""Both secure messaging bits of a class byte: the header is protected too."""
MANAGED = 0x04
"""The secure messaging bits of the card manager's channel."""
CHANNEL = 0x03
PSEUDO_CLASS = 0xFF
"""Class of what PC/SC readers answer themselves; a bare one passes it on."""
GET_RESPONSE = 0xC0
SELECT = 0xA4
"""The only command that may come unprotected in a session: it begins anew."""
GET_DATA = 0xCA
"""Also answered in the clear, but the session is over."""


def atr_of(*, extended: bool) -> bytes:
    """Return the answer to reset: T=0 and T=1, and historical bytes with the card's capabilities.

    ISO 7816-4 12.1.1: 80 (COMPACT-TLV), 73 card capabilities: selection by name, identifier and
    short identifier; data units of one byte; chaining and, if so, extended length with its
    limits in EF.ATR/INFO.
    """
    body = bytes.fromhex("8580018073942180" if not extended else "85800180739421E0")
    return b"\x3b" + body + bytes([reduce(xor, body)])


ATR = atr_of(extended=True)
"""The answer to reset of a chip that takes extended length."""


class SimulatedChip:
    """One powered chip. What it has agreed on is lost with its power; its memory stays."""

    def __init__(
        self,
        memory: Memory,
        saved: Callable[[], None],
        *,
        wait: Callable[[float], None] | None = None,
        random: Randomness | None = None,
    ) -> None:
        """Give the chip power.

        Args:
            memory: Its JSON memory, as blank_chip makes it.
            saved: Called after a change of memory that must last.
            wait: Lets the seconds pass that the chip takes after wrong passwords; by default it
                does not wait.
            random: Where its random numbers come from.
        """
        self._store = Store(memory, saved)
        self._session = Session(
            self._store, random or SystemRandomness(), wait or (lambda _seconds: None)
        )
        self._applications = Applications(self._session)
        self._chain = Chain()
        self._faults = Faults(memory, wait or _really_wait)
        self._rest = b""

    @property
    def takes_extended_length(self) -> bool:
        """Whether the chip takes APDUs of extended length."""
        return self._store.extended

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        return atr_of(extended=self._store.extended)

    def transmit(self, command: bytes) -> bytes:
        """Answer one APDU with at least two bytes.

        Raises:
            ChipMuteError: The chip has the fault mute, or lost its power (ChipTornError).
        """
        try:
            self._faults.before()
        except ChipTornError:
            self._session.end()
            raise
        return self._faults.garble(self._answer(command))

    def _answer(self, apdu: bytes) -> bytes:
        if apdu[:1] == bytes([PSEUDO_CLASS]):
            return self._answer_pseudo(apdu)
        try:
            command = cut(apdu)
        except Refusal as refusal:
            return _status(refusal.status_word)
        if command.extended and not self._store.extended:
            return _status(SW.WRONG_LENGTH)
        if command.ins == GET_RESPONSE and self._rest:
            return self._hand_over(self._rest, command.expected)
        self._rest = b""
        if command.cla & 0x60 and not command.cla & 0x80:
            return _status(SW.NO_CLASS)
        if command.cla & 0x80 and command.cla & 0x70:
            return _status(SW.NO_CLASS)
        if command.cla & CHANNEL:
            return _status(SW.NO_CHANNELS)
        if command.cla & SECURE == SECURE:
            return self._answer_protected(command)
        return self._answer_plain(command)

    def _answer_pseudo(self, apdu: bytes) -> bytes:
        """Answer what PC/SC 3.2.2.1 asks of a reader: the random UID of ISO 14443-3."""
        if apdu == bytes.fromhex("FFCA000000"):
            return b"\x08" + self._session.random.octets(3) + _status(SW.OK)
        return _status(SW.NO_INSTRUCTION)

    def _answer_plain(self, command: Command) -> bytes:
        if self._session.messaging is not None:
            self._session.end()
            self._chain.forget()
            if command.ins not in (SELECT, GET_DATA):
                return _status(SW.OBJECTS_MISSING)
        if command.cla & SECURE == SECURE & ~MANAGED:
            return _status(SW.NO_SECURE_MESSAGING)
        data, status_word = self._run(command, None)
        answer = data + _status(status_word)
        self._change_keys(status_word)
        limit = command.expected or SHORT_LIMIT
        return answer if len(data) <= limit else self._hand_over(answer, command.expected)

    def _answer_protected(self, command: Command) -> bytes:
        messaging = self._session.messaging
        if messaging is None:
            return _status(SW.OBJECTS_INCORRECT)
        try:
            plain = messaging.unwrap(command)
        except Refusal as refusal:
            self._session.end()
            self._chain.forget()
            return _status(refusal.status_word)
        data, status_word = self._run(plain, messaging.room(command))
        answer = messaging.wrap(command.ins, data, status_word)
        self._change_keys(status_word)
        limit = EXTENDED_LIMIT if command.extended else SHORT_LIMIT
        if len(answer) - 2 <= limit:
            return answer
        return self._hand_over(answer, limit)

    def _run(self, command: Command, room: int | None) -> tuple[bytes, int]:
        self._session.next_messaging = None
        try:
            if command.cla & SECURE == MANAGED:
                return self._applications.run_managed(command)
            whole = self._chain.add(command)
            if whole is None:
                return b"", SW.OK
            return self._applications.run(whole, room)
        except Refusal as refusal:
            self._session.next_messaging = None
            return b"", refusal.status_word

    def _change_keys(self, status_word: int) -> None:
        fresh, self._session.next_messaging = self._session.next_messaging, None
        if fresh is not None and status_word == SW.OK:
            self._session.messaging = fresh

    def _hand_over(self, answer: bytes, expected: int | None) -> bytes:
        """Give what fits, and hold the rest back for GET RESPONSE (ISO 7816-4 clause 5.3.4)."""
        data, status = answer[:-2], answer[-2:]
        room = min(expected or SHORT_LIMIT, EXTENDED_LIMIT)
        if len(data) <= room:
            self._rest = b""
            return answer
        self._rest = data[room:] + status
        left = len(data) - room
        return data[:room] + _status(0x6100 | (left if left < SHORT_LIMIT else 0))


def _status(status_word: int) -> bytes:
    return status_word.to_bytes(2, "big")


def _really_wait(seconds: float) -> None:
    Event().wait(seconds)
