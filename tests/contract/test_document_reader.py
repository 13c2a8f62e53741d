"""The promises of hardware.document_reader.interface.DocumentReader, kept by every driver."""

import base64
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Timer
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.equipment.card_face import card_face
from hardware.catalog import DRIVERS, Kind, make
from hardware.core.device import DeviceState, Found, Seen
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.links import ReplayLinks, read_recording
from hardware.core.zone_text import ZoneFlaw
from hardware.document_reader.elyctis import Elyctis
from hardware.document_reader.hid_reader import HidReader, report_text
from hardware.document_reader.interface import DocumentRead
from hardware.document_reader.ocr_imager import OcrImager
from hardware.document_reader.reading import document_read
from hardware.document_reader.stx_reader import StxReader
from hardware.self_tests import SELF_TESTS
from hardware.simulation.document_reader import simulated_document_reader
from hardware.simulation.world import ImpossibleError
from tests.contract.rigs import RIGS
from tests.support.chips import content
from tests.support.hardware import recording
from tests.support.rigs import NAME, Rig, RunningRig
from tests.support.zones import TD1, TD2, TD3

RECORDINGS = Path(__file__).parent / "recordings"
MRZ = content().mrz.text()
CARD = (MRZ[:30], MRZ[30:60], MRZ[60:])
"""The zone of an invented person, which the camera can see on a card."""

READERS = [rig for rig in RIGS if DRIVERS[rig.driver].kind is Kind.DOCUMENT_READER]
SWIPES = ("stx_reader", "hid_reader")
on_every_text_reader = pytest.mark.parametrize(
    "rig", [rig for rig in READERS if rig.driver != "camera_reader"], ids=lambda rig: rig.driver
)
on_every_swipe = pytest.mark.parametrize(
    "rig", [rig for rig in READERS if rig.driver in SWIPES], ids=lambda rig: rig.driver
)


@pytest.fixture
def running(rig: Rig, tmp_path: Path) -> Iterator[RunningRig]:
    with rig.running(tmp_path) as started:
        yield started


def card_png() -> str:
    png = io.BytesIO()
    card_face(content(), "482915").convert("RGB").save(png, "PNG")
    return base64.b64encode(png.getvalue()).decode()


def lay(running: RunningRig, lines: tuple[str, ...] = CARD) -> None:
    """Lay a document, or hold it before the camera."""
    if running.rig.driver == "camera_reader":
        assert lines == CARD
        running.simulated.act("show", {"png": card_png()})
    else:
        running.simulated.act("lay", {"lines": list(lines)})


def take(running: RunningRig) -> None:
    verb = "clear" if running.rig.driver == "camera_reader" else "take"
    running.simulated.act(verb, {"hand": "visitor"})


def soon(act: Callable[[], object], after_s: float = 0.3) -> None:
    Timer(after_s, act).start()


def read_after(running: RunningRig, reader: Any, lines: tuple[str, ...] = CARD) -> DocumentRead:
    """Wait, while somebody lays a document."""
    soon(lambda: lay(running, lines))
    read: DocumentRead = reader.wait_for_document(20.0, Event())
    return read


@on_every_text_reader
def test_a_document_is_read_whole(running: RunningRig) -> None:
    reader = running.opened()
    read = read_after(running, reader)
    assert read.lines == CARD
    assert read.is_sound
    assert read.text == MRZ
    assert "HKG" not in repr(read)


def test_a_camera_reads_a_card_once_and_sees_it_go(tmp_path: Path) -> None:
    rig = Rig(
        "camera_reader",
        "camera_reader",
        "http://127.0.0.1:{port}/stream",
        ask=lambda reader: reader.present(),
        is_serial=False,
    )
    with rig.running(tmp_path) as running:
        reader = running.opened()
        assert reader.present() is Seen.NO
        read = read_after(running, reader)
        assert read.lines == CARD
        assert read.is_sound
        assert reader.present() is Seen.YES
        with pytest.raises(DeviceTimeoutError):
            reader.wait_for_document(1.0, Event())
        with pytest.raises(DeviceTimeoutError):
            reader.wait_removed(0.5, Event())
        soon(lambda: take(running))
        assert reader.wait_removed(20.0, Event()) is Seen.NO
        assert read_after(running, reader).lines == CARD


@on_every_text_reader
@pytest.mark.parametrize("lines", [TD1, TD2, TD3], ids=["TD1", "TD2", "TD3"])
def test_every_form_is_read(running: RunningRig, lines: tuple[str, ...]) -> None:
    read = read_after(running, running.opened(), lines)
    assert (read.lines, read.flaws) == (lines, ())


@on_every_text_reader
def test_two_documents_are_two(running: RunningRig) -> None:
    reader = running.opened()
    assert read_after(running, reader, TD1).lines == TD1
    take(running)
    assert read_after(running, reader, TD3).lines == TD3


@on_every_text_reader
def test_a_document_that_is_sent_twice_is_one(running: RunningRig) -> None:
    reader = running.opened()
    running.simulated.set_fault("double_send", on=True)
    assert read_after(running, reader, TD1).lines == TD1
    with pytest.raises(DeviceTimeoutError):
        reader.wait_for_document(0.6, Event())
    running.rig.ask(reader)


@on_every_text_reader
@pytest.mark.parametrize(
    ("fault", "flaw"),
    [
        ("wrong_digit", ZoneFlaw.COMPOSITE),
        ("unreadable", ZoneFlaw.CHARACTERS),
        ("truncated", ZoneFlaw.FORM),
    ],
)
def test_what_was_misread_is_flagged(running: RunningRig, fault: str, flaw: ZoneFlaw) -> None:
    reader = running.opened()
    running.simulated.set_fault(fault, on=True)
    read = read_after(running, reader, TD3)
    assert flaw in read.flaws
    assert not read.is_sound
    assert read.lines != TD3
    running.simulated.set_fault(fault, on=False)
    take(running)
    assert read_after(running, reader, TD3).lines == TD3


@on_every_text_reader
def test_a_slow_reader_is_waited_for(running: RunningRig) -> None:
    reader = running.opened()
    running.simulated.set_fault("slow_bytes", on=True)
    read = read_after(running, reader, TD1)
    assert (read.lines, read.flaws) == (TD1, ())


@on_every_swipe
def test_what_was_swiped_before_the_wait_does_not_count(running: RunningRig) -> None:
    reader = running.opened()
    lay(running, TD1)
    take(running)
    Event().wait(0.3)
    with pytest.raises(DeviceTimeoutError):
        reader.wait_for_document(0.4, Event())
    assert read_after(running, reader, TD2).lines == TD2


@on_every_text_reader
def test_a_reader_without_a_sensor_says_unknown(running: RunningRig) -> None:
    reader = running.opened()
    lay(running, TD1)
    assert reader.present() is Seen.UNKNOWN
    assert reader.wait_removed(5.0, Event()) is Seen.UNKNOWN


# Elyctis

PRESENT = Rig(
    "elyctis",
    "elyctis",
    "socket://127.0.0.1:{port}",
    ask=lambda reader: reader.present(),
    options={"inquire": "present"},
    simulated_options={"inquire": "present"},
)


def test_an_elyctis_that_tells_is_asked_whether_a_document_lies_there(tmp_path: Path) -> None:
    with PRESENT.running(tmp_path) as running:
        reader = running.opened()
        assert reader.present() is Seen.NO
        assert read_after(running, reader, TD1).lines == TD1
        assert reader.present() is Seen.YES
        with pytest.raises(DeviceTimeoutError):
            reader.wait_removed(0.4, Event())
        soon(lambda: take(running))
        assert reader.wait_removed(20.0, Event()) is Seen.NO


def test_an_elyctis_that_is_not_armed_is_armed_again(tmp_path: Path) -> None:
    with PRESENT.running(tmp_path) as running:
        reader = running.opened()
        running.simulated.set_fault("not_rearmed", on=True)
        lay(running, TD1)
        with pytest.raises(DeviceTimeoutError):
            reader.wait_for_document(0.5, Event())
        soon(lambda: running.simulated.set_fault("not_rearmed", on=False))
        assert reader.wait_for_document(20.0, Event()).lines == TD1


def test_an_elyctis_does_not_read_while_nobody_waits(tmp_path: Path) -> None:
    with PRESENT.running(tmp_path) as running:
        reader = running.opened()
        with pytest.raises(DeviceTimeoutError):
            reader.wait_for_document(0.2, Event())
        lay(running, TD1)
        take(running)
        lay(running, TD2)
        assert reader.wait_for_document(20.0, Event()).lines == TD2


def elyctis(lines: str) -> tuple[Elyctis, Any]:
    line = recording(lines)
    return Elyctis(lambda _baud: line), line


def test_the_bytes_of_the_command_set() -> None:
    text = "".join(TD1).encode().hex()
    reader, line = elyctis(
        f"""
        > 560000
        < 56 0004 76312e30
        > 43000101
        < 43000101
        < 49005A {text}
        > 43000100
        """
    )
    reader.open()
    assert reader.wait_for_document(1.0, Event()).lines == TD1
    assert line.finished()


@pytest.mark.parametrize("ending", ["", "\r", "\r\n\r\n"])
def test_lines_may_end_or_only_part_with_a_carriage_return(ending: str) -> None:
    text = ("\r".join(TD1) + ending).encode()
    reader, _ = elyctis(
        f"""
        > 560000
        < 560001 31
        > 43000101
        < 43000101
        < 49{len(text):04x}{text.hex()}
        > 43000100
        """
    )
    reader.open()
    assert reader.wait_for_document(1.0, Event()).lines == TD1


def test_the_second_baud_rate_is_tried() -> None:
    bauds: list[int] = []
    line = recording("> 560000\n< 560001 31")

    def open_line(baud: int) -> Any:
        bauds.append(baud)
        if baud == 9600:
            return recording("> 560000\n< ff00\n> 560000")
        return line

    reader = Elyctis(open_line)
    reader.open()
    assert bauds == [9600, 115200]
    assert line.finished()


def test_a_mute_elyctis_is_absent() -> None:
    with pytest.raises(DeviceAbsentError):
        Elyctis(lambda _baud: recording("> 560000\n> 560000"), (9600,)).open()


@pytest.mark.parametrize("answer", ["56ffff", "1b0001", "560000"])
def test_answers_that_are_none(answer: str) -> None:
    asked = f"> 560000\n< {answer}\n"
    line = recording("> 560000\n< 56000131\n" + asked * 4)
    reader = Elyctis(lambda _baud: line, (9600,))
    reader.open()
    with pytest.raises(BadReplyError):
        reader.identity()
    assert reader.health().state is DeviceState.HARDWARE_ERROR


# The others


def stx(text: str, **options: Any) -> StxReader:
    class Spoken:
        """A line on which the reader begins to speak when somebody waits."""

        left = b""

        def flush_input(self) -> None:
            self.left = bytes.fromhex(text)

        def read(self, count: int, timeout_s: float) -> bytes:
            if not self.left:
                Event().wait(min(timeout_s, 0.02))
                raise DeviceTimeoutError("silence")
            data, self.left = self.left[:count], self.left[count:]
            return data

        def close(self) -> None:
            pass

    reader = StxReader(Spoken, gap_s=0.05, **options)  # type: ignore[arg-type]
    reader.open()
    return reader


def test_the_bytes_of_desko() -> None:
    lines = "0D".join(line.encode().hex() for line in TD3)
    assert stx(f"1C 02 {lines} 0D 03 1D").wait_for_document(1.0, Event()).lines == TD3
    # A lost end does not glue two documents together.
    lost = f"02 {lines} 0D 02 {lines} 0D 03"
    assert stx(lost).wait_for_document(1.0, Event()).lines == TD3
    # A lost end at the end of all: silence ends the text.
    assert stx(f"02 {lines} 0D").wait_for_document(1.0, Event()).lines == TD3


def test_other_marks_and_none() -> None:
    lines = "0D0A".join(line.encode().hex() for line in TD1)
    marked = stx(f"0D 23 {lines} 24", start=b"#", end=b"$")
    assert marked.wait_for_document(1.0, Event()).lines == TD1
    assert stx(lines, start=b"", end=b"").wait_for_document(1.0, Event()).lines == TD1


def test_noise_is_no_document() -> None:
    with pytest.raises(DeviceTimeoutError):
        stx("FF 00 03 1D 41 41").wait_for_document(0.2, Event())
    with pytest.raises(DeviceTimeoutError):
        stx("02 0D 03").wait_for_document(0.2, Event())


MENUS = """
> 164D0D 616C6C656E6130 21
< 414C4C454E4130 06 21
> 164D0D 6F6372656E6131 21
< 4F4352454E4131 06 21
> 164D0D 6F637261747332 21
< 4F435241545332 06 21
"""


def test_the_bytes_of_the_imager() -> None:
    line = recording(
        MENUS
        + f"""
        > 16540D
        < {"0D".join(each.encode().hex() for each in TD1)}0D
        > 16550D
        """
    )
    reader = OcrImager(lambda: line, gap_s=0.05)
    reader.open()
    assert reader.wait_for_document(1.0, Event()).lines == TD1
    assert line.finished()


def test_an_imager_without_ocr_says_so() -> None:
    refused = "> 164D0D 6F6372656E6131 21\n< 4F4352454E4131 05 21\n"
    line = recording(MENUS.split("> 164D0D 6F6372656E6131 21", maxsplit=1)[0] + refused * 2)
    with pytest.raises(DeviceFaultError, match="refused 05"):
        OcrImager(lambda: line).open()


def test_the_reports_of_the_manual() -> None:
    first = bytes([0x02, 56]) + b"]Q0" + bytes(range(65, 121)) + bytes([0x73, 0, 1])
    last = bytes([0x02, 3]) + b"]Q0" + b"ABC" + bytes(53) + bytes([0x73, 0, 0])
    assert len(first) == len(last) == 64
    assert report_text(first) == (bytes(range(65, 121)), True)
    assert report_text(last) == (b"ABC", False)
    for none in (b"", last[:-1], b"\x03" + last[1:], last[:1] + b"\x39" + last[2:]):
        assert report_text(none) is None


def test_a_lost_last_report_is_flagged_and_spoils_nothing_after_it(tmp_path: Path) -> None:
    rig = next(rig for rig in READERS if rig.driver == "hid_reader")
    with rig.running(tmp_path) as running:
        reader = running.opened()
        running.simulated.set_fault("lost_report", on=True)
        assert read_after(running, reader, TD1).flaws == (ZoneFlaw.FORM,)
        running.simulated.set_fault("lost_report", on=False)
        take(running)
        assert read_after(running, reader, TD2).lines == TD2


# Text


@pytest.mark.parametrize("lines", [TD1, TD2, TD3], ids=["TD1", "TD2", "TD3"])
@pytest.mark.parametrize("separator", ["", "\r", "\n", "\r\n", " ", "\r \r"])
def test_every_way_to_part_lines(lines: tuple[str, ...], separator: str) -> None:
    read = document_read(separator.join(lines).encode())
    assert read is not None
    assert (read.lines, read.flaws) == (lines, ())


def test_lines_of_odd_lengths_have_no_form() -> None:
    whole = "".join(TD1)
    for text in (whole[:45] + "\r" + whole[45:], whole[:-1], whole + "<", "D<1"):
        read = document_read(text.encode())
        assert read is not None
        assert read.flaws == (ZoneFlaw.FORM,)
    assert document_read(b" \r\n\x02") is None


@given(st.binary(max_size=2000))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    read = document_read(data)
    assert read is None or (read.lines and sum(map(len, read.lines)) <= 1024)


# The simulation, and the recordings


def test_a_card_of_the_world_is_laid_and_taken(tmp_path: Path) -> None:
    rig = next(rig for rig in READERS if rig.driver == "elyctis")
    with rig.running(tmp_path) as running:
        reader = running.opened()
        card = running.world.add("card", "hand.visitor", {"label": "", "zone": list(TD1)})
        running.simulated.act("lay", {"thing": card.id})
        assert card.place == f"{NAME}.glass"
        assert reader.wait_for_document(20.0, Event()).lines == TD1
        with pytest.raises(ImpossibleError, match="something lies"):
            lay(running)
        assert running.simulated.act("take", {"hand": "visitor"}) == {"thing": card.id}
        assert card.place == "hand.visitor"
        with pytest.raises(ImpossibleError, match="nothing lies"):
            take(running)


def test_a_card_is_read_by_its_picture(tmp_path: Path) -> None:
    rig = next(rig for rig in READERS if rig.driver == "elyctis")
    with rig.running(tmp_path) as running:
        reader = running.opened()
        (running.world.folder / "back.png").write_bytes(base64.b64decode(card_png()))
        data = {"label": "", "picture": "back.png"}
        card = running.world.add("card", "hand.visitor", data)
        running.simulated.act("lay", {"thing": card.id})
        assert reader.wait_for_document(20.0, Event()).lines == CARD


def test_what_cannot_be_laid(tmp_path: Path) -> None:
    with READERS[0].running(tmp_path) as running:
        slot = running.world.add("card", "somewhere.slot", {"label": ""})
        tray = running.world.add("tray", "hand.visitor", {"label": ""})
        for bad in ({"thing": slot.id}, {"thing": tray.id}, {"lines": "x"}, {"lines": ["é"]}):
            with pytest.raises(ImpossibleError):
                running.simulated.act("lay", bad)
        with pytest.raises(LookupError):
            running.simulated.act("shake", {})
        with pytest.raises(ValueError, match="no document reader speaks"):
            simulated_document_reader(NAME, 0, running.world, {"protocol": "wifi"})


@pytest.mark.parametrize("name", ["elyctis", "stx_reader", "ocr_imager", "hid_reader"])
def test_the_recordings_play(name: str) -> None:
    files = sorted((RECORDINGS / name).glob("*.txt"))
    assert "self_test.txt" in [file.name for file in files]
    for file in files:
        links = ReplayLinks(read_recording(file))
        address = "hid:1:1" if name == "hid_reader" else "COM1"
        reader: Any = make(name, address, {}, links)
        reader.open()
        if file.stem == "self_test":
            detail = SELF_TESTS[Kind.DOCUMENT_READER].run(reader, lambda _: None, Event())
            assert detail.startswith("30 + 30 + 30 characters read, every check digit right")
        else:
            assert reader.wait_for_document(5.0, Event()).lines == TD1
            if name == "stx_reader":
                reader.present()  # hears the delimiter behind the text
        assert links.finished()


@pytest.mark.parametrize(
    ("name", "address", "options"),
    [
        ("elyctis", "COM1", {"inquire": "always"}),
        ("stx_reader", "COM1", {"start": "zz"}),
        ("hid_reader", "COM1", {}),
        ("ocr_imager", "COM1", {"menus": "ocrena1"}),
        ("camera_reader", "http://127.0.0.1:1/x", {"camera": "cu16"}),
        ("stu", "hid:1:1", {"pen_flags": "middle"}),
    ],
)
def test_options_that_make_no_sense(name: str, address: str, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (each has words of its own)
        make(name, address, options)


def test_readers_are_found_by_their_makers(monkeypatch) -> None:
    ports = [
        SimpleNamespace(device="COM3", manufacturer="ELYCTIS", product="ID BOX One", vid=0x1234),
        SimpleNamespace(device="COM4", manufacturer=None, product="DESKO MRZ", vid=None),
        SimpleNamespace(device="COM5", manufacturer="Honeywell", product=None, vid=0x0C2E),
        SimpleNamespace(device="COM6", manufacturer="FTDI", product="USB UART", vid=0x0403),
    ]
    monkeypatch.setattr("hardware.document_reader.looking.list_ports.comports", lambda: ports)
    found = {name: list(DRIVERS[name].find()) for name in ("elyctis", "stx_reader", "ocr_imager")}
    assert found == {
        "elyctis": [Found("COM3", "ELYCTIS ID BOX One", is_certain=True)],
        "stx_reader": [Found("COM4", "DESKO MRZ", is_certain=True)],
        # Whether an imager has OCR, only its menu tells.
        "ocr_imager": [Found("COM5", "Honeywell", is_certain=False)],
    }


def test_a_reader_that_was_never_opened_is_absent() -> None:
    for reader in (
        Elyctis(lambda _baud: recording("")),
        StxReader(lambda: recording("")),
        OcrImager(lambda: recording("")),
        HidReader(lambda: ReplayLinks([]).hid("")),
    ):
        with pytest.raises(DeviceError):
            reader.present()
        with pytest.raises(DeviceAbsentError):
            reader.wait_for_document(1.0, Event())
