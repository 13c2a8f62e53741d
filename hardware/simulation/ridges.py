"""Invented fingers: ridges grown along a field of directions, then pressed on glass.

A master print is grown the way SFinGe (Cappelli et al., 2000) describes it: a direction field with
cores and deltas, and noise that is filtered along it until ridges stand. An impression of it is
turned, shifted, stretched, pressed harder or softer, and shows sweat pores and sensor noise.
"""

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
GreyImage = npt.NDArray[np.uint8]

HEIGHT, WIDTH = 400, 320
"""Size of a master in pixels at 500 dpi."""

_DIRECTIONS = 24
_GROWTH_STEPS = 24


class Skin(Enum):
    """The state a finger arrives in; anything but NORMAL gives a poor image."""

    NORMAL = "normal"
    DRY = "dry"
    WET = "wet"
    LIGHT_TOUCH = "light_touch"
    OFF_CENTRE = "off_centre"


@dataclass(frozen=True)
class _Touch:
    """What the state of the skin does to an impression."""

    ink: float
    offset: float
    grain: float
    breaks: float
    size: float
    shift: float


_TOUCHES = {
    Skin.NORMAL: _Touch(ink=1.0, offset=0.0, grain=0.09, breaks=0.0, size=1.0, shift=0.0),
    Skin.DRY: _Touch(ink=0.5, offset=-2.6, grain=0.75, breaks=-6.0, size=0.95, shift=0.0),
    Skin.WET: _Touch(ink=1.0, offset=4.2, grain=0.05, breaks=5.5, size=1.05, shift=0.0),
    Skin.LIGHT_TOUCH: _Touch(ink=0.3, offset=-1.6, grain=0.3, breaks=-3.0, size=0.6, shift=0.0),
    Skin.OFF_CENTRE: _Touch(ink=0.95, offset=0.0, grain=0.12, breaks=0.0, size=0.9, shift=0.62),
}


def grow(seed: int) -> Floats:
    """Grow the master print of one finger: values from -1 (valley) to 1 (ridge)."""
    rng = np.random.default_rng(seed)
    wobble = _smooth_noise(rng, 38)
    wobble *= 0.22 / max(float(wobble.std()), 1e-6)
    directions = np.mod(_direction_field(rng) + wobble, np.pi)
    nearest = np.round(directions / np.pi * _DIRECTIONS).astype(int) % _DIRECTIONS
    bank = _filter_bank(period=rng.uniform(9.0, 10.6))
    patches = [_patch_of(nearest == index) for index in range(_DIRECTIONS)]
    print_ = rng.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32)
    for _ in range(_GROWTH_STEPS):
        grown = np.zeros_like(print_)
        for kernel, patch in zip(bank, patches, strict=True):
            if patch is None:
                continue
            rows, columns, mask = patch
            # cv2 reads the pixels around a view, so a patch needs no border of its own.
            filtered = cv2.filter2D(print_[rows, columns], -1, kernel)
            grown[rows, columns][mask] = filtered[mask]
        print_ = np.tanh(6 * grown).astype(np.float32)
        print_ += rng.normal(0, 0.02, print_.shape).astype(np.float32)
    return np.clip(_stretched(print_, rng), -1, 1)


def press(master: Floats, seed: int, skin: Skin = Skin.NORMAL) -> GreyImage:
    """Press the finger on the glass once: dark ridges on light ground at 500 dpi."""
    rng = np.random.default_rng(seed)
    touch = _TOUCHES[skin]
    side = float(rng.choice([-1.0, 1.0])) * touch.shift * WIDTH
    ridges = _moved(master, rng, side)
    # Dry skin touches in patches, wet skin floods whole valleys.
    patches = _smooth_noise(rng, 4.0)
    uneven = touch.breaks * np.maximum(patches / max(float(patches.std()), 1e-6), 0)
    pressure = rng.normal(0, 0.2) + touch.offset + uneven
    ink = 1 / (1 + np.exp(-1.6 * (2.6 * ridges + pressure)))
    ink += _smooth_noise(rng, 0.8) * touch.grain
    pores = cv2.dilate((rng.random(ink.shape) < 0.004).astype(np.uint8), np.ones((2, 2), np.uint8))
    ink = np.where(pores > 0, ink * 0.5, np.clip(ink, 0, 1)) * touch.ink
    coverage = _contact(rng, touch.size, side)
    image = 250 - (coverage * ink * 205 + rng.normal(0, 3, ink.shape))
    seen: GreyImage = np.clip(cv2.GaussianBlur(image, (0, 0), 0.7), 0, 255).astype(np.uint8)
    return seen


def kept(seed: int, folder: Path) -> Floats:
    """The master print of that seed, read from the folder or grown and kept there."""
    file = folder / f"finger-{seed}-{_GROWTH_STEPS}.png"
    stored = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE) if file.is_file() else None
    if stored is None or stored.shape != (HEIGHT, WIDTH):
        folder.mkdir(parents=True, exist_ok=True)
        levels = np.round((grow(seed) + 1) * 127.5).astype(np.uint8)
        # Written aside and moved, so that two programs never read half a file.
        half_done = file.with_suffix(f".{os.getpid()}.png")
        cv2.imwrite(str(half_done), levels)
        half_done.replace(file)
        stored = levels
    return np.asarray(stored, np.float32) / np.float32(127.5) - 1


def at_resolution(image: GreyImage, dpi: int) -> GreyImage:
    """A 500 dpi impression as a scanner of another resolution gives it."""
    if dpi == 500:
        return image
    size = (round(image.shape[1] * dpi / 500), round(image.shape[0] * dpi / 500))
    method = cv2.INTER_AREA if dpi < 500 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=method), dtype=np.uint8)


def _direction_field(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Ridge direction at every pixel, 0..pi, from the cores and deltas of a pattern."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    centre_x = WIDTH / 2 + rng.uniform(-14, 14)
    centre_y = HEIGHT * 0.46 + rng.uniform(-18, 18)
    spread = rng.uniform(55, 88)
    pattern = rng.choice(["left loop", "right loop", "whorl", "arch"], p=[0.32, 0.32, 0.28, 0.08])
    if pattern == "arch":
        steepness = rng.uniform(0.9, 1.7)
        bend = np.exp(-(((y - centre_y - 20) / (0.42 * HEIGHT)) ** 2))
        slope = np.sin((x - centre_x) * np.pi / (0.9 * WIDTH)) * steepness * bend
        return np.asarray(np.mod(-np.arctan(-slope), np.pi))
    if pattern == "whorl":
        gap = spread * rng.uniform(0.25, 0.45)
        lean = rng.uniform(-0.5, 0.5)
        cores = [(centre_x - gap * lean, centre_y - gap), (centre_x + gap * lean, centre_y + gap)]
        low = [rng.uniform(1.2, 1.6) * spread for _ in range(2)]
        deltas = [
            (centre_x - 1.2 * spread, centre_y + low[0]),
            (centre_x + 1.2 * spread, centre_y + low[1]),
        ]
        start = 0.0
    else:
        side = 1 if pattern == "left loop" else -1
        cores = [(centre_x, centre_y - 0.2 * spread)]
        deltas = [(centre_x + side * spread * rng.uniform(0.9, 1.2), centre_y + 1.25 * spread)]
        start = 0.0
    field = np.full((HEIGHT, WIDTH), start)
    for delta_x, delta_y in deltas:
        field -= np.arctan2(y - delta_y, x - delta_x)
    for core_x, core_y in cores:
        field += np.arctan2(y - core_y, x - core_x)
    return np.asarray(np.mod(0.5 * field, np.pi))


def _filter_bank(period: float) -> list[Floats]:
    """One small Gabor filter per direction, tuned to the distance between ridges."""
    reach = 9
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float64)
    envelope = np.exp(-(x**2 + y**2) / (2 * (0.42 * period) ** 2))
    bank = []
    for index in range(_DIRECTIONS):
        angle = index * np.pi / _DIRECTIONS
        across = -x * np.sin(angle) + y * np.cos(angle)
        kernel = envelope * np.cos(2 * np.pi * across / period)
        kernel -= kernel.mean()
        bank.append((kernel / np.abs(kernel).sum()).astype(np.float32))
    return bank


def _patch_of(mask: npt.NDArray[np.bool_]) -> tuple[slice, slice, npt.NDArray[np.bool_]] | None:
    """The rectangle where a direction occurs, so that its filter runs nowhere else."""
    if not mask.any():
        return None
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    down = slice(int(rows[0]), int(rows[-1]) + 1)
    right = slice(int(columns[0]), int(columns[-1]) + 1)
    return down, right, mask[down, right]


def _smooth_noise(rng: np.random.Generator, sigma: float) -> Floats:
    noise = rng.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(noise, (0, 0), sigma), dtype=np.float32)


def _stretched(print_: Floats, rng: np.random.Generator) -> Floats:
    """Vary the distance between ridges over the finger, as skin does where it grew faster."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    maps = []
    for axis in (x, y):
        field = _smooth_noise(rng, 42)
        maps.append(axis + field * np.float32(9 / max(float(field.std()), 1e-6)))
    border = cv2.BORDER_REFLECT
    return np.asarray(cv2.remap(print_, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=border))


def _moved(master: Floats, rng: np.random.Generator, side: float) -> Floats:
    """The master turned, shifted and stretched as skin is when a finger comes down."""
    angle = np.deg2rad(rng.normal(0, 6))
    shift_x, shift_y = rng.normal(0, 9, 2)
    stretch = []
    for _ in range(2):
        field = _smooth_noise(rng, 45)
        stretch.append(field * (3.2 / max(float(field.std()), 1e-6)))
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    from_x, from_y = x - WIDTH / 2 - side, y - HEIGHT / 2
    map_x = np.cos(angle) * from_x + np.sin(angle) * from_y + WIDTH / 2 + shift_x + stretch[0]
    map_y = -np.sin(angle) * from_x + np.cos(angle) * from_y + HEIGHT / 2 + shift_y + stretch[1]
    return np.asarray(
        cv2.remap(
            master,
            map_x.astype(np.float32),
            map_y.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=-1,
        ),
        dtype=np.float32,
    )


def _contact(rng: np.random.Generator, size: float, side: float) -> Floats:
    """Where skin touches glass: an oval with a ragged edge, 0..1."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    half_width = rng.uniform(0.38, 0.43) * WIDTH * size
    half_height = rng.uniform(0.41, 0.46) * HEIGHT * size
    centre_x, centre_y = WIDTH / 2 + rng.normal(0, 5) + side, HEIGHT / 2 + rng.normal(0, 7)
    oval = ((x - centre_x) / half_width) ** 2 + ((y - centre_y) / half_height) ** 2
    ragged = oval + _smooth_noise(rng, 9) * 1.2
    coverage: Floats = np.clip((1.08 - ragged) * 6, 0, 1).astype(np.float32)
    return coverage
