"""Fingerprint patterns: the direction in which ridges run at every point of a finger.

Cores and deltas are the zeros and poles of a complex function whose halved argument is the
direction (Sherlock and Monro, "A model for interpreting fingerprint topology", 1993); an arch has
neither. Above the core, ridges bend round the tip of the finger, which the zeros and poles alone do
not give.
"""

from enum import Enum

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Directions = npt.NDArray[np.float64]
Points = list[tuple[float, float]]

HEIGHT, WIDTH = 400, 320
"""Size of a master in pixels at 500 dpi."""


class Pattern(Enum):
    """Henry's main classes; a loop is ulnar when it opens towards the little finger."""

    ARCH = "arch"
    TENTED_ARCH = "tented_arch"
    ULNAR_LOOP = "ulnar_loop"
    RADIAL_LOOP = "radial_loop"
    WHORL = "whorl"
    DOUBLE_LOOP = "double_loop"


_SHARES = (
    (0.03, 0.01, 0.53, 0.01, 0.30, 0.12),
    (0.10, 0.06, 0.33, 0.17, 0.27, 0.07),
    (0.08, 0.03, 0.69, 0.03, 0.13, 0.04),
    (0.02, 0.01, 0.54, 0.01, 0.36, 0.06),
    (0.01, 0.01, 0.84, 0.01, 0.11, 0.02),
)
"""How often each pattern is on thumb, index, middle, ring and little finger: arches and radial
loops mostly on the index, whorls on thumb and ring, ulnar loops on the little finger. Together 63 %
loops, 30 % whorls and 7 % arches, near the 66, 28 and 7 % that Cappelli and others (2000) use."""


def choose_pattern(position: int, rng: np.random.Generator) -> Pattern:
    """Draw a pattern as often as that finger (1 right thumb .. 10 left little) has it."""
    shares = _SHARES[(position - 1) % 5]
    return list(Pattern)[int(rng.choice(len(shares), p=shares))]


def directions(pattern: Pattern, position: int, rng: np.random.Generator) -> Directions:
    """Ridge direction at every pixel, 0..pi, y downwards, for a finger of that hand."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    centre = (WIDTH / 2 + rng.uniform(-16, 16), HEIGHT * 0.45 + rng.uniform(-22, 22))
    if pattern is Pattern.ARCH:
        field = _arch(x - centre[0], y - centre[1], rng)
    else:
        # A print shows the finger from below: on a right hand, the little finger is to the right.
        right_hand = position <= 5
        opens_right = right_hand == (pattern is not Pattern.RADIAL_LOOP)
        cores, deltas = _singular_points(pattern, centre, 1.0 if opens_right else -1.0, rng)
        field = np.zeros_like(x)
        for delta_x, delta_y in deltas:
            field -= 0.5 * np.arctan2(y - delta_y, x - delta_x)
        for core_x, core_y in cores:
            field += 0.5 * np.arctan2(y - core_y, x - core_x)
        field += _round_the_tip(x - centre[0], y - cores[0][1], rng)
    # Where two fields agree, ridges meet at the same places: without bends of its own a finger
    # shares minutiae with others of its pattern.
    for sigma, strength in ((40, rng.uniform(0.18, 0.28)), (20, 0.06)):
        wobble = smooth_noise(rng, sigma)
        field += wobble * (strength / max(float(wobble.std()), 1e-6))
    return np.asarray(np.mod(field, np.pi))


def smooth_noise(rng: np.random.Generator, sigma: float) -> Floats:
    """Noise of the size of a master, its grain about `sigma` pixels."""
    noise = rng.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(noise, (0, 0), sigma), dtype=np.float32)


def _arch(right: Directions, down: Directions, rng: np.random.Generator) -> Directions:
    """Ridges that rise and fall: steepest a little below the middle."""
    bend = np.exp(-(((down - 20) / (rng.uniform(0.36, 0.5) * HEIGHT)) ** 2))
    slope = np.sin(right * np.pi / (rng.uniform(0.8, 1.05) * WIDTH)) * rng.uniform(0.8, 1.6)
    return np.asarray(np.arctan(slope * bend))


def _singular_points(
    pattern: Pattern, centre: tuple[float, float], side: float, rng: np.random.Generator
) -> tuple[Points, Points]:
    """Cores, the upper one first, and deltas; side 1 is a loop that opens to the right."""
    x, y = centre
    spread = rng.uniform(54, 96)
    if pattern is Pattern.TENTED_ARCH:
        return [(x, y)], [(x + rng.uniform(-8, 8), y + spread * rng.uniform(0.6, 1.1))]
    if pattern in (Pattern.ULNAR_LOOP, Pattern.RADIAL_LOOP):
        # Its delta lies on the other side.
        delta = (x - side * spread * rng.uniform(0.85, 1.3), y + spread * rng.uniform(0.8, 1.35))
        return [(x, y - 0.1 * spread)], [delta]
    double = pattern is Pattern.DOUBLE_LOOP
    gap = spread * (rng.uniform(0.42, 0.6) if double else rng.uniform(0.1, 0.34))
    lean = side * gap * (rng.uniform(0.5, 1.0) if double else rng.uniform(-0.4, 0.4))
    cores = [(x - lean, y - gap), (x + lean, y + gap)]
    deltas = [
        (x + way * spread * rng.uniform(1.05, 1.4), y + spread * rng.uniform(1.0, 1.5))
        for way in (-1, 1)
    ]
    return cores, deltas


def _round_the_tip(right: Directions, down: Directions, rng: np.random.Generator) -> Directions:
    """What bends ridges down at both sides above the core; nothing at the core and below."""
    height = np.clip(-down / (0.42 * HEIGHT), 0, 1)
    return np.asarray(rng.uniform(0.55, 0.95) * np.tanh(right / (0.42 * WIDTH)) * height)
