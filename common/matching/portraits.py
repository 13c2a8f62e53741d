"""Is a photograph fit for a card, and how is it cut and packed for one."""

from dataclasses import dataclass

import cv2
import numpy as np

from common.matching.face_engine import ColourImage, FaceEngine, FaceImageError, FoundFace, checked

PORTRAIT_WIDTH, PORTRAIT_HEIGHT = 600, 771
"""35 x 45 mm, as on the card."""

CHIP_BYTES = 20_000
"""What the photograph may take on the chip: ICAO 9303-9 speaks of 15 to 20 kB."""

_EYES_TO_CHIN = 1.75
"""From the eye line to the chin, in distances between the eyes; the crown lies as far above."""

_FACE_SIDE = 256


@dataclass(frozen=True)
class Finding:
    """One rule of a portrait: what was measured, what is allowed, and whether it holds."""

    rule: str
    value: float
    limit: str
    ok: bool


@dataclass(frozen=True)
class PortraitCheck:
    """All findings about one photograph."""

    findings: tuple[Finding, ...]

    @property
    def acceptable(self) -> bool:
        """Whether every rule holds."""
        return all(finding.ok for finding in self.findings)


def check_portrait(engine: FaceEngine, image: ColourImage) -> PortraitCheck:
    """Measure a photograph against the rules; without a single face, the other rules are moot.

    Limits are those of ISO/IEC 19794-5 (full frontal) where it has them: head of 60 to 90 % of the
    height, its middle within 45 to 55 % of the width, eyes 30 to 50 % below the upper edge. A
    tenth of tolerance is added, since the crown is guessed from the eyes.

    Raises:
        FaceImageError: The pixels are no picture.
    """
    usable = checked(image)
    faces = engine.find(usable)
    one = _within("one_face", len(faces), 1, 1)
    if not one.ok:
        return PortraitCheck((one,))
    face, (height, width) = faces[0], usable.shape[:2]
    (right_x, right_y), (left_x, left_y) = face.landmarks[:2]
    roll = float(np.degrees(np.arctan2(left_y - right_y, left_x - right_x)))
    nose_x = face.landmarks[2][0]
    turn = (nose_x - (right_x + left_x) / 2) / max(face.eye_distance, 1.0)
    grey = _face_area(usable, face)
    left, right = float(grey[:, : _FACE_SIDE // 2].mean()), float(grey[:, _FACE_SIDE // 2 :].mean())
    findings = (
        one,
        _within("head_size", 2 * _EYES_TO_CHIN * face.eye_distance / height, 0.54, 0.95),
        _within("centred", (right_x + left_x) / 2 / width, 0.42, 0.58),
        _within("eye_line", (right_y + left_y) / 2 / height, 0.30, 0.55),
        _within("eye_distance", face.eye_distance, 90, 2000),
        _within("upright", roll, -8, 8),
        _within("facing", turn, -0.18, 0.18),
        _within("sharpness", float(cv2.Laplacian(grey, cv2.CV_64F).var()), 25, 1e6),
        _within("brightness", float(grey.mean()), 60, 205),
        _within("even_light", abs(left - right) / max(left, right, 1.0), 0.0, 0.25),
    )
    return PortraitCheck(findings)


def crop_portrait(engine: FaceEngine, image: ColourImage) -> ColourImage:
    """Cut 35 x 45 around the largest face, upright, the head at 72 % of the height, 600 x 771.

    Raises:
        FaceImageError: No face is in the picture, or it is no picture.
    """
    usable = checked(image)
    faces = engine.find(usable)
    if not faces:
        raise FaceImageError("no face is in the picture")
    face = faces[0]
    (right_x, right_y), (left_x, left_y) = face.landmarks[:2]
    angle = float(np.degrees(np.arctan2(left_y - right_y, left_x - right_x)))
    head = 2 * _EYES_TO_CHIN * face.eye_distance
    scale = 0.72 * PORTRAIT_HEIGHT / max(head, 1.0)
    middle = ((right_x + left_x) / 2, (right_y + left_y) / 2)
    place = np.asarray(cv2.getRotationMatrix2D(middle, angle, scale), np.float64)
    place[0, 2] += PORTRAIT_WIDTH / 2 - middle[0]
    place[1, 2] += 0.46 * PORTRAIT_HEIGHT - middle[1]
    size = (PORTRAIT_WIDTH, PORTRAIT_HEIGHT)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    cut = cv2.warpAffine(usable, place, size, flags=method, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, dtype=np.uint8)


def encode_jpeg(image: ColourImage, budget: int = CHIP_BYTES) -> bytes:
    """The best JPEG that fits the budget: first quality gives way, then size.

    Raises:
        FaceImageError: Not even a thumbnail fits, or the pixels are no picture.
    """
    picture = checked(image)
    while min(picture.shape[:2]) >= 32:
        for quality in (92, 86, 80, 74, 68, 62, 56, 50):
            options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
            data = bytes(cv2.imencode(".jpg", picture, options)[1])
            if len(data) <= budget:
                return data
        smaller = (round(picture.shape[1] * 0.85), round(picture.shape[0] * 0.85))
        picture = np.asarray(cv2.resize(picture, smaller, interpolation=cv2.INTER_AREA), np.uint8)
    raise FaceImageError(f"the picture does not fit into {budget} bytes")


def _within(rule: str, value: float, low: float, high: float) -> Finding:
    return Finding(rule, round(value, 3), f"{low:g}..{high:g}", low <= value <= high)


def _face_area(image: ColourImage, face: FoundFace) -> ColourImage:
    """The face alone, grey, always the same size, so that measures compare."""
    left, top, width, height = (round(value) for value in face.box)
    top, left = max(0, top), max(0, left)
    part = image[top : top + max(height, 1), left : left + max(width, 1)]
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    method = cv2.INTER_AREA if width > _FACE_SIDE else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, (_FACE_SIDE, _FACE_SIDE), interpolation=method), np.uint8)
