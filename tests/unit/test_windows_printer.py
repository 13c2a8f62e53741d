# ruff: noqa: ARG002 (the real spooler needs the names)
"""The Windows spooler as far as it can be tried elsewhere: bits, structures, and the driver's
logic on a spooler that is played."""

import ctypes
import os
from collections.abc import Iterable
from threading import Event
from typing import Any

import pytest
from PIL import Image

from hardware.catalog import DRIVERS, make
from hardware.core.device import DeviceState, Found, Seen
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.printer import windows_calls, windows_spooler
from hardware.printer.interface import UNKNOWN_STATUS, Paper, Printed
from hardware.printer.reasons import Reason
from hardware.printer.windows_calls import bitmap
from hardware.printer.windows_spooler import WindowsPrinter, find_windows_printers
from hardware.printer.windows_words import job_reasons, printer_reasons

# Values as winspool.h has them, in decimal as Microsoft's documentation of WMI repeats them.
PAPER_OUT, JAM, OFFLINE, DOOR, TONER_LOW, PAUSED, ERROR = 16, 8, 128, 4194304, 131072, 1, 2


class PlayedSpooler:
    """A spooler whose answers a test writes down beforehand."""

    def __init__(self, *statuses: int | None) -> None:
        self.state = (0, 0)
        self.statuses = list(statuses)
        self.taken: list[bytes] = []
        self.deleted: list[int] = []

    def printer(self, name: str) -> tuple[int, int]:
        if name != "A4":
            raise DeviceAbsentError(f"there is no printer {name}")
        return self.state

    def print_pdf(self, name: str, pdf: bytes, title: str) -> int:
        self.taken.append(pdf)
        return 7

    def job(self, name: str, job_id: int) -> int | None:
        assert job_id == 7
        if self.deleted and self.statuses[0] != 0x80:
            return None
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]

    def delete(self, name: str, job_id: int) -> None:
        self.deleted.append(job_id)

    def names(self) -> Iterable[str]:
        return ["A4", "Labels"]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows_spooler, "LOOK_EVERY_S", 0.01)


def opened(spooler: PlayedSpooler) -> WindowsPrinter:
    printer = WindowsPrinter("A4", lambda: spooler)
    printer.open()
    return printer


@pytest.mark.parametrize(
    ("status", "attributes", "reasons"),
    [
        (0, 0, set()),
        (PAPER_OUT, 0, {Reason.PAPER_OUT}),
        (JAM | ERROR, 0, {Reason.PAPER_JAM}),
        (ERROR, 0, {Reason.OTHER}),
        (ERROR | TONER_LOW, 0, {Reason.OTHER, Reason.TONER_LOW}),
        (DOOR | TONER_LOW, 0, {Reason.COVER_OPEN, Reason.TONER_LOW}),
        (PAUSED, 0, {Reason.PAUSED}),
        (0, 0x400, {Reason.OFFLINE}),
        (OFFLINE, 0, {Reason.OFFLINE}),
        (0x400 | 0x4000 | 0x1000000, 0x40, set()),  # printing, processing, saving power
    ],
)
def test_bits_become_words(status: int, attributes: int, reasons: set[Reason]) -> None:
    assert printer_reasons(status, attributes) == reasons


def test_a_jobs_bits_become_words() -> None:
    assert job_reasons(0x10) == set()
    assert job_reasons(0x10 | 0x2 | 0x40) == {Reason.PAPER_OUT}
    assert job_reasons(0x20) == {Reason.OFFLINE}


def test_a_document_is_followed_until_it_is_printed() -> None:
    spooler = PlayedSpooler(0x8, 0x10, 0x10 | 0x80)
    assert opened(spooler).print_document(b"%PDF", "form") is Printed.PRINTED
    assert spooler.taken == [b"%PDF"]


def test_a_job_that_leaves_without_a_word_was_handed_over() -> None:
    spooler = PlayedSpooler(0x10, None)
    assert opened(spooler).print_document(b"%PDF", "form") is Printed.HANDED_OVER


def test_a_job_that_stops_is_taken_back() -> None:
    spooler = PlayedSpooler(0x10, 0x12 | 0x40, 0x12 | 0x40, 0x12 | 0x40)
    with pytest.raises(DeviceFaultError) as caught:
        opened(spooler).print_document(b"%PDF", "form")
    assert caught.value.reason == "empty"
    assert spooler.deleted == [7]


def test_a_job_that_somebody_deleted_is_a_fault() -> None:
    with pytest.raises(DeviceFaultError, match="took it back"):
        opened(PlayedSpooler(0x10, 0x100)).print_document(b"%PDF", "form")


def test_time_and_cancel_take_it_back() -> None:
    spooler = PlayedSpooler(0x10)
    with pytest.raises(DeviceTimeoutError, match="taken back"):
        opened(spooler).print_document(b"%PDF", "form", timeout_s=0.05)
    assert spooler.deleted == [7]
    cancelled = Event()
    cancelled.set()
    with pytest.raises(RequestCancelledError):
        opened(PlayedSpooler(0x10)).print_document(b"%PDF", "form", 60, cancelled)


def test_a_printer_that_cannot_gets_nothing() -> None:
    spooler = PlayedSpooler(0)
    printer = opened(spooler)
    spooler.state = (PAPER_OUT, 0)
    assert printer.status().paper is Paper.OUT
    assert printer.health().state is DeviceState.HARDWARE_ERROR
    with pytest.raises(DeviceFaultError):
        printer.print_document(b"%PDF", "form")
    assert spooler.taken == []
    spooler.state = (TONER_LOW, 0)
    assert printer.health() == type(printer.health())(DeviceState.ONLINE, "the toner is low")
    assert printer.status().online is Seen.YES


def test_an_unknown_or_closed_printer_is_absent() -> None:
    with pytest.raises(DeviceAbsentError):
        WindowsPrinter("A5", lambda: PlayedSpooler(0)).open()
    printer = opened(PlayedSpooler(0))
    printer.close()
    assert printer.status() == UNKNOWN_STATUS
    assert printer.health().state is DeviceState.NO_DEVICE


def test_printers_are_found() -> None:
    assert list(find_windows_printers(lambda: PlayedSpooler(0))) == [
        Found("windows:A4", "A4", is_certain=True),
        Found("windows:Labels", "Labels", is_certain=True),
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows has a spooler")
def test_elsewhere_there_is_no_spooler() -> None:
    assert list(DRIVERS["windows"].find()) == []
    with pytest.raises(DeviceAbsentError, match="Windows only"):
        make("windows", "windows:A4", {}).open()


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="sizes of 64 bits")
def test_structures_have_the_sizes_of_the_sdk() -> None:
    sizes: dict[Any, int] = {
        windows_calls.PrinterInfo2: 136,
        windows_calls.PrinterInfo4: 24,
        windows_calls.JobInfo1: 96,
        windows_calls.DocInfo: 40,
        windows_calls.BitmapInfoHeader: 40,
        windows_calls.SystemTime: 16,
    }
    assert {kind.__name__: ctypes.sizeof(kind) for kind in sizes} == {
        kind.__name__: size for kind, size in sizes.items()
    }


def test_a_picture_becomes_a_bitmap() -> None:
    picture = Image.new("RGB", (3, 2), (1, 2, 3))
    picture.putpixel((0, 0), (250, 251, 252))
    header, dots = bitmap(picture)
    assert (header.width, header.height, header.bit_count) == (3, -2, 24)
    assert dots == bytes.fromhex("fcfbfa 030201 030201 000000 030201 030201 030201 000000")
