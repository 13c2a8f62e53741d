"""Find faces in a picture and say how alike two of them are."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
import numpy.typing as npt

from common.matching.face_models import DETECTION_SIDE, FaceModels, load

ColourImage = npt.NDArray[np.uint8]
Embedding = npt.NDArray[np.float32]

ACCEPT_FROM = 0.45
OFFICER_FROM = 0.36
FMR_AT_ACCEPT = 3.1e-4
"""False matches at ACCEPT_FROM, as measured on the ORL faces (docs/decisions/0009)."""

MAX_PIXELS = 100_000_000
_WORKING_SIDE = 2000


class FaceImageError(ValueError):
    """The bytes or pixels are no picture a face could be looked for in."""


class FaceVerdict(Enum):
    """What a comparison of faces allows."""

    ACCEPT = "accept"
    OFFICER = "officer"
    REFUSE = "refuse"
    NO_FACE = "no_face"


@dataclass(frozen=True)
class FoundFace:
    """One face: its box and five landmarks, in pixels of the picture it was found in.

    Attributes:
        box: Left, top, width, height.
        landmarks: Right eye, left eye, nose tip, right and left corner of the mouth, as the
            person would call them; the right eye is on the left of the picture.
        confidence: 0..1.
    """

    box: tuple[float, float, float, float]
    landmarks: tuple[tuple[float, float], ...]
    confidence: float

    @property
    def eye_distance(self) -> float:
        """Pixels between the eyes."""
        (right_x, right_y), (left_x, left_y) = self.landmarks[:2]
        return float(np.hypot(left_x - right_x, left_y - right_y))

    def row(self) -> npt.NDArray[np.float32]:
        """The face as OpenCV writes it: box, landmarks, confidence."""
        points = [value for point in self.landmarks for value in point]
        return np.array([*self.box, *points, self.confidence], dtype=np.float32)


@dataclass(frozen=True)
class FaceComparison:
    """How live frames compare with a portrait; the best frame decides."""

    score: float
    verdict: FaceVerdict
    threshold: float = ACCEPT_FROM


def read_image(data: bytes) -> ColourImage:
    """Decode a JPEG, PNG, BMP, TIFF or PGM.

    Raises:
        FaceImageError: The bytes are damaged, no picture, or absurdly large.
    """
    pixels = np.frombuffer(data, dtype=np.uint8)
    try:
        image = cv2.imdecode(pixels, cv2.IMREAD_COLOR) if pixels.size else None
    except cv2.error as error:
        raise FaceImageError("the picture cannot be decoded") from error
    if image is None:
        raise FaceImageError("the bytes are no picture")
    return checked(np.asarray(image, dtype=np.uint8))


def checked(image: ColourImage) -> ColourImage:
    """The picture as blue, green, red with sides of at most 2000 pixels.

    Raises:
        FaceImageError: Not an 8-bit picture, or absurdly large.
    """
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or image.size == 0:
        raise FaceImageError("a picture is an array of 8-bit pixels")
    if image.shape[0] * image.shape[1] > MAX_PIXELS:
        raise FaceImageError("the picture is larger than any camera's")
    if image.ndim == 2:
        image = np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    if image.shape[2] != 3:
        raise FaceImageError("a picture has three colours")
    return _no_larger_than(image, _WORKING_SIDE)[0]


def verdict_of(score: float) -> FaceVerdict:
    """Which band a cosine falls in."""
    if score >= ACCEPT_FROM:
        return FaceVerdict.ACCEPT
    return FaceVerdict.OFFICER if score >= OFFICER_FROM else FaceVerdict.REFUSE


class FaceEngine:
    """The two networks behind one door; any thread may call, one at a time runs.

    The models are loaded at the first use, which takes about 0.1 s.
    """

    def __init__(self) -> None:
        self._models: FaceModels | None = None
        self._loading = threading.Lock()

    def find(self, image: ColourImage) -> tuple[FoundFace, ...]:
        """All faces, the largest first.

        Raises:
            FaceImageError: The pixels are no picture.
            FaceModelError: The networks are missing or altered.
        """
        whole = _bgr(image)
        small, scale = _no_larger_than(whole, DETECTION_SIDE)
        models = self._ready()
        with models.lock:
            models.detector.setInputSize((small.shape[1], small.shape[0]))
            _, rows = models.detector.detect(small)
        found = [] if rows is None else [_face(row, scale) for row in np.asarray(rows)]
        return tuple(sorted(found, key=lambda face: -face.box[2] * face.box[3]))

    def embedding(self, image: ColourImage, face: FoundFace) -> Embedding:
        """128 numbers that stay near each other for one person."""
        models = self._ready()
        with models.lock:
            aligned = models.recogniser.alignCrop(_bgr(image), face.row())
            numbers = np.array(models.recogniser.feature(aligned), dtype=np.float32).ravel()
        unit: Embedding = numbers / max(float(np.linalg.norm(numbers)), 1e-9)
        return unit

    def compare(self, a: Embedding, b: Embedding) -> float:
        """The cosine of two embeddings: -1 to 1."""
        return float(np.clip(np.dot(a, b), -1.0, 1.0))

    def verify(self, live_frames: Sequence[ColourImage], portrait: ColourImage) -> FaceComparison:
        """Compare the largest face of each frame with the portrait's; the best frame decides."""
        enrolled = self._largest(portrait)
        if enrolled is None:
            return FaceComparison(0.0, FaceVerdict.NO_FACE)
        live = [e for e in map(self._largest, live_frames) if e is not None]
        if not live:
            return FaceComparison(0.0, FaceVerdict.NO_FACE)
        score = max(self.compare(enrolled, embedding) for embedding in live)
        return FaceComparison(score, verdict_of(score))

    def _largest(self, image: ColourImage) -> Embedding | None:
        usable = checked(image)
        faces = self.find(usable)
        return self.embedding(usable, faces[0]) if faces else None

    def _ready(self) -> FaceModels:
        with self._loading:
            if self._models is None:
                self._models = load()
            return self._models


def _bgr(image: ColourImage) -> ColourImage:
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or image.size == 0:
        raise FaceImageError("a picture is blue, green, red with 8 bits each")
    return np.ascontiguousarray(image)


def _no_larger_than(image: ColourImage, side: int) -> tuple[ColourImage, float]:
    """The picture with its longer side at most `side`, and by how much it was scaled."""
    height, width = image.shape[:2]
    scale = min(1.0, side / max(height, width))
    if scale == 1.0:
        return image, scale
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8), scale


def _face(row: npt.NDArray[np.float32], scale: float) -> FoundFace:
    values = [float(value) for value in row[:14] / scale]
    points = tuple((values[i], values[i + 1]) for i in range(4, 14, 2))
    return FoundFace((values[0], values[1], values[2], values[3]), points, float(row[14]))
