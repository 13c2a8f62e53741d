"""One head painted back to front: relief first, then skin, features, hair and clothes."""

from dataclasses import dataclass

import cv2
import numpy as np

from hardware.simulation import face_character
from hardware.simulation.face_canvas import (
    UNIT,
    Canvas,
    Floats,
    Points,
    area,
    blob,
    grid,
    noise,
    polygon,
    spline,
    stroke,
    taper,
)
from hardware.simulation.face_features import (
    paint_brow,
    paint_eye,
    paint_glasses,
    paint_mouth,
    paint_nose,
)
from hardware.simulation.face_hair import paint_back_hair, paint_front_hair
from hardware.simulation.face_traits import FaceTraits

_SIDES = (-1.0, 1.0)
_ROUNDING = 0.85
"""How deep from its edge a head keeps curving, in face units."""

_BLACK = (12.0, 12.0, 14.0)


@dataclass(frozen=True)
class Head:
    """A painted head, not yet lit.

    Attributes:
        colour: Blue, green, red of every point.
        cover: Where the head hides the wall, 0..1.
        height: How far each point stands out, in face units.
        skin: Where the face is, 0..1.
        mouth: How low the mouth is, and half its width, in face units.
    """

    colour: Floats
    cover: Floats
    height: Floats
    skin: Floats
    mouth: tuple[float, float]


def paint_head(traits: FaceTraits, character: face_character.Strengths | None = None) -> Head:
    """Paint the head of these traits; the same traits give the same picture."""
    rng = np.random.default_rng(traits.texture_seed)
    canvas = Canvas()
    outline = head_outline(traits)
    face = area(outline)
    paint_back_hair(canvas, traits, rng)
    _paint_body(canvas, traits, rng)
    _paint_ears(canvas, traits)
    skin = _skin(traits, rng)
    canvas.paint(face, skin)
    _paint_years(canvas, traits, face)
    _paint_beard(canvas, traits, rng, face)
    for side in _SIDES:
        paint_eye(canvas, traits, side)
        paint_brow(canvas, traits, rng, side)
    paint_nose(canvas, traits)
    paint_mouth(canvas, traits)
    layers = [canvas.colour, canvas.cover, _relief(traits, rng, face), face]
    strengths = face_character.draw(rng) if character is None else character
    canvas.colour, canvas.cover, relief, face = face_character.bend(layers, strengths, rng)
    if traits.glasses:
        paint_glasses(canvas, traits)
    paint_front_hair(canvas, traits, rng)
    return Head(canvas.colour, canvas.cover, relief, face, (traits.mouth_y, traits.mouth_width))


def head_outline(traits: FaceTraits) -> Points:
    """The outline of skull and jaw, clockwise from the crown."""
    c, top, low = traits.cheek, traits.crown_y, traits.chin_y
    right: Points = [
        (0.52, top + 0.08),
        (0.88 * c, top + 0.42),
        (0.99 * c, -0.55),
        (1.0 * c, -0.05),
        (0.97 * c, 0.32),
        (0.55 * c + 0.45 * traits.jaw, 0.68),
        (traits.jaw * 0.92, 0.98),
        (0.5 * (traits.jaw + traits.chin), low - 0.2),
        (traits.chin * 0.72, low - 0.04),
    ]
    return [(0.0, top), *right, (0.0, low), *[(-x, y) for x, y in reversed(right)]]


def _relief(traits: FaceTraits, rng: np.random.Generator, face: Floats) -> Floats:
    """How far each point stands out, in face units: the base of light and of perspective."""
    x, y = grid()
    inside = cv2.distanceTransform((face > 0.5).astype(np.uint8), cv2.DIST_L2, 5) / UNIT
    rounding = np.clip(1 - inside / _ROUNDING, 0, 1)
    dome = 0.9 * _ROUNDING * np.sqrt(np.maximum(1 - rounding**2, 0.0))
    z = np.asarray(cv2.GaussianBlur(dome.astype(np.float32), (0, 0), 0.077 * UNIT), np.float32)
    under = np.clip((traits.nose_y + 0.03 - y) / 0.13, 0, 1)
    bridge = np.clip((y + 0.2) / (traits.nose_y + 0.15), 0, 1) * under * under * (3 - 2 * under)
    ridge = np.exp(-0.5 * (x / (0.07 + 0.05 * bridge * traits.nose_bulb)) ** 2)
    stand = np.asarray(0.19 * traits.nose_height * ridge * bridge, np.float32)
    z += np.asarray(cv2.GaussianBlur(stand, (0, 0), 0.027 * UNIT), np.float32)
    z += 0.07 * traits.nose_bulb * blob(0, traits.nose_y - 0.07, 0.09, 0.07)
    features = np.zeros_like(z)
    features += 0.05 * blob(
        0, traits.mouth_y - traits.upper_lip * 0.7, 0.6 * traits.mouth_width, 0.05
    )
    features += 0.07 * blob(
        0, traits.mouth_y + traits.lower_lip * 0.7, 0.6 * traits.mouth_width, 0.055
    )
    features -= 0.04 * blob(0, traits.mouth_y + traits.lower_lip + 0.09, 0.2, 0.05)
    features += 0.07 * blob(0, traits.chin_y - 0.16, 0.6 * traits.chin, 0.12)
    features += 0.05 * traits.cheek * blob(0, -0.7, 0.6, 0.25)
    for side in _SIDES:
        features += 0.05 * blob(side * traits.nose_width * 0.85, traits.nose_y - 0.04, 0.06, 0.07)
        features -= (0.05 + 0.09 * traits.socket) * blob(side * traits.eye_x, -0.03, 0.2, 0.13)
        features += 0.06 * blob(side * traits.eye_x, 0.0, 0.13, 0.08)
        features += 0.05 * blob(side * 0.4, traits.brow_y, 0.28, 0.08)
        features += 0.06 * traits.cheekbone * blob(side * 0.58, 0.38, 0.22, 0.16)
        features -= 0.05 * traits.cheekbone * blob(side * 0.55, 0.82, 0.16, 0.2)
    z += np.float32(traits.depth) * features
    # No two faces are equally even: a relief of one's own, mostly alike on both sides.
    own = noise(rng, 0.2, 0.2)
    own = 0.75 * (own + own[:, ::-1]) / np.float32(np.sqrt(2)) + 0.3 * noise(rng, 0.14, 0.14)
    return np.asarray(z + 0.04 * own, np.float32)


def _skin(traits: FaceTraits, rng: np.random.Generator) -> Floats:
    base = np.array(traits.skin, np.float32)
    skin = np.broadcast_to(base, (*grid()[0].shape, 3)).copy()
    rosy = np.zeros_like(skin[..., 0])
    for side in _SIDES:
        rosy += blob(side * 0.55, 0.45, 0.22, 0.2)
    rosy += 0.8 * blob(0, traits.nose_y - 0.06, 0.13, 0.12)
    skin -= rosy[..., None] * np.array([9, 12, 0], np.float32)
    skin *= (1 + (0.015 + traits.rough) * noise(rng, traits.grain, traits.grain))[..., None]
    skin *= (1 + 0.045 * noise(rng, 0.12, 0.12))[..., None]
    skin *= (1 + 0.016 * noise(rng, 0.008, 0.008))[..., None]
    spots = np.random.default_rng([traits.spot_seed, 43])
    for _ in range(traits.spots):
        x, y = spots.uniform(-0.75, 0.75), spots.uniform(-0.5, 1.2)
        size = float(spots.uniform(0.008, 0.024))
        skin *= (1 - spots.uniform(0.15, 0.5) * blob(x, y, size, size))[..., None]
    return skin


def _paint_body(canvas: Canvas, traits: FaceTraits, rng: np.random.Generator) -> None:
    neck_half = 0.5 + 0.16 * (traits.jaw - 0.66)
    skin = np.array(traits.skin, np.float32)
    neck = area(
        [(-neck_half, 0.7), (neck_half, 0.7), (neck_half, 1.75), (0.8, 2.1), (-0.8, 2.1),
         (-neck_half, 1.75)]
    )  # fmt: skip
    _, y = grid()
    shadow = 0.62 + 0.30 * np.clip((y - traits.chin_y - 0.05) / 0.45, 0, 1)
    canvas.paint(neck, skin * np.asarray(shadow, np.float32)[..., None])
    fold = 1 + 0.05 * noise(rng, 0.25, 0.25) + 0.02 * noise(rng, 0.01, 0.01)
    cloth = np.array(traits.cloth, np.float32) * fold[..., None]
    open_y = (1.95, 2.25, 1.85)[traits.collar]
    shoulders: Points = [
        (-neck_half - 0.08, 1.72), (-0.3, open_y - 0.04), (0, open_y), (0.3, open_y - 0.04),
        (neck_half + 0.08, 1.72), (1.2, 1.98), (1.66, 2.3), (1.84, 3.1), (-1.84, 3.1),
        (-1.66, 2.3), (-1.2, 1.98),
    ]  # fmt: skip
    canvas.paint(area(shoulders, 0.012), cloth)
    if traits.collar == 1:
        for side in _SIDES:
            flap = spline(
                [(side * (neck_half + 0.04), 1.66), (side * 0.03, 2.3), (side * 0.34, 2.52),
                 (side * 0.78, 2.02)], closed=True)  # fmt: skip
            canvas.paint(polygon(flap, 0.012), cloth * 1.18)
            canvas.tint(
                0.4 * stroke([(side * 0.03, 2.3), (side * 0.34, 2.52)], 0.015, 0.012), _BLACK
            )
    elif traits.collar == 2:
        rim = stroke([(-neck_half - 0.07, 1.74), (0, 1.92), (neck_half + 0.07, 1.74)], 0.07, 0.01)
        canvas.paint(rim, cloth * 0.82)


def _paint_ears(canvas: Canvas, traits: FaceTraits) -> None:
    skin = np.array(traits.skin, np.float32)
    for side in _SIDES:
        x, tall = side * traits.cheek * 1.02, traits.ear
        ear = area(
            [(x - side * 0.08, 0.12 - tall), (x + side * 0.1, 0.1 - tall),
             (x + side * 0.13, 0.1), (x + side * 0.05, 0.14 + tall * 0.8),
             (x - side * 0.08, 0.14 + tall * 0.7)]
        )  # fmt: skip
        canvas.paint(ear, skin * 0.86)
        canvas.tint(0.5 * blob(x + side * 0.04, 0.08, 0.03, tall * 0.45) * ear, skin * 0.6)


def _paint_years(canvas: Canvas, traits: FaceTraits, face: Floats) -> None:
    years = float(np.clip((traits.age - 26) / 50, 0, 1.3))
    lines = np.zeros_like(face)
    for side in _SIDES:
        fold: Points = [
            (side * (traits.nose_width + 0.04), traits.nose_y - 0.08),
            (side * (traits.mouth_width + 0.02), traits.mouth_y - 0.12),
            (side * (traits.mouth_width + 0.09), traits.mouth_y + 0.06),
        ]
        lines += (0.08 + 0.6 * years) * taper(fold, 0.035, 0.018)
        bag: Points = [
            (side * (traits.eye_x - 0.17), 0.12), (side * traits.eye_x, 0.19 + 0.03 * years),
            (side * (traits.eye_x + 0.19), 0.12),
        ]  # fmt: skip
        lines += (traits.bags + 0.5 * years) * taper(bag, 0.03, 0.016)
        for k in range(3):
            crow: Points = [
                (side * (traits.eye_x + 0.25), 0.0 + 0.05 * (k - 1)),
                (side * (traits.eye_x + 0.40), 0.0 + 0.11 * (k - 1)),
            ]
            lines += max(0.0, years - 0.2) * 0.7 * taper(crow, 0.016, 0.008)
    for k in range(3):
        y = traits.brow_y - 0.18 - 0.13 * k
        lines += (
            max(0.0, years - 0.1) * 0.5 * taper([(-0.5, y), (0, y - 0.03), (0.5, y)], 0.02, 0.01)
        )
    canvas.shade(1 - 0.42 * np.clip(lines, 0, 1.2) * face)


def _paint_beard(
    canvas: Canvas, traits: FaceTraits, rng: np.random.Generator, face: Floats
) -> None:
    if traits.beard + traits.moustache == 0:
        return
    hairs = 0.55 + 0.45 * np.clip(noise(rng, 0.006, 0.02), -1, 1)
    dark = np.array(traits.hair, np.float32) * 0.9 + 8
    low: Points = [
        (-0.98, 0.42), (-0.74, 0.72), (-traits.mouth_width - 0.1, traits.mouth_y),
        (-0.16, traits.mouth_y + 0.2), (0.16, traits.mouth_y + 0.2),
        (traits.mouth_width + 0.1, traits.mouth_y), (0.74, 0.72), (0.98, 0.42),
        (0.9, 1.3), (0.4, 1.8), (-0.4, 1.8), (-0.9, 1.3),
    ]  # fmt: skip
    canvas.tint(traits.beard * 0.85 * area(low, 0.06) * hairs * face, dark)
    lip_top = traits.mouth_y - traits.upper_lip
    upper: Points = [
        (-traits.mouth_width - 0.03, traits.mouth_y - 0.02), (-0.2, lip_top - 0.09),
        (0, lip_top - 0.07), (0.2, lip_top - 0.09),
        (traits.mouth_width + 0.03, traits.mouth_y - 0.02),
        (0.18, lip_top - 0.01), (-0.18, lip_top - 0.01),
    ]  # fmt: skip
    canvas.tint(traits.moustache * 0.9 * area(upper, 0.022) * hairs, dark)
