"""What is measured on a portrait: light, colour, sharpness and ground, as in ISO/IEC 29794-5."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from common.matching.face_closeup import SIDE, Closeup
from common.matching.face_image import ColourImage, scaled, warped
from common.matching.face_mesh import (
    LEFT_CHEEK,
    LEFT_EYE_CORNERS,
    NOSE_TIP,
    RIGHT_CHEEK,
    RIGHT_EYE_CORNERS,
    FaceMesh,
)

Mask = npt.NDArray[np.bool_]

DARK, BRIGHT = 25, 247
"""Grey levels up to which a pixel is black, and from which it is white (29794-5, exposure)."""

_SKIN_A, _SKIN_B = (5.0, 25.0), (5.0, 35.0)
"""Ranges of a* and b* in which skin of any colour lies in natural light (29794-5)."""

_SHARP_SIDE = 256
_GROUND_HEIGHT = 400
_HAIR = 1.5
"""How much wider and higher than a face its hair is taken to be."""
_CHEEKS = (50, 280)
"""Points in the middle of the right and the left cheek."""


@dataclass(frozen=True)
class FaceTones:
    """Light and colour of one face, measured on its closeup within the outline of its mesh."""

    closeup: Closeup

    @cached_property
    def _grey(self) -> ColourImage:
        return np.asarray(cv2.cvtColor(self.closeup.pixels, cv2.COLOR_BGR2GRAY), np.uint8)

    @cached_property
    def _face(self) -> Mask:
        outline = cv2.convexHull(self.closeup.mesh.points[:, :2].astype(np.int32))
        mask = cv2.fillConvexPoly(np.zeros((SIDE, SIDE), np.uint8), outline, 1)
        return np.asarray(mask, np.bool_)

    @cached_property
    def _levels(self) -> npt.NDArray[np.float64]:
        return self._grey[self._face].astype(np.float64)

    @property
    def brightness(self) -> float:
        """The mean grey level, 0..255."""
        return float(self._levels.mean())

    @property
    def too_dark(self) -> float:
        """The share of pixels without any drawing in the shadows."""
        return float(np.mean(self._levels <= DARK))

    @property
    def too_bright(self) -> float:
        """The share of pixels without any drawing in the lights."""
        return float(np.mean(self._levels >= BRIGHT))

    @property
    def contrast(self) -> float:
        """The entropy of the grey levels in bits, at most 8 (29794-5, dynamic range)."""
        share = np.bincount(self._levels.astype(np.int64), minlength=256) / self._levels.size
        share = share[share > 0]
        return float(-(share * np.log2(share)).sum())

    @property
    def unevenness(self) -> float:
        """By how much one half of the face is darker than the other, as a share."""
        nose = self.closeup.mesh.points[NOSE_TIP, 0]
        left_half = np.arange(SIDE)[None, :] < nose
        halves = [self._grey[self._face & side] for side in (left_half, ~left_half)]
        dark, light = sorted(float(half.mean()) if half.size else 0.0 for half in halves)
        return (light - dark) / max(light, 1.0)

    @property
    def off_colour(self) -> float:
        """How far the cheeks' colour is from any skin's in CIELAB; 0 within the range."""
        radius = max(2, round(0.05 * SIDE))
        mask = np.zeros((SIDE, SIDE), np.uint8)
        for point in _CHEEKS:
            x, y = (round(float(v)) for v in self.closeup.mesh.points[point, :2])
            cv2.circle(mask, (x, y), radius, 1, -1)
        if not mask.any():
            return 100.0
        lab = cv2.cvtColor(self.closeup.pixels.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
        a, b = (float(lab[..., channel][mask > 0].mean()) for channel in (1, 2))
        return float(np.hypot(_beyond(a, *_SKIN_A), _beyond(b, *_SKIN_B)))

    @property
    def redness_of_eyes(self) -> float:
        """The share of red pixels in the redder of the two pupils."""
        return max(self._redness(*eye) for eye in (RIGHT_EYE_CORNERS, LEFT_EYE_CORNERS))

    def _redness(self, outer: int, inner: int) -> float:
        points = self.closeup.mesh.points[[outer, inner], :2]
        x, y = (round(float(v)) for v in points.mean(axis=0))
        radius = max(2, round(0.15 * float(np.linalg.norm(points[0] - points[1]))))
        mask = cv2.circle(np.zeros((SIDE, SIDE), np.uint8), (x, y), radius, 1, -1)
        pixels = self.closeup.pixels[np.asarray(mask) > 0].astype(np.float64)
        if not pixels.size:
            return 0.0
        blue, green, red = pixels.T
        # A lit retina is red alone; a brown iris has more green than blue.
        lit = (red > 110) & (red > 2 * green) & (red > 2 * blue) & (blue > 0.7 * green)
        return float(np.mean(lit))


def sharpness(image: ColourImage, closeup: Closeup) -> float:
    """The variance of the Laplacian of the face's box at 256 pixels."""
    growth = _SHARP_SIDE / (SIDE / 2)
    middle = warped(image, closeup.place * growth, (2 * _SHARP_SIDE, 2 * _SHARP_SIDE))
    half = _SHARP_SIDE // 2
    grey = cv2.cvtColor(middle[half:-half, half:-half], cv2.COLOR_BGR2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_64F).var())


@dataclass(frozen=True)
class Ground:
    """What lies beside the head above the shoulders.

    Attributes:
        restlessness: The mean slope of its grey levels, in grey levels a pixel at a height of 400.
        brightness: The median grey level, 0..255.
    """

    restlessness: float
    brightness: float


def ground(image: ColourImage, mesh: FaceMesh) -> Ground | None:
    """Measure the ground; None where the head leaves none to be seen.

    Args:
        image: The picture.
        mesh: Of the face, in pixels of the picture.
    """
    scale = _GROUND_HEIGHT / image.shape[0]
    small = scaled(image, scale)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    mask = _beside(grey.shape[1], mesh, scale)
    if mask.mean() < 0.01:
        return None
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 1.0)
    slope = np.hypot(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)) / 8
    return Ground(float(slope[mask].mean()), float(np.median(grey[mask])))


def _beside(width: int, mesh: FaceMesh, scale: float) -> Mask:
    """From the upper edge down to the eyes, what lies outside an oval that holds face and hair."""
    edges = sorted(float(mesh.points[cheek, 0]) * scale for cheek in (RIGHT_CHEEK, LEFT_CHEEK))
    half_width = _HAIR * (edges[1] - edges[0]) / 2
    half_height = _HAIR * mesh.eyes_to_chin * scale
    eye_line = float(np.mean([eye[1] for eye in mesh.eyes])) * scale
    x, y = np.arange(width)[None, :], np.arange(_GROUND_HEIGHT)[:, None]
    across, up = (x - sum(edges) / 2) / half_width, (y - eye_line) / half_height
    return np.asarray((across**2 + up**2 > 1) & (y < eye_line), np.bool_)


def _beyond(value: float, low: float, high: float) -> float:
    return max(low - value, value - high, 0.0)
