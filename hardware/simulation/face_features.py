"""The features of a face: eyes, brows, nose, mouth, and the glasses before them."""

import numpy as np

from hardware.simulation.face_canvas import Canvas, Points, area, blob, grid, noise, stroke, taper
from hardware.simulation.face_traits import FaceTraits

_SIDES = (-1.0, 1.0)
_BLACK = (12.0, 12.0, 14.0)


def paint_eye(canvas: Canvas, traits: FaceTraits, side: float) -> None:
    """One eye: ball, iris, lids and the fold above."""
    x, w, h = traits.eye_x, traits.eye_width, traits.eye_height
    lift = traits.eye_tilt * w

    def at(along: float, up: float) -> tuple[float, float]:
        return side * (x + along * w), -up * h - along * lift

    inner, outer = at(-1.0, -0.25), at(1.0, 0.1)
    upper = [inner, at(-0.55, 0.75), at(0.05, 1.1), at(0.6, 0.85), outer]
    lower = [outer, at(0.45, -0.72), at(-0.2, -0.85), inner]
    opening = area(upper + lower[1:-1], 0.006)
    canvas.tint(
        min(0.75, 0.12 + 0.35 * traits.socket + traits.circles) * blob(side * x, -0.02, 0.22, 0.13),
        np.array(traits.skin, np.float32) * 0.66,
    )
    white = np.array([0.96, 0.98, 1.0], np.float32) * traits.sclera
    dim = np.array(traits.skin, np.float32) * 0.62
    canvas.tint(opening, traits.eye_clear * white + (1 - traits.eye_clear) * dim)
    radius = max(0.078, 0.95 * h) * traits.iris_size
    grid_x, grid_y = grid()
    out = np.hypot(grid_x - side * x, grid_y + 0.1 * h) / radius
    iris = np.clip((1 - out) * 14, 0, 1).astype(np.float32) * opening
    ring = (1.25 - 0.55 * out**2).astype(np.float32)
    canvas.tint(iris, np.array(traits.iris, np.float32) * ring[..., None])
    canvas.tint(np.clip((0.42 - out) * 14, 0, 1).astype(np.float32) * opening, _BLACK)
    # The lid throws a shadow on the ball.
    canvas.shade(1 - 0.55 * opening * np.clip(blob(side * x, -1.05 * h, 1.2 * w, 0.5 * h), 0, 1))
    glint = 0.95 * traits.eye_clear * blob(side * x - 0.025, -0.035, 0.011, 0.011)
    canvas.tint(glint, (250.0, 250.0, 250.0))
    canvas.tint(
        min(1.0, traits.lash) * taper(upper, 0.036 * traits.lash, 0.006), (26.0, 26.0, 30.0)
    )
    canvas.tint(0.5 * taper(lower, 0.016, 0.006), np.array(traits.skin, np.float32) * 0.45)
    fold = 1.0 + 0.8 * (1 - traits.hood)
    crease = [
        at(-0.85, 0.5),
        at(-0.4, 1.05 * fold),
        at(0.2, 1.2 * fold),
        at(0.95, 0.5 + 0.3 * fold),
    ]
    dark = np.array(traits.skin, np.float32) * 0.5
    canvas.tint((0.15 + 0.6 * traits.eye_crease) * taper(crease, 0.02, 0.009), dark)


def paint_brow(canvas: Canvas, traits: FaceTraits, rng: np.random.Generator, side: float) -> None:
    """One eyebrow."""
    x, half, y = traits.eye_x, traits.brow_length, traits.brow_y
    tilt = traits.brow_tilt * half
    line: Points = [
        (side * (x - half), y + tilt),
        (side * (x - 0.3 * half), y - 0.5 * traits.brow_arch + 0.3 * tilt),
        (side * (x + 0.35 * half), y - traits.brow_arch - 0.35 * tilt),
        (side * (x + half), y - tilt + 0.02),
    ]
    body = taper(line, traits.brow_thick, 0.012)
    hairs = np.clip(0.85 + 0.15 * noise(rng, 0.012, 0.006), 0, 1)
    colour = np.array(traits.hair, np.float32) * 0.75 + 10
    canvas.tint(traits.brow_strength * body * np.asarray(hairs, np.float32), colour)


def paint_nose(canvas: Canvas, traits: FaceTraits) -> None:
    """What the relief does not show of the nose: nostrils and wings."""
    dark = np.array(traits.skin, np.float32)
    y, w = traits.nose_y, traits.nose_width
    for side in _SIDES:
        hole = blob(side * w * 0.48, y + 0.005, 0.26 * w, 0.02, side * -0.3)
        canvas.tint(traits.nostril * hole, dark * 0.28)
        wing: Points = [
            (side * w * 0.88, y - 0.13), (side * w * 1.08, y - 0.04), (side * w * 0.84, y + 0.02)
        ]  # fmt: skip
        canvas.tint(0.45 * taper(wing, 0.025, 0.012), dark * 0.5)
    canvas.tint(0.35 * blob(0, y + 0.05, 0.8 * w, 0.03), dark * 0.55)


def paint_mouth(canvas: Canvas, traits: FaceTraits) -> None:
    """The lips and the line between them."""
    y, w, curve = traits.mouth_y, traits.mouth_width, traits.mouth_curve
    corner_y = y - curve
    line: Points = [
        (-w, corner_y), (-0.4 * w, y - 0.012), (0, y + 0.008), (0.4 * w, y - 0.012), (w, corner_y)
    ]  # fmt: skip
    up = traits.upper_lip
    upper: Points = [
        *line, (0.5 * w, y - 0.72 * up), (0.16 * w, y - up), (0, y - 0.84 * up),
        (-0.16 * w, y - up), (-0.5 * w, y - 0.72 * up),
    ]  # fmt: skip
    down = traits.lower_lip
    lower: Points = [
        *line, (0.55 * w, y + 0.72 * down), (0.0, y + down), (-0.55 * w, y + 0.72 * down)
    ]  # fmt: skip
    lip = np.array(traits.lip, np.float32)
    canvas.tint(min(1.0, 0.9 * traits.lip_strength) * area(upper, 0.012), lip * 0.88)
    canvas.tint(min(1.0, 0.85 * traits.lip_strength) * area(lower, 0.014), lip)
    canvas.tint(0.8 * taper(line, 0.026, 0.007), lip * 0.34)
    canvas.tint(0.25 * blob(0, y + 0.5 * down, 0.4 * w, 0.2 * down), (235.0, 235.0, 245.0))
    canvas.tint(
        0.3 * blob(0, y + down + 0.05, 0.5 * w, 0.025), np.array(traits.skin, np.float32) * 0.6
    )


def paint_glasses(canvas: Canvas, traits: FaceTraits) -> None:
    """Glasses of thick or thin frame."""
    frame = traits.frame
    thick = 0.045 if traits.glasses == 1 else 0.02
    half_w, half_h = (0.29, 0.2) if traits.glasses == 1 else (0.26, 0.23)
    half_w, half_h = half_w * traits.frame_size, half_h * traits.frame_size
    for side in _SIDES:
        x, y = side * (traits.eye_x + 0.015), 0.03
        rim: Points = [
            (x - half_w, y - 0.1), (x - 0.6 * half_w, y - half_h), (x + 0.6 * half_w, y - half_h),
            (x + half_w, y - 0.1), (x + 0.85 * half_w, y + 0.75 * half_h), (x, y + half_h),
            (x - 0.85 * half_w, y + 0.75 * half_h),
        ]  # fmt: skip
        canvas.tint(0.92 * stroke(rim, thick, 0.005, closed=True), frame)
        hinge: Points = [(x + side * half_w, y - 0.09), (side * traits.cheek, y - 0.07)]
        canvas.tint(0.9 * stroke(hinge, thick * 0.9, 0.005), frame)
    gap = traits.eye_x - half_w + 0.02
    canvas.tint(0.9 * stroke([(-gap, -0.02), (0, -0.06), (gap, -0.02)], thick, 0.005), frame)
