"""Cuts a card's portrait out of a photograph: upright, 35 x 45 mm, the head at 70 % of it."""

import cv2
import numpy as np

from common.matching.face_engine import FaceEngine
from common.matching.face_image import ColourImage, FaceImageError, checked, warped
from common.matching.portrait_rules import crown_to_chin

PORTRAIT_WIDTH, PORTRAIT_HEIGHT = 600, 771
"""35 x 45 mm, as on the card."""

_HEAD_SHARE = 0.70
_EYE_LINE = 0.48
"""Of the height, from above: crown at 13 %, chin at 83 %; hair may stand higher."""


def crop_portrait(engine: FaceEngine, image: ColourImage) -> ColourImage:
    """Cut 35 x 45 around the largest face, 600 x 771 pixels; the picture may be any way up.

    Raises:
        FaceImageError: No face is in the picture, or it is no picture.
        FaceModelError: The networks are missing or altered.
    """
    usable = checked(image)
    faces = engine.find(usable, any_way_up=True)
    if not faces:
        raise FaceImageError("no face is in the picture")
    closeup = engine.closeup(usable, faces[0])
    mesh = closeup.mesh.placed(closeup.back)
    right, left = mesh.eyes
    middle = (right + left) / 2
    angle = float(np.degrees(np.arctan2(left[1] - right[1], left[0] - right[0])))
    scale = _HEAD_SHARE * PORTRAIT_HEIGHT / max(crown_to_chin(mesh), 1.0)
    place = np.asarray(cv2.getRotationMatrix2D((middle[0], middle[1]), angle, scale), np.float64)
    place[:, 2] += (PORTRAIT_WIDTH / 2, _EYE_LINE * PORTRAIT_HEIGHT) - middle
    return warped(usable, place, (PORTRAIT_WIDTH, PORTRAIT_HEIGHT))
