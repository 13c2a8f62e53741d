"""The promises of a code scanner, kept by every driver against its simulated device."""

import base64
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread, Timer
from time import monotonic
from typing import Any

import pytest

from common.equipment.slip_paper import code_picture
from hardware.camera.codes import Symbology
from hardware.code_scanner.interface import Code
from hardware.code_scanner.keyboard_scanner import KeyboardScanner
from hardware.core.device import DeviceState
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceBusyError,
    DeviceError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.simulation.world import ImpossibleError
from tests.contract.rigs.code_scanners import LINES, RIGS, WITHOUT_END
from tests.support.rigs import Rig, RunningRig

TOKEN = "VAAAAAAAAB-x_0a1b2c3d4e5f60718293a4b5c6d7e8f9AbCdEfGhIj"
ADDRESS = "https://office.example/tag/Ab-9_~.0?x=1&y=(2)"
GOOD_S = 10.0
SCANNERS = (*RIGS, WITHOUT_END)


def name_of(rig: Rig) -> str:
    words = (rig.driver, rig.options.get("trigger"), rig.options.get("terminator"))
    return "-".join(str(word) for word in words if word)


def is_triggered(rig: Rig) -> bool:
    return rig.options.get("trigger", "none") != "none"


on_every_rig = pytest.mark.parametrize("rig", SCANNERS, ids=name_of)
on_scanners = pytest.mark.parametrize(
    "rig", [rig for rig in SCANNERS if rig.driver != "camera_scanner"], ids=name_of
)
on_triggered = pytest.mark.parametrize(
    "rig", [rig for rig in LINES if is_triggered(rig)], ids=name_of
)
on_lines = pytest.mark.parametrize("rig", [*LINES, WITHOUT_END], ids=name_of)


@pytest.fixture
def running(rig: Rig, tmp_path: Path) -> Iterator[RunningRig]:
    with rig.running(tmp_path) as started:
        yield started


def held(running: RunningRig, text: str) -> dict[str, Any]:
    """How somebody holds a code before this scanner."""
    if running.rig.driver != "camera_scanner":
        return {"text": text, "symbology": "QRCode"}
    png = io.BytesIO()
    code_picture(text).save(png, "PNG")
    return {"png": base64.b64encode(png.getvalue()).decode()}


def shown_soon(running: RunningRig, *texts: str, delay_s: float = 0.15) -> Thread:
    """Show codes one after another, once the scanner has been told to read."""

    def show() -> None:
        for text in texts:
            Event().wait(delay_s)
            running.simulated.act("show", held(running, text))

    thread = Thread(target=show, daemon=True)
    thread.start()
    return thread


def passed_by_soon(running: RunningRig, *texts: str) -> Thread:
    """Pass codes by the window, each as soon as the lamp is lit."""

    def scan() -> None:
        for text in texts:
            Event().wait(0.15)
            for _ in range(300):
                with suppress(ImpossibleError):
                    running.simulated.act("scan", {"text": text})
                    break
                Event().wait(0.01)

    thread = Thread(target=scan, daemon=True)
    thread.start()
    return thread


def spoilt_and_sound(fault: str) -> Callable[..., Thread]:
    """A way to pass two codes by: the first while the fault is on, the second after it."""

    def pass_by(running: RunningRig, spoilt: str, sound: str) -> Thread:
        def scan() -> None:
            running.simulated.set_fault(fault, on=True)
            passed_by_soon(running, spoilt).join()
            Event().wait(0.5)  # until it is on the line
            running.simulated.set_fault(fault, on=False)
            passed_by_soon(running, sound).join()

        thread = Thread(target=scan, daemon=True)
        thread.start()
        return thread

    return pass_by


def read_while(running: RunningRig, scanner: Any, show: Callable[..., Thread], *texts: str) -> Code:
    thread = show(running, *texts)
    code: Code = scanner.wait_for_code(GOOD_S, Event())
    thread.join()
    return code


@on_every_rig
@pytest.mark.parametrize("text", [TOKEN, ADDRESS, "x", "0" * 200])
def test_a_code_is_read(running: RunningRig, text: str) -> None:
    if running.rig.driver == "camera_scanner" and len(text) > 60:
        text = text[:60]  # what 180 lines can show
    code = read_while(running, running.opened(), shown_soon, text)
    assert code.text == text
    knows = running.rig.driver == "camera_scanner" or running.rig.options.get("trigger") in {
        "honeywell",  # by its AIM identifier
        "ssi",
    }
    assert code.symbology is (Symbology.QR if knows else None)


@on_scanners
def test_one_code_after_another(running: RunningRig) -> None:
    scanner = running.opened()
    for number in range(5):
        text = f"TOKEN-{number}"
        assert read_while(running, scanner, passed_by_soon, text).text == text
    assert running.simulated.state()["scans"] == 5


@on_scanners
def test_what_was_scanned_while_nobody_waited_is_dropped(running: RunningRig) -> None:
    scanner = running.opened()
    read_while(running, scanner, passed_by_soon, "FIRST")
    with suppress(ImpossibleError):  # a lamp that is out reads nothing
        running.simulated.act("scan", {"text": "MEANWHILE"})
    Event().wait(0.1)
    assert read_while(running, scanner, passed_by_soon, "SECOND").text == "SECOND"


@on_triggered
def test_the_lamp_is_lit_only_while_somebody_waits(running: RunningRig) -> None:
    scanner = running.opened()
    assert not running.simulated.state()["lit"]
    cancelled, lit = Event(), list[bool]()

    def look() -> None:
        lit.append(running.simulated.state()["lit"])
        cancelled.set()

    Timer(0.5, look).start()
    with pytest.raises(RequestCancelledError):
        scanner.wait_for_code(GOOD_S, cancelled)
    assert lit == [True]
    _until(lambda: not running.simulated.state()["lit"])
    with pytest.raises(ImpossibleError):
        running.simulated.act("scan", {"text": "TOO LATE"})


@on_triggered
def test_a_scanner_that_gives_up_is_started_again(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardware.code_scanner.line_scanner.START_AGAIN_S", 0.4)
    tired = Rig(
        rig.driver,
        rig.simulation,
        rig.address,
        rig.ask,
        options=rig.options,
        simulated_options={**rig.simulated_options, "reads_s": 0.2},
    )
    with tired.running(tmp_path) as running:
        scanner = running.opened()
        thread = shown_soon(running, TOKEN, delay_s=0.9)
        assert scanner.wait_for_code(GOOD_S, Event()).text == TOKEN
        thread.join()


@on_scanners
@pytest.mark.parametrize("fault", ["split", "line_chopped"])
def test_a_scan_in_pieces_is_read_whole(running: RunningRig, fault: str) -> None:
    scanner = running.opened()
    running.simulated.set_fault(fault, on=True)
    assert read_while(running, scanner, passed_by_soon, TOKEN).text == TOKEN


@on_scanners
def test_scans_that_are_glued_together_are_two(running: RunningRig) -> None:
    if running.rig.options.get("terminator") == "idle":
        pytest.skip("without a terminator nothing parts two scans that come as one")
    scanner = running.opened()
    running.simulated.set_fault("glued", on=True)
    assert read_while(running, scanner, passed_by_soon, "FIRST", "SECOND").text == "FIRST"
    running.simulated.set_fault("glued", on=False)
    assert read_while(running, scanner, passed_by_soon, "THIRD").text == "THIRD"


@on_scanners
def test_a_scan_with_noise_in_it_is_no_code(running: RunningRig) -> None:
    scanner = running.opened()
    code = read_while(running, scanner, spoilt_and_sound("noise"), "SPOILT", TOKEN)
    # SSI sends the spoilt packet again; the others cannot, and pass it over.
    assert code.text in (
        {"SPOILT", TOKEN} if running.rig.options.get("trigger") == "ssi" else {TOKEN}
    )


@on_scanners
def test_a_code_that_is_read_twice_counts_once(running: RunningRig) -> None:
    if running.rig.options.get("terminator") == "idle":
        pytest.skip("without a terminator nothing parts two scans that come as one")
    scanner = running.opened()
    running.simulated.set_fault("double_read", on=True)
    assert read_while(running, scanner, passed_by_soon, TOKEN).text == TOKEN
    running.simulated.set_fault("double_read", on=False)
    with pytest.raises(DeviceTimeoutError):
        scanner.wait_for_code(0.4, Event())


@on_lines
@pytest.mark.parametrize("fault", ["wrong_crc", "no_answer"])
def test_answers_with_a_wrong_check_or_none_are_asked_for_again(
    running: RunningRig, fault: str
) -> None:
    scanner = running.opened()
    running.simulated.set_fault(fault, on=True)
    trigger = running.rig.options["trigger"]
    if fault == "no_answer" and trigger in {"gm65", "ssi"}:
        with pytest.raises(DeviceAbsentError):
            scanner.wait_for_code(GOOD_S, Event())
        assert scanner.health().state is DeviceState.NO_DEVICE
    else:
        assert read_while(running, scanner, passed_by_soon, TOKEN).text == TOKEN
    running.simulated.set_fault(fault, on=False)
    assert read_while(running, scanner, passed_by_soon, "AFTERWARDS").text == "AFTERWARDS"
    assert scanner.health().state is DeviceState.ONLINE


@on_triggered
def test_another_device_on_the_line_is_not_taken_for_a_scanner(rig: Rig, tmp_path: Path) -> None:
    others = [other for other in LINES if is_triggered(other)]
    other = others[others.index(rig) - 1]
    mixed = Rig(
        rig.driver,
        other.simulation,
        rig.address,
        rig.ask,
        options=rig.options,
        simulated_options=other.simulated_options,
    )
    with mixed.running(tmp_path) as running:
        scanner = running.make()
        with pytest.raises((DeviceAbsentError, BadReplyError)):
            scanner.open()
        assert scanner.health().state is DeviceState.NO_DEVICE


@on_triggered
def test_a_scanner_that_lost_its_power_is_set_up_again(running: RunningRig) -> None:
    scanner = running.opened()
    running.simulated.set_fault("unplugged", on=True)
    with pytest.raises(DeviceError):
        scanner.wait_for_code(1.0, Event())
    scanner.close()
    running.simulated.set_fault("unplugged", on=False)
    scanner.open()
    assert read_while(running, scanner, passed_by_soon, TOKEN).text == TOKEN


@on_every_rig
def test_a_cancel_ends_the_wait_soon(running: RunningRig) -> None:
    scanner = running.opened()
    latencies = []
    for _ in range(3):  # a busy machine may be late once, but not three times
        cancelled, moment = Event(), list[float]()

        def cancel(cancelled: Event = cancelled, moment: list[float] = moment) -> None:
            moment.append(monotonic())
            cancelled.set()

        Timer(0.3, cancel).start()
        with pytest.raises(RequestCancelledError):
            scanner.wait_for_code(30.0, cancelled)
        latencies.append(monotonic() - moment[0])
    assert min(latencies) < 0.25


@pytest.mark.parametrize("grab", [True, False])
def test_a_node_that_is_no_input_device_is_opened_only_when_it_need_not_be_grabbed(
    tmp_path: Path, grab: bool
) -> None:
    rig = next(rig for rig in RIGS if rig.driver == "keyboard_scanner")
    with rig.running(tmp_path) as running:
        scanner = KeyboardScanner(running.address, is_grabbed=grab)
        if grab:
            with pytest.raises(DeviceAbsentError, match="no input device"):
                scanner.open()
        else:
            scanner.open()
            assert "others hear it" in scanner.health().detail
        scanner.close()


def test_a_keyboard_is_grabbed_and_let_go(tmp_path: Path) -> None:
    rig = next(rig for rig in RIGS if rig.driver == "keyboard_scanner")
    calls: list[tuple[int, int]] = []

    def ioctl(node: int, request: int, value: int) -> None:
        assert node > 2
        calls.append((request, value))

    with rig.running(tmp_path) as running:
        scanner = KeyboardScanner(running.address, ioctl=ioctl)
        scanner.open()
        assert calls == [(0x40044590, 1)]  # EVIOCGRAB
        assert scanner.health().detail == ""
        assert read_while(running, scanner, passed_by_soon, TOKEN).text == TOKEN
        scanner.close()
        assert calls == [(0x40044590, 1), (0x40044590, 0)]


def test_a_keyboard_that_another_program_holds_is_busy(tmp_path: Path) -> None:
    def ioctl(_node: int, _request: int, _value: int) -> None:
        raise OSError(16, "Device or resource busy")

    (tmp_path / "node").touch()
    with pytest.raises(DeviceBusyError):
        KeyboardScanner(str(tmp_path / "node"), ioctl=ioctl).open()


def test_a_queue_that_ran_over_loses_the_scan_and_no_other(tmp_path: Path) -> None:
    rig = next(rig for rig in RIGS if rig.driver == "keyboard_scanner")
    with rig.running(tmp_path) as running:
        scanner = running.opened()
        code = read_while(running, scanner, spoilt_and_sound("dropped"), "LOST", TOKEN)
        assert code.text == TOKEN


def test_a_keyboard_without_an_end_key_ends_by_a_pause(tmp_path: Path) -> None:
    rig = next(rig for rig in RIGS if rig.driver == "keyboard_scanner")
    endless = Rig(
        rig.driver,
        rig.simulation,
        rig.address,
        rig.ask,
        options={**rig.options, "terminator": "idle"},
        simulated_options={**rig.simulated_options, "ends": False},
    )
    with endless.running(tmp_path) as running:
        code = read_while(running, running.opened(), passed_by_soon, ADDRESS)
        assert code.text == ADDRESS


def _until(is_so: Callable[[], bool]) -> None:
    for _ in range(300):
        if is_so():
            return
        Event().wait(0.01)
    pytest.fail("it never came to be")
