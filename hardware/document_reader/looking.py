"""Finds readers on serial ports without opening any: by what their USB descriptors say."""

from collections.abc import Iterator

from serial.tools import list_ports

from hardware.core.device import Found

HONEYWELL = 0x0C2E
"""USB vendor number, as usb.ids lists it; of the other makers the names are surer."""


def find_elyctis() -> Iterator[Found]:
    """List the readers of Elyctis."""
    return _named(("elyctis", "id box", "idbox"))


def find_swipe_readers() -> Iterator[Found]:
    """List the readers of DESKO and Access-IS."""
    return _named(("desko", "access-is", "access is"))


def find_imagers() -> Iterator[Found]:
    """List Honeywell's scanners; whether one has OCR, only its menu tells."""
    for port in list_ports.comports():
        if port.vid == HONEYWELL:
            yield Found(port.device, _words(port.manufacturer, port.product))


def _named(names: tuple[str, ...]) -> Iterator[Found]:
    for port in list_ports.comports():
        words = _words(port.manufacturer, port.product)
        if any(name in words.lower() for name in names):
            yield Found(port.device, words, is_certain=True)


def _words(*told: str | None) -> str:
    return " ".join(word for word in told if word)
