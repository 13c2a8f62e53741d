"""Minutiae of a view as a record holds them, made to fit a template of ours at 500 dpi."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from common.matching.finger_template import (
    MAX_MINUTIAE,
    PIXELS_PER_CM,
    ExtendedData,
    FingerPosition,
    FingerTemplate,
    Minutia,
    MinutiaKind,
    RecordError,
)

LARGEST_SIDE = 0x3FFF
"""Coordinates have 14 bits."""
BEST_QUALITY = 100
NOT_REPORTED = 254
"""Of a quality; 255 says that measuring it failed."""
_COARSEST, _FINEST = 39, 788
"""100 and 2,000 dpi in pixels per centimetre: no scanner is beyond."""


class RawMinutia(NamedTuple):
    """A minutia in the pixels and numbers of its record, not yet believed."""

    kind: int
    x: int
    y: int
    angle: int
    quality: int


@dataclass(frozen=True, slots=True)
class RawView:
    """One finger view as its record has it, not yet believed.

    Attributes:
        position: The finger's number. view: The number among views of this finger.
        impression: How the finger was laid on, as the record's standard counts.
        quality: 0 to 100, 254, 255, or what a careless maker writes.
        size: Width and height in pixels. resolution: Pixels per centimetre in x and in y.
    """

    position: int
    view: int
    impression: int
    quality: int
    size: tuple[int, int]
    resolution: tuple[int, int]
    minutiae: tuple[RawMinutia, ...]
    extended: tuple[ExtendedData, ...] = ()


@dataclass(frozen=True, slots=True)
class FingerView:
    """One finger view of a record of anybody's.

    Attributes:
        template: Its minutiae at 500 dpi.
        view: Its number among the views of this finger.
        impression: How the finger was laid on: 0 plain, 1 rolled, 8 swiped ...
        size: Width and height of the image in its own pixels, which had dpi in an inch.
        dropped: How many minutiae lay outside of the image or were of no known kind.
    """

    template: FingerTemplate
    view: int
    impression: int
    size: tuple[int, int]
    dpi: int
    dropped: int


def view_of(raw: RawView) -> FingerView:
    """Believe of a view what can be believed: scaled, clamped, and without stray minutiae.

    Raises:
        RecordError: The image's size or resolution is impossible.
    """
    scales = _scales(raw.resolution)
    width, height = (
        _scaled_side(side, scale) for side, scale in zip(raw.size, scales, strict=True)
    )
    kept = [found for found in raw.minutiae if _lies_inside(found, raw.size)]
    template = FingerTemplate(
        tuple(_scaled(found, scales, (width, height)) for found in kept[:MAX_MINUTIAE]),
        width,
        height,
        believed_quality(raw.quality),
        position_of(raw.position),
        extended=raw.extended,
    )
    dropped = len(raw.minutiae) - len(template.minutiae)
    dpi = round(raw.resolution[0] * 2.54)
    return FingerView(template, raw.view, raw.impression, raw.size, dpi, dropped)


def believed_quality(quality: int) -> int:
    """0 to 100; what was not reported or failed is 0."""
    return 0 if quality >= NOT_REPORTED else min(BEST_QUALITY, quality)


def position_of(number: int) -> FingerPosition:
    """Which single finger; slaps, palms and unknown numbers are none."""
    known = FingerPosition.UNKNOWN <= number <= FingerPosition.LEFT_LITTLE
    return FingerPosition(number) if known else FingerPosition.UNKNOWN


def require_writable(template: FingerTemplate) -> None:
    """Check that a record can hold a template.

    Raises:
        ValueError: Something is out of range; the message says what.
    """
    width, height = template.width, template.height
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise ValueError(f"an image of {width} x {height} pixels is out of range")
    if not 0 <= template.quality <= BEST_QUALITY:
        raise ValueError(f"a quality of {template.quality} is not 0 to {BEST_QUALITY}")
    if len(template.minutiae) > MAX_MINUTIAE:
        raise ValueError(f"{len(template.minutiae)} minutiae are more than {MAX_MINUTIAE}")
    FingerPosition(template.position)
    for minutia in template.minutiae:
        _require_inside(minutia, width, height)


def _require_inside(minutia: Minutia, width: int, height: int) -> None:
    x, y, angle, kind, quality = minutia
    inside = 0 <= x < width and 0 <= y < height
    if not (inside and 0 <= angle < 256 and 0 <= quality <= BEST_QUALITY):
        raise ValueError(f"a minutia is out of range: {tuple(minutia)}")
    MinutiaKind(kind)


def _scales(resolution: Iterable[int]) -> tuple[float, float]:
    x, y = resolution
    if not (_COARSEST <= x <= _FINEST and _COARSEST <= y <= _FINEST):
        raise RecordError(f"{x} x {y} pixels per cm is no scanner's resolution")
    return PIXELS_PER_CM / x, PIXELS_PER_CM / y


def _scaled_side(side: int, scale: float) -> int:
    scaled = max(1, round(side * scale))
    if side == 0 or scaled > LARGEST_SIDE:
        raise RecordError(f"an image with a side of {side} pixels is out of range")
    return scaled


def _lies_inside(found: RawMinutia, size: tuple[int, int]) -> bool:
    return found.kind <= MinutiaKind.BIFURCATION and found.x < size[0] and found.y < size[1]


def _scaled(found: RawMinutia, scales: tuple[float, float], size: tuple[int, int]) -> Minutia:
    return Minutia(
        x=min(size[0] - 1, round(found.x * scales[0])),
        y=min(size[1] - 1, round(found.y * scales[1])),
        angle=_turned(found.angle, scales),
        kind=MinutiaKind(found.kind),
        quality=believed_quality(found.quality),
    )


def _turned(angle: int, scales: tuple[float, float]) -> int:
    """The angle in square pixels."""
    if scales[0] == scales[1]:
        return angle
    turn = angle * math.tau / 256
    turned = math.atan2(math.sin(turn) * scales[1], math.cos(turn) * scales[0])
    return round(turned * 256 / math.tau) % 256
