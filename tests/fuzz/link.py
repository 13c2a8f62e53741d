"""A chip that answers whatever the data say: lengths and parts, files, passwords."""

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.link import CardLink

MOST_COMMANDS = 3000


class Babbler:
    """Gives one piece of the data after the other: a byte of length, then an answer."""

    takes_extended_length = True

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.answers = 0

    def transmit(self, command: bytes) -> bytes:
        self.answers += 1
        assert self.answers < MOST_COMMANDS
        assert len(command) >= 4
        size, self._data = self._data[:1], self._data[1:]
        if not size:
            return b"\x6f\x00"
        answer, self._data = self._data[: size[0]], self._data[size[0] :]
        return answer


def _answers(*answers: bytes) -> bytes:
    return b"".join(bytes([len(answer)]) + answer for answer in answers)


def seeds() -> list[bytes]:
    """A file in one answer, in several, with parts held back, and with wrong lengths."""
    ok = b"\x90\x00"
    return [
        _answers(b"\x61\x05abcde" + ok),
        _answers(ok, b"\x60\x81\x90" + bytes(60) + ok, bytes(84) + ok),
        _answers(b"\x61\x10", b"\x61\x03ab" + b"\x61\x01", b"c" + ok),
        _answers(b"\x6c\x05", b"\x61\x03abc" + ok, b"\x67\x00", b"\x6b\x00"),
        _answers(b"\x47\x03\x94\x21\xe0\x7f\x66\x08\x02\x02\x10\x00\x02\x02\x10\x00" + ok),
    ]


def fuzz_one(data: bytes) -> None:
    """Learn the limits, select, read."""
    link = CardLink(Babbler(data), bytes.fromhex("3B8580018073C021C09F"))
    for act in (
        link.learn_limits,
        lambda: link.select_application(bytes(7)),
        lambda: link.read_file(0x0101),
        lambda: link.read_file(0x2F01, 0),
    ):
        try:
            act()
        except ChipError as error:
            assert error.reason  # noqa: PT017 (not a test function)
