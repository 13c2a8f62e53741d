"""The mesh of 468 points on a face: how it is turned, and how far the mouth is open."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from common.matching.face_image import Affine, ColourImage, moved
from common.matching.face_models import FaceModels

Points = npt.NDArray[np.float64]

POINTS = 468
INPUT_SIDE = 192

# Numbers of points in MediaPipe's canonical face; right and left are the person's own.
NOSE_TIP, CHIN, FOREHEAD = 1, 152, 10
RIGHT_EYE_CORNERS, LEFT_EYE_CORNERS = (33, 133), (362, 263)
INNER_LIPS = ((13, 14), (82, 87), (312, 317))
MOUTH_CORNERS = (61, 291)
RIGHT_CHEEK, LEFT_CHEEK = 234, 454
_MIRRORED = ((33, 263), (133, 362), (61, 291), (234, 454), (127, 356), (58, 288), (172, 397))
"""Pairs of points that lie level and equally deep in a face seen from the front."""

_PITCH_OF_A_LEVEL_FACE = -6.0
"""Degrees that the line from chin to forehead leans towards the viewer in a face held level: the
median of the 200 ORL pictures. It differs by several degrees from person to person."""


@dataclass(frozen=True)
class Pose:
    """How a head is turned, in degrees; all three are 0 for a face from the front.

    Attributes:
        yaw: To the person's left, positive.
        pitch: Upwards, positive.
        roll: The eye line falls to the right of the picture, positive.
    """

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True)
class FaceMesh:
    """One face's mesh.

    Attributes:
        points: 468 x 3: right, down and away from the viewer, in pixels of the picture.
        presence: How sure the network is that this is an upright face, in log odds: 0 is even.
    """

    points: Points
    presence: float

    def between(self, *numbers: int) -> Points:
        """The middle of some points, x and y."""
        return np.asarray(self.points[list(numbers), :2].mean(axis=0), np.float64)

    @property
    def eyes(self) -> tuple[Points, Points]:
        """The middles of the right and the left eye."""
        return self.between(*RIGHT_EYE_CORNERS), self.between(*LEFT_EYE_CORNERS)

    @property
    def five(self) -> Points:
        """5 x 2: eyes, nose tip and corners of the mouth, as the detector tells them."""
        marks = [self.between(NOSE_TIP), *(self.between(corner) for corner in MOUTH_CORNERS)]
        return np.array([*self.eyes, *marks])

    @property
    def eyes_to_chin(self) -> float:
        """Pixels from between the eyes to the chin: T of ISO/IEC 29794-5."""
        right, left = self.eyes
        return float(np.linalg.norm(self.between(CHIN) - (right + left) / 2))

    @property
    def mouth_opening(self) -> float:
        """The largest gap of the inner lips, in parts of eyes_to_chin (29794-5, mouth closed)."""
        return max(self._gap(*lips) for lips in INNER_LIPS) / max(self.eyes_to_chin, 1e-6)

    @property
    def pose(self) -> Pose:
        """How the head is turned, by the mesh's own depth."""
        across = sum(
            (self.points[left] - self.points[right] for right, left in _MIRRORED), np.zeros(3)
        )
        up = self.points[FOREHEAD] - self.points[CHIN]
        yaw = np.degrees(np.arctan2(across[2], np.hypot(across[0], across[1])))
        roll = np.degrees(np.arctan2(across[1], across[0]))
        pitch = np.degrees(np.arctan2(up[2], np.hypot(up[0], up[1])))
        return Pose(float(yaw), float(pitch) - _PITCH_OF_A_LEVEL_FACE, float(roll))

    def placed(self, place: Affine) -> "FaceMesh":
        """The mesh where it lies in another picture; depth grows with it."""
        scale = float(np.sqrt(abs(np.linalg.det(place[:, :2]))))
        flat = moved(self.points[:, :2], place)
        return FaceMesh(np.column_stack([flat, self.points[:, 2] * scale]), self.presence)

    def _gap(self, a: int, b: int) -> float:
        return float(np.linalg.norm(self.points[a, :2] - self.points[b, :2]))


def fit_mesh(models: FaceModels, view: ColourImage) -> FaceMesh:
    """Lay the mesh over the one upright face that fills two thirds of a square view."""
    side = view.shape[0]
    # The network takes 192 x 192, red-green-blue, 0 to 1.
    blob = cv2.dnn.blobFromImage(view, 1 / 255, (INPUT_SIDE, INPUT_SIDE), swapRB=True)
    with models.lock:
        models.mesh.setInput(blob)
        answers = [
            np.array(answer, np.float64).ravel()
            for answer in models.mesh.forward(models.mesh.getUnconnectedOutLayersNames())
        ]
    presence, points = sorted(answers, key=len)
    return FaceMesh(points.reshape(POINTS, 3) * (side / INPUT_SIDE), float(presence[0]))
