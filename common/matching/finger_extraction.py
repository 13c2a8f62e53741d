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

NOT_A_FINGER_FLOW = 0.47
"""NFIQ 2 orientation flow above which a picture is no finger.

Measured: 160 FVC impressions reach 0.45 (the worst of them have quality 5), a written page 0.47,
portraits, landscapes and noise 0.64 to 0.75.
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
    found, quality, flow = None, 0, None
    if min(height, width) >= _SMALLEST_SIDE and int(image.max()) > int(image.min()):
        found, quality, flow = _run_nbis(image)
    observation = _observe(image, flow)
    if found is None or flow is None or flow > NOT_A_FINGER_FLOW:
        quality = 0
    is_finger = found is not None and (flow is None or flow <= NOT_A_FINGER_FLOW)
    minutiae = _minutiae(found, width, height) if is_finger else ()
    return FingerTemplate(minutiae, width, height, quality, position, observation)


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


def _run_nbis(image: GreyImage) -> tuple[Any | None, int, float | None]:
    """The minutiae, the NFIQ 2 score and the orientation flow, as far as NBIS can tell."""
    png = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
    with _nbis_lock:
        try:
            found = _extractor(with_quality=True).extract_minutiae(png)
        except nbis.NbisError:
            # NFIQ 2 refuses images that are too poor; mindtct may still see some ridges.
            try:
                return _extractor(with_quality=False).extract_minutiae(png), 0, None
            except nbis.NbisError:
                return None, 0, None
        result = found.quality()
    flow = {value.name: float(value.value) for value in result.features}["OF_Bin10_Mean"]
    return found, min(100, int(result.score)), flow


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


def _observe(image: GreyImage, flow: float | None) -> ImageObservation:
    """Look at the picture itself in blocks: a block with local contrast is finger."""
    grey = image.astype(np.float32)
    mean = cv2.blur(grey, (17, 17))
    spread = np.sqrt(np.maximum(cv2.blur(grey * grey, (17, 17)) - mean * mean, 0))
    finger = spread > _MIN_BLOCK_CONTRAST
    # A soaked finger is one dark smear without ridges: dark counts as finger too.
    finger |= mean < 80
    covered = int(finger.sum())
    if covered == 0:
        return ImageObservation(0.0, float(grey.mean()), 0.0, flow)
    return ImageObservation(
        foreground=min(1.0, covered / min(_THUMB_AREA, image.size)),
        brightness=float(grey[finger].mean()),
        contrast=float(spread[finger].mean()),
        flow=flow,
    )
