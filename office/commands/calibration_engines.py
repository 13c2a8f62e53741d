"""The ways to compare captures that a calibration can measure."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import nbis

from common.matching import finger_network
from common.matching.faces import ACCEPT_FROM, OFFICER_FROM
from common.matching.finger_extraction import MinutiaeEngine, at_500_dpi
from common.matching.finger_matcher import PreparedFinger, likeness
from common.matching.fingers import MATCH_THRESHOLD, FingerImageError, FingerTemplate, extract
from office.commands.answers import CouldNotError
from office.commands.calibration_request import FACE_ENGINE, FingerEngine
from office.commands.face_files import face_likeness
from office.commands.finger_files import read_pixels

DESCRIBED = {
    FingerEngine.BEST: "the minutiae network and our matcher, as stations compare",
    FingerEngine.NBIS: "NIST's minutiae and our matcher, as stations without the network compare",
    FingerEngine.BOZORTH3: "NIST's minutiae and NIST's pairing, an independent yardstick",
    FACE_ENGINE: "the face networks, as stations compare",
}

SHIPPED = {
    FingerEngine.BEST: {"MATCH_THRESHOLD": MATCH_THRESHOLD},
    FingerEngine.NBIS: {"MATCH_THRESHOLD": MATCH_THRESHOLD},
    FingerEngine.BOZORTH3: {},
    FACE_ENGINE: {"ACCEPT_FROM": ACCEPT_FROM, "OFFICER_FROM": OFFICER_FROM},
}
"""The thresholds that stations use, by what the code calls them."""


@dataclass(frozen=True)
class Engine:
    """One way to compare.

    Attributes:
        extract: Makes of a file what is compared, fit to be sent between processes; raises
            CouldNotError where the file cannot be read or shows nothing to compare.
        prepare: Makes that ready for many comparisons.
        score: How alike two prepared captures are; more is more alike.
    """

    extract: Callable[[Path], Any]
    prepare: Callable[[Any], Any]
    score: Callable[[Any, Any], float]


@lru_cache(1)
def engine_named(name: str, dpi: int) -> Engine:
    """The engine of that name, for pictures of that resolution."""
    if name == FACE_ENGINE:
        faces = face_likeness()
        return Engine(faces.prepare, lambda embedding: embedding, faces.score)
    return _bozorth3(dpi) if name == FingerEngine.BOZORTH3 else _fingers(name, dpi)


def why_not(name: str) -> str | None:
    """What keeps an engine from being measured."""
    # Without the network, extract would quietly measure another engine than the one asked for.
    if name == FingerEngine.BEST and finger_network.network() is None:
        return "the minutiae network cannot be had: reinstall, or choose --engine nbis"
    return None


def _fingers(name: str, dpi: int) -> Engine:
    def template(file: Path) -> FingerTemplate:
        pixels, resolution = read_pixels(file, dpi)
        try:
            found = extract(pixels, resolution, engine=MinutiaeEngine(name))
        except FingerImageError as error:
            raise CouldNotError(f"{file}: {error}") from None
        if not found.minutiae:
            raise CouldNotError(f"{file} shows no finger")
        return found

    return Engine(template, PreparedFinger, likeness)


def _bozorth3(dpi: int) -> Engine:
    nist = nbis.new_nbis_extractor(
        nbis.NbisExtractorSettings(
            min_quality=0.0,
            get_center=False,
            check_fingerprint=False,
            compute_nfiq2=False,
            ppi=500.0,
        )
    )

    def minutiae(file: Path) -> bytes:
        try:
            image = at_500_dpi(*read_pixels(file, dpi))
            found = nist.extract_minutiae(cv2.imencode(".png", image)[1].tobytes())
        except FingerImageError as error:
            raise CouldNotError(f"{file}: {error}") from None
        except nbis.NbisError:
            raise CouldNotError(f"{file} shows no finger") from None
        if not found.get():
            raise CouldNotError(f"{file} shows no finger")
        # NBIS pairs what it reads back as it pairs the original, which cannot leave its process.
        return bytes(found.to_iso_19794_2_2005())

    return Engine(minutiae, nist.load_iso_19794_2_2005, lambda a, b: float(a.compare(b)))
