"""What this machine has where a device may be: ports, readers, printers, cameras; opens none."""

import errno
import selectors
import socket
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from shutil import which
from subprocess import TimeoutExpired, run

from serial.tools import list_ports

ROOT = Path("/")
SBI_PORTS = range(4501, 4601)
"""Where a device service of the Secure Biometric Interface listens (MOSIP SBI specification,
"Device Discovery")."""
KNOCK_S = 0.3
UNDER_WAY = {errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0)}
COMMAND_S = 1.0


class PlaceKind(StrEnum):
    """What a place is."""

    SERIAL_PORT = "serial port"
    USB_PRINTER = "USB printer"
    USB_CARD_READER = "USB card reader"
    CAMERA = "camera"
    HID = "HID device"
    PRINT_QUEUE = "print queue"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a device is, or may be.

    Attributes:
        address: As a driver would read it, where one does.
        alias: Another name of the same place, such as /dev/ttyUSB0; empty where there is none.
        detail: Maker, model and number, as far as the system knows them.
    """

    kind: PlaceKind
    address: str
    detail: str = ""
    alias: str = ""


def look_around(root: Path = ROOT) -> list[Place]:
    """Look at every such place of this machine, within about a second; root is for tests."""
    looks: tuple[Callable[[Path], Iterable[Place]], ...] = (
        serial_ports,
        usb_interfaces,
        cameras,
        hid_devices,
        print_queues,
        sbi_services,
    )
    with ThreadPoolExecutor(len(looks)) as pool:
        found = pool.map(lambda look: list(look(root)), looks)
        return [place for places in found for place in places]


def serial_ports(root: Path = ROOT) -> Iterator[Place]:
    """Serial ports, by a name that stays the same whichever socket of the machine is used."""
    lasting = _links(root / "dev/serial/by-id")
    for port in list_ports.comports():
        words = [port.manufacturer, port.product or port.description, _usb(port.vid, port.pid)]
        if port.serial_number:
            words.append(f"number {port.serial_number}")
        detail = " ".join(dict.fromkeys(word for word in words if word and word != "n/a"))
        name = lasting.get(port.device)
        yield Place(PlaceKind.SERIAL_PORT, name or port.device, detail, port.device if name else "")


def usb_interfaces(root: Path = ROOT) -> Iterator[Place]:
    """Printers and card readers by their USB class (usb.org, Defined Class Codes 07h and 0Bh)."""
    kinds = {"07": PlaceKind.USB_PRINTER, "0b": PlaceKind.USB_CARD_READER}
    for file in sorted((root / "sys/bus/usb/devices").glob("*/bInterfaceClass")):
        if (kind := kinds.get(_text(file))) is None:
            continue
        device = (file.parent / "..").resolve()
        number = f"{_text(device / 'idVendor')}:{_text(device / 'idProduct')}"
        words = [_text(device / "manufacturer"), _text(device / "product"), f"({number})"]
        lines = [f"/dev/usb/{line.name}" for line in (file.parent / "usbmisc").glob("lp*")]
        yield Place(kind, lines[0] if lines else f"usb:{number}", " ".join(filter(None, words)))


def cameras(root: Path = ROOT) -> Iterator[Place]:
    """Cameras of Video4Linux; of each only the node that gives pictures."""
    lasting = _links(root / "dev/v4l/by-id")
    for folder in sorted((root / "sys/class/video4linux").glob("video*")):
        if _text(folder / "index") in {"", "0"}:
            node = f"/dev/{folder.name}"
            name = lasting.get(node)
            yield Place(
                PlaceKind.CAMERA, name or node, _text(folder / "name"), node if name else ""
            )


def hid_devices(root: Path = ROOT) -> Iterator[Place]:
    """HID devices of Linux: scanners and pads that are no keyboards, and keyboards too."""
    for folder in sorted((root / "sys/class/hidraw").glob("hidraw*")):
        said = dict(
            line.split("=", 1)
            for line in _text(folder / "device/uevent").splitlines()
            if "=" in line
        )
        bus_vendor_product = said.get("HID_ID", "").lower().split(":")
        number = ":".join(part[-4:] for part in bus_vendor_product[1:])
        words = [said.get("HID_NAME", ""), f"({number})" if number else ""]
        yield Place(PlaceKind.HID, f"/dev/{folder.name}", " ".join(filter(None, words)))


def print_queues(root: Path = ROOT) -> Iterator[Place]:
    """Queues of the system's print service, as lpstat -e names them."""
    del root
    program = which("lpstat")
    if program is None:
        return
    try:
        said = run([program, "-e"], capture_output=True, timeout=COMMAND_S, check=False)  # noqa: S603 (a fixed command)
    except (OSError, TimeoutExpired):
        return
    for name in said.stdout.decode("utf-8", "replace").split():
        yield Place(PlaceKind.PRINT_QUEUE, f"cups:{name}", "a queue of the print service")


def sbi_services(root: Path = ROOT) -> Iterator[Place]:
    """Ports of this machine between 4501 and 4600 at which somebody listens."""
    del root
    for port in _listening(SBI_PORTS):
        detail = "somebody listens here; SBI device services use these ports"
        yield Place(PlaceKind.SERVICE, f"http://127.0.0.1:{port}", detail)


def _listening(ports: Iterable[int]) -> list[int]:
    """Knock at all ports at once; Windows lets a closed one wait for seconds."""
    found: set[int] = set()
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        for port in ports:
            knock = stack.enter_context(socket.socket())
            knock.setblocking(False)
            answer = knock.connect_ex(("127.0.0.1", port))
            if answer == 0:
                found.add(port)
            elif answer in UNDER_WAY:
                selector.register(knock, selectors.EVENT_WRITE, (port, knock))
        while answered := selector.select(KNOCK_S) if selector.get_map() else []:
            for key, _ in answered:
                selector.unregister(key.fileobj)
                port, knock = key.data
                # A socket is ready for writing when it is through, and also when it was refused.
                if knock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                    found.add(port)
    return sorted(found)


def _links(folder: Path) -> dict[str, str]:
    """The device nodes that a folder of lasting names points to, each with its first name."""
    names: dict[str, str] = {}
    for link in sorted(folder.glob("*")):
        name = f"/dev/{folder.parent.name}/by-id/{link.name}"
        names.setdefault(f"/dev/{link.resolve().name}", name)
    return names


def _usb(vendor: int | None, product: int | None) -> str:
    return f"({vendor:04x}:{product:04x})" if vendor is not None and product is not None else ""


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
