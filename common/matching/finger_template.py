"""What is kept of a finger: its minutiae, and their ISO/IEC 19794-2:2005 record."""

import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple, Self

PIXELS_PER_CM = 197
"""500 dpi, the resolution every template of ours is made at."""

MAX_MINUTIAE = 255

_HEADER = struct.Struct(">4s4sIHHHHHBB")
_VIEW = struct.Struct(">BBBB")
_MINUTIA = struct.Struct(">HHBB")
_EXTENDED = struct.Struct(">H")
_MAGIC = b"FMR\x00"
_VERSION = b" 20\x00"
_COORDINATE_MASK = 0x3FFF
_LIVE_PLAIN = 0


class RecordError(ValueError):
    """The bytes are no single-finger ISO/IEC 19794-2:2005 record."""


class FingerPosition(IntEnum):
    """Which finger, in the numbers of ISO/IEC 19794-2 table 2."""

    UNKNOWN = 0
    RIGHT_THUMB = 1
    RIGHT_INDEX = 2
    RIGHT_MIDDLE = 3
    RIGHT_RING = 4
    RIGHT_LITTLE = 5
    LEFT_THUMB = 6
    LEFT_INDEX = 7
    LEFT_MIDDLE = 8
    LEFT_RING = 9
    LEFT_LITTLE = 10


class MinutiaKind(IntEnum):
    """How the ridge changes at a minutia."""

    OTHER = 0
    ENDING = 1
    BIFURCATION = 2


class Minutia(NamedTuple):
    """One minutia in the units of the record, so that writing it loses nothing.

    Attributes:
        x: Pixels from the left edge at 500 dpi.
        y: Pixels from the top edge at 500 dpi.
        angle: Ridge direction in 1/256 of a turn, counter-clockwise from the x axis.
        kind: Ending, bifurcation or other.
        quality: 1 (poor) to 100 (good); 0 is "not reported".
    """

    x: int
    y: int
    angle: int
    kind: MinutiaKind
    quality: int


@dataclass(frozen=True)
class ImageObservation:
    """What the image itself told, beside its minutiae; not part of the record.

    Attributes:
        foreground: Share of the image, or of a thumb-sized area, that the finger covers, 0..1.
        brightness: Mean grey level where the finger lies, 0 (black) to 255.
        contrast: Mean local standard deviation where the finger lies.
    """

    foreground: float
    brightness: float
    contrast: float


@dataclass(frozen=True)
class FingerTemplate:
    """The minutiae of one impression of one finger at 500 dpi.

    Attributes:
        minutiae: At most 255 minutiae.
        width: Image width in pixels.
        height: Image height in pixels.
        quality: NFIQ 2 score, 0 (useless) to 100.
        position: Which finger it is said to be.
        observation: What the image told; absent in a template read back from a record.
    """

    minutiae: tuple[Minutia, ...]
    width: int
    height: int
    quality: int
    position: FingerPosition = FingerPosition.UNKNOWN
    observation: ImageObservation | None = field(default=None, compare=False)

    def to_bytes(self) -> bytes:
        """The template as an ISO/IEC 19794-2:2005 record with one finger view."""
        minutiae = self.minutiae[:MAX_MINUTIAE]
        body = _VIEW.pack(self.position, _LIVE_PLAIN, self.quality, len(minutiae))
        body += b"".join(
            _MINUTIA.pack(m.kind << 14 | m.x, m.y, m.angle, m.quality) for m in minutiae
        )
        body += _EXTENDED.pack(0)
        header = _HEADER.pack(
            _MAGIC,
            _VERSION,
            _HEADER.size + len(body),
            0,
            self.width,
            self.height,
            PIXELS_PER_CM,
            PIXELS_PER_CM,
            1,
            0,
        )
        return header + body

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a record with one finger view at 500 dpi.

        Raises:
            RecordError: The bytes are not such a record; nothing of them is believed.
        """
        if len(data) < _HEADER.size + _VIEW.size + _EXTENDED.size:
            raise RecordError("the record ends before its first finger")
        width, height = _checked_header(data)
        number, view, quality, count = _VIEW.unpack_from(data, _HEADER.size)
        first = _HEADER.size + _VIEW.size
        end = first + count * _MINUTIA.size
        if len(data) < end + _EXTENDED.size:
            raise RecordError(f"the record ends before its {count} minutiae do")
        (extended,) = _EXTENDED.unpack_from(data, end)
        if len(data) != end + _EXTENDED.size + extended:
            raise RecordError("bytes are missing or left over after the minutiae")
        if number > FingerPosition.LEFT_LITTLE or view >> 4 or quality > 100:
            raise RecordError("the finger view's header is out of range")
        minutiae = tuple(
            _minutia(data, first + i * _MINUTIA.size, width, height) for i in range(count)
        )
        return cls(minutiae, width, height, quality, FingerPosition(number))


def _checked_header(data: bytes) -> tuple[int, int]:
    magic, version, length, _device, width, height, x_res, y_res, views, reserved = _HEADER.unpack(
        data[: _HEADER.size]
    )
    if magic != _MAGIC or version != _VERSION:
        raise RecordError("not an ISO/IEC 19794-2:2005 record")
    if length != len(data):
        raise RecordError(f"the record says {length} bytes but has {len(data)}")
    if views != 1 or reserved != 0:
        raise RecordError(f"one finger view is expected, not {views}")
    if (x_res, y_res) != (PIXELS_PER_CM, PIXELS_PER_CM):
        raise RecordError(f"{x_res} x {y_res} pixels per cm is not 500 dpi")
    if not (0 < width <= _COORDINATE_MASK and 0 < height <= _COORDINATE_MASK):
        raise RecordError(f"an image of {width} x {height} pixels is out of range")
    return width, height


def _minutia(data: bytes, offset: int, width: int, height: int) -> Minutia:
    kind_x, y, angle, quality = _MINUTIA.unpack_from(data, offset)
    kind, x = kind_x >> 14, kind_x & _COORDINATE_MASK
    # The two top bits of y are reserved: a writer leaves them zero, so y covers them here.
    if kind > MinutiaKind.BIFURCATION or x >= width or y >= height or quality > 100:
        raise RecordError("a minutia is out of range")
    return Minutia(x, y, angle, MinutiaKind(kind), quality)
