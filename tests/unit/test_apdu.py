"""APDUs are built as ISO 7816-4 prints them, and answers are gathered whole."""

import pytest

from hardware.smartcard.apdu import SW, command, exchange
from hardware.smartcard.chip_errors import ChipError


class ScriptedChip:
    def __init__(self, *turns: tuple[str, str]) -> None:
        self.turns = list(turns)

    def transmit(self, command: bytes) -> bytes:
        expected, answer = self.turns.pop(0)
        assert command == bytes.fromhex(expected)
        return bytes.fromhex(answer)


class StubbornChip:
    def __init__(self, answer: str) -> None:
        self.answer = bytes.fromhex(answer)

    def transmit(self, command: bytes) -> bytes:
        assert command
        return self.answer


@pytest.mark.parametrize(
    ("built", "printed"),
    [
        (command(0x84, 0, 0), "00840000"),
        (command(0x84, 0, 0, expected=8), "0084000008"),
        (command(0xB0, 1, 2, expected=256), "00B0010200"),
        (command(0xA4, 4, 12, b"\xa0\x00"), "00A4040C02A000"),
        (command(0xB1, 0, 0, b"\x54\x01\x00", 9, cla=0x80), "80B100000354010009"),
    ],
)
def test_the_four_cases(built, printed):
    assert built == bytes.fromhex(printed)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="255"):
        command(0xD6, 0, 0, bytes(256))
    with pytest.raises(ValueError, match="256"):
        command(0xB0, 0, 0, expected=257)
    with pytest.raises(ValueError, match="256"):
        command(0xB0, 0, 0, expected=0)


def test_data_that_the_card_holds_back_are_fetched():
    chip = ScriptedChip(
        ("00B0000000", "AABB6102"), ("00C0000002", "CC6101"), ("00C0000001", "DD9000")
    )
    assert exchange(chip, command(0xB0, 0, 0, expected=256)).data == bytes.fromhex("AABBCCDD")


def test_data_are_fetched_in_the_class_of_the_command():
    chip = ScriptedChip(("80CA9F7F00", "6101"), ("80C0000001", "AA9000"))
    assert exchange(chip, command(0xCA, 0x9F, 0x7F, expected=256, cla=0x80)).data == b"\xaa"


def test_a_wrong_length_is_corrected_once():
    chip = ScriptedChip(("00B0000000", "6C03"), ("00B0000003", "0102039000"))
    assert exchange(chip, command(0xB0, 0, 0, expected=256)).data == b"\1\2\3"
    chip = ScriptedChip(("00B10000035401000C", "6C03"), ("00B100000354010003", "0102039000"))
    assert exchange(chip, command(0xB1, 0, 0, b"\x54\x01\x00", 12)).data == b"\1\2\3"


@pytest.mark.parametrize("answer", ["", "90", "6C01", "6101", "AA6100"])
def test_a_chip_that_never_says_what_it_means(answer):
    with pytest.raises(ChipError, match="malformed"):
        exchange(StubbornChip(answer), command(0xB0, 0, 0, expected=256))


def test_a_refusal_has_a_reason_and_the_status_word():
    for answer, reason in (("6A82", "no_file"), ("6985", "refused")):
        response = exchange(StubbornChip(answer), command(0xA4, 2, 12, b"\1\1"))
        with pytest.raises(ChipError, match=f"portrait {answer}") as caught:
            response.require_ok("portrait")
        assert caught.value.reason == reason
    assert caught.value.status_word == SW.CONDITIONS_NOT_SATISFIED
