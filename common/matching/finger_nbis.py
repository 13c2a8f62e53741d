"""NIST's finger software: NFIQ 2 quality, and minutiae where the network cannot be had."""

import atexit
import threading
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import nbis
import numpy as np
import numpy.typing as npt

from common.matching.finger_template import (
    MAX_MINUTIAE,
    Minutia,
    MinutiaKind,
    QualityCause,
)

GreyImage = npt.NDArray[np.uint8]

MIN_RELIABILITY = 0.1
"""Minutiae that mindtct itself doubts more than this cost more false pairs than they give."""

_DPI = 500.0
_SMALLEST_SIDE = 64

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

_BRIGHTEST = 250.0
_LEAST_DEVIATION = 1.0
_FEWEST_MINUTIAE = 5.0
_LEAST_FOREGROUND_PX = 50_000.0

# The NBIS code underneath keeps its working memory in globals.
_lock = threading.Lock()


@dataclass(frozen=True)
class NbisFinding:
    """What NIST's software makes of one impression.

    Attributes:
        quality: NFIQ 2, 0 to 100; 0 where NFIQ 2 gives up.
        causes: NFIQ 2's actionable feedback (ISO/IEC 29794-4, annex on actionable quality).
        minutiae: mindtct's, the most reliable first; empty for what is no finger.
    """

    quality: int
    causes: tuple[QualityCause, ...]
    minutiae: tuple[Minutia, ...]


def examine(image: GreyImage) -> NbisFinding:
    """Look at one impression of 500 dpi with dark ridges."""
    nothing = NbisFinding(0, (QualityCause.EMPTY,), ())
    if min(image.shape) < _SMALLEST_SIDE or int(image.max()) == int(image.min()):
        return nothing
    png = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
    height, width = image.shape
    with _lock:
        try:
            found = _extractor(with_quality=True).extract_minutiae(png)
            result = found.quality()
        except nbis.NbisError:
            # NFIQ 2 refuses images that are too poor; mindtct may still see some ridges.
            try:
                found = _extractor(with_quality=False).extract_minutiae(png)
            except nbis.NbisError:
                return nothing
            return NbisFinding(0, (QualityCause.FEW_MINUTIAE,), _minutiae(found, width, height))
    features = {value.name: float(value.value) for value in result.features}
    causes = _causes({value.name: float(value.value) for value in result.actionable})
    if not _is_finger(features["OF_Bin10_Mean"], features["FDA_Bin10_Mean"]):
        return NbisFinding(min(100, int(result.score)), causes, ())
    return NbisFinding(min(100, int(result.score)), causes, _minutiae(found, width, height))


@cache
def _extractor(*, with_quality: bool) -> Any:
    # Making one loads NFIQ 2's forest, which takes longer than using it.
    return nbis.new_nbis_extractor(
        nbis.NbisExtractorSettings(
            min_quality=0.0,
            get_center=False,
            check_fingerprint=False,
            compute_nfiq2=with_quality,
            ppi=_DPI,
        )
    )


# What is left when Python ends could not free itself any more, and would say so.
atexit.register(_extractor.cache_clear)


def _causes(actionable: dict[str, float]) -> tuple[QualityCause, ...]:
    """Limits as NFIQ 2's own documentation gives them for its actionable feedback."""
    found = {
        QualityCause.EMPTY: actionable["EmptyImageOrContrastTooLow"] > _BRIGHTEST,
        QualityCause.UNIFORM: actionable["UniformImage"] < _LEAST_DEVIATION,
        QualityCause.FEW_MINUTIAE: actionable["FingerprintImageWithMinutiae"] < _FEWEST_MINUTIAE,
        QualityCause.LITTLE_FINGER: actionable["SufficientFingerprintForeground"]
        < _LEAST_FOREGROUND_PX,
    }
    return tuple(cause for cause, applies in found.items() if applies)


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
