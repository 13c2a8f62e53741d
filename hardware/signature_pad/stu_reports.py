"""The HID reports of Wacom STU pads, as bytes.

Source: header Protocol.hpp of Wacom's STU SDK (numbers, fields, sizes; numbers are big-endian, the
length of an image block little-endian), and pabloko/Wacom-STU-WebHID (offsets, image upload).
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Report(IntEnum):
    """Numbers of reports."""

    PEN = 0x01
    STATUS = 0x03
    INFORMATION = 0x08
    CAPABILITY = 0x09
    CLEAR_SCREEN = 0x20
    INKING = 0x21
    IMAGE_START = 0x25
    IMAGE_BLOCK = 0x26
    IMAGE_END = 0x27
    PEN_OPTION = 0x32
    PEN_TIMED = 0x34


class Encoding(IntEnum):
    """How an image is sent, behind IMAGE_START."""

    BLACK_WHITE = 0x00
    BGR = 0x04


COLOUR_FLAG = 0x08
"""The bit of the capability's last byte that says that BGR is understood."""

TIME_AND_SEQUENCE = 0x03
ON, OFF, COMMIT = 0x01, 0x00, 0x00
MOST_IN_BLOCK = 253
CAPABILITY_SIZE, INFORMATION_SIZE = 15, 17
PEN_SIZE, PEN_TIMED_SIZE = 7, 11
UNITS_AN_INCH = 2540
"""Where a pad does not tell: a hundred to the millimetre, as those do that tell."""

MM_AN_INCH = 25.4
TICK_S = 0.001


class PenFlags(StrEnum):
    """Where the first byte of a pen report has "near" and "touching".

    HIGH: bit 7 and bits 6 to 4, so that the low nibble is free for the pressure (Wacom's header).
    LOW: bits 0 and 1 (the WebHID code); pressures overlap with them there.
    """

    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Capability:
    """What a pad says it can: its own units for the surface, pixels for the screen."""

    max_x: int
    max_y: int
    max_pressure: int
    width_px: int
    height_px: int
    reports_a_second: int
    units_an_inch: int
    has_colour: bool

    @property
    def unit_mm(self) -> float:
        """The length of one unit."""
        return MM_AN_INCH / self.units_an_inch


@dataclass(frozen=True, slots=True)
class PenReport:
    """One report of the pen, in the pad's units; ticks and sequence are None in plain reports."""

    is_near: bool
    is_touching: bool
    pressure: int
    x: int
    y: int
    ticks: int | None
    sequence: int | None


def parse_capability(report: bytes) -> Capability | None:
    """Read a CAPABILITY report; None where it is none, or a pad without surface or screen."""
    if len(report) < CAPABILITY_SIZE or report[0] != Report.CAPABILITY:
        return None
    max_x, max_y, max_pressure, width_px, height_px = (
        int.from_bytes(report[at : at + 2], "big") for at in range(1, 11, 2)
    )
    if 0 in (max_x, max_y, max_pressure, width_px, height_px):
        return None
    return Capability(
        max_x,
        max_y,
        max_pressure,
        width_px,
        height_px,
        report[11],
        int.from_bytes(report[12:14], "big") or UNITS_AN_INCH,
        bool(report[14] & COLOUR_FLAG),
    )


def parse_pen(report: bytes, flags: PenFlags) -> PenReport | None:
    """Read a report of the pen, plain or timed; None for any other."""
    is_timed = report[:1] == bytes([Report.PEN_TIMED])
    if not is_timed and report[:1] != bytes([Report.PEN]):
        return None
    if len(report) < (PEN_TIMED_SIZE if is_timed else PEN_SIZE):
        return None
    first = report[1]
    is_high = flags is PenFlags.HIGH
    ticks, sequence = (
        (int.from_bytes(report[7:9], "big"), int.from_bytes(report[9:11], "big"))
        if is_timed
        else (None, None)
    )
    return PenReport(
        bool(first & (0x80 if is_high else 0x01)),
        bool(first & (0x70 if is_high else 0x02)),
        (first & 0x0F) << 8 | report[2],
        int.from_bytes(report[3:5], "big"),
        int.from_bytes(report[5:7], "big"),
        ticks,
        sequence,
    )


def feature(number: Report, *data: int) -> bytes:
    """Build a feature report of single bytes."""
    return bytes([number, *data])


def image_blocks(image: bytes) -> list[bytes]:
    """Cut an image into IMAGE_BLOCK reports, all of one size: the last is filled up with zeros."""
    parts = (image[at : at + MOST_IN_BLOCK] for at in range(0, len(image), MOST_IN_BLOCK))
    return [
        bytes([Report.IMAGE_BLOCK])
        + len(part).to_bytes(2, "little")
        + part.ljust(MOST_IN_BLOCK, b"\x00")
        for part in parts
    ]
