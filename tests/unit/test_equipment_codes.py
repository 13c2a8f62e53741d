"""Codes held before the camera: a real driver and a simulated camera."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from common.equipment.codes import OUT_OF_SIGHT_S, UNREAD_S, CodeDesk, ScannerDesk, token_in
from common.equipment.slip_paper import code_picture
from hardware.camera.interface import Pixels
from hardware.camera.mjpeg_camera import MjpegCamera
from hardware.code_scanner.interface import Code
from hardware.code_scanner.line_scanner import LineScanner, TriggerKind
from hardware.core.device import DeviceState, Health
from hardware.core.errors import DeviceAbsentError, DeviceTimeoutError, RequestCancelledError
from hardware.simulation.camera import SimulatedCamera
from hardware.simulation.code_scanner import SimulatedLineScanner
from hardware.simulation.world import World
from tests.support.hardware import line_to
from tests.support.keepers import keeper_of


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[SimulatedCamera]:
    camera = SimulatedCamera("kiosk-1.camera", 0, World(tmp_path), {"width": 640, "height": 480})
    camera.start()
    yield camera
    camera.stop()


class Seconds:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def desk(camera: SimulatedCamera, seconds: Seconds) -> Iterator[CodeDesk]:
    keeper = keeper_of(MjpegCamera(f"http://127.0.0.1:{camera.port}/stream"))
    yield CodeDesk(keeper, seconds)
    keeper.close()


def hold(camera: SimulatedCamera, text: str) -> None:
    png = io.BytesIO()
    code_picture(text).save(png, "PNG")
    camera.act("show", {"png": base64.b64encode(png.getvalue()).decode()})


def test_a_code_is_read_and_the_pictures_are_shown(camera, desk):
    hold(camera, "TAG-1")
    shown: list[Pixels] = []
    works: list[bool] = []
    assert desk.wait_for_code(5.0, Event(), shown.append, lambda: works.append(True)) == "TAG-1"
    assert len(works) == len(shown)
    assert shown[0].shape == (480, 640, 3)


def test_a_paper_left_lying_is_not_shown_again(camera, desk, seconds):
    hold(camera, "TAG-1")
    assert desk.wait_for_code(5.0, Event()) == "TAG-1"

    def time_passes(_pixels: object) -> None:
        seconds.now += OUT_OF_SIGHT_S / 4

    with pytest.raises(DeviceTimeoutError):
        desk.wait_for_code(4.0, Event(), time_passes)


def test_a_paper_taken_away_and_shown_again_counts_again(camera, desk, seconds):
    hold(camera, "TAG-1")
    assert desk.wait_for_code(5.0, Event()) == "TAG-1"
    camera.act("clear", {})
    looks = 0

    def time_passes(_pixels: object) -> None:
        nonlocal looks
        looks += 1
        seconds.now += OUT_OF_SIGHT_S / 4
        if looks == 12:
            hold(camera, "TAG-1")

    assert desk.wait_for_code(60.0, Event(), time_passes) == "TAG-1"


def test_another_code_counts_at_once(camera, desk, seconds):
    hold(camera, "TAG-1")
    desk.wait_for_code(5.0, Event())
    started = seconds.now
    hold(camera, "TAG-2")
    assert desk.wait_for_code(5.0, Event()) == "TAG-2"
    assert seconds.now == started


def test_nobody_shows_anything(desk, seconds):
    def time_passes(_pixels: object) -> None:
        seconds.now += 1

    with pytest.raises(DeviceTimeoutError):
        desk.wait_for_code(3.0, Event(), time_passes)


def test_the_caller_may_stop_waiting(desk):
    cancelled = Event()
    with pytest.raises(RequestCancelledError):
        desk.wait_for_code(60.0, cancelled, lambda _pixels: cancelled.set())


def test_a_showing_that_nobody_waits_for_any_more_still_counts_for_the_next(camera, desk):
    hold(camera, "TAG-1")
    over = Event()
    with pytest.raises(RequestCancelledError):
        desk.wait_for_code(5, over, lambda _: over.set())
    assert desk.wait_for_code(5, Event()) == "TAG-1"


def test_an_absent_camera_is_raised(camera, desk):
    camera.set_fault("unplugged", True)
    with pytest.raises(DeviceAbsentError):
        desk.wait_for_code(5.0, Event())


class Scanner:
    """Reads one text after another, each after so many seconds."""

    def __init__(self, seconds: Seconds, *reads: tuple[float, str]) -> None:
        self.reads = list(reads)
        self.seconds = seconds

    def open(self) -> None:
        """It is always there."""

    def close(self) -> None:
        """It is always there."""

    def health(self) -> Health:
        return Health(DeviceState.ONLINE)

    def wait_for_code(self, timeout_s: float, cancelled: Event) -> Code:
        del cancelled
        after_s, text = self.reads[0] if self.reads else (timeout_s + 1, "")
        if after_s > timeout_s:
            self.seconds.now += timeout_s
            raise DeviceTimeoutError("nothing")
        self.seconds.now += after_s
        self.reads.pop(0)
        return Code(text)


def scanner_desk(seconds: Seconds, *reads: tuple[float, str]) -> ScannerDesk:
    return ScannerDesk(keeper_of(Scanner(seconds, *reads)), seconds)


def test_a_scanner_works_as_soon_as_it_is_there(seconds):
    works: list[bool] = []
    desk = scanner_desk(seconds, (5.0, "TAG-1"))
    assert desk.wait_for_code(9.0, Event(), works=lambda: works.append(True)) == "TAG-1"
    assert works == [True]


def test_a_paper_left_before_a_scanner_is_not_read_again(seconds):
    again = [(0.5, "TAG-1")] * 20
    desk = scanner_desk(seconds, (1.0, "TAG-1"), *again)
    assert desk.wait_for_code(9.0, Event()) == "TAG-1"
    with pytest.raises(DeviceTimeoutError):
        desk.wait_for_code(8.0, Event())


def test_a_paper_that_a_scanner_did_not_read_for_a_while_counts_again(seconds):
    desk = scanner_desk(seconds, (1.0, "TAG-1"), (0.5, "TAG-1"), (UNREAD_S, "TAG-1"))
    assert desk.wait_for_code(9.0, Event()) == "TAG-1"
    started = seconds.now
    assert desk.wait_for_code(9.0, Event()) == "TAG-1"
    assert seconds.now == started + 0.5 + UNREAD_S


def test_another_code_before_a_scanner_counts_at_once(seconds):
    desk = scanner_desk(seconds, (1.0, "TAG-1"), (0.1, "TAG-2"))
    assert desk.wait_for_code(9.0, Event()) == "TAG-1"
    assert desk.wait_for_code(9.0, Event()) == "TAG-2"


def test_a_real_driver_reads_what_lies_there_once(tmp_path):
    simulated = SimulatedLineScanner("x.scanner", 0, World(tmp_path), {"trigger": "gm65"})
    simulated.start()
    keeper = keeper_of(LineScanner(line_to(simulated), TriggerKind.GM65))
    desk = ScannerDesk(keeper)
    simulated.act("show", {"text": "TAG-1"})
    assert desk.wait_for_code(9.0, Event()) == "TAG-1"
    with pytest.raises(DeviceTimeoutError):
        desk.wait_for_code(1.0, Event())
    assert simulated.state()["scans"] > 1  # it was read, and did not count
    simulated.act("show", {"text": "TAG-2"})
    assert desk.wait_for_code(9.0, Event()) == "TAG-2"
    simulated.set_fault("unplugged", True)
    with pytest.raises(DeviceAbsentError):
        desk.wait_for_code(9.0, Event())
    keeper.close()
    simulated.stop()


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("VGhpcy1pcy1hLXRva2Vu", "VGhpcy1pcy1hLXRva2Vu"),
        (" abc_def-1 ", "abc_def-1"),
        ("http://office.example/letter/abcd", "abcd"),
        ("http://office.example/letter/abcd/", "abcd"),
        ("two words", None),
        ("a?b=c&d", None),
        ("", None),
        ("x" * 201, None),
    ],
)
def test_a_token_is_found_in_what_was_read(text, token):
    assert token_in(text) == token
