"""The promises of a ticket printer, kept by the ESC/POS driver on every line it may sit on."""

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import numpy as np
import pytest
import qrcode
import usb.core
from PIL import Image, ImageDraw
from pyzbar import pyzbar

from hardware.camera.codes import read_codes
from hardware.catalog import DRIVERS, make
from hardware.core import usb_link
from hardware.core.device import DeviceState, Found, Seen
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceBusyError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.transport import SerialTransport
from hardware.printer import escpos_printer
from hardware.printer.escpos_printer import EscposPrinter
from hardware.printer.escpos_slip import build_slip, width_of
from hardware.printer.interface import UNKNOWN_STATUS, Paper, PrinterStatus
from hardware.printer.reasons import Reason
from hardware.simulation.ticket_printer import SimulatedTicketPrinter
from hardware.simulation.usb_bus import Plug, SimulatedUsbBus
from hardware.simulation.world import ImpossibleError, Thing, World

NAME = "tag-1.ticket_printer"
MOUTH = "tag-1.ticket_printer.mouth"
CUT_OFF_DOTS = 100
FEED_DOTS = 180


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "world")


@pytest.fixture(params=["tcp", "pty", "usb", "file"])
def line(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def simulated(line: str, world: World, tmp_path: Path) -> Iterator[SimulatedTicketPrinter]:
    device = SimulatedTicketPrinter(NAME, 0, world, {"slow_bytes_s": 30_000})
    if line in ("pty", "file"):
        device.port_link = tmp_path / "ports" / "printer"
    device.start()
    yield device
    device.stop()


@pytest.fixture
def address(line: str, simulated: SimulatedTicketPrinter, monkeypatch: pytest.MonkeyPatch) -> str:
    """How the driver finds the printer; over USB all of pyusb runs, on a simulated bus."""
    if line == "usb":
        monkeypatch.setattr(usb_link, "backend", SimulatedUsbBus(Plug(simulated.port)))
        return "usb:04b8:0e15:000042"
    prefix = {"tcp": "", "pty": "", "file": "file:"}[line]
    return prefix + (str(simulated.port_link or f"tcp://127.0.0.1:{simulated.port}"))


@pytest.fixture
def printer(
    simulated: SimulatedTicketPrinter, address: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    monkeypatch.setattr(escpos_printer, "ANSWER_S", 0.3)
    driver = make("escpos", address, {})
    driver.open()
    yield driver
    driver.close()


on_tcp = pytest.mark.parametrize("line", ["tcp"], indirect=True)


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
    simulated: SimulatedTicketPrinter, printer: Any, world: World
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


def test_a_grey_picture_is_printed_in_dots(printer: Any, world: World) -> None:
    printer.print_slip(Image.new("L", (400, 300), 128))
    dots = np.asarray(picture_of(world, world.at(MOUTH)[0]))[:300, :400]
    assert 0.4 < dots.mean() < 0.6


def test_a_picture_wider_than_the_paper_is_refused(printer: Any, world: World) -> None:
    with pytest.raises(ValueError, match="wide"):
        printer.print_slip(Image.new("1", (577, 100), 1))
    assert world.at(MOUTH) == []


def test_slips_are_taken_in_their_order(
    simulated: SimulatedTicketPrinter, printer: Any, world: World
) -> None:
    for text in ("FIRST", "SECOND"):
        printer.print_slip(slip(text))
    taken = world.get(simulated.act("take", {"hand": "visitor"})["thing"])
    assert taken.place == "hand.visitor"
    assert read_codes(picture_of(world, taken))[0].text == "FIRST"
    simulated.act("take", {"hand": "visitor"})
    with pytest.raises(ImpossibleError):
        simulated.act("take", {"hand": "visitor"})


def test_a_healthy_printer_says_so(printer: Any) -> None:
    assert printer.status() == PrinterStatus(Seen.YES, Paper.FULL, Seen.NO)
    assert printer.health().state is DeviceState.ONLINE
    assert printer.health().detail == "EPSON TM-T20II"
    assert printer.width_px == 576


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [
        (
            "paper_out",
            PrinterStatus(Seen.NO, Paper.OUT, Seen.NO, frozenset({Reason.PAPER_OUT})),
            "empty",
        ),
        (
            "cover_open",
            PrinterStatus(Seen.NO, Paper.FULL, Seen.YES, frozenset({Reason.COVER_OPEN})),
            "jam",
        ),
        (
            "offline",
            PrinterStatus(Seen.NO, Paper.FULL, Seen.NO, frozenset({Reason.OFFLINE})),
            "refused",
        ),
        (
            "head_hot",
            PrinterStatus(Seen.NO, Paper.FULL, Seen.NO, frozenset({Reason.TOO_HOT})),
            "refused",
        ),
    ],
)
def test_a_fault_is_seen_before_printing_and_goes(
    simulated: SimulatedTicketPrinter,
    printer: Any,
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
    simulated: SimulatedTicketPrinter, printer: Any, world: World
) -> None:
    simulated.set_fault("paper_low", True)
    assert printer.status() == PrinterStatus(
        Seen.YES, Paper.LOW, Seen.NO, frozenset({Reason.PAPER_LOW})
    )
    assert printer.health().detail.startswith("the paper is low")
    printer.print_slip(slip())
    assert len(world.at(MOUTH)) == 1


def test_a_stuck_cutter_is_reported_and_the_slip_does_not_come_out_later(
    simulated: SimulatedTicketPrinter, printer: Any, world: World
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
    assert device.state()["roll"] == 1500 - CUT_OFF_DOTS - 700 - FEED_DOTS
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


def test_paper_that_ends_in_a_slip_is_an_error_and_the_half_does_not_hang_on_the_next(
    simulated: SimulatedTicketPrinter, printer: Any, world: World
) -> None:
    printer.print_slip(slip("FIRST"))
    simulated.set_fault("paper_ends", True)
    with pytest.raises(DeviceFaultError) as caught:
        printer.print_slip(slip("LOST"))
    assert caught.value.reason == "empty"
    assert simulated.state()["unfinished"] == 128  # half of the first band hangs in the mouth
    scrap = world.get(simulated.act("tear", {"hand": "staff"})["thing"])
    assert picture_of(world, scrap).height == 128
    simulated.act("refill", {})
    printer.print_slip(slip("NEXT"))
    texts = [code.text for p in world.at(MOUTH) for code in read_codes(picture_of(world, p))]
    assert texts == ["FIRST", "NEXT"]


def test_a_power_cut_in_a_slip_leaves_it_unknown_and_the_half_is_cut_off_before_the_next(
    simulated: SimulatedTicketPrinter, printer: Any, world: World
) -> None:
    printer.print_slip(slip("FIRST"))
    simulated.set_fault("power_cut", True)
    with pytest.raises(DeviceTimeoutError, match="not known"):
        printer.print_slip(slip("LOST"))
    assert len(world.at(MOUTH)) == 1
    printer.close()
    simulated.set_fault("unplugged", False)
    printer.open()
    printer.print_slip(slip("NEXT"))
    first, half, following = (picture_of(world, paper) for paper in world.at(MOUTH))
    assert half.height == 128 + CUT_OFF_DOTS
    assert [code.text for code in read_codes(half)] == []
    assert (first.height, following.height) == (700 + FEED_DOTS, 700 + FEED_DOTS)
    assert [code.text for code in read_codes(following)] == ["NEXT"]


def test_a_fault_in_the_middle_is_told_and_the_rest_is_dropped(
    simulated: SimulatedTicketPrinter, printer: Any, world: World
) -> None:
    printer.print_slip(slip("FIRST"))
    simulated.set_fault("cutter_jam", True)
    with pytest.raises(DeviceFaultError) as caught:
        printer.print_slip(slip("LOST"))
    assert caught.value.reason == "jam"
    assert printer.status().reasons == {Reason.CUTTER}
    simulated.set_fault("cutter_jam", False)
    assert printer.status().reasons == {Reason.CUTTER}  # until it is told to try again
    printer.print_slip(slip("NEXT"))
    texts = [code.text for p in world.at(MOUTH) for code in read_codes(picture_of(world, p))]
    assert texts == ["FIRST", "NEXT"]


def test_a_slow_line_takes_longer_and_is_no_fault(
    simulated: SimulatedTicketPrinter, printer: Any, world: World
) -> None:
    simulated.set_fault("slow_baud", True)
    printer.print_slip(slip("SLOW"))
    (paper,) = world.at(MOUTH)
    assert [code.text for code in read_codes(picture_of(world, paper))] == ["SLOW"]


@on_tcp
def test_a_head_that_cools_down_in_time_is_waited_for(
    simulated: SimulatedTicketPrinter, printer: Any, world: World
) -> None:
    simulated.set_fault("slow_baud", True)  # so that the slip is still on its way
    Timer(0.4, lambda: simulated.set_fault("head_hot", True)).start()
    Timer(1.6, lambda: simulated.set_fault("head_hot", False)).start()
    printer.print_slip(slip("HOT", 2000))
    assert len(world.at(MOUTH)) == 1


@on_tcp
def test_a_printer_that_never_says_that_it_is_done_leaves_the_slip_unknown(
    simulated: SimulatedTicketPrinter,
    printer: Any,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(escpos_printer, "PRINTED_S", 0.5)
    monkeypatch.setattr(escpos_printer, "ASK_PAPER", b"\x1b2")  # which nobody answers
    with pytest.raises(DeviceTimeoutError, match="not known"):
        printer.print_slip(slip())
    assert len(world.at(MOUTH)) == 1
    believing = make("escpos", f"tcp://127.0.0.1:{simulated.port}", {"confirms": False})
    believing.open()
    believing.print_slip(slip())  # type: ignore[attr-defined]
    assert len(world.at(MOUTH)) == 2
    believing.close()


@on_tcp
def test_a_fault_that_is_told_unasked_ends_the_wait_at_once(
    simulated: SimulatedTicketPrinter, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escpos_printer, "ANSWER_S", 60.0)  # no question is asked again in time
    monkeypatch.setattr(escpos_printer, "PRINTED_S", 60.0)
    printer: Any = make("escpos", f"tcp://127.0.0.1:{simulated.port}", {"tells_unasked": True})
    printer.open()
    printer.print_slip(slip("FIRST"))
    simulated.set_fault("paper_ends", True)
    with pytest.raises(DeviceFaultError) as caught:
        printer.print_slip(slip("LOST"))
    assert caught.value.reason == "empty"
    printer.close()


def test_garbled_answers_are_told_from_sound_ones(
    simulated: SimulatedTicketPrinter, printer: Any, world: World
) -> None:
    simulated.set_fault("garbled_status", True)
    for _ in range(8):
        printer.status()
        assert printer.health().state in set(DeviceState)
    simulated.set_fault("garbled_status", False)
    assert printer.status() == PrinterStatus(Seen.YES, Paper.FULL, Seen.NO)
    printer.print_slip(slip())
    assert len(world.at(MOUTH)) == 1


@on_tcp
def test_a_printer_that_lies_prints_twice_what_was_sent_once(
    simulated: SimulatedTicketPrinter, printer: Any, world: World
) -> None:
    simulated.set_fault("prints_twice", True)
    printer.print_slip(slip())
    assert len(world.at(MOUTH)) == 2


@on_tcp
def test_a_printer_that_cannot_clear_its_buffer_brings_the_refused_slip_later(
    simulated: SimulatedTicketPrinter, printer: Any, world: World
) -> None:
    simulated.set_fault("keeps_buffer", True)
    simulated.set_fault("paper_ends", True)
    with pytest.raises(DeviceFaultError):
        printer.print_slip(slip("LATE"))
    simulated.act("refill", {})
    printer.print_slip(slip("NEXT"))
    texts = [code.text for p in world.at(MOUTH) for code in read_codes(picture_of(world, p))]
    assert texts == ["LATE", "NEXT"]


@on_tcp
def test_a_connection_lost_in_the_middle_of_a_picture_is_made_good(
    simulated: SimulatedTicketPrinter, printer: Any, world: World
) -> None:
    with socket.create_connection(("127.0.0.1", simulated.port)) as other:
        other.sendall(build_slip(slip("HALF"), 576)[:9000])  # a program that died
        other.sendall(b"\x10\x04\x01")
        assert other.recv(1) == b"\x12"
    printer.print_slip(slip("NEXT"))
    (paper,) = world.at(MOUTH)
    assert [code.text for code in read_codes(picture_of(world, paper))] == ["NEXT"]


def test_a_sensor_in_the_mouth_is_asked_only_where_there_is_one(
    world: World, tmp_path: Path
) -> None:
    device = SimulatedTicketPrinter(NAME, 0, world, {"presenter": True})
    device.start()
    printer: Any = make("escpos", f"tcp://127.0.0.1:{device.port}", {"presenter": True})
    plain: Any = make("escpos", f"tcp://127.0.0.1:{device.port}", {})
    printer.open()
    assert printer.status().in_mouth is Seen.NO
    printer.print_slip(slip())
    assert printer.status().in_mouth is Seen.YES
    device.act("take", {"hand": "visitor"})
    assert printer.status().in_mouth is Seen.NO
    printer.close()
    plain.open()
    assert plain.status().in_mouth is Seen.UNKNOWN
    plain.close()
    device.stop()


@pytest.mark.parametrize(
    ("model", "options", "width"),
    [
        ("TM-T88V", {}, 512),
        ("TM-T20II", {}, 576),
        ("NT-5890K", {}, 384),
        ("unheard of", {}, 576),
        ("", {}, 576),
        ("TM-T88V", {"width": 400}, 400),
        ("", {"profile": "TM-T88V"}, 512),
    ],
)
def test_the_width_is_configured_or_the_models(
    world: World, model: str, options: dict[str, Any], width: int
) -> None:
    device = SimulatedTicketPrinter(NAME, 0, world, {"model": model, "maker": ""})
    device.start()
    printer: Any = make("escpos", f"tcp://127.0.0.1:{device.port}", options)
    printer.open()
    assert printer.width_px == width
    assert printer.health().detail == model
    printer.close()
    device.stop()


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ValueError, match="no printer profile"):
        make("escpos", "/dev/ttyS0", {"profile": "TM-X"})
    assert width_of("RP326") is None  # known, but not how wide it is


# USB alone.


@pytest.fixture
def bus(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedUsbBus]:
    devices = [SimulatedTicketPrinter(f"x-{n}.p", 0, world, {}) for n in (1, 2)]
    for device in devices:
        device.start()
    first, second = (device.port for device in devices)
    other = Plug(second, 0x0FE6, 0x811E, "ICS", "POS80 Printer", "")
    bus = SimulatedUsbBus(Plug(first), other)
    monkeypatch.setattr(usb_link, "backend", bus)
    yield bus
    for device in devices:
        device.stop()


def test_printers_on_usb_are_found_by_their_class(bus: SimulatedUsbBus) -> None:
    found = [each for each in DRIVERS["escpos"].find() if each.address.startswith("usb:")]
    assert found == [
        Found("usb:04b8:0e15:000042", "EPSON TM-T20II", is_certain=True),
        Found("usb:0fe6:811e", "ICS POS80 Printer", is_certain=False),
    ]
    for each in found:
        printer = make("escpos", each.address, {})
        printer.open()
        assert printer.health().state is DeviceState.ONLINE
        printer.close()
    bus.is_forbidden = True
    assert [each.detail for each in usb_link.find_printers()] == ["USB printer"] * 2


def test_a_printer_on_usb_with_another_serial_number_is_absent(bus: SimulatedUsbBus) -> None:
    with pytest.raises(DeviceAbsentError, match="no printer 04b8:0e15"):
        make("escpos", "usb:04b8:0e15:000043", {}).open()


def test_a_printer_on_usb_that_another_program_holds_is_busy(bus: SimulatedUsbBus) -> None:
    bus.is_held_by_another = True
    with pytest.raises(DeviceBusyError):
        make("escpos", "usb:04b8:0e15", {}).open()
    bus.is_held_by_another, bus.is_forbidden = False, True
    with pytest.raises(DeviceAbsentError, match="permissions"):
        make("escpos", "usb:04b8:0e15", {}).open()


def test_usb_without_libusb_has_no_printers(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_backend(**_: Any) -> None:
        raise usb.core.NoBackendError("No backend available")

    monkeypatch.setattr(usb.core, "find", no_backend)
    assert list(usb_link.find_printers()) == []
    with pytest.raises(DeviceAbsentError, match="libusb"):
        make("escpos", "usb:04b8:0e15", {}).open()


def test_a_mute_printer_is_absent(
    simulated: SimulatedTicketPrinter, printer: Any, world: World
) -> None:
    simulated.set_fault("mute", True)
    assert printer.status() == UNKNOWN_STATUS
    assert printer.health().state is DeviceState.NO_DEVICE
    with pytest.raises(DeviceAbsentError):
        printer.print_slip(slip())
    assert world.at(MOUTH) == []


def test_unplugged_is_absent_and_plugged_in_again_works(
    simulated: SimulatedTicketPrinter, printer: Any, world: World
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
    simulated: SimulatedTicketPrinter, printer: Any, world: World
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
                while asked := connection.recv(64):
                    for _ in range(asked.count(b"\x10\x04")):
                        connection.sendall(bytes([good.pop() if good else answer]))

        thread = Thread(target=serve)
        thread.start()
        printer = connect(listener.getsockname()[1])
        printer.open()
        assert printer.status() == UNKNOWN_STATUS
        with pytest.raises((BadReplyError, DeviceAbsentError)):
            printer.print_slip(slip())
        printer.close()
        thread.join()


def test_a_picture_of_questions_is_printed_as_it_is(printer: Any, world: World) -> None:
    """Its bytes are DLE EOT 1, again and again; a printer may answer them."""
    dots = np.tile(np.array([0x10, 0x04, 0x01], np.uint8), (300, 24))
    sent = Image.fromarray(np.unpackbits(~dots, axis=1) * 255).convert("1")
    printer.print_slip(sent)
    (paper,) = world.at(MOUTH)
    assert np.array_equal(np.asarray(picture_of(world, paper))[:300], np.asarray(sent))


def test_tall_pictures_go_in_bands() -> None:
    data = build_slip(Image.new("1", (576, 600), 1), 576)
    assert data.startswith(bytes.fromhex("1b40 1d763000 4800 0001"))
    assert data.count(bytes.fromhex("1d763000 4800")) == 3
    assert data.endswith(bytes.fromhex("1b6406 1d5600"))
