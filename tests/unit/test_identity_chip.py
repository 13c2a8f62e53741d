"""Reading, personalising and verifying an identity chip; hostile chips end in ChipError."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.simulation.chip import SimulatedChip, blank_chip, personalised_chip
from hardware.smartcard.chip_errors import ChipError, ChipMismatchError
from hardware.smartcard.identity_chip import personalise, read_chip, read_serial, verify
from hardware.smartcard.interface import Chip
from hardware.smartcard.lds import encode
from tests.support.chips import SERIAL, chip_in_memory, content


def written(**changes: object) -> SimulatedChip:
    files = encode(content(**changes))
    return SimulatedChip(personalised_chip(SERIAL, files), lambda: None)


def test_a_blank_chip_becomes_somebodys():
    chip = chip_in_memory()
    personalise(chip, content())
    verify(chip, content())
    assert read_chip(chip) == content()
    assert read_serial(chip) == SERIAL


def test_a_locked_chip_is_not_written_again():
    chip = written()
    with pytest.raises(ChipError) as caught:
        personalise(chip, content(chinese_name="李小明"))
    assert caught.value.reason == "already_personalised"
    assert read_chip(chip) == content()


class TornError(Exception):
    pass


class TearingChip:
    """Loses its power after some commands; its memory stays."""

    def __init__(self, memory: dict[str, object], commands: int) -> None:
        self._chip = SimulatedChip(memory, lambda: None)
        self._left = commands

    def transmit(self, command: bytes) -> bytes:
        if self._left == 0:
            raise TornError
        self._left -= 1
        return self._chip.transmit(command)


def test_personalisation_can_begin_again_after_any_power_cut():
    for commands in range(200):
        memory = blank_chip(SERIAL)
        try:
            personalise(TearingChip(memory, commands), content())
        except TornError:
            personalise(SimulatedChip(memory, lambda: None), content())
            assert read_chip(SimulatedChip(memory, lambda: None)) == content()
        else:
            break
    assert 10 < commands < 200


def test_a_difference_of_one_byte_is_found():
    for identifier, data in encode(content()).items():
        files = encode(content())
        files[identifier] = data[:-1] + bytes([data[-1] ^ 1])
        with pytest.raises(ChipMismatchError):
            verify(SimulatedChip(personalised_chip(SERIAL, files), lambda: None), content())


def test_a_missing_file_is_a_mismatch():
    with pytest.raises(ChipMismatchError):
        verify(written(fingers=()), content())


class NarrowChip:
    """A chip behind a reader that takes short answers only."""

    def __init__(self, limit: int, status_word: int) -> None:
        self._chip = written()
        self._limit = limit
        self._status_word = status_word

    def transmit(self, command: bytes) -> bytes:
        if command[1] == 0xB0 and (command[4] or 256) > self._limit:
            return self._status_word.to_bytes(2, "big")
        return self._chip.transmit(command)


@pytest.mark.parametrize(("limit", "status_word"), [(200, 0x6700), (64, 0x6700), (99, 0x6C63)])
def test_the_reading_size_adapts(limit, status_word):
    assert read_chip(NarrowChip(limit, status_word)) == content()


def test_a_reader_that_takes_nothing_is_refused():
    with pytest.raises(ChipError, match="6700"):
        read_chip(NarrowChip(63, 0x6700))


def test_a_portrait_beyond_plain_offsets_is_read():
    large = content().portrait_jpeg + bytes(range(256)) * 150
    assert read_chip(written(portrait_jpeg=large)).portrait_jpeg == large
    with pytest.raises(ValueError, match="cannot be written"):
        personalise(chip_in_memory(), content(portrait_jpeg=large))


def test_a_card_of_another_kind():
    with pytest.raises(ChipError, match="no_file"):
        read_chip(chip_in_memory())


class HostileChip:
    """Answers sensibly until it does not."""

    def __init__(self, random: Random, answers: list[bytes]) -> None:
        self._chip = written()
        self._random = random
        self._answers = answers

    def transmit(self, command: bytes) -> bytes:
        if self._random.random() < 0.15:
            return self._random.choice(self._answers)
        return self._chip.transmit(command)


@settings(deadline=None)
@given(st.randoms(), st.lists(st.binary(max_size=260), min_size=1, max_size=5))
def test_no_answers_break_the_reader(random, answers):
    chip: Chip = HostileChip(random, [*answers, b"\x61\x05", b"\x90\x00", b"\x6c\x00", b""])
    for verb in (read_chip, read_serial):
        try:
            verb(chip)
        except ChipError:
            continue


@pytest.mark.parametrize(
    "memory_of_com",
    ["60847FFFFFFF", "6083FFFFFF", "60820FFF5C0161", "6000", "60", "", "61005C0161", "608000"],
)
def test_files_that_lie_about_their_length(memory_of_com):
    memory = personalised_chip(SERIAL, {0x011E: bytes.fromhex(memory_of_com)})
    with pytest.raises(ChipError):
        read_chip(SimulatedChip(memory, lambda: None))


class LyingChip:
    """Says something else than it should to some commands."""

    def __init__(self, lie: Callable[[bytes, bytes], bytes], **changes: object) -> None:
        self._chip = written(**changes)
        self._lie = lie

    def transmit(self, command: bytes) -> bytes:
        return self._lie(command, self._chip.transmit(command))


def _says_nothing_more(command: bytes, answer: bytes) -> bytes:
    return b"\x90\x00" if command[1] == 0xB0 and command[4] != 4 else answer


def _says_too_much(command: bytes, answer: bytes) -> bytes:
    return b"\x00" + answer if command[1] == 0xB0 and command[4] != 4 else answer


def _has_three_bytes(command: bytes, answer: bytes) -> bytes:
    return bytes.fromhex("6001006282") if command[1] == 0xB0 else answer


def _never_ends(command: bytes, answer: bytes) -> bytes:
    if command[1] == 0xB0 and command[2:] == b"\x00\x00\x04":
        return bytes.fromhex("6082FFFF9000")
    if command[1] == 0xB0:
        return bytes(command[4] or 256) + b"\x90\x00"
    if command[1] == 0xB1:
        count = (command[-1] or 256) - 4
        return b"\x53\x81" + bytes([count]) + bytes(count) + b"\x90\x00"
    return answer


def _wraps_wrongly(command: bytes, answer: bytes) -> bytes:
    return b"\x54" + answer[1:] if command[1] == 0xB1 else answer


@pytest.mark.parametrize(
    "lie",
    [_says_nothing_more, _says_too_much, _has_three_bytes, _never_ends, _wraps_wrongly],
)
def test_a_lie_is_malformed(lie):
    large = content().portrait_jpeg + bytes(40000)
    with pytest.raises(ChipError) as caught:
        read_chip(LyingChip(lie, portrait_jpeg=large))
    assert caught.value.reason == "malformed"


@pytest.mark.parametrize("record", ["", "9F7F2A", "9F7F14" + 20 * "00", "9F802A" + 42 * "00"])
def test_a_serial_number_that_is_none(record):
    def lie(command: bytes, answer: bytes) -> bytes:
        return bytes.fromhex(record) + b"\x90\x00" if command[0] == 0x80 else answer

    with pytest.raises(ChipError, match="malformed"):
        read_serial(LyingChip(lie))


def test_a_file_that_makes_no_sense_is_a_mismatch():
    files = encode(content())
    files[0x0101] = b"\x99" + files[0x0101][1:]
    with pytest.raises(ChipMismatchError, match="DG1"):
        verify(SimulatedChip(personalised_chip(SERIAL, files), lambda: None), content())


def _ask(chip: SimulatedChip, *commands: str) -> list[str]:
    return [chip.transmit(bytes.fromhex(command)).hex().upper() for command in commands]


def test_the_simulated_chip_keeps_the_order_of_things():
    chip = chip_in_memory()
    select, create = "00A4040C07A0000002471001", "00E00000066304000A0101"
    assert _ask(chip, create, "00A4020C020101", "00B0000004", "00DADEAD") == ["6985"] * 4
    assert _ask(chip, select, "00B0000004", "00D600000101") == ["9000", "6986", "6986"]
    assert _ask(chip, create, create, "00A4020C020101") == ["9000", "6A89", "9000"]
    assert _ask(chip, "00D600090101", "00D6000A0101") == ["9000", "6A84"]
    assert _ask(chip, "00B0000802", "00B0000804", "00B0000A01") == ["00019000", "00016282", "6B00"]
    assert _ask(chip, "00B0810802", "00B0820002") == ["00019000", "6A82"]
    assert _ask(chip, "00DADEAD", "00D600000101", create) == ["9000", "6985", "6985"]
    assert _ask(chip, "00A4040C03A00000", "00FF0000", "FFCA000000", "00", "00B00000") == [
        "6A82",
        "6D00",
        "6E00",
        "6700",
        "6700",
    ]
