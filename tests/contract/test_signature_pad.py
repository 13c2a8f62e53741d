"""The promises of hardware.signature_pad.interface.SignaturePad, kept by the STU driver."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Event, Timer
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from hardware.catalog import DRIVERS, Kind, make
from hardware.core.device import DeviceState
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.links import ReplayLinks, read_recording
from hardware.core.transport import Exchange
from hardware.self_tests import SELF_TESTS
from hardware.signature_pad.ink import Ink
from hardware.signature_pad.interface import InkPoint, PadScreen, Signature
from hardware.signature_pad.rendering import signature_png, signature_svg
from hardware.signature_pad.stu import Stu
from hardware.signature_pad.stu_reports import (
    Capability,
    PenFlags,
    PenReport,
    image_blocks,
    parse_capability,
    parse_pen,
)
from hardware.simulation.signature_pad import SimulatedSignaturePad
from hardware.simulation.world import ImpossibleError
from tests.support.rigs import Rig, RunningRig

RECORDINGS = Path(__file__).parent / "recordings" / "stu"
HOOK = [[10.0 + step, 20.0 + (step % 7), 0.2 + step / 100] for step in range(40)]
DOT = [[60.0, 30.0, 0.9]]


def rig(options: Mapping[str, Any] | None = None, **simulated: Any) -> Rig:
    return Rig(
        "stu",
        "stu",
        "hid+tcp://127.0.0.1:{port}",
        ask=lambda pad: pad.screen(),
        options={"rest_s": 0.3, **(options or {})},
        simulated_options=simulated,
        is_serial=False,
    )


@pytest.fixture
def running(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[RunningRig]:
    with getattr(request, "param", rig()).running(tmp_path) as started:
        yield started


def simulated(running: RunningRig) -> SimulatedSignaturePad:
    assert isinstance(running.simulated, SimulatedSignaturePad)
    return running.simulated


def sign_after(running: RunningRig, pad: Any, *strokes: Any, after_s: float = 0.2) -> Signature:
    """Wait, while somebody signs."""
    Timer(after_s, lambda: running.simulated.act("sign", {"strokes": strokes})).start()
    signature: Signature = pad.wait_for_signature(20.0, Event())
    return signature


def places(signature: Signature) -> list[list[tuple[float, float]]]:
    return [
        [(round(point.x_mm, 2), round(point.y_mm, 2)) for point in stroke]
        for stroke in signature.strokes
    ]


def places_of(*strokes: Any) -> list[list[tuple[float, float]]]:
    return [[(x, y) for x, y, _ in stroke] for stroke in strokes]


@pytest.mark.parametrize(
    "running",
    [rig(model="430"), rig(model="540"), rig(timed=False)],
    ids=["430", "540", "without time"],
    indirect=True,
)
def test_a_signature_comes_as_it_was_written(running: RunningRig) -> None:
    pad = running.opened()
    pad.begin(None)
    signature = sign_after(running, pad, HOOK, DOT)
    assert places(signature) == places_of(HOOK, DOT)
    assert signature.lost == 0
    pressures = [point.pressure for point in signature.strokes[0]]
    assert pressures == pytest.approx([pressure for _, _, pressure in HOOK], abs=0.002)
    times = [point.t_s for stroke in signature.strokes for point in stroke]
    assert times[0] == 0
    assert times == sorted(times)
    assert "10.0" not in repr(signature)


def test_the_time_is_the_pads_own(running: RunningRig) -> None:
    pad = running.opened()
    pad.begin(None)
    (stroke,) = sign_after(running, pad, HOOK).strokes
    assert [point.t_s for point in stroke] == pytest.approx([0.005 * n for n in range(40)])


@pytest.mark.parametrize("running", [rig({"pen_flags": "low"}, pen_flags="low")], indirect=True)
def test_a_pad_with_its_flags_in_the_low_bits(running: RunningRig) -> None:
    pad = running.opened()
    pad.begin(None)
    assert places(sign_after(running, pad, HOOK)) == places_of(HOOK)


@pytest.mark.parametrize("running", [rig(pen_flags="low")], indirect=True)
def test_flags_in_the_wrong_place_give_no_signature(running: RunningRig) -> None:
    pad = running.opened()
    pad.begin(None)
    running.simulated.act("sign", {"strokes": [HOOK]})
    with pytest.raises(DeviceTimeoutError, match="pen_flags"):
        pad.wait_for_signature(1.0, Event())


@pytest.mark.parametrize(
    ("running", "screen"),
    [
        (rig(model="430"), PadScreen(320, 200, has_colour=False)),
        (rig(model="540"), PadScreen(800, 480, has_colour=True)),
    ],
    ids=["430", "540"],
    indirect=["running"],
)
def test_a_picture_is_shown_as_it_is(running: RunningRig, screen: PadScreen) -> None:
    pad = running.opened()
    assert pad.screen() == screen
    size = (screen.width_px, screen.height_px)
    picture = Image.new("RGB", size, "white")
    colour = (200, 30, 10) if screen.has_colour else (0, 0, 0)
    ImageDraw.Draw(picture).rectangle((10, 20, 110, 60), fill=colour)
    pad.begin(picture)
    shown = simulated(running).picture()
    assert np.array_equal(np.asarray(shown), np.asarray(picture))
    assert running.simulated.state()["takes_ink"]
    pad.clear()
    assert not running.simulated.state()["shows_picture"]
    assert np.asarray(simulated(running).picture()).min() == 255


@pytest.mark.parametrize("running", [rig(model="540")], indirect=True)
def test_a_picture_of_another_size_is_fitted_in(running: RunningRig) -> None:
    pad = running.opened()
    pad.begin(Image.new("L", (100, 100), 0))
    shown = np.asarray(simulated(running).picture())
    assert shown.shape == (480, 800, 3)
    assert (shown[:, 160:640] == 0).all()
    assert (shown[:, :160] == 255).all()
    assert (shown[:, 640:] == 255).all()
    pad.begin(None)
    assert not running.simulated.state()["shows_picture"]


def test_what_was_written_before_does_not_count(running: RunningRig) -> None:
    pad = running.opened()
    running.simulated.act("sign", {"strokes": [DOT]})
    Event().wait(0.2)
    pad.begin(None)
    assert places(sign_after(running, pad, HOOK)) == places_of(HOOK)
    running.simulated.act("sign", {"strokes": [DOT]})
    Event().wait(0.2)
    pad.clear()
    assert places(sign_after(running, pad, HOOK)) == places_of(HOOK)


def test_ink_of_a_wait_that_ended_counts_in_the_next(running: RunningRig) -> None:
    pad = running.opened()
    pad.begin(None)
    running.simulated.act("sign", {"strokes": [DOT]})
    with pytest.raises(DeviceTimeoutError):
        pad.wait_for_signature(0.1, Event())
    cancelled = Event()
    cancelled.set()
    with pytest.raises(RequestCancelledError):
        pad.wait_for_signature(1.0, cancelled)
    assert places(sign_after(running, pad, HOOK, after_s=0.05)) == places_of(DOT, HOOK)


def test_a_pen_that_leaves_begins_a_new_stroke(running: RunningRig) -> None:
    pad = running.opened()
    pad.begin(None)
    running.simulated.set_fault("pen_leaves", on=True)
    signature = sign_after(running, pad, HOOK)
    assert places(signature) == places_of(HOOK[:20], HOOK[20:])
    assert signature.lost == 0


def test_lost_reports_are_counted(running: RunningRig) -> None:
    pad = running.opened()
    pad.begin(None)
    running.simulated.set_fault("lost_reports", on=True)
    signature = sign_after(running, pad, HOOK)
    written = sum(len(stroke) for stroke in signature.strokes)
    assert written < len(HOOK)
    # What is missing before the first point or after the last one cannot be seen.
    assert 0 < signature.lost <= len(HOOK) - written
    assert {point for stroke in places(signature) for point in stroke} <= set(places_of(HOOK)[0])


def test_a_report_that_makes_no_sense_is_left_out_and_counted(running: RunningRig) -> None:
    pad = running.opened()
    pad.begin(None)
    running.simulated.set_fault("garbled_report", on=True)
    signature = sign_after(running, pad, HOOK)
    assert signature.lost == 1
    points = [place for stroke in places(signature) for place in stroke]
    assert len(points) == len(HOOK) - 1
    assert set(points) < set(places_of(HOOK)[0])


def test_a_pad_that_fell_asleep_is_woken(running: RunningRig, monkeypatch) -> None:
    monkeypatch.setattr("hardware.signature_pad.stu.AWAKE_S", 0.3)
    pad = running.opened()
    pad.begin(None)
    running.simulated.set_fault("asleep", on=True)
    assert not running.simulated.state()["takes_ink"]
    signature = sign_after(running, pad, HOOK, after_s=1.5)
    assert places(signature) == places_of(HOOK)
    assert [point.t_s for point in signature.strokes[0]][1] == pytest.approx(0.005)


def test_a_pad_that_lost_its_power_is_begun_anew(running: RunningRig) -> None:
    pad = running.opened()
    pad.begin(Image.new("1", (320, 200)))
    running.simulated.set_fault("unplugged", on=True)
    with pytest.raises(DeviceAbsentError):
        pad.begin(None)
    running.simulated.set_fault("unplugged", on=False)
    assert not running.simulated.state()["shows_picture"]
    pad.close()
    pad.open()
    pad.begin(None)
    assert places(sign_after(running, pad, HOOK)) == places_of(HOOK)


def test_what_nobody_can_do_on_a_pad(running: RunningRig) -> None:
    impossible: list[Any] = [[[]], [[[500, 1, 0.5]]], [[[1, 1, 2]]], [5]]
    for strokes in impossible:
        with pytest.raises(ImpossibleError):
            running.simulated.act("sign", {"strokes": strokes})
    with pytest.raises(LookupError):
        running.simulated.act("tear", {})


# Bytes

CAPABILITY = "09 2580 1770 03ff 0140 00c8 c8 09ec 02"
"""A STU-430: 9600 x 6000 units, 1023, 320 x 200 pixels, 200 a second, 2540 an inch, 1 bit."""


def pad_on(text: str) -> tuple[Stu, Any]:
    lines = [Exchange.parse(line.strip()) for line in text.splitlines() if line.strip()]
    link = ReplayLinks(lines).hid("hid:1:1")
    return Stu(lambda: link, rest_s=0.05), link


def replayed(*more: str) -> str:
    kind = {"G": "47", "S": "53", "F": "46", "A": "41", "R": "52", "I": "49"}
    spoken = ("> G09000e", f"< F{CAPABILITY}", "> S3203", "< A", "> S2101", "< A", *more)
    return "\n".join(f"{line[:2]}{kind[line[2]]}{line[3:]}" for line in spoken)


def test_the_bytes_of_a_session() -> None:
    pad, link = pad_on(
        replayed(
            *("> S2100", "< A", "> S2000", "< A", "> S3203", "< A", "> S2101", "< A"),
            *("< I34 93ff 2580 1770 0064 0001", "< I34 8000 2580 1770 0069 0002"),
        )
    )
    pad.open()
    pad.begin(None)
    signature = pad.wait_for_signature(1.0, Event())
    (stroke,) = signature.strokes
    (point,) = stroke
    assert (point.x_mm, point.y_mm, point.pressure) == pytest.approx((96.0, 60.0, 1.0))
    assert (signature.width_mm, signature.height_mm) == pytest.approx((96.0, 60.0))
    assert link.finished()


def test_a_device_that_is_no_pad_is_refused() -> None:
    pad, _ = pad_on(replayed().replace("2580 1770", "0000 1770"))
    with pytest.raises(BadReplyError):
        pad.open()
    assert pad.health().state is DeviceState.NO_DEVICE
    with pytest.raises(DeviceAbsentError):
        pad.screen()
    with pytest.raises(DeviceAbsentError):
        pad.begin(None)


def test_a_pad_that_is_busy_or_refuses_says_so() -> None:
    pad, _ = pad_on(replayed("> G030004", "< F03 04 0000 00", "> G030004", "< R", "> S2100", "< R"))
    pad.open()
    assert pad.health().state is DeviceState.BUSY
    assert pad.health().state is DeviceState.HARDWARE_ERROR
    with pytest.raises(DeviceFaultError):
        pad.begin(None)


def test_the_fields_of_the_header() -> None:
    capability = parse_capability(bytes.fromhex(CAPABILITY))
    assert capability == Capability(9600, 6000, 1023, 320, 200, 200, 2540, has_colour=False)
    assert capability.unit_mm == pytest.approx(0.01)
    colour = parse_capability(bytes.fromhex("09 2a30 1950 03ff 0320 01e0 c8 0000 0e"))
    assert colour == Capability(10800, 6480, 1023, 800, 480, 200, 2540, has_colour=True)
    timed = bytes.fromhex("34 92ff 0102 0304 0506 0708")
    assert parse_pen(timed, PenFlags.HIGH) == PenReport(
        True, True, 0x2FF, 0x0102, 0x0304, 0x0506, 0x0708
    )
    plain = bytes.fromhex("01 03ff 0102 0304")
    assert parse_pen(plain, PenFlags.LOW) == PenReport(
        True, True, 0x3FF, 0x0102, 0x0304, None, None
    )
    assert parse_pen(plain, PenFlags.HIGH) == PenReport(
        False, False, 0x3FF, 0x0102, 0x0304, None, None
    )
    for none in (b"", plain[:-1], timed[:-1], b"\x10" + timed):
        assert parse_pen(none, PenFlags.HIGH) is None


def test_an_image_is_cut_into_blocks_of_one_size() -> None:
    blocks = image_blocks(bytes(range(256)) * 2)
    assert [block[:3].hex() for block in blocks] == ["26fd00", "26fd00", "260600"]
    assert {len(block) for block in blocks} == {256}
    assert b"".join(block[3:] for block in blocks)[:512] == bytes(range(256)) * 2


@given(st.binary(max_size=20), st.sampled_from(PenFlags))
def test_no_bytes_break_the_parsers(data: bytes, flags: PenFlags) -> None:
    assert parse_capability(data) is None or len(data) >= 15
    assert parse_pen(data, flags) is None or len(data) >= 7


# Ink

KNOWN = Capability(9600, 6000, 1023, 320, 200, 200, 2540, has_colour=False)


def at(x: int, y: int, sequence: int, **changed: Any) -> PenReport:
    report = PenReport(True, True, 512, x, y, (sequence * 5) % 0x10000, sequence % 0x10000)
    return replace(report, **changed)


def test_one_wild_report_is_left_out_and_two_are_where_the_pen_is() -> None:
    ink = Ink(KNOWN)
    for number, x in enumerate((100, 200, 9000, 300, 9000, 9100, 9200)):
        ink.add(at(x, 100, number), 0.0)
    assert [[round(p.x_mm) for p in stroke] for stroke in ink.strokes()] == [[1, 2, 3], [91, 92]]
    assert ink.lost == 3


def test_clock_and_sequence_run_over() -> None:
    ink = Ink(KNOWN)
    for sequence in (0xFFFE, 0xFFFF, 0x10000, 0x10003):
        ink.add(at(100, 100, sequence), 0.0)
    (stroke,) = ink.strokes()
    assert [point.t_s for point in stroke] == pytest.approx([0, 0.005, 0.01, 0.025])
    assert ink.lost == 2


def test_missing_reports_between_strokes_are_not_missed() -> None:
    ink = Ink(KNOWN)
    ink.add(at(100, 100, 1), 0.0)
    ink.add(at(100, 100, 2, is_touching=False), 0.0)
    ink.add(at(200, 100, 90), 0.0)
    assert ink.lost == 0
    assert len(ink.strokes()) == 2


# Pictures

SIGNATURE = Signature(
    (
        tuple(InkPoint(10 + n, 20, 0.5, n / 200) for n in range(30)),
        (InkPoint(60, 40, 1.0, 1.0),),
    ),
    96.0,
    60.0,
    0,
)


def test_the_picture_shows_the_ink_where_it_was() -> None:
    with Image.open(io.BytesIO(signature_png(SIGNATURE, 254))) as png:
        assert png.size == (960, 600)
        ink = np.asarray(png.convert("L"))
    assert ink[200, 150:350].max() < 100
    assert ink[400, 600] < 100
    assert ink[195:205, 420:].min() > 200
    assert ink[:180].min() == 255


def test_the_drawing_says_the_same() -> None:
    drawing = ElementTree.fromstring(signature_svg(SIGNATURE))  # noqa: S314 (our own)
    assert drawing.get("viewBox") == "0 0 96.00 60.00"
    lines = list(drawing.iter("{http://www.w3.org/2000/svg}line"))
    assert len(lines) == 29 + 1
    assert (lines[0].get("x1"), lines[-1].get("x1")) == ("10.00", "60.00")


# Recordings


def test_the_recordings_play() -> None:
    assert (RECORDINGS / "self_test.txt").exists()
    for file in sorted(RECORDINGS.glob("*.txt")):
        links = ReplayLinks(read_recording(file))
        pad: Any = make("stu", "hid:056a:00a4", {"rest_s": 0.2}, links)
        pad.open()
        detail = SELF_TESTS[Kind.SIGNATURE_PAD].run(pad, lambda _: None, Event())
        assert detail == "2 strokes of 41 points on 96 x 60 mm"
        assert links.finished()


def test_pads_are_found_by_their_numbers() -> None:
    assert "stu" in DRIVERS
    try:
        assert all(found.address.startswith("hid:056a:") for found in DRIVERS["stu"].find())
    except DeviceError:
        pytest.fail("a look around raises nothing")
