"""The simulated chip as a file system and a keeper of order; hostile commands get an answer."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hardware.simulation.chip import (
    ATR,
    ChipMuteError,
    ChipTornError,
    SimulatedChip,
    atr_of,
    blank_chip,
)
from hardware.simulation.chip.objects import encode
from tests.support.chip_terminal import Terminal
from tests.support.chips import CAN, GROUP_1, INFORMATION, SERIAL, issued_chip, powered

SELECT = "00A4040C07A0000002471001"
GROUP_2 = encode(0x75, bytes(range(256)) * 250)


def ask(chip, *commands):
    return [chip.transmit(bytes.fromhex(command)).hex().upper() for command in commands]


def opened(memory=None, **changes):
    terminal = Terminal(powered(memory or issued_chip(files={0x0102: GROUP_2}, **changes)))
    terminal.pace(CAN)
    terminal.select_application()
    return terminal


def test_the_answer_to_reset_is_sound():
    for atr in (ATR, atr_of(extended=False)):
        total = 0
        for octet in atr[1:]:
            total ^= octet
        assert total == 0
        assert atr[:4] == bytes.fromhex("3B858001")
        assert len(atr) == 4 + (atr[1] & 15) + 1
    assert ATR[8] & 0x40
    assert not atr_of(extended=False)[8] & 0x40
    assert powered(blank_chip(SERIAL, extended=False)).atr == atr_of(extended=False)


def test_files_that_anybody_may_read():
    chip = powered(issued_chip())
    access = issued_chip()["master_files"]["011C"].upper()
    assert ask(chip, "00A4020C02011C", "00B0000000") == ["9000", access + "9000"]
    assert ask(chip, "00B09C0000") == [access + "9000"]
    assert ask(chip, "00A4000C023F00", "00A4000C", "00B0000001") == ["9000", "9000", "6986"]
    assert ask(chip, "00B0810000") == ["47039421E07F66080202FFFF0202FFFF9000"]
    assert ask(chip, "00A4020C022F00", "00B0000000") == ["9000", "61094F07A00000024710019000"]
    assert ask(chip, "00A4020C02011D", "00A4020C020199", "00B0850000") == ["6982", "6A82", "6A82"]


def test_what_a_selection_tells():
    chip = powered(issued_chip())
    assert ask(chip, "00A4040007A000000247100100") == ["6F098407A00000024710019000"]
    assert ask(chip, "00A4040407A000000247100100") == ["62098407A00000024710019000"]
    assert ask(chip, "00A4000C", "00A40204022F0000") == ["9000", "620A80010B82010183022F009000"]
    assert ask(chip, "00A4040007A0000002471001") == ["9000"]
    assert ask(chip, "00A4040C07A0000002471002", "00A4010C0100", "00A4020F02011C") == [
        "6A82",
        "6A86",
        "6A86",
    ]


def test_a_stranger_learns_nothing_of_the_groups():
    chip = powered(issued_chip())
    commands = ["00A4020C020101", "00A4020C020199", "00B0810000", "00B0000004", "00B1010103540100"]
    assert ask(chip, SELECT, *commands) == ["9000", "6982", "6982", "6982", "6986", "6982"]


@pytest.mark.parametrize(
    ("head", "data", "expected", "extended", "found", "word"),
    [
        ("00B00000", "", 4, False, slice(0, 4), 0x9000),
        ("00B07FFF", "", 1, False, slice(0x7FFF, 0x8000), 0x9000),
        ("00B08202", "", 4, False, slice(2, 6), 0x9000),
        ("00B00000", "", 223, False, slice(0, 223), 0x9000),
        ("00B00000", "", 224, False, None, 0x6700),
        ("00B00000", "", 256, False, slice(0, 223), 0x9000),
        ("00B00000", "", None, False, None, 0x6700),
        ("00B00000", "", 20000, True, slice(0, 20000), 0x9000),
        ("00B00000", "", 65536, True, slice(0, 65536), 0x9000),
        ("00B10000", "54020001", 100, False, slice(1, 99), 0x9000),
        ("00B10000", "5403008000", 10000, True, slice(0x8000, 0x8000 + 9996), 0x9000),
        ("00B10000", "5402FA05", 100, False, None, 0x6B00),
        ("00B10000", "5402FA00", 100, False, slice(64000, None), 0x6282),
        ("00B10002", "540100", 12, False, slice(0, 10), 0x9000),
        ("00B10102", "540100", 12, False, slice(0, 10), 0x9000),
        ("00B10000", "540100", 2, False, None, 0x6700),
        ("00B10000", "550100", 12, False, None, 0x6A80),
        ("00B10000", "54050000000000", 12, False, None, 0x6A80),
        ("00B0E200", "", 4, False, None, 0x6A86),
        ("00B09F00", "", 4, False, None, 0x6A86),
        ("00B08500", "", 4, False, None, 0x6A82),
    ],
)
def test_reading_a_long_file(head, data, expected, extended, found, word):
    terminal = opened()
    terminal.do("00A4020C", b"\x01\x02")
    content = GROUP_2
    answer, status = terminal.send(head, bytes.fromhex(data), expected, extended=extended)
    assert status == word
    if found is None:
        assert answer == b""
    elif head.startswith("00B1"):
        assert answer == encode(0x53, content[found])
    else:
        assert answer == content[found]


def test_the_end_of_a_file():
    terminal = opened()
    terminal.do("00A4020C", b"\x01\x01")
    size = len(GROUP_1)
    assert terminal.send(f"00B0{size - 2:04X}", b"", 4) == (GROUP_1[-2:], 0x6282)
    assert terminal.send(f"00B0{size - 2:04X}", b"", 2) == (GROUP_1[-2:], 0x9000)
    assert terminal.send(f"00B0{size - 2:04X}", b"", 256) == (GROUP_1[-2:], 0x9000)
    assert terminal.send(f"00B0{size:04X}", b"", 1) == (b"", 0x6B00)


def test_a_short_chip_refuses_extended_length():
    memory = issued_chip(extended=False)
    chip = powered(memory)
    assert not chip.takes_extended_length
    assert ask(chip, "00B08100000000", "00B0810000") == ["6700", "47039421809000"]
    assert opened(memory).send("00B08100", b"", 1000, extended=True) == (b"", 0x6700)


def test_lengths_that_do_not_agree():
    commands = ["", "00", "00B000", "00A4040C08A000000247", "00A4040C02A0000000", "00B0000000AA"]
    commands += ["00A4040C0000", "00A4040C000003A000", "00A4040C000000"]
    words = ask(powered(issued_chip()), *commands)
    assert words == ["6700"] * len(commands[:-1]) + ["9000"]


def test_classes():
    chip = powered(issued_chip())
    commands = ["01B0000000", "40B0000000", "08B0000000", "A0B0000000", "0CB0000000", "80B0000000"]
    assert ask(chip, *commands) == ["6881", "6E00", "6882", "6E00", "6988", "6D00"]


def test_what_the_reader_asks_for_itself():
    terminal = opened()
    uid, word = terminal.chip.transmit(bytes.fromhex("FFCA000000"))[:-2], 0x9000
    assert len(uid) == 4
    assert uid[0] == 0x08
    assert terminal.chip.transmit(bytes.fromhex("FFCA010000")) == b"\x6d\x00"
    assert terminal.read(0x0101) == GROUP_1, word


def test_the_production_record_is_told_to_anybody():
    chip = powered(issued_chip())
    record = ask(chip, "80CA9F7F00")[0]
    assert record.startswith("9F7F2A")
    assert record[26:42] == SERIAL
    assert ask(chip, SELECT, "80CA9F7F00") == ["9000", record]
    assert ask(chip, "80CA006600") == ["6A88"]


def test_a_plain_command_ends_the_session():
    terminal = opened()
    assert ask(terminal.chip, "00B0810004") == ["6987"]
    assert terminal.send("00B08100", b"", 4) == (b"", 0x6988)
    terminal = opened()
    assert ask(terminal.chip, SELECT, "00B0810004") == ["9000", "6982"]


@pytest.mark.parametrize("at", [5, 6, 7, 8, 10, 20, 27, 28, 29, -2])
def test_a_changed_bit_ends_the_session(at):
    terminal = opened()
    assert terminal.messaging is not None
    sent = bytearray(
        terminal.messaging.wrap(bytes.fromhex("00A4020C"), b"\x01\x01", None, extended=False)
    )
    sent[at] ^= 1
    answer = terminal.chip.transmit(bytes(sent))
    assert answer in (b"\x69\x87", b"\x69\x88")
    assert terminal.send("00B08100", b"", 4) == (b"", 0x6988)


def test_a_replayed_command_ends_the_session():
    terminal = opened()
    assert terminal.messaging is not None
    sent = terminal.messaging.wrap(bytes.fromhex("00B08100"), b"", 4, extended=False)
    assert len(terminal.chip.transmit(sent)) > 2
    assert terminal.chip.transmit(sent) == b"\x69\x88"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("", "6987"),
        ("970104", "6987"),
        ("8E08" + 16 * "0", "6988"),
        ("8E0700000000000000", "6988"),
        ("8E", "6988"),
        ("87FF", "6988"),
        ("8E08" + 16 * "0" + "970104", "6987"),
    ],
)
def test_missing_and_broken_objects(body, word):
    terminal = opened()
    size = f"{len(body) // 2:02X}" if body else ""
    assert ask(terminal.chip, "0CB08100" + size + body + "00") == [word]


def test_a_chain_of_commands():
    terminal = opened()
    assert terminal.send("10A4040C", bytes.fromhex("A0000002")) == (b"", 0x9000)
    assert terminal.send("00A4040C", bytes.fromhex("471001")) == (b"", 0x9000)
    assert terminal.send("102A00BE", b"\x7f\x4e") == (b"", 0x9000)
    assert terminal.send("00A4040C", bytes.fromhex("A0000002471001")) == (b"", 0x6883)
    assert terminal.send("00A4040C", bytes.fromhex("A0000002471001")) == (b"", 0x9000)
    for _ in range(0x8000 // 220):
        assert terminal.send("102A00BE", bytes(220)) == (b"", 0x9000)
    assert terminal.send("102A00BE", bytes(220)) == (b"", 0x6700)


def test_faults_are_switches():
    memory = issued_chip(faults={"delay_s": 0.015})
    waited: list[float] = []
    chip = SimulatedChip(memory, lambda: None, wait=waited.append)
    assert ask(chip, SELECT) == ["9000"]
    assert waited == [0.015]
    memory["faults"] = {"garbled": True}
    assert all(ask(chip, SELECT)[0] != "9000" for _ in range(20))
    memory["faults"] = {"mute": True}
    with pytest.raises(ChipMuteError):
        chip.transmit(bytes.fromhex(SELECT))
    memory["faults"] = {"torn_after": 2}
    chip = powered(memory)
    assert ask(chip, SELECT, SELECT) == ["9000", "9000"]
    for _ in range(2):
        with pytest.raises(ChipTornError):
            chip.transmit(bytes.fromhex(SELECT))
    memory["faults"] = {}
    assert ask(powered(memory), SELECT) == ["9000"]


def test_a_memory_is_plain_json():
    memory = json.loads(json.dumps(issued_chip()))
    terminal = opened(memory)
    assert terminal.read(0x0101) == GROUP_1
    json.dumps(memory)


def test_what_is_not_a_chip():
    with pytest.raises(ValueError, match="16 hexadecimal"):
        blank_chip("0102")
    with pytest.raises(ValueError, match="applet"):
        blank_chip(SERIAL, "other")


INSTRUCTIONS = st.sampled_from(bytes.fromhex("222A2C5082848688A4B0B1C0CAD6DAE0E2E6"))
CLASSES = st.sampled_from([0x00, 0x0C, 0x10, 0x1C, 0x80, 0x84, 0x8C, 0x04, 0xFF])
PARAMETERS = st.sampled_from([b"\xc1\xa4", b"\x41\xa4", b"\x41\xa6", b"\x81\xb6", b"\x81\xa4"])
PARAMETERS |= st.sampled_from([b"\x00\xbe", b"\x00\x00", b"\x04\x0c", b"\x02\x0c", b"\x01\x00"])
OBJECTS = st.lists(
    st.builds(
        encode,
        st.sampled_from([0x80, 0x81, 0x83, 0x84, 0x85, 0x87, 0x8E, 0x91, 0x97, 0x7C, 0x7F4C]),
        st.binary(max_size=70),
    ),
    max_size=3,
).map(b"".join)
DATA = st.binary(max_size=80) | OBJECTS | OBJECTS.map(lambda data: encode(0x7C, data))
LIKELY = st.builds(
    lambda cla, ins, parameters, data, tail: (
        bytes([cla, ins])
        + parameters
        + (bytes([len(data)]) + data if 0 < len(data) < 256 else b"")
        + tail
    ),
    CLASSES,
    INSTRUCTIONS,
    PARAMETERS | st.binary(min_size=2, max_size=2),
    DATA,
    st.sampled_from([b"", b"\x00", b"\x08"]),
)
COMMANDS = st.lists(LIKELY | st.binary(max_size=40), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(COMMANDS, st.sampled_from(["locked", "store_data", "jmrtd", "session"]))
@example([bytes.fromhex("0022C1A4038001FF")], "locked")
def test_no_command_breaks_a_chip(commands, state):
    if state == "session":
        chip = opened().chip
    else:
        memory = issued_chip() if state == "locked" else blank_chip(SERIAL, state)
        chip = powered(memory)
    for command in commands:
        assert len(chip.transmit(command)) >= 2


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(INSTRUCTIONS, PARAMETERS, DATA), min_size=1, max_size=10))
def test_no_protected_command_breaks_a_chip(commands):
    terminal = opened()
    for instruction, parameters, data in commands:
        head = bytes([0, instruction]) + parameters
        _, status = terminal.send(head.hex(), data, 256)
        assert 0x6000 <= status <= 0x9000
    if terminal.messaging is not None:
        terminal.messaging = None
        terminal.select_application()
        terminal.basic_access(INFORMATION)
