"""Reading elementary files in as few commands as the card allows, whatever it finds too long.

Sources: ISO 7816-4, 11.2 (READ BINARY); ICAO Doc 9303-10, 3.6.3.
"""

from collections.abc import Callable

from hardware.smartcard.apdu import SW, Command, Response
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.tlv import read_head

MAX_FILE = 0xFFFF
PLAIN_OFFSETS = 0x8000
"""READ BINARY's own offset ends here; beyond, the offset travels as data (instruction B1)."""
HEAD = 6
"""Bytes that hold the tag and the length of any file."""
SMALLER = (192, 128, 64)
"""Sizes to fall back to when a card finds an answer too long."""
LEAST = 16
"""A card that gives fewer bytes at a time, though more remain, is not read to the end."""
DISCRETIONARY = 0x53
OFFSET = b"\x54\x02"
READ_ENDS = (SW.OK, SW.END_OF_FILE)
UNKNOWN_WAY = (
    SW.NO_CURRENT_FILE,
    SW.WRONG_DATA,
    SW.FUNCTION_NOT_SUPPORTED,
    SW.FILE_NOT_FOUND,
    SW.WRONG_PARAMETERS,
    SW.REFERENCE_NOT_FOUND,
    SW.OUTSIDE_FILE,
    SW.INSTRUCTION_NOT_SUPPORTED,
)
"""What cards say to a short file identifier that they do not know, or know nothing of."""


class FileReader:
    """Reads files, and remembers for the session what the card was found to allow."""

    def __init__(self, send: Callable[[Command], Response], room: Callable[[], int]) -> None:
        """Make a reader.

        Args:
            send: Sends one command and returns its answer.
            room: Tells how many bytes of a file one answer can hold at present.
        """
        self._send = send
        self._room = room
        self.forget()

    def forget(self) -> None:
        """Begin anew: another application answers now, and may know other ways."""
        self._knows_short: bool | None = None
        self._head_first = False
        self._ceiling = MAX_FILE + 1

    def select(self, identifier: int) -> None:
        """Select an elementary file by its identifier.

        Raises:
            ChipError: There is none (no_file), or the card refuses.
        """
        answer = self._send(Command(0xA4, 0x02, 0x0C, identifier.to_bytes(2, "big")))
        answer.require_ok(f"file {identifier:04X}")

    def read(self, identifier: int, short: int) -> bytes:
        """Read a file as long as its first element says that it is; short 0 selects it first."""
        name = f"file {identifier:04X}"
        first = self._open(identifier, short, name)
        tag_and_length = read_head(first[:8])
        total = tag_and_length[1] + tag_and_length[2]
        if total > MAX_FILE:
            raise ChipError("malformed", f"{name} says that it is too long")
        pieces = [first[:total]]
        have = len(pieces[0])
        while have < total:
            pieces.append(self._piece(have, total - have, name))
            have += len(pieces[-1])
        return b"".join(pieces)

    def read_beginning(self, identifier: int, short: int) -> bytes:
        """Read what one answer holds of a file that is a row of elements, such as EF.ATR/INFO."""
        return self._open(identifier, short, f"file {identifier:04X}")

    def _size(self) -> int:
        return max(min(self._room(), self._ceiling), 1)

    def _open(self, identifier: int, short: int, name: str) -> bytes:
        """Make a file the current one and return its first bytes.

        A short identifier in READ BINARY selects and reads at once. Cards that know nothing of
        it answer with many words, also with the one for an absent file; so as long as none has
        worked, SELECT has the last word.
        """
        is_new_way = short and self._knows_short is not False
        if is_new_way:
            answer = self._first(0x80 | short)
            if answer.status_word in READ_ENDS:
                self._knows_short = True
                return self._checked(answer, name)
            if self._knows_short or answer.status_word not in UNKNOWN_WAY:
                answer.require_ok(name)
        self.select(identifier)
        if is_new_way:
            self._knows_short = False
        return self._checked(self._first(0x00), name)

    def _first(self, place: int) -> Response:
        """Read from the beginning of a file whose length is not known yet.

        There are cards that refuse to be asked for more than a file holds: they are asked for
        its head, and then for the rest.
        """
        size = self._size()
        if not self._head_first:
            answer = self._send(Command(0xB0, place, 0x00, expected=size))
            if answer.status_word != SW.WRONG_LENGTH or size <= HEAD:
                return self._bounded(answer, size)
            self._head_first = True
        return self._bounded(self._send(Command(0xB0, place, 0x00, expected=HEAD)), HEAD)

    def _piece(self, offset: int, missing: int, name: str) -> bytes:
        """Read the next bytes of the current file, with a smaller step each time it is refused."""
        for _ in range(len(SMALLER) + 1):
            asked, answer = self._read(offset, missing)
            if answer.status_word != SW.WRONG_LENGTH or not self._step_down(asked):
                break
        if answer.status_word == SW.OUTSIDE_FILE:
            raise ChipError("malformed", f"{name} ends early", answer.status_word)
        data = self._checked(answer, name)
        if len(data) < min(asked, LEAST):
            raise ChipError("malformed", f"{name} ends early")
        return data

    def _step_down(self, asked: int) -> bool:
        smaller = [size for size in SMALLER if size < asked]
        if not smaller:
            return False
        self._ceiling = smaller[0]
        self._head_first = False
        return True

    def _read(self, offset: int, missing: int) -> tuple[int, Response]:
        """Ask for bytes of the current file; returns how many, and the answer without wrapper."""
        room = self._size()
        if offset < PLAIN_OFFSETS:
            asked = min(room, missing)
            answer = self._send(Command(0xB0, offset >> 8, offset & 0xFF, expected=asked))
            return asked, self._bounded(answer, asked)
        asked = min(max(room - _wrapper(room), 1), missing)
        place = OFFSET + offset.to_bytes(2, "big")
        answer = self._send(Command(0xB1, 0x00, 0x00, place, expected=asked + _wrapper(asked)))
        if answer.status_word not in READ_ENDS:
            return asked, answer
        tag, length, head = read_head(answer.data[:8])
        if tag != DISCRETIONARY or head + length != len(answer.data):
            raise ChipError("malformed", "not the data that were asked for")
        return asked, self._bounded(Response(answer.data[head:], answer.status_word), asked)

    def _checked(self, answer: Response, name: str) -> bytes:
        if answer.status_word not in READ_ENDS:
            answer.require_ok(name)
        if not answer.data:
            raise ChipError("malformed", f"{name} is empty or ends early")
        return answer.data

    def _bounded(self, answer: Response, asked: int) -> Response:
        if len(answer.data) > asked:
            raise ChipError("malformed", "more than was asked for")
        return answer


def _wrapper(size: int) -> int:
    """How many bytes tag 53 and the length of so many bytes take."""
    return 2 if size < 0x80 else 3 if size <= 0xFF else 4
