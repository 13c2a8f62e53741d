"""What is kept of a finger: its minutiae, in the units of their ISO/IEC 19794-2 record."""

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import NamedTuple

PIXELS_PER_CM = 197
"""500 dpi, the resolution every template of ours is made at."""

MAX_MINUTIAE = 255


class RecordError(ValueError):
    """The bytes are no finger record that can be believed; the message says why."""


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


class ExtendedData(NamedTuple):
    """A block of extended data behind the minutiae of a view.

    Attributes:
        kind: 1 ridge counts, 2 cores and deltas, 3 quality of zones; a maker's own where neither
            byte is zero (from 0x0101 on). The rest is reserved, and not written.
        data: What it says, without the block's head; at most 65,531 bytes.
    """

    kind: int
    data: bytes


class QualityCause(Enum):
    """What NFIQ 2 says can be done something about."""

    EMPTY = "empty"
    UNIFORM = "uniform"
    FEW_MINUTIAE = "few_minutiae"
    LITTLE_FINGER = "little_finger"


@dataclass(frozen=True)
class ImageObservation:
    """What the image itself told, beside its minutiae; not part of the record.

    Attributes:
        foreground: Share of the image, or of a thumb-sized area, that the finger covers, 0..1.
        brightness: Mean grey level where the finger lies, 0 (black) to 255.
        contrast: Mean local standard deviation where the finger lies.
        ridges: Share of the detail there that has the period of ridges, 0..1.
        causes: NFIQ 2's actionable feedback.
    """

    foreground: float
    brightness: float
    contrast: float
    ridges: float = 0.0
    causes: tuple[QualityCause, ...] = ()


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
        extended: What else the record carries for this finger, in its order.
    """

    minutiae: tuple[Minutia, ...]
    width: int
    height: int
    quality: int
    position: FingerPosition = FingerPosition.UNKNOWN
    observation: ImageObservation | None = field(default=None, compare=False)
    extended: tuple[ExtendedData, ...] = ()
