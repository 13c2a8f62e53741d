"""One face cut out upright and always equally large, on which all that is measured is measured."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from common.matching.face_finding import FoundFace, detect
from common.matching.face_image import Affine, ColourImage, scaled, warped
from common.matching.face_mesh import FaceMesh, fit_mesh
from common.matching.face_models import FaceModels

SIDE = 320
_SHARE = 0.5
"""Of the closeup's side, that the larger side of the face's box takes."""

_SECOND_SIDE = 224
_MESH_SHARE = 2 / 3
_SEEN = 0.0
"""Log odds from which the mesh counts."""


@dataclass(frozen=True)
class Closeup:
    """An upright face in the middle of a square of 320 x 320.

    Attributes:
        pixels: The square; beyond the edge of the picture it repeats the edge.
        place: Where a point of the picture lies in the square.
        mesh: The mesh, in pixels of the square.
        landmarks: 5 x 2, in pixels of the square: the mean of what the detector and the mesh say;
            the detector's alone where the mesh sees no face, as in one from the side.
    """

    pixels: ColourImage
    place: Affine
    mesh: FaceMesh
    landmarks: npt.NDArray[np.float64]

    @property
    def back(self) -> Affine:
        """Where a point of the square lies in the picture."""
        return np.asarray(cv2.invertAffineTransform(self.place), np.float64)


def look_closer(models: FaceModels, image: ColourImage, face: FoundFace) -> Closeup:
    """Cut a face out and measure its landmarks anew, where every face is equally large.

    The detector looks twice, at two sizes; the mean of both and of the mesh is what counts.
    """
    place = _upright(face.middle, face.roll, SIDE * _SHARE / _extent(face))
    pixels = warped(image, place, (SIDE, SIDE))
    again = _seen_again(models, pixels) or [face.placed(place)]
    marks = np.mean([np.array(each.landmarks) for each in again], axis=0)
    left, top, width, height = np.mean([each.box for each in again], axis=0)
    seen = replace(
        again[0],
        box=(float(left), float(top), float(width), float(height)),
        landmarks=tuple((float(x), float(y)) for x, y in marks),
    )
    mesh = _mesh(models, pixels, seen)
    both = (marks + mesh.five) / 2 if mesh.presence >= _SEEN else marks
    return Closeup(pixels, place, mesh, both)


def _seen_again(models: FaceModels, pixels: ColourImage) -> list[FoundFace]:
    scale = _SECOND_SIDE / SIDE
    grown = np.array([[1 / scale, 0, 0], [0, 1 / scale, 0]])
    looks = [detect(models, pixels), detect(models, scaled(pixels, scale))]
    looks[1] = tuple(face.placed(grown) for face in looks[1])
    return [min(faces, key=_from_the_middle) for faces in looks if faces]


def _mesh(models: FaceModels, pixels: ColourImage, face: FoundFace) -> FaceMesh:
    place = _upright(face.middle, face.roll, SIDE * _MESH_SHARE / _extent(face))
    view = warped(pixels, place, (SIDE, SIDE))
    back = np.asarray(cv2.invertAffineTransform(place), np.float64)
    return fit_mesh(models, view).placed(back)


def _upright(middle: tuple[float, float], roll: float, scale: float) -> Affine:
    """Put a point into the middle of the square, the eye line level."""
    place = np.asarray(cv2.getRotationMatrix2D(middle, roll, scale), np.float64)
    place[:, 2] += SIDE / 2 - np.array(middle)
    return place


def _extent(face: FoundFace) -> float:
    return max(face.box[2], face.box[3], 1.0)


def _from_the_middle(face: FoundFace) -> float:
    return float(np.hypot(face.middle[0] - SIDE / 2, face.middle[1] - SIDE / 2))
