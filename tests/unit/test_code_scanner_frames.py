"""Frames of code scanners, byte by byte as the manuals print them, and what cuts texts apart."""

import struct
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest
from serial.tools import list_ports

from hardware.camera.codes import Symbology
from hardware.code_scanner import gm65_frames, honeywell_frames, key_map
from hardware.code_scanner.gm65_frames import Zone
from hardware.code_scanner.honeywell_frames import MenuAnswer, MenuResult
from hardware.code_scanner.interface import Code
from hardware.code_scanner.key_events import EVENT, InputEvent, events
from hardware.code_scanner.line_scanner import LineScanner, TriggerKind
from hardware.code_scanner.looking import find_keyboards, find_on_lines
from hardware.code_scanner.scan_lines import ScanCutter, Terminator
from hardware.code_scanner.scan_text import Allowed, ScanRules
from hardware.code_scanner.ssi_frames import Opcode, SsiFrame, host_frame, read_frame
from hardware.core.errors import DeviceFaultError
from tests.support.hardware import recording


def test_honeywell_commands_as_printed() -> None:
    assert bytes.fromhex("16540d") == honeywell_frames.TRIGGER_ON
    assert bytes.fromhex("16550d") == honeywell_frames.TRIGGER_OFF
    assert honeywell_frames.menu_command(b"cbrena", b"?") == b"\x16M\rcbrena?."
    assert honeywell_frames.menu_command(b"TRGMOD", b"0") == b"\x16M\rTRGMOD0!"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (b"CBRENA1\x06.", MenuAnswer(b"1", MenuResult.DONE)),
        (b"cbrena1\x06!", MenuAnswer(b"1", MenuResult.DONE)),
        (b"CBRENA7\x15!", MenuAnswer(b"7", MenuResult.BAD_DATA)),
        (b"CBRENA\x05!", MenuAnswer(b"", MenuResult.UNKNOWN_TAG)),
        (b"CBRENA1\x07.", None),
        (b"CBRENA1\x06", None),
        (b"CBRENB1\x06.", None),
        (b"", None),
    ],
)
def test_honeywell_answers(said: bytes, answer: MenuAnswer | None) -> None:
    assert honeywell_frames.menu_answer(said, b"CBRENA") == answer


def test_gm65_frames_as_printed() -> None:
    # The manual's worked CRCs: "save" 7E 00 09 01 00 00 00 DE C8, 9600 baud ... 39 01 A7 EA.
    assert gm65_frames._crc(bytes.fromhex("0901000000")) == bytes.fromhex("dec8")
    assert gm65_frames._crc(bytes.fromhex("0802002a3901")) == bytes.fromhex("a7ea")
    trigger = gm65_frames.write_command(Zone.TRIGGER, gm65_frames.READ_NOW)
    assert trigger[:-2] == bytes.fromhex("7e000801000201")
    assert gm65_frames.read_command(Zone.MODE)[:-2] == bytes.fromhex("7e000701000001")


@pytest.mark.parametrize(
    ("rest", "result"),
    [("0001003331", 0), ("0101000401", 1), ("0301006a61", 3)],
)
def test_gm65_answers_as_printed(rest: str, result: int) -> None:
    answer = gm65_frames.answer(bytes.fromhex(rest))
    assert answer is not None
    assert (answer.result, answer.data[:1]) == (result, bytes.fromhex(rest)[2:3])
    altered = bytearray.fromhex(rest)
    altered[2] ^= 1
    assert gm65_frames.answer(bytes(altered)) is None
    assert gm65_frames.answer(bytes.fromhex(rest)[:-1]) is None


def test_ssi_frames_as_printed() -> None:
    assert host_frame(Opcode.START_SESSION) == bytes.fromhex("04e40400ff14")
    assert host_frame(Opcode.STOP_SESSION) == bytes.fromhex("04e50400ff13")
    assert host_frame(Opcode.ACK) == bytes.fromhex("04d00400ff28")


def test_an_ssi_frame_is_read_only_when_its_checksum_is_right() -> None:
    said = bytes.fromhex("07f300001c4142fe67")  # QR, "AB": 07+F3+1C+41+42 = 0199
    assert read_frame(said) == SsiFrame(0xF3, 0, 0, b"\x1cAB")
    for at in range(len(said)):
        altered = bytearray(said)
        altered[at] ^= 0x10
        assert read_frame(bytes(altered)) is None


CUTS = [
    (Terminator.CR, b"AB\rCD\r", [b"AB", b"CD"]),
    (Terminator.CR, b"AB\r\nCD\r\n", [b"AB", b"CD"]),
    (Terminator.LF, b"AB\nCD\n", [b"AB", b"CD"]),
    (Terminator.CRLF, b"AB\r\nCD\r\n", [b"AB", b"CD"]),
    (Terminator.CR, b"\r\r\nAB\r", [b"AB"]),
    (Terminator.CR, b"123456789\rAB\r", [b"AB"]),  # longer than eight
    (Terminator.IDLE, b"ABCD", []),
]


@pytest.mark.parametrize(("terminator", "said", "scans"), CUTS)
def test_scans_are_cut(terminator: Terminator, said: bytes, scans: list[bytes]) -> None:
    cutter = ScanCutter(terminator, 8)
    assert [scan for byte in said if (scan := cutter.feed(byte)) is not None] == scans


def test_a_pause_ends_a_scan_or_spoils_it() -> None:
    by_pause, by_end = ScanCutter(Terminator.IDLE, 8), ScanCutter(Terminator.CR, 8)
    for byte in b"ABC":
        assert by_pause.feed(byte) is by_end.feed(byte) is None
    assert by_pause.is_within
    assert (by_pause.gap(), by_end.gap()) == (b"ABC", None)
    assert not by_pause.is_within
    assert not by_end.is_within
    assert [by_end.feed(byte) for byte in b"D\r"] == [None, b"D"]


@pytest.mark.parametrize(
    ("rules", "scanned", "code"),
    [
        (ScanRules(), b"TAG-1", Code("TAG-1")),
        (ScanRules(), b"TAG\x001", None),
        (ScanRules(), b"TAG\xff1", None),
        (ScanRules(), "標籤".encode(), None),
        (ScanRules(allowed=Allowed.TEXT), "標籤".encode(), Code("標籤")),
        (ScanRules(allowed=Allowed.TEXT), "標\u200b籤".encode(), None),
        (ScanRules(most=4), b"TAG-1", None),
        (ScanRules(prefix="#"), b"#TAG-1", Code("TAG-1")),
        (ScanRules(prefix="#"), b"TAG-1", None),
        (ScanRules(has_aim=True), b"]Q1TAG-1", Code("TAG-1", Symbology.QR)),
        (ScanRules(has_aim=True), b"]C1TAG-1", Code("TAG-1", Symbology.CODE_128)),
        (ScanRules(has_aim=True), b"]E41234567", Code("1234567")),
        (ScanRules(has_aim=True), b"]X0TAG-1", Code("TAG-1")),
        (ScanRules(has_aim=True), b"TAG-1", None),
        (ScanRules(has_aim=True), b"]Q", None),
        (ScanRules(prefix="@", has_aim=True), b"@]d1TAG-1", Code("TAG-1", Symbology.DATA_MATRIX)),
    ],
)
def test_only_what_the_rules_allow_is_a_code(
    rules: ScanRules, scanned: bytes, code: Code | None
) -> None:
    assert rules.code(scanned) == code


def test_ssi_packets_with_continuation_are_one_code() -> None:
    line = recording(
        """
        > 04a30400ff55
        < 07a400004e4252fe73
        > 04d00400ff28
        > 0bc60400ff8a089f01ee01fc0b
        < 04d00000ff2c
        > 04e40400ff14
        < 04d00000ff2c
        < 07f300021c4142fe65
        > 04d00400ff28
        < 07f300031c4142fe64
        > 04d00400ff28
        < 07f300001c4344fe63
        > 04d00400ff28
        > 04e50400ff13
        < 04d00000ff2c
        """
    )
    scanner = LineScanner(lambda: line, TriggerKind.SSI)
    scanner.open()
    # The second packet is the first once more: its retransmit bit says so.
    assert scanner.wait_for_code(5.0, Event()) == Code("ABCD", Symbology.QR)
    assert line.finished()


def test_an_ssi_decoder_that_refuses_is_a_fault() -> None:
    line = recording("> 04a30400ff55\n< 05d1000006ff24")
    with pytest.raises(DeviceFaultError, match="refused 06"):
        LineScanner(lambda: line, TriggerKind.SSI).open()


def test_a_gm65_whose_answer_and_code_come_together() -> None:
    line = recording(
        """
        > 7e000701000001 0141
        < 02000001d5 a8e9
        > 7e000801000201 02da
        < 02000001003331 4142430d
        > 7e000801000200 12fb
        < 02000001003331
        """
    )
    scanner = LineScanner(lambda: line, TriggerKind.GM65)
    scanner.open()
    assert scanner.wait_for_code(5.0, Event()) == Code("ABC")
    assert line.finished()


def test_an_event_is_24_bytes_where_longs_have_eight() -> None:
    assert EVENT.size == 16 + struct.calcsize("@l") * 2 - 8
    said = struct.pack("@llHHi", 1700000000, 5, 1, 30, 1) + struct.pack("@llHHi", 0, 0, 0, 0, 0)
    assert list(events(said)) == [InputEvent(1, 30, 1), InputEvent(0, 0, 0)]


@pytest.mark.parametrize(
    ("key", "plain", "shifted"),
    # KEY_1, KEY_0, KEY_Q, KEY_M, KEY_SLASH, KEY_MINUS, KEY_GRAVE, KEY_KP7 of Linux
    [
        (2, "1", "!"),
        (11, "0", ")"),
        (16, "q", "Q"),
        (50, "m", "M"),
        (53, "/", "?"),
        (12, "-", "_"),
        (41, "`", "~"),
        (71, "7", "7"),
    ],
)
def test_keys_write_what_a_us_keyboard_has_on_them(key: int, plain: str, shifted: str) -> None:
    assert key_map.character(key, is_shifted=False) == plain
    assert key_map.character(key, is_shifted=True) == shifted


def test_every_printable_ascii_character_has_a_key() -> None:
    written = {
        key_map.character(key, is_shifted=shifted)
        for key in range(128)
        for shifted in (False, True)
    }
    assert written - {None} == {chr(code) for code in range(0x20, 0x7F)}


def test_keyboards_of_scanner_makers_are_certain(tmp_path: Path) -> None:
    def keyboard(link: str, event: str, name: str, vendor: str) -> None:
        device = tmp_path / "class" / event / "device"
        (device / "id").mkdir(parents=True)
        (device / "name").write_text(name + "\n")
        (device / "id" / "vendor").write_text(vendor + "\n")
        (tmp_path / "dev").mkdir(exist_ok=True)
        (tmp_path / "dev" / event).touch()
        (tmp_path / "by-id").mkdir(exist_ok=True)
        (tmp_path / "by-id" / link).symlink_to(tmp_path / "dev" / event)

    keyboard("usb-Honeywell_1900-event-kbd", "event3", "Honeywell 1900", "0c2e")
    keyboard("usb-Plain-event-kbd", "event4", "USB Keyboard", "046d")
    keyboard("usb-Noname-event-kbd", "event5", "USB Barcode Reader", "ffff")
    keyboard("usb-Plain-event-mouse", "event6", "USB Mouse", "046d")
    found = list(find_keyboards(tmp_path / "class", tmp_path / "by-id"))
    assert [(one.detail, one.is_certain) for one in found] == [
        ("Honeywell 1900", True),
        ("USB Barcode Reader", True),
        ("USB Keyboard", False),
    ]
    assert list(find_keyboards(tmp_path, tmp_path / "none")) == []


def test_serial_ports_of_scanner_makers_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = [
        SimpleNamespace(device="/dev/ttyACM0", vid=0x05E0, product="DS457"),
        SimpleNamespace(device="/dev/ttyUSB0", vid=0x067B, product="a cable"),
        SimpleNamespace(device="/dev/ttyS0", vid=None, product=None),
    ]
    monkeypatch.setattr(list_ports, "comports", lambda: ports)
    (found,) = find_on_lines()
    assert (found.address, found.detail, found.is_certain) == (
        "/dev/ttyACM0",
        "Symbol or Zebra: DS457",
        True,
    )
