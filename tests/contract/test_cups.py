"""The driver for IPP against CUPS itself: another's reading of RFC 8010 and 8011."""

from collections.abc import Iterator
from threading import Timer
from typing import Any

import pytest

from hardware.catalog import make
from hardware.core.device import DeviceState, Found, Seen
from hardware.core.errors import DeviceAbsentError, DeviceFaultError, DeviceTimeoutError
from hardware.printer import ipp_printer
from hardware.printer.interface import Paper, Printed, PrinterStatus
from hardware.printer.ipp_finding import find_queues
from hardware.printer.reasons import Reason
from tests.support.cups import CUPSD, Cups, running_cups

pytestmark = pytest.mark.skipif(CUPSD is None, reason="cups-daemon is not installed")

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture(scope="module")
def service() -> Iterator[Cups]:
    with running_cups() as cups:
        yield cups


@pytest.fixture
def cups(service: Cups) -> Iterator[Cups]:
    for page in (service.folder / "printer").glob("page*"):
        page.unlink()
    yield service
    service.set_wrong("")
    (service.folder / "printer" / "gives_up").unlink(missing_ok=True)


@pytest.fixture
def printer(cups: Cups, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(ipp_printer, "LOOK_EVERY_S", 0.1)
    driver = make("cups", cups.address, {"media": "iso_a4_210x297mm"})
    driver.open()
    yield driver
    driver.close()


def test_a_document_is_printed(cups: Cups, printer: Any) -> None:
    assert printer.health().state is DeviceState.ONLINE
    assert printer.health().detail == "Local Raw Printer"
    assert printer.status() == PrinterStatus(Seen.YES, Paper.UNKNOWN, Seen.UNKNOWN)
    for number in (1, 2):
        assert printer.print_document(PDF, "form") is Printed.PRINTED
        assert cups.printed() == [PDF] * number


@pytest.mark.parametrize(
    ("words", "reason", "word"),
    [
        ("media-empty-error", Reason.PAPER_OUT, "empty"),
        ("media-jam-error", Reason.PAPER_JAM, "jam"),
        ("door-open-error", Reason.COVER_OPEN, "jam"),
        ("offline-report", Reason.OFFLINE, "refused"),
    ],
)
def test_a_printer_that_stops_takes_its_document_back(
    cups: Cups, printer: Any, words: str, reason: Reason, word: str
) -> None:
    cups.set_wrong(words)
    with pytest.raises(DeviceFaultError) as caught:
        printer.print_document(PDF, "form")
    assert caught.value.reason == word
    cups.set_wrong("")
    assert cups.printed() == []
    # An idle queue goes on saying what was wrong when it last printed; offline alone it takes back.
    assert printer.status().reasons == {reason} - {Reason.OFFLINE}
    assert printer.print_document(PDF, "form") is Printed.PRINTED
    assert cups.printed() == [PDF]  # and nothing of the first one
    assert printer.status().reasons == frozenset()


def test_a_reason_that_stays_takes_the_document_back_again(
    cups: Cups, printer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ipp_printer, "OLD_REASON_S", 1.0)
    cups.set_wrong("media-empty-error")
    for _ in range(2):
        with pytest.raises(DeviceFaultError) as caught:
            printer.print_document(PDF, "form")
        assert caught.value.reason == "empty"
    cups.set_wrong("")
    assert printer.print_document(PDF, "form") is Printed.PRINTED
    assert cups.printed() == [PDF]


def test_a_reason_shows_in_the_status_while_it_lasts(cups: Cups, printer: Any) -> None:
    cups.set_wrong("media-low-warning")
    Timer(2.0, lambda: cups.set_wrong("")).start()
    seen: list[PrinterStatus] = []
    Timer(1.0, lambda: seen.append(printer.status())).start()
    assert printer.print_document(PDF, "form") is Printed.PRINTED
    assert seen == [PrinterStatus(Seen.YES, Paper.LOW, Seen.UNKNOWN, frozenset({Reason.PAPER_LOW}))]


def test_a_document_that_is_not_printed_in_time_is_taken_back(cups: Cups, printer: Any) -> None:
    cups.set_wrong("media-low-warning")
    with pytest.raises(DeviceTimeoutError, match="taken back"):
        printer.print_document(PDF, "form", timeout_s=0.5)
    cups.set_wrong("")
    assert printer.print_document(PDF, "form") is Printed.PRINTED
    assert cups.printed() == [PDF]


def test_a_lost_answer_is_looked_up_by_name(
    cups: Cups, printer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = printer._queue.print_job

    def lose(*arguments: Any) -> int:
        take(*arguments)
        raise DeviceAbsentError("the answer was lost")

    monkeypatch.setattr(printer._queue, "print_job", lose)
    assert printer.print_document(PDF, "form") is Printed.PRINTED
    assert cups.printed() == [PDF]


def test_an_unknown_queue_is_absent(cups: Cups) -> None:
    with pytest.raises(DeviceAbsentError, match="no queue"):
        make("cups", f"ipp://127.0.0.1:{cups.port}/printers/none", {}).open()


def test_the_queues_of_a_machine_are_found(cups: Cups) -> None:
    found = list(find_queues(f"http://127.0.0.1:{cups.port}"))
    assert found == [Found("cups:form", "Local Raw Printer", is_certain=True)]
    assert list(find_queues("http://127.0.0.1:1")) == []
