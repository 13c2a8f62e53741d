"""The promises of a form printer behind a spool folder, and the card printer's plug."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
import qrcode
from PIL import Image

from hardware.camera.codes import read_codes
from hardware.core.device import DeviceState, Seen
from hardware.core.errors import DeviceAbsentError
from hardware.core.waiting import wait_for
from hardware.printer.interface import Paper, Printed, PrinterStatus
from hardware.printer.spool_folder import SpoolFolder
from hardware.simulation.card_printer import SimulatedCardPrinter
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
    done = printer.print_document(form("FORM:1", tmp_path), "Registration form")
    assert done is Printed.HANDED_OVER
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


def test_a_plug_that_is_pulled_while_documents_wait_loses_none(
    simulated: SimulatedFormPrinter, printer: SpoolFolder, world: World, tmp_path: Path
) -> None:
    simulated.set_fault("paper_out", True)
    printer.print_document(form("FORM:1", tmp_path), "form")
    simulated.set_fault("unplugged", True)
    assert simulated.state()["waiting"] == 0  # nobody sees them now
    simulated.set_fault("paper_out", False)
    assert world.at(TRAY) == []
    simulated.set_fault("unplugged", False)
    (page,) = pages(world, 1)
    with Image.open(world.folder / page.data["picture"]) as picture:
        assert [code.text for code in read_codes(picture)] == ["FORM:1"]


def test_a_card_printer_that_is_unplugged_engraves_nothing_and_then_once(
    world: World, tmp_path: Path
) -> None:
    options = {"folder": "cards", "marks": "booth-1.card_unit.inside"}
    machine = SimulatedCardPrinter("booth-1.card_printer", 0, world, options)
    machine.start()
    driver = SpoolFolder(world.folder.parent / "cards")
    driver.open()
    card = world.add("card", "booth-1.card_unit.inside", {"label": ""})
    machine.set_fault("unplugged", True)
    assert driver.health().state is DeviceState.NO_DEVICE
    with pytest.raises(DeviceAbsentError):
        driver.print_document(form("CARD:1", tmp_path), "card")
    assert "front" not in world.get(card.id).data
    machine.set_fault("unplugged", False)
    driver.print_document(form("CARD:1", tmp_path), "card")
    wait_for(lambda: world.get(card.id).data.get("front"), 10, Event())
    assert machine.state()["waiting"] == 0
    machine.stop()


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
