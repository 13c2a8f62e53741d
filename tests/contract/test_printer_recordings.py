"""Recorded printers, played back to their drivers."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest

from hardware.catalog import driver, make
from hardware.core.device import Seen
from hardware.core.links import ReplayLinks, read_recording
from hardware.printer.interface import Paper, PrinterStatus
from hardware.printer.reasons import Reason
from hardware.self_tests import SELF_TESTS

FOLDER = Path(__file__).parent / "recordings"
ADDRESSES = {"escpos": "tcp://127.0.0.1:1", "cups": "ipp://127.0.0.1:1/ipp/print"}


def replayed(name: str, file: str) -> tuple[Any, ReplayLinks]:
    links = ReplayLinks(read_recording(FOLDER / name / file))
    return make(name, ADDRESSES[name], {}, links), links


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_recorded_self_test_replays_to_its_end(name: str) -> None:
    device, links = replayed(name, "self_test.txt")
    device.open()
    SELF_TESTS[driver(name).kind].run(device, lambda _: None, Event())
    assert links.finished()
    assert (FOLDER / name / "self_test.txt").stat().st_size < 200_000


def test_the_manuals_status_bytes_are_understood() -> None:
    printer, links = replayed("escpos", "manual.txt")
    printer.open()
    assert printer.model == "EPSON TM-T88V"
    assert printer.width_px == 512
    expected = [
        PrinterStatus(Seen.YES, Paper.LOW, Seen.NO, frozenset({Reason.PAPER_LOW})),
        PrinterStatus(Seen.NO, Paper.FULL, Seen.YES, frozenset({Reason.COVER_OPEN})),
        PrinterStatus(Seen.NO, Paper.OUT, Seen.NO, frozenset({Reason.PAPER_OUT})),
    ]
    assert [printer.status() for _ in expected] == expected
    assert links.finished()
