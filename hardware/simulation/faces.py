"""Shots of an invented face: the painted head is lit, turned and put before a plain wall."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from hardware.simulation.face_canvas import (
    CENTRE_X,
    CENTRE_Y,
    HEIGHT,
    UNIT,
    WIDTH,
    Floats,
    blob,
)
from hardware.simulation.face_painting import Head

ColourImage = npt.NDArray[np.uint8]

_WALL = (214.0, 208.0, 202.0)


@dataclass(frozen=True)
class Shot:
    """How the person stood and how the light fell.

    Attributes:
        yaw: Turn to the side, in parts of a quarter turn, about -0.2..0.2.
        pitch: Nod, likewise.
        roll: Tilt in degrees.
        shift: Right and down, in parts of the picture's height.
        size: 1 is a head of about 60 % of the picture's height.
        light: Where the light comes from: right, down, towards the viewer.
        exposure: 1 is normal.
        noise: Grain of the sensor in grey levels.
        smile: How far the corners of the mouth go up, -1..1.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    size: float = 1.0
    light: tuple[float, float, float] = (-0.28, -0.42, 0.86)
    exposure: float = 1.0
    noise: float = 1.5
    smile: float = 0.0


STUDIO = Shot(shift=(0.0, 0.05), size=1.22, light=(-0.12, -0.36, 0.92), noise=1.0)
"""A portrait: the head is 70 to 80 % of the picture's height."""


def casual(seed: int) -> Shot:
    """A shot as a camera sees somebody who stands still, more or less."""
    rng = np.random.default_rng([seed, 11])
    yaw, pitch = rng.normal(0, 0.05, 2)
    shift_x, shift_y = rng.normal(0, 0.012, 2)
    return Shot(
        yaw=float(np.clip(yaw, -0.12, 0.12)),
        pitch=float(np.clip(pitch, -0.08, 0.08)),
        roll=float(rng.normal(0, 1.6)),
        shift=(float(shift_x), float(shift_y)),
        size=float(rng.uniform(0.94, 1.06)),
        light=(float(rng.uniform(-0.42, 0.1)), float(rng.uniform(-0.5, -0.3)), 0.86),
        exposure=float(rng.uniform(0.92, 1.07)),
        noise=float(rng.uniform(1.0, 3.0)),
        smile=float(np.clip(rng.normal(0.15, 0.4), -0.5, 1.0)),
    )


def take(head: Head, shot: Shot, seed: int, width: int, height: int) -> ColourImage:
    """Take one picture of the head, blue-green-red."""
    rng = np.random.default_rng([seed, 13])
    lit = head.colour * _light(head, shot)[..., None]
    colour, cover = _turned(lit, head, shot)
    place = _placement(shot, width, height)
    size = (width, height)
    colour = np.asarray(
        cv2.warpAffine(
            colour, place, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ),
        np.float32,
    )
    cover = np.asarray(
        cv2.warpAffine(cover, place, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        np.float32,
    )
    picture = _wall(width, height) * (1 - cover[..., None]) + colour
    picture *= shot.exposure
    picture += rng.normal(0, shot.noise, (height, width, 1)).astype(np.float32)
    seen: ColourImage = np.clip(picture, 0, 255).astype(np.uint8)
    return seen


def _light(head: Head, shot: Shot) -> Floats:
    """How much light each point sends back: soft all round, one lamp, a little gloss."""
    z = cv2.GaussianBlur(head.height, (0, 0), 0.011 * UNIT)
    slope_x = cv2.Sobel(z, cv2.CV_32F, 1, 0, ksize=3) * (UNIT / 8)
    slope_y = cv2.Sobel(z, cv2.CV_32F, 0, 1, ksize=3) * (UNIT / 8)
    length = np.sqrt(slope_x**2 + slope_y**2 + 1)
    lamp = np.array(shot.light, np.float64)
    lamp /= np.linalg.norm(lamp)
    facing = (-slope_x * lamp[0] - slope_y * lamp[1] + lamp[2]) / length
    gloss = np.clip((facing - 0.93) / 0.07, 0, 1) ** 2
    level = 0.45 + 0.62 * np.clip(facing, 0, 1) + 0.05 * gloss
    # Hollows see less of the room than what stands out.
    hollow = z - cv2.GaussianBlur(z, (0, 0), 0.16 * UNIT)
    level = level * (1 + 2.2 * np.clip(hollow, -0.12, 0.06))
    # Hair, ears and clothes stand beyond the relief: they get even light.
    return np.asarray(head.skin * level + (1 - head.skin) * 0.96, np.float32)


def _turned(colour: Floats, head: Head, shot: Shot) -> tuple[Floats, Floats]:
    """Turn the head a little: what stands out moves further. Colours come out times cover."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    depth = cv2.GaussianBlur(head.height, (0, 0), 0.033 * UNIT) * UNIT
    # Shoulders stay where they are.
    still = np.clip((y - (CENTRE_Y + 1.45 * UNIT)) / (0.5 * UNIT), 0, 1)
    amount = np.asarray((1 - still) * depth, np.float32)
    map_x, map_y = x - shot.yaw * amount, y - shot.pitch * amount
    mouth_y, mouth_half = head.mouth
    for side in (-1.0, 1.0):
        corner = blob(side * mouth_half, mouth_y, 0.2, 0.13)
        map_y += np.float32(0.045 * shot.smile * UNIT) * corner
        map_x -= np.float32(side * 0.025 * shot.smile * UNIT) * corner
    premultiplied = colour * head.cover[..., None]
    turned = [
        np.asarray(cv2.remap(layer, map_x, map_y, cv2.INTER_LINEAR), np.float32)
        for layer in (premultiplied, head.cover)
    ]
    return turned[0], turned[1]


def _placement(shot: Shot, width: int, height: int) -> npt.NDArray[np.float64]:
    scale = height / HEIGHT * shot.size
    matrix = np.asarray(cv2.getRotationMatrix2D((CENTRE_X, CENTRE_Y), shot.roll, scale), np.float64)
    matrix[0, 2] += width / 2 - CENTRE_X + shot.shift[0] * height
    matrix[1, 2] += height * CENTRE_Y / HEIGHT - CENTRE_Y + shot.shift[1] * height
    return matrix


def _wall(width: int, height: int) -> Floats:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    from_middle = np.hypot((x - width / 2) / height, (y - height * 0.4) / height)
    return np.asarray(np.array(_WALL) * (1.04 - 0.09 * from_middle[..., None]), np.float32)
