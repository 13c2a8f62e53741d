"""Finds scanners on this machine without opening anything: by the makers' USB numbers."""

from collections.abc import Iterator
from pathlib import Path

from serial.tools import list_ports

from hardware.core.device import Found

MAKERS = {
    0x05E0: "Symbol or Zebra",
    0x05F9: "Datalogic",
    0x0C2E: "Honeywell",
    0x1EAB: "Newland",
}
"""USB vendor numbers, as usb.ids lists them."""

INPUTS = Path("/sys/class/input")
BY_ID = Path("/dev/input/by-id")
KEYBOARD = "-event-kbd"
LIKELY = ("scan", "barcode", "bar code")


def find_on_lines() -> Iterator[Found]:
    """List serial ports behind which one of the makers' scanners is plugged in."""
    for port in list_ports.comports():
        if port.vid in MAKERS:
            yield Found(port.device, f"{MAKERS[port.vid]}: {port.product or ''}", is_certain=True)


def find_keyboards(inputs: Path = INPUTS, by_id: Path = BY_ID) -> Iterator[Found]:
    """List keyboards; certain where the maker makes scanners, or the name says that it is one."""
    try:
        links = sorted(link for link in by_id.iterdir() if link.name.endswith(KEYBOARD))
    except OSError:
        return
    for link in links:
        device = inputs / link.resolve().name / "device"
        name = _text(device / "name")
        vendor = _text(device / "id" / "vendor")
        maker = MAKERS.get(int(vendor, 16)) if _is_hexadecimal(vendor) else None
        is_scanner = maker is not None or any(word in name.lower() for word in LIKELY)
        yield Found(str(link), name or link.name, is_certain=is_scanner)


def _is_hexadecimal(text: str) -> bool:
    return bool(text) and all(letter in "0123456789abcdefABCDEF" for letter in text)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
