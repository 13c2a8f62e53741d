"""The promises of a fingerprint scanner, asked of every driver of that kind."""

import base64
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Timer
from time import monotonic
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hardware.catalog import make
from hardware.core.device import DeviceState
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.fingerprint.libfprint_calls import is_there
from hardware.simulation.people import person
from tests.contract.rigs import fingerprint_scanners
from tests.support.rigs import Rig
from tests.support.virtual_finger import VirtualFinger

CANCEL_S = 0.25
CAPTURE_S = 20.0


@dataclass(frozen=True, slots=True)
class Glass:
    """A scanner and the hand over it."""

    scanner: Any
    place: Callable[[NDArray[np.uint8]], object]
    lift: Callable[[], object]


@contextmanager
def simulated(rig: Rig, folder: Path) -> Iterator[Glass]:
    with rig.running(folder) as running:

        def place(pixels: NDArray[np.uint8]) -> None:
            png = io.BytesIO()
            Image.fromarray(pixels).save(png, "PNG")
            running.simulated.act("place", {"png": base64.b64encode(png.getvalue()).decode()})

        yield Glass(running.opened(), place, lambda: running.simulated.act("lift", {}))


@contextmanager
def on_libfprint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Glass]:
    with TemporaryDirectory(prefix="fp") as folder:  # a socket's path must be short
        address = Path(folder) / "glass"
        monkeypatch.setenv("FP_VIRTUAL_IMAGE", str(address))
        finger = VirtualFinger(address)
        finger.start()
        scanner = make("libfprint", "libfprint:virtual_image", {})
        scanner.open()
        try:
            yield Glass(scanner, finger.place, finger.lift)
        finally:
            scanner.close()
            finger.stop()


needs_library = pytest.mark.skipif(not is_there(), reason="libfprint-2-2 is not installed")


@pytest.fixture(
    params=[
        *[pytest.param(rig, id=rig.driver) for rig in fingerprint_scanners.RIGS],
        pytest.param(None, id="libfprint", marks=needs_library),
    ]
)
def glass(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Glass]:
    rig: Rig | None = request.param
    one = on_libfprint(monkeypatch) if rig is None else simulated(rig, tmp_path)
    with one as glass:
        yield glass


@pytest.fixture(scope="module")
def skin() -> NDArray[np.uint8]:
    return person(3).finger(2, 7)


def test_a_finger_becomes_its_image(glass: Glass, skin: NDArray[np.uint8]) -> None:
    glass.place(skin)
    image = glass.scanner.capture(CAPTURE_S, Event())
    assert image.dots_per_inch == 500
    seen = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width).astype(int)
    rows = min(image.height, skin.shape[0])
    columns = min(image.width, skin.shape[1])
    difference = np.abs(_middle(seen, rows, columns) - _middle(skin.astype(int), rows, columns))
    assert difference.max() <= 9  # half a step of a four-bit module


def _middle(pixels: NDArray[Any], rows: int, columns: int) -> NDArray[Any]:
    top, left = (pixels.shape[0] - rows) // 2, (pixels.shape[1] - columns) // 2
    return pixels[top : top + rows, left : left + columns]


def test_no_finger_times_out_and_the_next_one_is_seen(
    glass: Glass, skin: NDArray[np.uint8]
) -> None:
    with pytest.raises(DeviceTimeoutError):
        glass.scanner.capture(0.3, Event())
    glass.place(skin)
    assert glass.scanner.capture(CAPTURE_S, Event()).width


def test_a_finger_that_comes_later_is_seen(glass: Glass, skin: NDArray[np.uint8]) -> None:
    Timer(0.3, glass.place, (skin,)).start()
    assert glass.scanner.capture(CAPTURE_S, Event()).height


def test_a_cancel_ends_the_wait_at_once(glass: Glass) -> None:
    # A busy machine may be late once, but not three times.
    assert min(_cancel_latency(glass.scanner) for _ in range(3)) < CANCEL_S


def _cancel_latency(scanner: Any) -> float:
    cancelled, moment = Event(), []

    def cancel() -> None:
        moment.append(monotonic())
        cancelled.set()

    Timer(0.3, cancel).start()
    with pytest.raises(RequestCancelledError):
        scanner.capture(60, cancelled)
    return monotonic() - moment[0]


def test_a_cancelled_wait_leaves_a_scanner_that_captures(
    glass: Glass, skin: NDArray[np.uint8]
) -> None:
    _cancel_latency(glass.scanner)
    glass.place(skin)
    assert glass.scanner.capture(CAPTURE_S, Event()).width


def test_lifting_ends_the_wait_for_it(glass: Glass, skin: NDArray[np.uint8]) -> None:
    glass.scanner.wait_lifted(5, Event())
    glass.place(skin)
    glass.scanner.capture(CAPTURE_S, Event())
    glass.lift()
    glass.scanner.wait_lifted(5, Event())


def test_a_scanner_that_is_closed_is_absent(glass: Glass) -> None:
    glass.scanner.close()
    for ask in (glass.scanner.capture, glass.scanner.wait_lifted):
        with pytest.raises(DeviceAbsentError):
            ask(1, Event())
    assert glass.scanner.health().state is DeviceState.NO_DEVICE


@pytest.mark.parametrize("rig", fingerprint_scanners.RIGS, ids=lambda rig: rig.driver)
def test_a_finger_that_stays_is_waited_for(
    rig: Rig, tmp_path: Path, skin: NDArray[np.uint8]
) -> None:
    """libfprint itself waits for the lifting: its capture is not over before."""
    with simulated(rig, tmp_path) as glass:
        glass.place(skin)
        with pytest.raises(DeviceTimeoutError):
            glass.scanner.wait_lifted(0.3, Event())


@pytest.mark.parametrize("rig", fingerprint_scanners.RIGS, ids=lambda rig: rig.driver)
def test_a_bystander_sees_that_a_finger_is_there_and_never_which(
    rig: Rig, tmp_path: Path, skin: NDArray[np.uint8]
) -> None:
    with rig.running(tmp_path) as running:
        png = io.BytesIO()
        Image.fromarray(skin).save(png, "PNG")
        state = running.simulated.act("place", {"png": base64.b64encode(png.getvalue()).decode()})
        assert len(str(state)) < 200
        assert True in state.values()
