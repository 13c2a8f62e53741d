"""A chip that answers whatever the data say: lengths and parts, files, passwords."""

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.link import CardLink
from tests.fuzz.babbler import Babbler, answers


def seeds() -> list[bytes]:
    """A file in one answer, in several, with parts held back, and with wrong lengths."""
    ok = b"\x90\x00"
    return [
        answers(b"\x61\x05abcde" + ok),
        answers(ok, b"\x60\x81\x90" + bytes(60) + ok, bytes(84) + ok),
        answers(b"\x61\x10", b"\x61\x03ab" + b"\x61\x01", b"c" + ok),
        answers(b"\x6c\x05", b"\x61\x03abc" + ok, b"\x67\x00", b"\x6b\x00"),
        answers(b"\x47\x03\x94\x21\xe0\x7f\x66\x08\x02\x02\x10\x00\x02\x02\x10\x00" + ok),
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
