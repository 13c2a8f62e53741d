"""Finds faces: of any size, in tight cuts, in pictures that lie on their side or stand on end."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from common.matching.face_image import Affine, ColourImage, moved, warped
from common.matching.face_models import FaceModels

_CERTAIN, _LIKELY = 0.8, 0.6
"""The detector's confidence from which a face is believed, and from which the mesh is asked."""

_PRESENCE_IF_LIKELY, _PRESENCE_IF_NOT = 0.0, 6.0
"""What the mesh must say, in log odds, of a face that is likely, and of one that is not."""

_PLAINLY_UPRIGHT = 12.0
"""Log odds of the mesh from which no other way up is tried. Upright pictures of 20 people had 14
and more; the same on their heads, where the detector finds many with wrong landmarks, 11 and
less."""

_SMALL, _MEDIUM, _LARGE = 320, 640, 1280
"""Longer sides at which a picture is searched."""

_LEAST_SIDE = 12
"""A picture with a smaller side shows no face."""

_MARGIN = 0.35
"""Of the longer side, added all round where a face may fill the picture to its edges."""

_TURNS = (90, 270, 180)
_MOST_DOUBTS = 3


@dataclass(frozen=True)
class FoundFace:
    """One face: its box and five landmarks, in pixels of the picture it was found in.

    Attributes:
        box: Left, top, width, height.
        landmarks: Right eye, left eye, nose tip, right and left corner of the mouth, as the
            person would call them; the right eye is on the left of an upright picture.
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

    @property
    def roll(self) -> float:
        """Degrees by which the eye line falls to the right, -180 to 180; upright is 0."""
        (right_x, right_y), (left_x, left_y) = self.landmarks[:2]
        return float(np.degrees(np.arctan2(left_y - right_y, left_x - right_x)))

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box."""
        left, top, width, height = self.box
        return left + width / 2, top + height / 2

    def placed(self, place: Affine) -> "FoundFace":
        """The face where it lies in another picture; the box stays upright."""
        left, top, width, height = self.box
        right, bottom = left + width, top + height
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        corners = moved(corners, place)
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        points = moved(np.array(self.landmarks, np.float64), place)
        return FoundFace(
            (float(left), float(top), float(right - left), float(bottom - top)),
            tuple((float(x), float(y)) for x, y in points),
            self.confidence,
        )


def detect(models: FaceModels, image: ColourImage) -> tuple[FoundFace, ...]:
    """Let the detector look once at the picture as it is; the largest face first."""
    with models.lock:
        models.detector.setInputSize((image.shape[1], image.shape[0]))
        _, rows = models.detector.detect(image)
    found = [] if rows is None else [_face(row) for row in np.asarray(rows, np.float64)]
    return tuple(sorted(found, key=lambda face: -face.box[2] * face.box[3]))


class FaceSearch:
    """A search for faces in one picture.

    Args:
        models: The networks.
        image: The picture.
        presence: A second opinion: how sure the mesh is of an upright face, in log odds.
    """

    def __init__(
        self, models: FaceModels, image: ColourImage, presence: Callable[[FoundFace], float]
    ) -> None:
        self._models = models
        self._image = image
        self._presence = presence

    def upright(self) -> tuple[FoundFace, ...]:
        """All faces of the first look that shows one, the largest first.

        The picture is searched at several sizes, with a margin for faces that fill it, and at last
        for a face that the detector is not sure of.
        """
        return self._first(_upright(self._image))

    def any_way_up(self) -> tuple[FoundFace, ...]:
        """The same, in a picture that may lie on its side or stand on its head."""
        upright = self.upright()
        if self._merit(upright) >= _PLAINLY_UPRIGHT:
            return upright
        ways = (self._first(_turned(self._image, degrees)) for degrees in _TURNS)
        best = max(ways, key=self._merit)
        # A face from the side, or half hidden, is no plain face; it is upright all the same.
        return best if not upright or self._merit(best) >= _PLAINLY_UPRIGHT else upright

    def _first(self, looks: Iterable["_Look"]) -> tuple[FoundFace, ...]:
        doubtful: list[FoundFace] = []
        for look in looks:
            found = self._seen(look)
            if faces := tuple(f for f in found if f.confidence >= _LIKELY and self._believed(f)):
                return faces
            doubtful += [face for face in found if face.confidence < _LIKELY]
        doubtful.sort(key=lambda face: -face.confidence)
        return tuple(face for face in doubtful[:_MOST_DOUBTS] if self._believed(face))[:1]

    def _seen(self, look: "_Look") -> tuple[FoundFace, ...]:
        view = warped(self._image, look.place, look.size)
        back = np.asarray(cv2.invertAffineTransform(look.place), np.float64)
        found = (face.placed(back) for face in detect(self._models, view))
        # The repeated edge of a margin can look like anything.
        return tuple(face for face in found if self._holds(face.middle))

    def _holds(self, point: tuple[float, float]) -> bool:
        height, width = self._image.shape[:2]
        return bool(0 <= point[0] < width and 0 <= point[1] < height)

    def _believed(self, face: FoundFace) -> bool:
        if face.confidence >= _CERTAIN:
            return True
        needed = _PRESENCE_IF_LIKELY if face.confidence >= _LIKELY else _PRESENCE_IF_NOT
        return self._presence(face) >= needed

    def _merit(self, faces: tuple[FoundFace, ...]) -> float:
        return self._presence(faces[0]) if faces else -math.inf


@dataclass(frozen=True)
class _Look:
    """One way to look at a picture: where its points come to lie, in a view of that size."""

    place: Affine
    size: tuple[int, int]


def _upright(image: ColourImage) -> Iterator[_Look]:
    longer = max(image.shape[:2])
    if min(image.shape[:2]) < _LEAST_SIDE:
        return
    first = min(max(longer, _SMALL), _MEDIUM)
    yield _look(image, first)
    if first > _SMALL:
        yield _look(image, _SMALL)
    yield _look(image, _SMALL, margin=_MARGIN)
    if longer > _MEDIUM:
        yield _look(image, min(longer, _LARGE))


def _turned(image: ColourImage, degrees: int) -> Iterator[_Look]:
    if min(image.shape[:2]) < _LEAST_SIDE:
        return
    yield _look(image, _SMALL, margin=_MARGIN / 2, degrees=degrees)
    yield _look(image, _MEDIUM, degrees=degrees)


def _look(image: ColourImage, side: int, margin: float = 0.0, degrees: int = 0) -> _Look:
    """The picture's middle in the middle, its longer side and the margins `side` pixels long."""
    height, width = image.shape[:2]
    around = 2 * margin * max(width, height)
    scale = side / (max(width, height) + around)
    wide, high = (max(1, round(scale * (each + around))) for each in (width, height))
    size = (high, wide) if degrees % 180 else (wide, high)
    place = np.asarray(cv2.getRotationMatrix2D((0, 0), degrees, scale), np.float64)
    place[:, 2] = np.array(size) / 2 - place[:, :2] @ (width / 2, height / 2)
    return _Look(place, size)


def _face(row: npt.NDArray[np.float64]) -> FoundFace:
    left, top, width, height = (float(value) for value in row[:4])
    points = tuple((float(row[i]), float(row[i + 1])) for i in range(4, 14, 2))
    return FoundFace((left, top, width, height), points, float(row[14]))
