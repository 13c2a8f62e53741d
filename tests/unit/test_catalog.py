"""The catalogue: every driver by name, and clear words for what it does not know."""

import pytest

from hardware.catalog import DRIVERS, Kind, make
from hardware.core.device import DeviceState
from hardware.core.errors import DeviceAbsentError
from hardware.simulation.devices import KINDS

NOWHERE = {
    "crt571": "socket://127.0.0.1:1",
    "crt571_reader": "socket://127.0.0.1:1",
    "k720": "socket://127.0.0.1:1",
    "pcsc": "pcsc:no such reader",
    "cu16": "tcp://127.0.0.1:1",
    "locks_8a": "tcp://127.0.0.1:1",
    "modbus_locks": "tcp://127.0.0.1:1",
    "modbus_collector": "tcp://127.0.0.1:1",
    "modbus_signals": "/dev/no-such-port",
    "r30x": "socket://127.0.0.1:1",
    "sbi_finger": "http://127.0.0.1:1",
    "libfprint": "libfprint:no_such_driver",
    "mjpeg": "http://127.0.0.1:1/stream",
    "opencv": "http://127.0.0.1:1/stream",
    "line_scanner": "socket://127.0.0.1:1",
    "keyboard_scanner": "/dev/input/by-id/no-such-scanner-event-kbd",
    "camera_scanner": "http://127.0.0.1:1/stream",
    "sbi_face": "http://127.0.0.1:1",
    "escpos": "tcp://127.0.0.1:1",
    "spool_folder": "folder:/no/such/folder",
    "cups": "ipp://127.0.0.1:1/printers/none",
    "windows": "windows:no such printer",
    "elyctis": "socket://127.0.0.1:1",
    "stx_reader": "tcp://127.0.0.1:1",
    "ocr_imager": "socket://127.0.0.1:1",
    "hid_reader": "hid+tcp://127.0.0.1:1",
    "camera_reader": "http://127.0.0.1:1/stream",
    "stu": "hid:056a:00a4:no-such-pad",
}


@pytest.mark.parametrize("name", sorted(DRIVERS))
def test_every_driver_is_made_closed_and_finds_nothing_at_a_wrong_address(name: str) -> None:
    device = make(name, NOWHERE[name], {})
    assert device.health().state is DeviceState.NO_DEVICE
    with pytest.raises(DeviceAbsentError):
        device.open()
    assert device.health().state is DeviceState.NO_DEVICE
    device.close()
    device.close()


def test_every_kind_has_a_driver() -> None:
    assert {driver.kind for driver in DRIVERS.values()} == set(Kind)


def test_an_unknown_driver_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no driver 'crt517'; there are .*crt571, .*cu16"):
        make("crt517", "socket://127.0.0.1:1", {})


def test_an_unknown_option_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no option 'board'; it has baud, boards, held_open_s"):
        make("cu16", "socket://127.0.0.1:1", {"board": 2})


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("spool_folder", "/spool"),
        ("spool_folder", "folder:"),
        ("cups", "A4"),
        ("mjpeg", "cam"),
        ("opencv", "cam"),
        ("keyboard_scanner", "kbd"),
        ("modbus_locks", "tcp://"),
        ("sbi_finger", "http://10.0.0.1:4501"),
        ("sbi_face", "sbi:x"),
        ("windows", "A4"),
        ("escpos", "usb:4b8:e15"),
    ],
)
def test_an_address_of_another_form_is_refused(name: str, address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        make(name, address, {})


def test_every_driver_has_a_simulated_device_of_its_name() -> None:
    """Those differ that stand behind a folder, a print system or a service of the system, look
    through another camera, or use a card unit as a reader."""
    behind_a_service = {"spool_folder", "cups", "windows", "pcsc", "libfprint"}
    by_another_name = {"opencv", "camera_scanner", "crt571_reader"}
    assert set(DRIVERS) - behind_a_service - by_another_name <= set(KINDS)
    assert {"form_printer", "ipp_printer"} <= set(KINDS)
