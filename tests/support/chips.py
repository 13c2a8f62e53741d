"""Invented holders of identity chips, and chips in memory."""

from datetime import date
from io import BytesIO

from PIL import Image

from hardware.simulation.chip import SimulatedChip, blank_chip
from hardware.smartcard.lds import ChipContent, FingerRecord
from hardware.smartcard.mrz import Mrz

SERIAL = "0A0B0C0D01020304"


def jpeg(width: int = 48, height: int = 64) -> bytes:
    """A small picture of nobody."""
    out = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def minutiae(position: int, count: int = 3) -> bytes:
    """An ISO 19794-2:2005 record with a few invented minutiae."""
    body = bytes([0, 0]) + bytes([0x01, 0x40, 0x01, 0x90, 0, 197, 0, 197, 1, 0])
    body += bytes([position, 0, 90, count])
    for number in range(count):
        body += (0x4000 | 20 * number + 5).to_bytes(2, "big") + bytes([0, 30 + number, 17, 80])
    body += bytes(2)
    return b"FMR\x00 20\x00" + (12 + len(body)).to_bytes(4, "big") + body


def content(**changes: object) -> ChipContent:
    """The chip of an invented person."""
    values: dict[str, object] = {
        "mrz": Mrz(
            "Z6833655",
            "CHAN",
            "TAI MAN",
            "M",
            date(1961, 7, 1),
            date(2036, 6, 30),
            "CHN",
            "HKG",
        ),
        "portrait_jpeg": jpeg(),
        "fingers": (FingerRecord(1, minutiae(1)), FingerRecord(6, minutiae(6))),
        "chinese_name": "陳大文",
        "personal_number": "Z683365(5)",
        "place_of_birth": "香港",
        "address": "九龍某街一號",
    }
    return ChipContent(**(values | changes))  # type: ignore[arg-type] # a builder of test values


def chip_in_memory(serial: str = SERIAL) -> SimulatedChip:
    """A blank chip that nothing saves."""
    return SimulatedChip(blank_chip(serial), lambda: None)
