"""The promises of a ticket printer, kept by the ESC/POS driver against the simulated printer."""

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
import qrcode
from PIL import Image, ImageDraw
from pyzbar import pyzbar

from hardware.camera.codes import read_codes
from hardware.core.device import DeviceState, Seen
from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceFaultError
from hardware.core.transport import SerialTransport
from hardware.printer import escpos_printer
from hardware.printer.escpos_printer import EscposPrinter, build_slip
from hardware.printer.interface import Paper, PrinterStatus
from hardware.simulation.ticket_printer import SimulatedTicketPrinter
from hardware.simulation.world import ImpossibleError, Thing, World

MOUTH = "tag-1.ticket_printer.mouth"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "world")


@pytest.fixture
def simulated(world: World) -> Iterator[SimulatedTicketPrinter]:
    device = SimulatedTicketPrinter("tag-1.ticket_printer", 0, world, {})
    device.start()
    yield device
    device.stop()


@pytest.fixture
def printer(
    simulated: SimulatedTicketPrinter, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EscposPrinter]:
    monkeypatch.setattr(escpos_printer, "ANSWER_S", 0.3)
    driver = connect(simulated.port)
    driver.open()
    yield driver
    driver.close()


def connect(port: int) -> EscposPrinter:
    return EscposPrinter(lambda: SerialTransport(f"socket://127.0.0.1:{port}", 9600))


def slip(text: str = "TAG:K7Q2", height: int = 700) -> Image.Image:
    picture = Image.new("1", (576, height), 1)
    code = qrcode.make(text, box_size=8).get_image()
    picture.paste(code, (120, 100))
    ImageDraw.Draw(picture).rectangle((0, height - 10, 575, height - 1), fill=0)
    return picture


def picture_of(world: World, paper: Thing) -> Image.Image:
    with Image.open(world.folder / paper.data["picture"]) as picture:
        return picture.copy()


def test_a_slip_falls_into_the_mouth_and_its_code_can_be_read(
    simulated: SimulatedTicketPrinter, printer: EscposPrinter, world: World
) -> None:
    sent = slip("TAG:K7Q2")
    printer.print_slip(sent)
    (paper,) = world.at(MOUTH)
    assert (paper.kind, paper.data["label"]) == ("paper", "slip")
    printed = picture_of(world, paper)
    assert printed.mode == "1"
    assert np.array_equal(np.asarray(printed)[:700], np.asarray(sent))
    assert not (~np.asarray(printed)[700:]).any()  # below it only the white feed to the knife
    assert [code.text for code in read_codes(printed)] == ["TAG:K7Q2"]
    (zbar,) = pyzbar.decode(printed.convert("L"), symbols=[pyzbar.ZBarSymbol.QRCODE])
    assert zbar.data == b"TAG:K7Q2"


def test_a_grey_picture_is_printed_in_dots(printer: EscposPrinter, world: World) -> None:
    printer.print_slip(Image.new("L", (400, 300), 128))
    dots = np.asarray(picture_of(world, world.at(MOUTH)[0]))[:300, :400]
    assert 0.4 < dots.mean() < 0.6


def test_a_picture_wider_than_the_paper_is_refused(printer: EscposPrinter, world: World) -> None:
    with pytest.raises(ValueError, match="wide"):
        printer.print_slip(Image.new("1", (577, 100), 1))
    assert world.at(MOUTH) == []


def test_slips_are_taken_in_their_order(
    simulated: SimulatedTicketPrinter, printer: EscposPrinter, world: World
) -> None:
    for text in ("FIRST", "SECOND"):
        printer.print_slip(slip(text))
    taken = world.get(simulated.act("take", {"hand": "visitor"})["thing"])
    assert taken.place == "hand.visitor"
    assert read_codes(picture_of(world, taken))[0].text == "FIRST"
    simulated.act("take", {"hand": "visitor"})
    with pytest.raises(ImpossibleError):
        simulated.act("take", {"hand": "visitor"})


def test_a_healthy_printer_says_so(printer: EscposPrinter) -> None:
    assert printer.status() == PrinterStatus(Seen.YES, Paper.FULL, Seen.NO)
    assert printer.health().state is DeviceState.ONLINE


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [
        ("paper_out", PrinterStatus(Seen.NO, Paper.OUT, Seen.NO), "empty"),
        ("cover_open", PrinterStatus(Seen.NO, Paper.FULL, Seen.YES), "jam"),
    ],
)
def test_a_fault_is_seen_before_printing_and_goes(
    simulated: SimulatedTicketPrinter,
    printer: EscposPrinter,
    world: World,
    fault: str,
    status: PrinterStatus,
    reason: str,
) -> None:
    simulated.set_fault(fault, True)
    assert printer.status() == status
    assert printer.health().state is DeviceState.HARDWARE_ERROR
    with pytest.raises(DeviceFaultError) as caught:
        printer.print_slip(slip())
    assert caught.value.reason == reason
    simulated.set_fault(fault, False)
    assert world.at(MOUTH) == []  # what was refused does not come out later
    printer.print_slip(slip())
    assert len(world.at(MOUTH)) == 1


def test_low_paper_still_prints(
    simulated: SimulatedTicketPrinter, printer: EscposPrinter, world: World
) -> None:
    simulated.set_fault("paper_low", True)
    assert printer.status() == PrinterStatus(Seen.YES, Paper.LOW, Seen.NO)
    assert printer.health().detail == "paper low"
    printer.print_slip(slip())
    assert len(world.at(MOUTH)) == 1


def test_a_stuck_cutter_is_reported_and_the_slip_does_not_come_out_later(
    simulated: SimulatedTicketPrinter, printer: EscposPrinter, world: World
) -> None:
    simulated.set_fault("cutter_jam", True)
    for _ in range(2):
        with pytest.raises(DeviceFaultError) as caught:
            printer.print_slip(slip("LOST"))
        assert caught.value.reason == "jam"
    simulated.set_fault("cutter_jam", False)
    printer.print_slip(slip("NEXT"))
    (paper,) = world.at(MOUTH)
    assert [code.text for code in read_codes(picture_of(world, paper))] == ["NEXT"]


def test_a_roll_that_ends_in_the_middle_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escpos_printer, "ANSWER_S", 0.3)
    device = SimulatedTicketPrinter("tag-1.ticket_printer", 0, world, {"roll": 1500})
    device.start()
    printer = connect(device.port)
    printer.open()
    printer.print_slip(slip("FIRST"))
    assert printer.status().paper is Paper.LOW
    with pytest.raises(DeviceFaultError) as caught:
        printer.print_slip(slip("LOST"))
    assert caught.value.reason == "empty"
    assert device.act("refill", {})["paper"] != "out"
    printer.print_slip(slip("AGAIN"))
    texts = [read_codes(picture_of(world, paper))[0].text for paper in world.at(MOUTH)]
    assert texts == ["FIRST", "AGAIN"]
    printer.close()
    device.stop()


def test_a_mute_printer_is_absent(
    simulated: SimulatedTicketPrinter, printer: EscposPrinter, world: World
) -> None:
    simulated.set_fault("mute", True)
    assert printer.status() == PrinterStatus(Seen.UNKNOWN, Paper.UNKNOWN, Seen.UNKNOWN)
    assert printer.health().state is DeviceState.NO_DEVICE
    with pytest.raises(DeviceAbsentError):
        printer.print_slip(slip())
    assert world.at(MOUTH) == []


def test_unplugged_is_absent_and_plugged_in_again_works(
    simulated: SimulatedTicketPrinter, printer: EscposPrinter, world: World
) -> None:
    simulated.set_fault("unplugged", True)
    with pytest.raises(DeviceAbsentError):
        printer.print_slip(slip())
    printer.close()
    assert printer.health().state is DeviceState.NO_DEVICE
    with pytest.raises(DeviceAbsentError):
        printer.open()
    simulated.set_fault("unplugged", False)
    printer.open()
    printer.print_slip(slip())
    assert len(world.at(MOUTH)) == 1


def test_a_line_that_was_dropped_while_idle_is_taken_up_again(
    simulated: SimulatedTicketPrinter, printer: EscposPrinter, world: World
) -> None:
    simulated.unplug()
    simulated.plug()
    printer.print_slip(slip())
    assert len(world.at(MOUTH)) == 1


@pytest.mark.parametrize("answer", [0x80, 0xFF, 0x00, 0x93])
def test_an_impossible_status_is_unknown(answer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escpos_printer, "ANSWER_S", 0.2)
    good = [0x12]
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                while connection.recv(3):
                    connection.sendall(bytes([good.pop() if good else answer]))

        thread = Thread(target=serve)
        thread.start()
        printer = connect(listener.getsockname()[1])
        printer.open()
        assert printer.status() == PrinterStatus(Seen.UNKNOWN, Paper.UNKNOWN, Seen.UNKNOWN)
        with pytest.raises((BadReplyError, DeviceAbsentError)):
            printer.print_slip(slip())
        printer.close()
        thread.join()


def test_tall_pictures_go_in_bands() -> None:
    data = build_slip(Image.new("1", (576, 600), 1), 576)
    assert data.startswith(bytes.fromhex("1b40 1d763000 4800 0001"))
    assert data.count(bytes.fromhex("1d763000 4800")) == 3
    assert data.endswith(bytes.fromhex("1b6406 1d5600"))
