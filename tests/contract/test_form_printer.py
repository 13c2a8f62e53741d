"""The promises of a form printer: a spool folder with its simulated printer, and CUPS' commands."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
import qrcode
from PIL import Image

from hardware.camera.codes import read_codes
from hardware.core.device import DeviceState, Seen
from hardware.core.errors import DeviceAbsentError, DeviceFaultError
from hardware.core.waiting import wait_for
from hardware.printer.cups import CupsPrinter
from hardware.printer.interface import Paper, PrinterStatus
from hardware.printer.spool_folder import SpoolFolder
from hardware.simulation.form_printer import SimulatedFormPrinter
from hardware.simulation.world import ImpossibleError, Thing, World

TRAY = "registration-1.form_printer.tray"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "world")


@pytest.fixture
def simulated(world: World) -> Iterator[SimulatedFormPrinter]:
    device = make_simulated(world)
    device.start()
    yield device
    device.stop()


def make_simulated(world: World) -> SimulatedFormPrinter:
    options = {"folder": "spool/registration-1"}
    return SimulatedFormPrinter("registration-1.form_printer", 0, world, options)


@pytest.fixture
def printer(simulated: SimulatedFormPrinter, world: World) -> SpoolFolder:
    driver = SpoolFolder(world.folder.parent / "spool" / "registration-1")
    driver.open()
    return driver


def form(text: str, folder: Path) -> bytes:
    """Make an A4 page with a code on it."""
    page = Image.new("RGB", (1240, 1754), "white")
    page.paste(qrcode.make(text, box_size=10).get_image().convert("RGB"), (300, 400))
    file = folder / "form.pdf"
    page.save(file, "PDF", resolution=150)
    return file.read_bytes()


def pages(world: World, count: int) -> list[Thing]:
    """Wait until so many pages lie in the tray."""
    return wait_for(lambda: found if len(found := world.at(TRAY)) >= count else None, 10, Event())


def test_a_document_becomes_a_page_in_the_tray(
    simulated: SimulatedFormPrinter, printer: SpoolFolder, world: World, tmp_path: Path
) -> None:
    printer.print_document(form("FORM:1", tmp_path), "Registration form")
    (page,) = pages(world, 1)
    assert (page.kind, page.data["label"]) == ("paper", "form")
    assert Path(page.data["pdf"]).name == "0001-Registration-form.pdf"
    with Image.open(world.folder / page.data["picture"]) as picture:
        assert picture.size == (910, 1287)  # A4 at 110 dots an inch
        assert [code.text for code in read_codes(picture)] == ["FORM:1"]
    taken = simulated.act("take", {"hand": "visitor"})["thing"]
    assert world.get(taken).place == "hand.visitor"
    with pytest.raises(ImpossibleError):
        simulated.act("take", {"hand": "visitor"})


def test_documents_wait_for_paper_and_are_printed_once(
    simulated: SimulatedFormPrinter, printer: SpoolFolder, world: World, tmp_path: Path
) -> None:
    simulated.set_fault("paper_out", True)
    for number in (1, 2):
        printer.print_document(form(f"FORM:{number}", tmp_path), "form")
    assert simulated.state()["waiting"] == 2
    simulated.set_fault("paper_out", False)
    first, second = pages(world, 2)
    assert [Path(p.data["pdf"]).name[:4] for p in (first, second)] == ["0001", "0002"]
    simulated.stop()
    again = make_simulated(World(world.folder))  # as after a power cut
    assert again.state()["waiting"] == 0


def test_what_is_no_document_is_passed_over(
    simulated: SimulatedFormPrinter, printer: SpoolFolder, world: World, tmp_path: Path
) -> None:
    printer.print_document(b"%PDF- nothing", "broken")
    printer.print_document(form("FORM:2", tmp_path), "form")
    (page,) = pages(world, 1)
    assert "0002" in page.data["pdf"]


def test_unplugged_is_absent_and_plugged_in_again_works(
    simulated: SimulatedFormPrinter, printer: SpoolFolder, world: World, tmp_path: Path
) -> None:
    simulated.set_fault("unplugged", True)
    with pytest.raises(DeviceAbsentError):
        printer.print_document(form("FORM:1", tmp_path), "form")
    assert printer.health().state is DeviceState.NO_DEVICE
    assert printer.status() == PrinterStatus(Seen.NO, Paper.UNKNOWN, Seen.UNKNOWN)
    printer.close()
    with pytest.raises(DeviceAbsentError):
        printer.open()
    simulated.set_fault("unplugged", False)
    printer.open()
    assert printer.health().state is DeviceState.ONLINE
    assert printer.status() == PrinterStatus(Seen.YES, Paper.UNKNOWN, Seen.UNKNOWN)
    printer.print_document(form("FORM:1", tmp_path), "form")
    pages(world, 1)


def test_a_bench_killed_while_unplugged_finds_its_folder_again(world: World) -> None:
    killed = make_simulated(world)
    killed.start()
    killed.set_fault("unplugged", True)
    again = make_simulated(world)
    again.start()
    assert (world.folder.parent / "spool" / "registration-1").is_dir()
    again.stop()
    killed.stop()


def test_not_opened_is_absent(printer: SpoolFolder) -> None:
    printer.close()
    with pytest.raises(DeviceAbsentError):
        printer.print_document(b"%PDF-", "form")


def test_two_stations_never_take_one_name(tmp_path: Path) -> None:
    def print_ten(letter: str) -> None:
        printer = SpoolFolder(tmp_path)
        printer.open()
        for _ in range(10):
            printer.print_document(letter.encode(), "form")

    threads = [Thread(target=print_ten, args=(letter,)) for letter in "AB"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == [f"{n:04d}-form.pdf" for n in range(1, 21)]
    assert sorted(file.read_text() for file in files) == ["A"] * 10 + ["B"] * 10


def test_a_title_cannot_leave_the_folder(tmp_path: Path) -> None:
    printer = SpoolFolder(tmp_path)
    printer.open()
    printer.print_document(b"%PDF-", "../../etc/form")
    assert [file.name for file in tmp_path.iterdir()] == ["0001--etc-form.pdf"]


# CUPS, played by stand-ins for its commands that keep what they were given.
LPSTAT = """#!/bin/sh
[ "$3" = office-a4 ] || { echo "lpstat: Invalid destination name in list \\"$3\\"." >&2; exit 1; }
cat "$(dirname "$0")/state"
"""
LP = """#!/bin/sh
echo "$@" > "$(dirname "$0")/arguments"
cat > "$(dirname "$0")/document"
[ -e "$(dirname "$0")/refuse" ] && { echo "lp: job not accepted" >&2; exit 1; }
echo "request id is office-a4-7 (1 file(s))"
"""
IDLE = "printer office-a4 is idle.  enabled since Mon Jan  1 09:00:00 2024\n\tAlerts: {}\n"


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, script in (("lpstat", LPSTAT), ("lp", LP)):
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    (folder / "state").write_text(IDLE.format("none"))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def test_cups_takes_a_document(commands: Path) -> None:
    printer = CupsPrinter("office-a4")
    printer.open()
    printer.print_document(b"%PDF-1.7 ...", "Registration form")
    assert (commands / "document").read_bytes() == b"%PDF-1.7 ..."
    assert (commands / "arguments").read_text() == "-d office-a4 -t Registration form -- -\n"
    assert printer.health().state is DeviceState.ONLINE
    assert printer.status() == PrinterStatus(Seen.YES, Paper.UNKNOWN, Seen.UNKNOWN)
    printer.close()
    assert printer.health().state is DeviceState.NO_DEVICE


@pytest.mark.parametrize(
    ("state", "reason", "status"),
    [
        (
            IDLE.format("media-empty-error"),
            "empty",
            PrinterStatus(Seen.YES, Paper.OUT, Seen.UNKNOWN),
        ),
        (
            IDLE.format("door-open-error media-low-warning"),
            "jam",
            PrinterStatus(Seen.YES, Paper.LOW, Seen.YES),
        ),
        (
            "printer office-a4 disabled since Mon Jan  1 09:00:00 2024 -\n\tPaused\n"
            "\tAlerts: paused\n",
            "refused",
            PrinterStatus(Seen.NO, Paper.UNKNOWN, Seen.UNKNOWN),
        ),
    ],
)
def test_cups_tells_why_it_cannot(
    commands: Path, state: str, reason: str, status: PrinterStatus
) -> None:
    printer = CupsPrinter("office-a4")
    printer.open()
    (commands / "state").write_text(state)
    assert printer.status() == status
    assert printer.health().state is DeviceState.HARDWARE_ERROR
    with pytest.raises(DeviceFaultError) as caught:
        printer.print_document(b"%PDF-", "form")
    assert caught.value.reason == reason
    assert not (commands / "document").exists()


def test_cups_refuses_a_document(commands: Path) -> None:
    printer = CupsPrinter("office-a4")
    printer.open()
    (commands / "refuse").touch()
    with pytest.raises(DeviceFaultError, match="not accepted"):
        printer.print_document(b"%PDF-", "form")


def test_an_unknown_queue_is_absent(commands: Path) -> None:
    with pytest.raises(DeviceAbsentError, match="Invalid destination"):
        CupsPrinter("elsewhere").open()
    with pytest.raises(ValueError, match="queue"):
        CupsPrinter("-o raw")


def test_no_cups_is_absent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeviceAbsentError, match="not installed"):
        CupsPrinter("office-a4").open()
