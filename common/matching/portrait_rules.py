"""Is a photograph fit for a card: every rule that can be checked honestly, with its limit."""

from dataclasses import dataclass

import numpy as np

from common.domain.portrait import Finding, PortraitCheck, PortraitRule
from common.matching.face_closeup import Closeup
from common.matching.face_engine import FaceEngine
from common.matching.face_finding import FoundFace
from common.matching.face_image import ColourImage, checked
from common.matching.face_mesh import CHIN, LEFT_CHEEK, RIGHT_CHEEK, FaceMesh
from common.matching.portrait_measures import FaceTones, ground, sharpness


@dataclass(frozen=True)
class Limit:
    """What a rule allows, ends included."""

    low: float
    high: float
    unit: str

    def find(self, rule: PortraitRule, value: float) -> Finding:
        """Hold a value against the limit."""
        words = f"{self.low:g}..{self.high:g}"
        return Finding(rule, round(value, 3), words, self.low <= value <= self.high, self.unit)


# ISO/IEC 39794-5 annex D and ICAO Doc 9303-3 for a full frontal portrait: head 60 to 90 % of the
# height, middle within 45 to 55 % of the width, eyes 30 to 50 % below the upper edge, 90 pixels
# between the eyes, turned by at most 5 degrees and tilted by at most 8. A tenth is added where the
# crown is guessed, and what the mesh errs by where it measures the turn and the nod.
LIMITS = {
    PortraitRule.ONE_FACE: Limit(1, 1, "faces"),
    PortraitRule.WHOLE_HEAD: Limit(0, 1, "of height"),
    PortraitRule.HEAD_SIZE: Limit(0.54, 0.95, "of height"),
    PortraitRule.CENTRED: Limit(0.42, 0.58, "of width"),
    PortraitRule.EYE_LINE: Limit(0.30, 0.55, "of height"),
    PortraitRule.EYE_DISTANCE: Limit(90, 2000, "px"),
    PortraitRule.UPRIGHT: Limit(-8, 8, "deg"),
    PortraitRule.FACING: Limit(-10, 10, "deg"),
    PortraitRule.CHIN_LEVEL: Limit(-22, 22, "deg"),
    PortraitRule.EYES_OPEN: Limit(0.14, 1, "of eye's width"),
    PortraitRule.MOUTH_CLOSED: Limit(0, 0.09, "of eyes to chin"),
    PortraitRule.SHARPNESS: Limit(25, 1e6, "grey^2"),
    PortraitRule.BRIGHTNESS: Limit(50, 205, "grey"),
    PortraitRule.UNDER_EXPOSURE: Limit(0, 0.4, "of face"),
    PortraitRule.OVER_EXPOSURE: Limit(0, 0.08, "of face"),
    PortraitRule.CONTRAST: Limit(5.0, 8, "bit"),
    PortraitRule.EVEN_LIGHT: Limit(0, 0.25, "of brightness"),
    PortraitRule.NATURAL_COLOUR: Limit(0, 5, "CIELAB"),
    PortraitRule.RED_EYE: Limit(0, 0.2, "of pupil"),
    PortraitRule.BACKGROUND_PLAIN: Limit(0, 5, "grey/px"),
    PortraitRule.BACKGROUND_LIGHT: Limit(110, 255, "grey"),
}
"""What each rule allows; docs/decisions/0020 says how the limits without a standard were found."""

OF_THE_FRAME = frozenset(
    {PortraitRule.ONE_FACE, PortraitRule.WHOLE_HEAD, PortraitRule.EYE_DISTANCE}
)
"""What a camera's frame must keep so that a portrait can be cut from it; the rest is judged on
the portrait that was cut."""


def crown_to_chin(mesh: FaceMesh) -> float:
    """The height of the head, guessed: the eyes lie half way up."""
    return 2 * mesh.eyes_to_chin


def check_portrait(engine: FaceEngine, image: ColourImage) -> PortraitCheck:
    """Measure a photograph against all rules; without a single face, the other rules are moot.

    Raises:
        FaceImageError: The pixels are no picture.
        FaceModelError: The networks are missing or altered.
    """
    usable = checked(image)
    faces = engine.find(usable, any_way_up=True)
    one = _find(PortraitRule.ONE_FACE, len(faces))
    if not one.ok:
        return PortraitCheck((one,))
    closeup = engine.closeup(usable, faces[0])
    mesh = closeup.mesh.placed(closeup.back)
    findings = [one, *_place(usable, mesh), *_bearing(mesh, faces[0])]
    findings += [
        _find(PortraitRule.EYES_OPEN, engine.eye_opening(closeup)),
        _find(PortraitRule.MOUTH_CLOSED, mesh.mouth_opening),
    ]
    findings += [*_light(usable, closeup), *_ground(usable, mesh)]
    return PortraitCheck(tuple(findings))


def _find(rule: PortraitRule, value: float) -> Finding:
    return LIMITS[rule].find(rule, value)


def _place(image: ColourImage, mesh: FaceMesh) -> list[Finding]:
    """Where the head is in the picture, and how large."""
    height, width = image.shape[:2]
    middle = sum(mesh.eyes, np.zeros(2)) / 2
    distance = float(np.linalg.norm(mesh.eyes[1] - mesh.eyes[0]))
    turned = max(float(np.cos(np.radians(mesh.pose.yaw))), 0.5)
    return [
        _find(PortraitRule.WHOLE_HEAD, _room(mesh, width, height)),
        _find(PortraitRule.HEAD_SIZE, crown_to_chin(mesh) / height),
        _find(PortraitRule.CENTRED, float(middle[0]) / width),
        _find(PortraitRule.EYE_LINE, float(middle[1]) / height),
        _find(PortraitRule.EYE_DISTANCE, distance / turned),
    ]


def _room(mesh: FaceMesh, width: int, height: int) -> float:
    """The least distance from crown, chin and cheeks to an edge, in parts of the height."""
    chin = mesh.between(CHIN)
    up = sum(mesh.eyes, np.zeros(2)) / 2 - chin
    points = np.array([chin, chin + 2 * up, mesh.between(RIGHT_CHEEK), mesh.between(LEFT_CHEEK)])
    x, y = points.T
    return float(min(x.min(), width - x.max(), y.min(), height - y.max())) / height


def _bearing(mesh: FaceMesh, face: FoundFace) -> list[Finding]:
    """How the head is held."""
    pose = mesh.pose
    return [
        _find(PortraitRule.UPRIGHT, face.roll),
        _find(PortraitRule.FACING, pose.yaw),
        _find(PortraitRule.CHIN_LEVEL, pose.pitch),
    ]


def _light(image: ColourImage, closeup: Closeup) -> list[Finding]:
    tones = FaceTones(closeup)
    return [
        _find(PortraitRule.SHARPNESS, sharpness(image, closeup)),
        _find(PortraitRule.BRIGHTNESS, tones.brightness),
        _find(PortraitRule.UNDER_EXPOSURE, tones.too_dark),
        _find(PortraitRule.OVER_EXPOSURE, tones.too_bright),
        _find(PortraitRule.CONTRAST, tones.contrast),
        _find(PortraitRule.EVEN_LIGHT, tones.unevenness),
        _find(PortraitRule.NATURAL_COLOUR, tones.off_colour),
        _find(PortraitRule.RED_EYE, tones.redness_of_eyes),
    ]


def _ground(image: ColourImage, mesh: FaceMesh) -> list[Finding]:
    """What lies behind; nothing is said where the head leaves nothing of it to be seen."""
    seen = ground(image, mesh)
    if seen is None:
        return []
    return [
        _find(PortraitRule.BACKGROUND_PLAIN, seen.restlessness),
        _find(PortraitRule.BACKGROUND_LIGHT, seen.brightness),
    ]
