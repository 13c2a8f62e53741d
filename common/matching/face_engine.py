"""Find faces in a picture and say how alike two of them are."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from common.matching.face_closeup import Closeup, look_closer
from common.matching.face_eyes import eye_openings
from common.matching.face_finding import FaceSearch, FoundFace
from common.matching.face_image import ColourImage, FaceImageError, checked
from common.matching.face_mesh import FaceMesh
from common.matching.face_models import FaceModels, load
from common.matching.letting_go import holds

Embedding = npt.NDArray[np.float32]

ACCEPT_FROM = 0.45
"""A cosine from which the machine says yes."""

OFFICER_FROM = 0.36
"""A cosine from which an officer decides; below it the machine says no."""

FMR_AT_ACCEPT = 3.2e-4
"""The share of strangers' pairs at ACCEPT_FROM and above: 6 of 19,000 pairs of the ORL faces (20
people, 95 %: 0 to 1.3e-3); 3.2 % of the pairs of one person are below (1.1 to 6.2 %)."""

FMR_AT_OFFICER = 5.5e-3
"""The same at OFFICER_FROM: 105 of 19,000 (1.5e-3 to 1.2e-2); 0.3 % of one person's pairs are
below (0 to 0.9 %). Measured by tests/benchmarks/test_face_rates.py; see docs/decisions/0020."""


class FaceVerdict(Enum):
    """What a comparison of faces allows."""

    ACCEPT = "accept"
    OFFICER = "officer"
    REFUSE = "refuse"
    NO_FACE = "no_face"


@dataclass(frozen=True)
class FaceComparison:
    """How live frames compare with a portrait; the best frame decides."""

    score: float
    verdict: FaceVerdict
    threshold: float = ACCEPT_FROM


def verdict_of(score: float) -> FaceVerdict:
    """Which band a cosine falls in."""
    if score >= ACCEPT_FROM:
        return FaceVerdict.ACCEPT
    return FaceVerdict.OFFICER if score >= OFFICER_FROM else FaceVerdict.REFUSE


class FaceEngine:
    """The networks behind one door; any thread may call, one at a time runs.

    The models are loaded at the first use, which takes about 0.1 s.
    """

    def __init__(self) -> None:
        self._models: FaceModels | None = None
        self._loading = threading.Lock()
        holds(self)

    def let_go(self) -> None:
        """Unload the networks, in whose memory the last face still lies."""
        with self._loading:
            self._models = None

    def find(self, image: ColourImage, *, any_way_up: bool = False) -> tuple[FoundFace, ...]:
        """All faces, the largest first.

        Args:
            image: The picture.
            any_way_up: The picture may lie on its side or stand on its head, as files do. A
                camera's frame is upright, and is searched in a third of the time.

        Raises:
            FaceImageError: The pixels are no picture.
            FaceModelError: The networks are missing or altered.
        """
        whole, models = _bgr(image), self._ready()

        def presence(face: FoundFace) -> float:
            return look_closer(models, whole, face).mesh.presence

        search = FaceSearch(models, whole, presence)
        return search.any_way_up() if any_way_up else search.upright()

    def closeup(self, image: ColourImage, face: FoundFace) -> Closeup:
        """The face cut out upright, with its landmarks and its mesh."""
        return look_closer(self._ready(), _bgr(image), face)

    def mesh(self, image: ColourImage, face: FoundFace) -> FaceMesh:
        """The mesh of 468 points, in pixels of the picture."""
        seen = self.closeup(image, face)
        return seen.mesh.placed(seen.back)

    def eye_opening(self, closeup: Closeup) -> float:
        """The gap between the lids of the less open eye, in parts of the eye's width."""
        return min(eye_openings(self._ready(), closeup))

    def embedding(self, image: ColourImage, face: FoundFace) -> Embedding:
        """128 numbers that stay near each other for one person."""
        return self.embedding_of(self.closeup(image, face))

    def embedding_of(self, closeup: Closeup) -> Embedding:
        """The same, of a closeup: the mean of the face and its mirror image."""
        models = self._ready()
        box, confidence = (0.0, 0.0, 1.0, 1.0), 1.0  # alignment looks at landmarks alone
        row = np.array([*box, *closeup.landmarks.ravel(), confidence], np.float32)
        with models.lock:
            aligned = models.recogniser.alignCrop(closeup.pixels, row)
            both = [
                # feature() gives its own memory away, which the next call overwrites.
                np.array(models.recogniser.feature(np.ascontiguousarray(side)), np.float32)
                for side in (aligned, aligned[:, ::-1])
            ]
        return _unit(sum((_unit(each.ravel()) for each in both), np.zeros(128, np.float32)))

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


def _unit(numbers: Embedding) -> Embedding:
    unit: Embedding = numbers / max(float(np.linalg.norm(numbers)), 1e-9)
    return unit
