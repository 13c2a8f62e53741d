"""Commands are spelt as ISO 7816-4 prints them, and answers are parted from their status."""

import pytest

from hardware.smartcard.apdu import SW, Command, Response, split
from hardware.smartcard.chip_errors import ChipError


@pytest.mark.parametrize(
    ("command", "printed"),
    [
        (Command(0x84, 0, 0), "00840000"),
        (Command(0x84, 0, 0, expected=8), "0084000008"),
        (Command(0xB0, 1, 2, expected=256), "00B0010200"),
        (Command(0xA4, 4, 12, b"\xa0\x00"), "00A4040C02A000"),
        (Command(0xB1, 0, 0, b"\x54\x01\x00", 9, cla=0x80), "80B100000354010009"),
    ],
)
def test_the_four_short_cases(command, printed):
    assert command.fits_short
    assert command.encode() == bytes.fromhex(printed)


@pytest.mark.parametrize(
    ("command", "printed"),
    [
        (Command(0x84, 0, 0), "00840000"),
        (Command(0x84, 0, 0, expected=8), "00840000000008"),
        (Command(0xB0, 1, 2, expected=65536), "00B00102000000"),
        (Command(0xA4, 4, 12, b"\xa0\x00"), "00A4040C000002A000"),
        (Command(0xB1, 0, 0, b"\x54\x01\x00", 300), "00B10000000003540100012C"),
        (Command(0xD6, 0, 0, bytes(256)), "00D60000000100" + "00" * 256),
    ],
)
def test_the_four_extended_cases(command, printed):
    assert command.encode(extended=True) == bytes.fromhex(printed)


def test_what_does_not_fit_is_refused():
    for command in (Command(0xD6, 0, 0, bytes(256)), Command(0xB0, 0, 0, expected=257)):
        assert not command.fits_short
        with pytest.raises(ValueError, match="255"):
            command.encode()
    for wrong in (0, 65537):
        with pytest.raises(ValueError, match="65536"):
            Command(0xB0, 0, 0, expected=wrong)
    with pytest.raises(ValueError, match="65535"):
        Command(0xD6, 0, 0, bytes(65536))


def test_nothing_that_may_be_a_persons_is_printed():
    assert "secret" not in repr(Command(0xD6, 0, 0, b"secret"))
    assert "secret" not in repr(Response(b"secret", 0x9000))


def test_an_answer_is_parted():
    answer = split(bytes.fromhex("AABB9000"))
    assert (answer.data, answer.status_word) == (b"\xaa\xbb", SW.OK)
    for wrong in (b"", b"\x90", bytes(65539)):
        with pytest.raises(ChipError, match="malformed"):
            split(wrong)


def test_a_refusal_has_a_reason_and_the_status_word():
    for word, reason in ((0x6A82, "no_file"), (0x6985, "refused")):
        with pytest.raises(ChipError, match=f"portrait {word:04X}") as caught:
            Response(b"", word).require_ok("portrait")
        assert caught.value.reason == reason
    assert caught.value.status_word == SW.CONDITIONS_NOT_SATISFIED
    assert Response(b"x", 0x9000).require_ok("portrait") == b"x"
