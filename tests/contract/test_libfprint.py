"""The libfprint driver on the real library, whose virtual scanner is touched over a socket."""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Timer
from time import monotonic

import numpy as np
import pytest

from hardware.catalog import make
from hardware.core.device import DeviceState
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.keeper import Keeper
from hardware.fingerprint import libfprint, libfprint_process
from hardware.fingerprint.libfprint import LibfprintScanner
from hardware.fingerprint.libfprint_calls import is_there
from hardware.fingerprint.libfprint_process import HelperProcess
from hardware.simulation.people import person
from tests.support.virtual_finger import ERROR, REMOVED, RETRY, VirtualFinger

pytestmark = pytest.mark.skipif(
    not is_there(), reason="libfprint is not installed (Debian: libfprint-2-2)"
)

PROTOCOL, CENTRE_THE_FINGER = 5, 2


@pytest.fixture
def finger(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualFinger]:
    with TemporaryDirectory(prefix="fp") as folder:  # a socket's path must be short
        address = Path(folder) / "glass"
        monkeypatch.setenv("FP_VIRTUAL_IMAGE", str(address))
        touching = VirtualFinger(address)
        touching.start()
        yield touching
        touching.stop()


@pytest.fixture
def scanner(finger: VirtualFinger) -> Iterator[LibfprintScanner]:
    driver = make("libfprint", "libfprint:virtual_image", {})
    assert isinstance(driver, LibfprintScanner)
    driver.open()
    yield driver
    driver.close()


@pytest.fixture(scope="module")
def skin() -> np.ndarray:
    return person(3).finger(2, 7)


def test_a_finger_becomes_the_image_that_the_library_took(
    finger: VirtualFinger, scanner: LibfprintScanner, skin: np.ndarray
) -> None:
    finger.place(skin)
    image = scanner.capture(20, Event())
    assert (image.height, image.width) == skin.shape
    assert image.dots_per_inch == 500
    assert image.pixels == skin.tobytes()
    assert scanner.capture(20, Event()).pixels == image.pixels


def test_an_image_without_ridges_is_taken_again(
    finger: VirtualFinger, scanner: LibfprintScanner, skin: np.ndarray
) -> None:
    finger.place(np.full((288, 256), 255, np.uint8))
    Timer(1.0, finger.place, (skin,)).start()
    assert scanner.capture(20, Event()).pixels == skin.tobytes()


def test_a_finger_to_be_moved_is_waited_for(
    finger: VirtualFinger, scanner: LibfprintScanner, skin: np.ndarray
) -> None:
    finger.command(RETRY, CENTRE_THE_FINGER)
    with pytest.raises(DeviceTimeoutError):
        scanner.capture(0.6, Event())
    finger.place(skin)
    assert scanner.capture(20, Event()).pixels == skin.tobytes()


def test_a_cancel_and_a_deadline_leave_the_scanner_ready(
    finger: VirtualFinger, scanner: LibfprintScanner, skin: np.ndarray
) -> None:
    for _ in range(3):
        cancelled = Event()
        Timer(0.2, cancelled.set).start()
        with pytest.raises(RequestCancelledError):
            scanner.capture(60, cancelled)
        with pytest.raises(DeviceTimeoutError):
            scanner.capture(0.2, Event())
    assert scanner.health().state is DeviceState.ONLINE
    finger.place(skin)
    assert scanner.capture(20, Event()).width == skin.shape[1]
    finger.lift()
    scanner.wait_lifted(5, Event())


def test_the_librarys_errors_are_ours(finger: VirtualFinger, scanner: LibfprintScanner) -> None:
    finger.command(ERROR, PROTOCOL)
    with pytest.raises(DeviceFaultError) as caught:
        scanner.capture(20, Event())
    assert (caught.value.reason, caught.value.code) == ("fault", "device 5")


def test_a_scanner_pulled_out_is_absent_and_comes_back(
    finger: VirtualFinger, scanner: LibfprintScanner, skin: np.ndarray
) -> None:
    finger.command(REMOVED, 0)
    with pytest.raises(DeviceAbsentError):
        scanner.capture(20, Event())
    assert scanner.health().state is DeviceState.NO_DEVICE
    finger.lift()
    scanner.close()
    scanner.open()
    assert scanner.health().state is DeviceState.ONLINE
    finger.place(skin)
    assert scanner.capture(20, Event()).width == skin.shape[1]


def test_opening_and_closing_twice_does_no_harm(scanner: LibfprintScanner) -> None:
    scanner.open()
    assert scanner.health().state is DeviceState.ONLINE
    scanner.close()
    scanner.close()
    assert scanner.health().state is DeviceState.NO_DEVICE
    with pytest.raises(DeviceAbsentError):
        scanner.capture(1, Event())
    with pytest.raises(DeviceAbsentError):
        scanner.wait_lifted(1, Event())


def test_a_helper_that_is_killed_is_a_loss_and_the_keeper_starts_another(
    finger: VirtualFinger, skin: np.ndarray
) -> None:
    made: list[LibfprintScanner] = []

    def one_more() -> LibfprintScanner:
        made.append(LibfprintScanner())
        return made[-1]

    said: list[str] = []
    keeper = Keeper("finger", one_more, said.append)
    keeper.use(lambda scanner: scanner.wait_lifted(5, Event()))
    helper = made[0]._helper
    assert helper is not None
    helper._process.kill()
    with pytest.raises(DeviceAbsentError):
        keeper.use(lambda scanner: scanner.capture(20, Event()))
    finger.place(skin)
    assert keeper.use(lambda scanner: scanner.capture(20, Event())).width == skin.shape[1]
    assert [len(said), said[-1]] == [2, "works again"]
    keeper.close()


def test_the_virtual_scanner_is_found(finger: VirtualFinger) -> None:
    addresses = [found.address for found in libfprint.find()]
    assert "libfprint:virtual_image" in addresses


def test_no_scanner_of_that_name_is_absent(finger: VirtualFinger) -> None:
    with pytest.raises(DeviceAbsentError, match="no such scanner"):
        make("libfprint", "libfprint:uru4000", {}).open()


SILENT = "import sys, time\nfor line in sys.stdin: pass\n"
STRANGE = "import sys\nfor line in sys.stdin: print('hello', flush=True)\n"
LYING = (
    "import sys, json\nfor line in sys.stdin:\n"
    " print(json.dumps({'n': json.loads(line)['n'], 'bytes': -1}), flush=True)\n"
)


def played(script: str) -> HelperProcess:
    return HelperProcess([sys.executable, "-c", script])


def test_a_library_that_hangs_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libfprint_process, "ANSWER_S", 0.3)
    helper = played(SILENT)
    cancelled = Event()
    Timer(0.2, cancelled.set).start()
    began = monotonic()
    with pytest.raises(RequestCancelledError):
        helper.ask("capture", 60, cancelled)
    with pytest.raises(DeviceAbsentError, match="does not come back"):
        helper.ask("status", 1, Event())
    helper.close()
    assert monotonic() - began < 30


@pytest.mark.parametrize("script", [STRANGE, LYING])
def test_a_helper_that_speaks_nonsense_is_not_believed(script: str) -> None:
    helper = played(script)
    with pytest.raises(BadReplyError):
        helper.ask("status", 10, Event())
    helper.close()


def test_the_bundle_starts_the_helper_by_its_own_command(
    finger: VirtualFinger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/smartics/kiosk_tag")
    program, word = libfprint_process.own_command()
    assert program == "/opt/smartics/smartics"
    monkeypatch.undo()
    monkeypatch.setenv("FP_VIRTUAL_IMAGE", str(finger._address))
    helper = HelperProcess([sys.executable, "-m", "office", word])
    assert [one["driver"] for one in helper.ask("find", 60, Event())["found"]]
    helper.close()
