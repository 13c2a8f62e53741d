"""What a look around a machine finds, on file trees like those of Linux."""

import json
import socket
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from hardware.catalog import Driver, Kind
from hardware.console import find_devices
from hardware.console.finding import merge
from hardware.core import finding
from hardware.core.device import Found
from hardware.core.finding import Place, PlaceKind, look_around
from tests.support.catalogue import enter

BY_ID = "/dev/serial/by-id/usb-FTDI_FT232R_A1B2-if00-port0"
FTDI = Place(PlaceKind.SERIAL_PORT, BY_ID, "FTDI FT232R (0403:6001)", "/dev/ttyUSB0")


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text + "\n", "utf-8")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with one device of each sort."""
    ports = [
        SimpleNamespace(
            device="/dev/ttyUSB0",
            manufacturer="FTDI",
            product="FT232R USB UART",
            description="FT232R USB UART",
            vid=0x0403,
            pid=0x6001,
            serial_number="A1B2",
        ),
        SimpleNamespace(
            device="/dev/ttyS0",
            manufacturer=None,
            product=None,
            description="n/a",
            vid=None,
            pid=None,
            serial_number=None,
        ),
    ]
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: ports)
    monkeypatch.setattr(finding, "which", lambda _: None)
    for folder, name, node in (
        ("dev/serial/by-id", Path(BY_ID).name, "ttyUSB0"),
        ("dev/v4l/by-id", "usb-Maker_Cam-video-index0", "video0"),
    ):
        write(tmp_path / "dev" / node, "")
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / name).symlink_to(tmp_path / "dev" / node)
    usb = tmp_path / "sys/devices/usb1"
    for name, usb_number, words in (
        ("1-1", ("04b8", "0e15"), ("EPSON", "TM-T20II")),
        ("1-2", ("072f", "2200"), ("ACS", "ACR122U")),
    ):
        write(usb / name / "idVendor", usb_number[0])
        write(usb / name / "idProduct", usb_number[1])
        write(usb / name / "manufacturer", words[0])
        write(usb / name / "product", words[1])
    bus = tmp_path / "sys/bus/usb/devices"
    bus.mkdir(parents=True)
    for interface, usb_class in (("1-1:1.0", "07"), ("1-2:1.0", "0b"), ("1-2:1.1", "08")):
        folder_of_it = usb / interface.partition(":")[0] / interface
        write(folder_of_it / "bInterfaceClass", usb_class)
        (bus / interface).symlink_to(folder_of_it)
    (usb / "1-1/1-1:1.0/usbmisc/lp0").mkdir(parents=True)
    for number in (0, 1):
        write(tmp_path / f"sys/class/video4linux/video{number}/name", "Maker Cam")
        write(tmp_path / f"sys/class/video4linux/video{number}/index", str(number))
    write(
        tmp_path / "sys/class/hidraw/hidraw3/device/uevent",
        "DRIVER=hid-generic\nHID_ID=0003:0000056A:000000A4\nHID_NAME=Wacom STU-430",
    )
    return tmp_path


def test_every_sort_of_place_is_found(machine: Path) -> None:
    found = {place.kind: place for place in look_around(machine) if place.address != "/dev/ttyS0"}
    assert found[PlaceKind.SERIAL_PORT] == Place(
        PlaceKind.SERIAL_PORT,
        BY_ID,
        "FTDI FT232R USB UART (0403:6001) number A1B2",
        "/dev/ttyUSB0",
    )
    assert found[PlaceKind.USB_PRINTER] == Place(
        PlaceKind.USB_PRINTER, "/dev/usb/lp0", "EPSON TM-T20II (04b8:0e15)"
    )
    assert found[PlaceKind.USB_CARD_READER] == Place(
        PlaceKind.USB_CARD_READER, "usb:072f:2200", "ACS ACR122U (072f:2200)"
    )
    assert found[PlaceKind.CAMERA] == Place(
        PlaceKind.CAMERA, "/dev/v4l/by-id/usb-Maker_Cam-video-index0", "Maker Cam", "/dev/video0"
    )
    assert found[PlaceKind.HID] == Place(PlaceKind.HID, "/dev/hidraw3", "Wacom STU-430 (056a:00a4)")


def test_a_bare_port_has_its_name_alone(machine: Path) -> None:
    bare = [place for place in finding.serial_ports(machine) if place.address == "/dev/ttyS0"]
    assert bare == [Place(PlaceKind.SERIAL_PORT, "/dev/ttyS0")]


def test_a_machine_without_anything_finds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serial.tools.list_ports.comports", list)
    monkeypatch.setattr(finding, "which", lambda _: None)
    monkeypatch.setattr(finding, "SBI_PORTS", ())
    assert look_around(tmp_path) == []


def test_a_service_on_a_port_of_the_biometric_interface_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # taken, and nobody listens
        port = server.getsockname()[1]
        monkeypatch.setattr(finding, "SBI_PORTS", (closed.getsockname()[1], port))
        assert [place.address for place in finding.sbi_services()] == [f"http://127.0.0.1:{port}"]


def test_print_queues_are_those_that_lpstat_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "lpstat"
    program.write_text('#!/bin/sh\n[ "$*" = -e ] && printf "A4\\nForms\\n"\n')
    program.chmod(0o755)
    monkeypatch.setattr(finding, "which", lambda _: str(program))
    queues = [place.address for place in finding.print_queues()]
    assert queues == ["cups:A4", "cups:Forms"]
    program.write_text("#!/bin/sh\nexit 1\n")
    assert list(finding.print_queues()) == []


def test_a_bare_port_may_be_any_serial_driver_s() -> None:
    (sighting,) = merge([FTDI], {"crt571": [Found("/dev/ttyUSB0", "a port")]})
    assert not sighting.is_certain
    assert {"crt571", "cu16", "r30x", "escpos"} <= set(sighting.drivers)
    assert sighting.kind == "serial port"
    assert len(sighting.drivers) == len(set(sighting.drivers))
    (role,) = tomllib.loads("\n".join(sighting.lines))["devices"].items()
    assert role == ("NAME", {"driver": sighting.drivers[0], "address": BY_ID})


def test_what_a_driver_recognised_is_no_bare_port_any_more() -> None:
    found = {"r30x": [Found("/dev/ttyUSB0", "EF-01 module", True)], "cu16": [Found(BY_ID, "port")]}
    (sighting,) = merge([FTDI], found)
    assert (sighting.drivers, sighting.is_certain, sighting.alias) == (
        ("r30x",),
        True,
        "/dev/ttyUSB0",
    )
    devices = tomllib.loads("\n".join(sighting.lines))["devices"]
    assert devices == {"fingerprint_scanner": {"driver": "r30x", "address": BY_ID}}


def test_a_name_with_quotes_can_be_pasted() -> None:
    name = 'pcsc:A "strange" reader\\ 灣仔'
    (sighting,) = merge([], {"pcsc": [Found(name, "", True)]})
    assert tomllib.loads("\n".join(sighting.lines))["devices"]["card_reader"]["address"] == name


def test_what_no_driver_knows_is_told_without_lines() -> None:
    (sighting,) = merge([Place(PlaceKind.HID, "/dev/hidraw3", "Pad")], {})
    assert (sighting.kind, sighting.lines) == ("HID device", [])


def test_the_certain_ones_come_first() -> None:
    found = {"pcsc": [Found("pcsc:R", "R", True)]}
    assert [s.address for s in merge([FTDI], found)] == ["pcsc:R", BY_ID]


def test_a_driver_that_cannot_look_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> list[Found]:
        raise OSError("no permission")

    def finds() -> list[Found]:
        return [Found("pcsc:R", "R", True)]

    def construct(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("hardware.console.finding.look_around", list)
    for name, find in (("bad", fails), ("good", finds)):
        driver = Driver(Kind.CARD_READER, construct, "", find=find)  # type: ignore[arg-type]  # never called
        enter(monkeypatch, name, driver)
    assert "pcsc:R" in [sighting.address for sighting in find_devices()]
    assert "bad cannot look around" in caplog.text


def test_a_find_of_this_machine_ends_and_can_be_written_as_json() -> None:
    for sighting in find_devices():
        json.dumps(sighting.lines)
        tomllib.loads("\n".join(sighting.lines))
