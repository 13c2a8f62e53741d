"""Faces: found, compared, and judged fit for a card."""

from common.matching.face_engine import (
    ACCEPT_FROM,
    FMR_AT_ACCEPT,
    OFFICER_FROM,
    Embedding,
    FaceComparison,
    FaceEngine,
    FaceImageError,
    FaceVerdict,
    FoundFace,
    read_image,
    verdict_of,
)
from common.matching.face_models import FaceModelError
from common.matching.portraits import (
    CHIP_BYTES,
    PORTRAIT_HEIGHT,
    PORTRAIT_WIDTH,
    Finding,
    PortraitCheck,
    check_portrait,
    crop_portrait,
    encode_jpeg,
)

__all__ = [
    "ACCEPT_FROM",
    "CHIP_BYTES",
    "FMR_AT_ACCEPT",
    "OFFICER_FROM",
    "PORTRAIT_HEIGHT",
    "PORTRAIT_WIDTH",
    "Embedding",
    "FaceComparison",
    "FaceEngine",
    "FaceImageError",
    "FaceModelError",
    "FaceVerdict",
    "Finding",
    "FoundFace",
    "PortraitCheck",
    "check_portrait",
    "crop_portrait",
    "encode_jpeg",
    "read_image",
    "verdict_of",
]
