"""From the grey picture of a finger to its template."""

import threading
from typing import Any

import cv2
import nbis
import numpy as np
import numpy.typing as npt

from common.matching.finger_template import (
    MAX_MINUTIAE,
    FingerPosition,
    FingerTemplate,
    ImageObservation,
    Minutia,
    MinutiaKind,
)

GreyImage = npt.NDArray[np.uint8]

MIN_RELIABILITY = 0.1
"""Minutiae that mindtct itself doubts more than this cost more false pairs than they give."""

_RESTLESS_FLOW = 0.60
_DOUBTFUL_FLOW = 0.45
_DOUBTFUL_FREQUENCY = 0.70
_NO_RIDGES_FREQUENCY = 0.85
"""When NFIQ 2's features say that a picture is no finger (orientation flow, ridge frequency).

Measured: 159 FVC impressions have a flow up to 0.45, invented fingers up to 0.59 with a frequency
value around 0.4. Portraits, landscapes and noise have a flow of 0.64 to 0.75; a written page has
0.47 with a frequency value of 0.77. FVC impressions have a frequency value up to 0.83; portraits
before a smooth wall have 0.87 to 0.90, and some of them a flow of only 0.29 to 0.44.
"""

_DPI = 500.0
_SMALLEST_SIDE = 64
_LARGEST_SIDE = 2000
_MIN_BLOCK_CONTRAST = 12.0
_THUMB_AREA = 300 * 300

# The NBIS code underneath keeps its working memory in globals.
_nbis_lock = threading.Lock()


class FingerImageError(ValueError):
    """The pixels cannot be the image of a single-finger scanner."""


def extract(
    pixels: GreyImage, dpi: int = 500, position: FingerPosition = FingerPosition.UNKNOWN
) -> FingerTemplate:
    """Find the minutiae and the NFIQ 2 quality of one impression with dark ridges.

    A picture without a finger gives a template without minutiae and with quality 0.

    Raises:
        FingerImageError: The pixels are not 8-bit grey, or the size is impossible at that dpi.
    """
    image = _at_500_dpi(pixels, dpi)
    height, width = image.shape
    found, quality = None, 0
    if min(height, width) >= _SMALLEST_SIDE and int(image.max()) > int(image.min()):
        found, quality = _run_nbis(image)
    minutiae = _minutiae(found, width, height) if found is not None else ()
    return FingerTemplate(minutiae, width, height, quality, position, _observe(image))


def _at_500_dpi(pixels: GreyImage, dpi: int) -> GreyImage:
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


def _extractor(with_quality: bool) -> Any:
    return nbis.new_nbis_extractor(
        nbis.NbisExtractorSettings(
            min_quality=0.0,
            get_center=False,
            check_fingerprint=False,
            compute_nfiq2=with_quality,
            ppi=_DPI,
        )
    )


def _run_nbis(image: GreyImage) -> tuple[Any | None, int]:
    """The minutiae and the NFIQ 2 score; no minutiae when the picture is no finger."""
    png = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
    with _nbis_lock:
        try:
            found = _extractor(with_quality=True).extract_minutiae(png)
        except nbis.NbisError:
            # NFIQ 2 refuses images that are too poor; mindtct may still see some ridges.
            try:
                return _extractor(with_quality=False).extract_minutiae(png), 0
            except nbis.NbisError:
                return None, 0
        result = found.quality()
    features = {value.name: float(value.value) for value in result.features}
    if not _is_finger(features["OF_Bin10_Mean"], features["FDA_Bin10_Mean"]):
        return None, 0
    return found, min(100, int(result.score))


def _is_finger(flow: float, frequency: float) -> bool:
    doubtful = flow > _DOUBTFUL_FLOW and frequency > _DOUBTFUL_FREQUENCY
    return flow <= _RESTLESS_FLOW and frequency <= _NO_RIDGES_FREQUENCY and not doubtful


def _minutiae(found: Any, width: int, height: int) -> tuple[Minutia, ...]:
    kinds = {
        nbis.MinutiaKind.RIDGE_ENDING: MinutiaKind.ENDING,
        nbis.MinutiaKind.BIFURCATION: MinutiaKind.BIFURCATION,
    }
    kept = [
        Minutia(
            x=min(width - 1, max(0, m.x())),
            y=min(height - 1, max(0, m.y())),
            angle=round(m.angle() * 256 / 360) % 256,
            kind=kinds[m.kind()],
            quality=min(100, max(1, round(m.reliability() * 100))),
        )
        for m in found.get()
        if m.reliability() >= MIN_RELIABILITY
    ]
    kept.sort(key=lambda minutia: -minutia.quality)
    return tuple(kept[:MAX_MINUTIAE])


def _observe(image: GreyImage) -> ImageObservation:
    """Look at the picture itself in blocks: a block with local contrast is finger."""
    grey = image.astype(np.float32)
    mean = cv2.blur(grey, (17, 17))
    spread = np.sqrt(np.maximum(cv2.blur(grey * grey, (17, 17)) - mean * mean, 0))
    finger = spread > _MIN_BLOCK_CONTRAST
    # A soaked finger is one dark smear without ridges: dark counts as finger too.
    finger |= mean < 80
    covered = int(finger.sum())
    if covered == 0:
        return ImageObservation(0.0, float(grey.mean()), 0.0)
    return ImageObservation(
        foreground=min(1.0, covered / min(_THUMB_AREA, image.size)),
        brightness=float(grey[finger].mean()),
        contrast=float(spread[finger].mean()),
    )
