"""The promises of a form printer that is reached by IPP, against the simulated printer."""

import io
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread, Timer
from time import monotonic
from typing import Any

import pytest
import qrcode
from PIL import Image

from hardware.camera.codes import read_codes
from hardware.catalog import make
from hardware.core.device import DeviceState, Seen
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.waiting import wait_for
from hardware.printer import ipp_printer, ipp_queue
from hardware.printer.interface import UNKNOWN_STATUS, Paper, Printed, PrinterStatus
from hardware.printer.ipp_queue import QueueAddress
from hardware.printer.reasons import Reason
from hardware.simulation.ipp_printer import SimulatedIppPrinter
from hardware.simulation.world import ImpossibleError, World

NAME = "registration-1.form_printer"
TRAY = f"{NAME}.tray"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "world")


@pytest.fixture
def simulated(world: World) -> Iterator[SimulatedIppPrinter]:
    device = SimulatedIppPrinter(NAME, 0, world, {"model": "Model 7"})
    device.start()
    yield device
    device.stop()


@pytest.fixture
def printer(simulated: SimulatedIppPrinter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(ipp_printer, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(ipp_printer, "TAKING_BACK_S", 0.5)
    monkeypatch.setattr(ipp_queue, "ANSWER_S", 1.0)
    monkeypatch.setattr(ipp_queue, "TAKEN_S", 1.0)
    driver = make("cups", f"ipp://127.0.0.1:{simulated.port}/ipp/print", {})
    driver.open()
    yield driver
    driver.close()


def form(*texts: str) -> bytes:
    """Make A4 pages with a code on each."""
    sheets = []
    for text in texts:
        page = Image.new("L", (620, 877), 255)
        page.paste(qrcode.make(text, box_size=8).get_image().convert("L"), (100, 100))
        sheets.append(page)
    pdf = io.BytesIO()
    sheets[0].save(pdf, "PDF", resolution=75, save_all=True, append_images=sheets[1:])
    return pdf.getvalue()


def in_tray(world: World) -> list[str]:
    """Read the code on every page in the tray."""
    found = []
    for page in world.at(TRAY):
        with Image.open(world.folder / page.data["picture"]) as picture:
            found += [code.text for code in read_codes(picture)]
    return found


def test_a_document_is_printed_whole_when_it_is_said_to_be(
    simulated: SimulatedIppPrinter, printer: Any, world: World
) -> None:
    assert printer.print_document(form("FORM:1", "FORM:2"), "form") is Printed.PRINTED
    assert in_tray(world) == ["FORM:1", "FORM:2"]
    taken = simulated.act("take", {"hand": "visitor"})["thing"]
    assert world.get(taken).place == "hand.visitor"
    simulated.act("take", {"hand": "visitor"})
    with pytest.raises(ImpossibleError):
        simulated.act("take", {"hand": "visitor"})


def test_a_healthy_printer_says_so(printer: Any) -> None:
    assert printer.status() == PrinterStatus(Seen.YES, Paper.UNKNOWN, Seen.UNKNOWN)
    assert printer.health().state is DeviceState.ONLINE
    assert printer.health().detail == "Model 7"


@pytest.mark.parametrize(
    ("fault", "reason", "word"),
    [
        ("paper_out", Reason.PAPER_OUT, "empty"),
        ("jam", Reason.PAPER_JAM, "jam"),
        ("door_open", Reason.COVER_OPEN, "jam"),
        ("toner_empty", Reason.TONER_OUT, "refused"),
        ("tray_full", Reason.OUTPUT_FULL, "full"),
        ("offline", Reason.OFFLINE, "refused"),
        ("paused", Reason.PAUSED, "refused"),
        ("not_accepting", Reason.PAUSED, "refused"),
    ],
)
def test_a_fault_is_seen_before_printing_and_while_printing(
    simulated: SimulatedIppPrinter,
    printer: Any,
    world: World,
    fault: str,
    reason: Reason,
    word: str,
) -> None:
    simulated.set_fault(fault, True)
    assert printer.status().reasons == {reason}
    assert printer.health().state is DeviceState.HARDWARE_ERROR
    with pytest.raises(DeviceFaultError) as caught:
        printer.print_document(form("LOST"), "form")
    assert caught.value.reason == word
    simulated.set_fault(fault, False)
    if fault != "not_accepting":  # which does not stop what was accepted
        simulated.set_fault("slow", True)
        Timer(0.4, lambda: simulated.set_fault(fault, True)).start()
        with pytest.raises(DeviceFaultError) as caught:
            printer.print_document(form("LOST"), "form")
        assert caught.value.reason == word
        simulated.set_fault(fault, False)
        simulated.set_fault("slow", False)
    assert printer.print_document(form("FORM:2"), "form") is Printed.PRINTED
    assert in_tray(world) == ["FORM:2"]  # what was given up did not come out later


@pytest.mark.parametrize(
    ("fault", "reason", "paper"),
    [
        ("paper_low", Reason.PAPER_LOW, Paper.LOW),
        ("toner_low", Reason.TONER_LOW, Paper.UNKNOWN),
    ],
)
def test_a_warning_does_not_keep_it_from_printing(
    simulated: SimulatedIppPrinter,
    printer: Any,
    world: World,
    fault: str,
    reason: Reason,
    paper: Paper,
) -> None:
    simulated.set_fault(fault, True)
    assert (printer.status().reasons, printer.status().paper) == ({reason}, paper)
    assert printer.health().state is DeviceState.ONLINE
    assert printer.print_document(form("FORM:1"), "form") is Printed.PRINTED
    assert in_tray(world) == ["FORM:1"]


def test_a_door_that_is_shut_again_at_once_stops_nothing(
    simulated: SimulatedIppPrinter,
    printer: Any,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ipp_printer, "LOOK_EVERY_S", 0.5)
    simulated.set_fault("slow", True)
    Timer(0.1, lambda: simulated.set_fault("door_open", True)).start()
    Timer(0.7, lambda: simulated.set_fault("door_open", False)).start()
    assert printer.print_document(form("FORM:1"), "form") is Printed.PRINTED
    assert in_tray(world) == ["FORM:1"]


def test_a_document_that_is_given_up_is_a_fault(
    simulated: SimulatedIppPrinter, printer: Any, world: World
) -> None:
    simulated.set_fault("job_aborted", True)
    with pytest.raises(DeviceFaultError, match="aborted-by-system"):
        printer.print_document(form("LOST"), "form")
    simulated.set_fault("job_aborted", False)
    with pytest.raises(DeviceFaultError, match="aborted-by-system"):
        printer.print_document(b"%PDF- nothing", "form")
    assert in_tray(world) == []


def test_what_is_not_printed_in_time_is_taken_back(
    simulated: SimulatedIppPrinter, printer: Any, world: World
) -> None:
    simulated.set_fault("slow", True)
    with pytest.raises(DeviceTimeoutError, match="taken back"):
        printer.print_document(form("LOST"), "form", timeout_s=0.3)
    simulated.set_fault("slow", False)
    assert printer.print_document(form("FORM:2"), "form") is Printed.PRINTED
    assert in_tray(world) == ["FORM:2"]


def test_a_cancel_takes_the_document_back(
    simulated: SimulatedIppPrinter, printer: Any, world: World
) -> None:
    simulated.set_fault("slow", True)
    cancelled = Event()
    Timer(0.3, cancelled.set).start()
    began = monotonic()
    with pytest.raises(RequestCancelledError):
        printer.print_document(form("LOST"), "form", 60, cancelled)
    assert monotonic() - began < 30  # it did not sit out its time
    simulated.set_fault("slow", False)
    assert printer.print_document(form("FORM:2"), "form") is Printed.PRINTED
    assert in_tray(world) == ["FORM:2"]


def test_a_lost_answer_is_looked_up_and_nothing_is_printed_twice(
    simulated: SimulatedIppPrinter, printer: Any, world: World
) -> None:
    for number in (1, 2):
        simulated.set_fault("lost_answer", True)
        assert printer.print_document(form(f"FORM:{number}"), "form") is Printed.PRINTED
    assert in_tray(world) == ["FORM:1", "FORM:2"]


def test_an_answer_that_stays_lost_is_unknown(
    simulated: SimulatedIppPrinter, printer: Any, world: World
) -> None:
    def fall_silent() -> None:
        wait_for(lambda: simulated.state()["waiting"] or None, 10, Event(), 0.01)
        simulated.set_fault("line_mute", True)

    simulated.set_fault("slow", True)
    Thread(target=fall_silent).start()
    with pytest.raises(DeviceTimeoutError, match=r"not known|does not tell"):
        printer.print_document(form("FORM:1"), "form", timeout_s=1.0)
    assert in_tray(world) in ([], ["FORM:1"])


def test_a_printer_that_restarts_has_lost_the_document(
    simulated: SimulatedIppPrinter, printer: Any, world: World
) -> None:
    wait_for(lambda: printer._look().up_time_s >= 2 or None, 10, Event())

    def restart() -> None:
        simulated.set_fault("unplugged", True)
        simulated.set_fault("unplugged", False)

    simulated.set_fault("slow", True)
    Timer(0.4, restart).start()
    with pytest.raises(DeviceTimeoutError, match="restarted"):
        printer.print_document(form("LOST"), "form")
    assert in_tray(world) == []


def test_a_queue_without_history_is_not_believed_to_have_printed(
    simulated: SimulatedIppPrinter, printer: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printer._queue, "job", lambda _: None)
    assert printer.print_document(form("FORM:1"), "form") is Printed.HANDED_OVER


def test_a_printer_that_lies_is_believed(
    simulated: SimulatedIppPrinter, printer: Any, world: World
) -> None:
    """No print system can be asked whether paper came out: whoever takes the page must say."""
    simulated.set_fault("lying", True)
    assert printer.print_document(form("FORM:1"), "form") is Printed.PRINTED
    assert in_tray(world) == []


def test_paper_that_is_put_in_lets_a_waiting_job_of_another_program_go_on(
    simulated: SimulatedIppPrinter, printer: Any, world: World
) -> None:
    simulated.set_fault("paper_out", True)
    printer._queue.print_job(form("OTHER"), "another's", {})
    wait_for(lambda: simulated.state()["waiting"] or None, 10, Event())
    assert simulated.act("refill", {})["faults"] == []
    wait_for(lambda: world.one_at(TRAY), 10, Event())
    assert in_tray(world) == ["OTHER"]


def test_unplugged_is_absent_and_plugged_in_again_works(
    simulated: SimulatedIppPrinter, printer: Any, world: World
) -> None:
    simulated.set_fault("unplugged", True)
    with pytest.raises(DeviceAbsentError):
        printer.print_document(form("LOST"), "form")
    assert printer.status() == UNKNOWN_STATUS
    assert printer.health().state is DeviceState.NO_DEVICE
    simulated.set_fault("unplugged", False)
    assert printer.print_document(form("FORM:1"), "form") is Printed.PRINTED
    assert in_tray(world) == ["FORM:1"]


def test_an_unknown_queue_is_absent(simulated: SimulatedIppPrinter) -> None:
    with pytest.raises(DeviceAbsentError, match="no such queue"):
        make("cups", f"ipp://127.0.0.1:{simulated.port}/printers/none", {}).open()


def test_another_http_service_is_absent(
    simulated: SimulatedIppPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulated, "_answered", lambda _: b"<html>")
    device: Any = make("cups", f"ipp://127.0.0.1:{simulated.port}/ipp/print", {})
    with pytest.raises(DeviceAbsentError, match="no queue answers there"):
        device.open()
    with pytest.raises(BadReplyError, match="no IPP"):
        device._queue.look()
    device.close()


@pytest.mark.parametrize(
    ("address", "read"),
    [
        (
            "cups:A4",
            QueueAddress("http://localhost:631", "/printers/A4", "ipp://localhost:631/printers/A4"),
        ),
        (
            "ipp://10.0.0.9",
            QueueAddress("http://10.0.0.9:631", "/ipp/print", "ipp://10.0.0.9/ipp/print"),
        ),
        (
            "ipps://p.local:8631/x/y",
            QueueAddress("https://p.local:8631", "/x/y", "ipps://p.local:8631/x/y"),
        ),
    ],
)
def test_addresses(address: str, read: QueueAddress) -> None:
    assert QueueAddress.parse(address) == read


@pytest.mark.parametrize(
    "address", ["A4", "cups:", "cups:a/b", "cups:-o raw", "http://x/y", "ipp:///x", "ipp://u:p@h/x"]
)
def test_addresses_of_another_form_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match="the address is written"):
        QueueAddress.parse(address)


def test_a_printer_that_is_stopped_between_two_looks_stops(world: World) -> None:
    device = SimulatedIppPrinter(NAME, 0, world, {})

    class StoppedJustAfter(Event):
        """Says that nothing is over, and at once it is."""

        def is_set(self) -> bool:
            was_set = super().is_set()
            self.set()
            with device._changed:
                device._changed.notify_all()
            return was_set

    device.ended = StoppedJustAfter()
    device.start()
    engine = device._thread
    assert engine is not None
    engine.join(10)
    is_over = not engine.is_alive()
    device.stop()
    assert is_over
