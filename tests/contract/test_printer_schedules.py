"""Random fault schedules of printers: no slip in two pieces or twice, no form twice."""

import io
from collections import Counter
from functools import cache
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import qrcode
from PIL import Image

from hardware.camera.codes import read_codes
from hardware.catalog import make
from hardware.core.errors import DeviceAbsentError, DeviceError, DeviceFaultError
from hardware.core.waiting import pause, wait_for
from hardware.printer import escpos_printer, ipp_printer, ipp_queue
from hardware.printer.interface import Printed
from hardware.simulation.ipp_printer import SimulatedIppPrinter
from hardware.simulation.ticket_printer import SimulatedTicketPrinter
from hardware.simulation.world import World
from tests.support import hardware as _quick_closing  # noqa: F401 (pyserial rests at each close)
from tests.support.schedules import SCHEDULES, Trouble

DOCUMENTS = 5
SLIP_LINES, FEED_LINES = 300, 180

TICKET_FAULTS = (
    "unplugged", "paper_out", "paper_low", "cover_open", "offline", "head_hot", "cutter_jam",
    "paper_ends", "power_cut", "mute", "garbled_status",
)  # fmt: skip
FORM_FAULTS = (
    "unplugged", "paper_out", "paper_low", "jam", "door_open", "toner_empty", "offline", "paused",
    "job_aborted", "not_accepting", "lost_answer", "line_cut", "line_chopped",
)  # fmt: skip


@cache
def code(text: str) -> Image.Image:
    return qrcode.make(text, box_size=6, border=4).get_image().convert("L")


@cache
def slip(text: str) -> Image.Image:
    picture = Image.new("L", (200, SLIP_LINES), 255)
    picture.paste(code(text), (0, 40))
    return picture


@cache
def form(text: str) -> bytes:
    page = Image.new("L", (200, 200), 255)
    page.paste(code(text), (0, 0))
    pdf = io.BytesIO()
    page.save(pdf, "PDF", resolution=110)
    return pdf.getvalue()


@cache
def texts_of(file: Path) -> tuple[str, ...]:
    with Image.open(file) as picture:
        return tuple(read.text for read in read_codes(picture))


def texts_at(world: World, place: str) -> list[str]:
    return [
        text for paper in world.at(place) for text in texts_of(world.folder / paper.data["picture"])
    ]


def striking(trouble: Trouble) -> Thread:
    """Let something happen while the driver is at work."""
    delay_s = trouble.dice.random() * 0.05

    def strike() -> None:
        pause(delay_s)
        trouble.strike()

    thread = Thread(target=strike)
    thread.start()
    return thread


@pytest.mark.timeout(max(120, SCHEDULES))
def test_slips_come_whole_or_with_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escpos_printer, "NAME_S", 0.05)
    monkeypatch.setattr(escpos_printer, "RECOVERED_S", 0.0)
    seen: Counter[str] = Counter()
    for seed in range(SCHEDULES):
        run_slips(tmp_path / str(seed), seed, seen, monkeypatch)
    print(f"\n{SCHEDULES} schedules of a ticket printer: {dict(seen)}")
    assert seen["printed"]
    assert seen["raised"]


def run_slips(folder: Path, seed: int, seen: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escpos_printer, "ANSWER_S", 0.05)
    monkeypatch.setattr(escpos_printer, "PRINTED_S", 0.3)
    world = World(folder)
    device = SimulatedTicketPrinter("x.printer", 0, world, {"width": 200})
    device.start()
    trouble = Trouble(device, seed, TICKET_FAULTS)
    printer: Any = make("escpos", f"tcp://127.0.0.1:{device.port}", {"width": 200})
    printed: list[str] = []
    try:
        for number in range(DOCUMENTS):
            text = f"SLIP:{number}"
            trouble.strike()
            striker = striking(trouble)
            try:
                printer.open()
                printer.print_slip(slip(text))
                printed.append(text)
            except DeviceError as error:
                seen[type(error).__name__] += 1
                if isinstance(error, DeviceAbsentError):
                    printer.close()
            striker.join()
            if trouble.dice.random() < 0.3:
                device.act("refill", {})
        trouble.end()
        device.set_fault("unplugged", False)
        device.act("refill", {})
        # All is well now; a machine with other work may take its time.
        monkeypatch.setattr(escpos_printer, "ANSWER_S", 5.0)
        monkeypatch.setattr(escpos_printer, "PRINTED_S", 20.0)
        printer.close()
        printer.open()
        printer.print_slip(slip("SLIP:LAST"))
        printed.append("SLIP:LAST")
    finally:
        printer.close()
        device.stop()
    check_slips(world, device, printed, seed)
    seen["printed"] += len(printed)
    seen["raised"] += DOCUMENTS + 1 - len(printed)


def check_slips(
    world: World, device: SimulatedTicketPrinter, printed: list[str], seed: int
) -> None:
    papers = world.at("x.printer.mouth")
    found: Counter[str] = Counter()
    heights = 0
    for paper in papers:
        file = world.folder / paper.data["picture"]
        with Image.open(file) as picture:
            height = picture.height
        heights += height
        texts = texts_of(file)
        found.update(texts)
        assert len(texts) <= 1, f"schedule {seed}: two slips hang together: {texts}"
        if texts and texts[0] in printed:
            assert height == SLIP_LINES + FEED_LINES, f"schedule {seed}: {texts} is no whole slip"
    assert all(count == 1 for count in found.values()), f"schedule {seed}: twice: {found}"
    assert set(printed) <= set(found), f"schedule {seed}: said and not printed"
    state = device.state()
    assert state["fed"] == state["left"] + state["unfinished"], f"schedule {seed}: paper is lost"
    assert heights <= state["left"]


@pytest.mark.timeout(max(120, SCHEDULES))
def test_forms_never_come_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("LOOK_EVERY_S", 0.01), ("TAKING_BACK_S", 0.1), ("OLD_REASON_S", 0.1)):
        monkeypatch.setattr(ipp_printer, name, seconds)
    seen: Counter[str] = Counter()
    for seed in range(SCHEDULES):
        run_forms(tmp_path / str(seed), seed, seen, monkeypatch)
    print(f"\n{SCHEDULES} schedules of a form printer: {dict(seen)}")
    assert seen["printed"]
    assert seen["raised"]


def run_forms(folder: Path, seed: int, seen: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ipp_queue, "ANSWER_S", 0.3)
    monkeypatch.setattr(ipp_queue, "TAKEN_S", 0.3)
    world, tray = World(folder), "x.printer.tray"
    device = SimulatedIppPrinter("x.printer", 0, world, {})
    device.start()
    trouble = Trouble(device, seed, FORM_FAULTS)
    printer: Any = make("cups", f"ipp://127.0.0.1:{device.port}/ipp/print", {})
    printed: list[str] = []
    refused: Counter[str] = Counter()
    try:
        for number in range(DOCUMENTS):
            text = f"FORM:{number}"
            trouble.strike()
            striker = striking(trouble)
            try:
                printer.open()
                if printer.print_document(form(text), "form", 0.3) is Printed.PRINTED:
                    printed.append(text)
            except (DeviceFaultError, DeviceAbsentError) as error:
                seen[type(error).__name__] += 1
                # A page may be out when its document is given up; no further one may come.
                is_given_up = isinstance(error, DeviceFaultError)
                refused[text] = texts_at(world, tray).count(text) if is_given_up else 0
            except DeviceError as error:
                seen[type(error).__name__] += 1
            striker.join()
        trouble.end()
        wait_for(lambda: device.state()["waiting"] == 0 or None, 10, Event(), 0.005)
        monkeypatch.setattr(ipp_queue, "ANSWER_S", 5.0)
        monkeypatch.setattr(ipp_queue, "TAKEN_S", 10.0)
        printer.close()
        printer.open()
        assert printer.print_document(form("FORM:LAST"), "form") is Printed.PRINTED
        printed.append("FORM:LAST")
    finally:
        printer.close()
        device.stop()
    found = Counter(texts_at(world, tray))
    assert all(count == 1 for count in found.values()), f"schedule {seed}: twice: {found}"
    assert set(printed) <= set(found), f"schedule {seed}: said and not printed"
    for text, count in refused.items():
        assert found[text] == count, f"schedule {seed}: {text} was refused and came out later"
    seen["printed"] += len(printed)
    seen["raised"] += DOCUMENTS + 1 - len(printed)
