"""Soft brushes: curves, patches and strands painted on a canvas in units of half a face."""

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Points = list[tuple[float, float]]

WIDTH, HEIGHT = 720, 960
CENTRE_X, CENTRE_Y = 360.0, 440.0
UNIT = 182.0
"""Pixels of half a face's width."""

_SUBPIXEL = 4
_FAINTEST = 0.002


class Canvas:
    """Colour and cover of a head that is being painted, back to front."""

    def __init__(self) -> None:
        self.colour: Floats = np.zeros((HEIGHT, WIDTH, 3), np.float32)
        self.cover: Floats = np.zeros((HEIGHT, WIDTH), np.float32)

    def paint(self, mask: Floats, colour: Floats | tuple[float, float, float]) -> None:
        """Lay a colour over what is there, as thick as the mask says, and cover the ground."""
        self.tint(mask, colour)
        self.cover = np.maximum(self.cover, mask)

    def tint(self, mask: Floats, colour: Floats | tuple[float, float, float]) -> None:
        """Lay a colour over what is there, without covering more ground."""
        x, y, width, height = cv2.boundingRect((mask > _FAINTEST).astype(np.uint8))
        box = (slice(y, y + height), slice(x, x + width))
        target = np.asarray(colour, np.float32)
        target = target[box] if target.ndim == 3 else target
        self.colour[box] += mask[box][..., None] * (target - self.colour[box])

    def shade(self, factor: Floats) -> None:
        """Darken or lighten what is there."""
        self.colour *= factor[..., None]


@lru_cache(maxsize=1)
def grid() -> tuple[Floats, Floats]:
    """The x and y of every pixel in face units."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    return (x - CENTRE_X) / UNIT, (y - CENTRE_Y) / UNIT


def spline(points: Points, *, closed: bool, steps: int = 12) -> npt.NDArray[np.float64]:
    """A smooth curve through the points (Catmull-Rom)."""
    p = np.array(points, np.float64)
    ends = (p[-1:], p[:2]) if closed else (p[:1], p[-1:])
    padded = np.vstack([ends[0], p, ends[1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for i in range(len(padded) - 3):
        a, b, c, d = padded[i : i + 4]
        bend = (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
        pieces.append(0.5 * (2 * b + (c - a) * t + bend))
    if not closed:
        pieces.append(p[-1:])
    return np.vstack(pieces)


def area(points: Points, soft: float = 0.008) -> Floats:
    """A filled smooth outline, its edge blurred over `soft` units."""
    return polygon(spline(points, closed=True), soft)


def polygon(curve: npt.NDArray[np.float64], soft: float) -> Floats:
    """A filled outline as it stands."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillPoly(mask, [_pixels(curve)], 255, cv2.LINE_AA, _SUBPIXEL)
    return _softened(mask, soft)


def stroke(
    points: Points, thickness: float, soft: float = 0.006, *, closed: bool = False
) -> Floats:
    """A smooth line of even thickness."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    width = max(1, round(thickness * UNIT))
    curve = _pixels(spline(points, closed=closed))
    cv2.polylines(mask, [curve], closed, 255, width, cv2.LINE_AA, _SUBPIXEL)
    return _softened(mask, soft)


def taper(points: Points, thickness: float, soft: float = 0.006) -> Floats:
    """A smooth line that is thick in the middle and runs out to both ends."""
    curve = spline(points, closed=False)
    along = np.gradient(curve, axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    swell = np.sin(np.linspace(0.08, np.pi - 0.08, len(curve)))[:, None] * thickness / 2
    return polygon(np.vstack([curve + across * swell, (curve - across * swell)[::-1]]), soft)


def blob(x: float, y: float, spread_x: float, spread_y: float, angle: float = 0.0) -> Floats:
    """A Gaussian bump of height 1."""
    grid_x, grid_y = grid()
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    right = (grid_x - x) * cos + (grid_y - y) * sin
    down = -(grid_x - x) * sin + (grid_y - y) * cos
    bump: Floats = np.exp(-0.5 * ((right / spread_x) ** 2 + (down / spread_y) ** 2))
    return bump


def noise(rng: np.random.Generator, across: float, down: float) -> Floats:
    """Smooth noise of unit strength, its grain `across` by `down` units."""
    # Coarse noise is made on a coarse grid: the same look in a tenth of the time.
    step = max(1, int(min(across, down) * UNIT / 3))
    size = (HEIGHT // step + 2, WIDTH // step + 2)
    raw = rng.normal(0, 1, size).astype(np.float32)
    smooth = cv2.GaussianBlur(raw, (0, 0), across * UNIT / step, sigmaY=down * UNIT / step)
    whole = cv2.resize(smooth, (size[1] * step, size[0] * step), interpolation=cv2.INTER_CUBIC)
    level = np.asarray(whole[:HEIGHT, :WIDTH], np.float32)
    return np.ascontiguousarray(level / max(float(np.std(level)), 1e-6), np.float32)


def _pixels(curve: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
    scaled = curve * UNIT + np.array([CENTRE_X, CENTRE_Y])
    return np.asarray(np.round(scaled * (1 << _SUBPIXEL)), np.int32)


def _softened(mask: npt.NDArray[np.uint8], soft: float) -> Floats:
    level: Floats = mask.astype(np.float32) / np.float32(255)
    if soft <= 0:
        return level
    return np.asarray(cv2.GaussianBlur(level, (0, 0), max(0.4, soft * UNIT)), np.float32)
