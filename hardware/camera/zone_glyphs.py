"""Knows the 37 glyphs of OCR-B: which of them stands in each window along a line of print.

A line is looked at as a *strip*: upright, PITCH pixels from one character to the next, STRIP_HEIGHT
pixels high. The weights come from hardware/camera/train_zone.py.
"""

import hashlib
import io
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.interface import Pixels

Floats = NDArray[np.float32]

GLYPHS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
NOTHING = len(GLYPHS)
"""The class of a window in whose middle no glyph stands: paper, an edge, the gap between two."""

PITCH = 20
WINDOW_WIDTH, WINDOW_HEIGHT = 24, 28
STRIP_HEIGHT = 40
INK_KERNEL = 15
"""Wider than any stroke of a strip, narrower than what is dark for another reason."""

LOCAL_WIDTH = 6 * PITCH + 1
LEAST_INK = 0.02

WEIGHTS = Path(__file__).with_name("zone_weights.npz")
WEIGHTS_SHA256 = "ba72b8d92e14ac60631cd585412abb24c23c339efe4daa74cab4c88528e54bf6"
LAYERS = 3


def normalised(strip: Pixels) -> Floats:
    """Return the ink of a grey strip: 0 where paper is, about 2 in a stroke.

    Ink is what is darker than its own surroundings, in parts of their brightness, so that neither a
    shadow nor a dark table counts; then the strength of the print nearby is divided out.
    """
    kernel = np.ones((INK_KERNEL, INK_KERNEL), np.uint8)
    paper = cv2.morphologyEx(strip, cv2.MORPH_CLOSE, kernel).astype(np.float32)
    ink = (paper - strip) / (paper + 8.0)
    power = cv2.blur(
        ink * ink, (LOCAL_WIDTH, 2 * STRIP_HEIGHT + 1), borderType=cv2.BORDER_REPLICATE
    )
    return np.asarray(ink / np.sqrt(power + LEAST_INK**2), np.float32)


def windows(ink: Floats, centres: NDArray[np.int64], middle: int) -> Floats:
    """Cut windows out of a normalised strip: one row of WINDOW_WIDTH * WINDOW_HEIGHT each.

    Args:
        ink: A normalised strip.
        centres: The column of each window's middle, at least half a window from both ends.
        middle: The row of the windows' middle.
    """
    top = middle - WINDOW_HEIGHT // 2
    band = ink[top : top + WINDOW_HEIGHT]
    view = np.lib.stride_tricks.sliding_window_view(band, WINDOW_WIDTH, axis=1)
    cut = view[:, centres - WINDOW_WIDTH // 2].transpose(1, 0, 2)
    return np.ascontiguousarray(cut).reshape(len(centres), -1)


def likelihoods(cut: Floats) -> Floats:
    """Return the logarithm of each class's probability, a row a window; the last is NOTHING."""
    return scores(_weights(), cut)


def scores(weights: tuple[Floats, ...], cut: Floats) -> Floats:
    """Run the network: layers of sums and ReLU, then the logarithm of softmax."""
    values = cut
    for at in range(LAYERS):
        values = values @ weights[2 * at] + weights[2 * at + 1]
        if at < LAYERS - 1:
            np.maximum(values, 0.0, out=values)
    values = values - values.max(axis=1, keepdims=True)
    return np.asarray(values - np.log(np.exp(values).sum(axis=1, keepdims=True)), dtype=np.float32)


@cache
def _weights() -> tuple[Floats, ...]:
    """Load the weights once.

    Raises:
        ValueError: The file is not the one that this version was made with.
    """
    data = WEIGHTS.read_bytes()
    if hashlib.sha256(data).hexdigest() != WEIGHTS_SHA256:
        raise ValueError(f"{WEIGHTS.name} is not the file of this version")
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        return tuple(kept[f"a{at}"].astype(np.float32) for at in range(2 * LAYERS))
