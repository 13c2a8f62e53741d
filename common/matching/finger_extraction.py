"""From the grey picture of a finger to its template."""

import logging
from enum import Enum

import cv2
import numpy as np
import numpy.typing as npt

from common.matching import finger_nbis
from common.matching.finger_area import LEAST_RIDGES, FingerArea, find_area, ridge_share
from common.matching.finger_network import FingerNetworkError, NetworkMinutiae, network
from common.matching.finger_template import (
    MAX_MINUTIAE,
    FingerPosition,
    FingerTemplate,
    ImageObservation,
    Minutia,
    MinutiaKind,
    QualityCause,
)
from common.matching.ridge_counts import count_ridges

GreyImage = npt.NDArray[np.uint8]

LEAST_CONFIDENCE = 0.3
"""Of the network in a minutia. Less brings more false ones than true ones, more loses true ones."""

_SURE = 0.5
_FEWEST_SURE, _ENOUGH_SURE = 4, 10
"""What is a finger: four sure minutiae where the detail is of ridges, or ten whatever it is of.

Of 54 FVC impressions each has 15 minutiae and a share of ridges of 0.51 and more; of 80 portraits
each has 2 minutiae at most, and all but one a share below 0.37; painted faces have up to 8, none of
them sure.
"""

_DPI = 500.0
_LARGEST_SIDE = 2000
_THUMB_AREA = 300 * 300

logger = logging.getLogger(__name__)


class FingerImageError(ValueError):
    """The pixels cannot be the image of a single-finger scanner."""


class MinutiaeEngine(Enum):
    """Who finds the minutiae."""

    BEST = "best"
    """The network; NBIS where it cannot be had."""
    NBIS = "nbis"


def extract(
    pixels: GreyImage,
    dpi: int = 500,
    position: FingerPosition = FingerPosition.UNKNOWN,
    engine: MinutiaeEngine = MinutiaeEngine.BEST,
) -> FingerTemplate:
    """Find the minutiae, the ridges between them and the NFIQ 2 quality of one impression.

    It has dark ridges on light ground. A picture without a finger gives a template without
    minutiae and with quality 0. Takes about 0.3 s; not for the thread of a screen.

    Raises:
        FingerImageError: The pixels are not 8-bit grey, or the size is impossible at that dpi.
    """
    image = at_500_dpi(pixels, dpi)
    height, width = image.shape
    area = find_area(image)
    nbis = finger_nbis.examine(image)
    ridges = ridge_share(image, area)
    minutiae = _by_network(image, area, ridges) if engine is MinutiaeEngine.BEST else None
    if minutiae is None:
        minutiae = nbis.minutiae
    quality = nbis.quality if minutiae else 0
    seen = _observe(image, area, ridges, nbis.causes)
    counts = (count_ridges(image, minutiae),) if minutiae else ()
    return FingerTemplate(minutiae, width, height, quality, position, seen, counts)


def at_500_dpi(pixels: GreyImage, dpi: int) -> GreyImage:
    """The picture scaled to the resolution of all templates; raises FingerImageError as extract."""
    if pixels.ndim != 2 or pixels.dtype != np.uint8 or pixels.size == 0:
        raise FingerImageError("a finger image is a two-dimensional array of 8-bit grey levels")
    if not 100 <= dpi <= 2000:
        raise FingerImageError(f"{dpi} dpi is no scanner's resolution")
    scale = _DPI / dpi
    height, width = (max(1, round(side * scale)) for side in pixels.shape)
    if max(height, width) > _LARGEST_SIDE:
        raise FingerImageError(f"{width} x {height} pixels at 500 dpi is no single finger")
    if (height, width) == pixels.shape:
        return np.ascontiguousarray(pixels)
    shrink = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=shrink), dtype=np.uint8)


def _by_network(image: GreyImage, area: FingerArea, ridges: float) -> tuple[Minutia, ...] | None:
    """The network's minutiae, the surest first; none for what is no finger; None without it."""
    finder = network()
    if finder is None:
        return None
    rows, columns = area.box()
    try:
        found = finder.find(np.ascontiguousarray(image[rows, columns]), LEAST_CONFIDENCE)
    except FingerNetworkError as error:
        logger.warning("this finger is read by NBIS: %s", error)
        return None
    sure = int((found.confidence >= _SURE).sum())
    if sure < (_FEWEST_SURE if ridges >= LEAST_RIDGES else _ENOUGH_SURE):
        return ()
    return _in_units_of_records(found, rows.start, columns.start)


def _in_units_of_records(found: NetworkMinutiae, top: int, left: int) -> tuple[Minutia, ...]:
    angles = np.round(found.direction * 256 / (2 * np.pi)).astype(int) % 256
    kinds = np.where(found.is_ending, MinutiaKind.ENDING, MinutiaKind.BIFURCATION)
    qualities = np.clip(np.round(found.confidence * 100), 1, 100).astype(int)
    order = np.argsort(-found.confidence, kind="stable")[:MAX_MINUTIAE]
    return tuple(
        Minutia(
            x=int(found.x[i]) + left,
            y=int(found.y[i]) + top,
            angle=int(angles[i]),
            kind=MinutiaKind(int(kinds[i])),
            quality=int(qualities[i]),
        )
        for i in order
    )


def _observe(
    image: GreyImage, area: FingerArea, ridges: float, causes: tuple[QualityCause, ...]
) -> ImageObservation:
    covered = int(area.mask.sum())
    if covered == 0:
        return ImageObservation(0.0, float(image.mean()), 0.0, ridges, causes)
    return ImageObservation(
        foreground=min(1.0, covered / min(_THUMB_AREA, image.size)),
        brightness=float(image[area.mask].mean()),
        contrast=float(area.spread[area.mask].mean()),
        ridges=ridges,
        causes=causes,
    )
