"""Faces: found, compared, and judged fit for a card."""

from common.domain.portrait import Finding, PortraitCheck, PortraitRule
from common.matching.face_engine import (
    ACCEPT_FROM,
    FMR_AT_ACCEPT,
    FMR_AT_OFFICER,
    OFFICER_FROM,
    Embedding,
    FaceComparison,
    FaceEngine,
    FaceVerdict,
    verdict_of,
)
from common.matching.face_finding import FoundFace
from common.matching.face_image import ColourImage, FaceImageError, checked, read_image
from common.matching.face_models import FaceModelError
from common.matching.portrait_coding import CHIP_BYTES, PortraitCoding, encode_portrait
from common.matching.portrait_cut import PORTRAIT_HEIGHT, PORTRAIT_WIDTH, crop_portrait
from common.matching.portrait_rules import OF_THE_FRAME, check_portrait

__all__ = [
    "ACCEPT_FROM",
    "CHIP_BYTES",
    "FMR_AT_ACCEPT",
    "FMR_AT_OFFICER",
    "OFFICER_FROM",
    "OF_THE_FRAME",
    "PORTRAIT_HEIGHT",
    "PORTRAIT_WIDTH",
    "ColourImage",
    "Embedding",
    "FaceComparison",
    "FaceEngine",
    "FaceImageError",
    "FaceModelError",
    "FaceVerdict",
    "Finding",
    "FoundFace",
    "PortraitCheck",
    "PortraitCoding",
    "PortraitRule",
    "check_portrait",
    "checked",
    "crop_portrait",
    "encode_portrait",
    "read_image",
    "verdict_of",
]
