"""Invented fingers: master prints, grown along a field of directions until ridges stand.

The growth is that of SFinGe (Cappelli, Erol, Maio and Maltoni, "Synthetic fingerprint-image
generation", 2000): noise is filtered again and again with a Gabor filter of the local direction,
and minutiae come about where ridges meet. Each finger starts from noise of its own, so that no two
share minutiae.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from hardware.simulation.ridge_patterns import (
    HEIGHT,
    WIDTH,
    Floats,
    choose_pattern,
    directions,
    smooth_noise,
)

_GROWTH = "c"
"""Changes whenever the same number grows another finger, so that kept masters are not mixed."""

_DIRECTIONS = 24
_GROWTH_STEPS = 24
_STRETCH_PX = 12.0
_PERIOD_PX = {"F": 8.7, "M": 9.3}
_COARSENESS = (1.05, 0.99, 1.0, 0.99, 0.95)
"""Ridges of thumb to little finger against the mean."""


@dataclass(frozen=True)
class FingerSeed:
    """What a finger grows from.

    Attributes:
        number: The same number is the same finger.
        position: 1 right thumb .. 10 left little.
        sex: "F" or "M": ridges stand closer on women's fingers.
    """

    number: int
    position: int = 2
    sex: str = "M"


def grow(seed: FingerSeed) -> Floats:
    """Grow the master print of one finger: values from -1 (valley) to 1 (ridge)."""
    rng = np.random.default_rng([seed.number, 17])
    field = directions(choose_pattern(seed.position, rng), seed.position, rng)
    nearest = np.round(field / np.pi * _DIRECTIONS).astype(int) % _DIRECTIONS
    bank = _filter_bank(_period(seed, rng))
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


def kept(seed: FingerSeed, folder: Path) -> Floats:
    """The master print of that seed, read from the folder or grown and kept there."""
    file = folder / f"finger-{seed.number}-{seed.position}{seed.sex}-{_GROWTH}.png"
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


def _period(seed: FingerSeed, rng: np.random.Generator) -> float:
    """Pixels from ridge to ridge at 500 dpi on an adult's finger."""
    mean = _PERIOD_PX[seed.sex] * _COARSENESS[(seed.position - 1) % 5]
    return float(np.clip(rng.normal(mean, 0.4), 7.6, 10.8))


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


def _stretched(print_: Floats, rng: np.random.Generator) -> Floats:
    """Vary the distance between ridges over the finger, as skin does where it grew faster."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    maps = []
    for axis in (x, y):
        field = smooth_noise(rng, 42)
        maps.append(axis + field * np.float32(_STRETCH_PX / max(float(field.std()), 1e-6)))
    border = cv2.BORDER_REFLECT
    return np.asarray(cv2.remap(print_, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=border))
