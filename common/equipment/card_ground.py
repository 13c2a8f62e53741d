"""Draws the quiet guilloche behind the print of a card."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Rgb = tuple[int, int, int]

PAPER: Rgb = (250, 251, 249)
TEAL: Rgb = (196, 220, 219)
ROSE: Rgb = (236, 215, 212)
SAND: Rgb = (235, 228, 206)

SCALE = 2
"""Lines are drawn so many times larger and made small again, for soft edges."""


@cache
def ground(width: int, height: int, *, mirrored: bool = False) -> Image.Image:
    """Return the background of one side; copy it before drawing on it.

    All its lines are far lighter than print, so that a camera tells them from ink.
    """
    size = width * SCALE, height * SCALE
    picture = Image.fromarray(_wash(*size))
    draw = ImageDraw.Draw(picture)
    _waves(draw, size, TEAL, count=46, phase=0.0)
    _waves(draw, size, ROSE, count=38, phase=2.1)
    _rosette(draw, size, (0.76, 0.34), 0.30, TEAL)
    _rosette(draw, size, (0.76, 0.34), 0.205, SAND)
    _rosette(draw, size, (0.76, 0.34), 0.11, ROSE)
    if mirrored:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _wash(width: int, height: int) -> NDArray[np.uint8]:
    """A tint that goes from a cool corner to a warm one."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    share = np.clip(0.62 * x / width + 0.38 * y / height, 0, 1)[..., None]
    cool, warm = np.array((236, 245, 245)), np.array((251, 245, 238))
    middle = np.array(PAPER)
    low = cool + (middle - cool) * np.minimum(share * 2, 1)
    return np.asarray(low + (warm - middle) * np.maximum(share * 2 - 1, 0), np.uint8)


def _waves(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], colour: Rgb, count: int, phase: float
) -> None:
    """A bundle of lines across the card, that draw together and apart."""
    width, height = size
    x = np.linspace(0, width, 500)
    t = x / width * 2 * np.pi
    for number in range(count):
        share = number / (count - 1)
        breath = 0.16 * np.sin(t * 1.5 + phase) + 0.07 * np.sin(t * 3.5 + 1.7 * phase)
        twist = np.cos(t * 1.0 + phase + share * 2.4)
        y = height * (share * 1.3 - 0.15 + breath * twist * 0.55)
        draw.line(list(zip(x, y, strict=True)), colour, SCALE)


def _rosette(
    draw: ImageDraw.ImageDraw,
    size: tuple[int, int],
    middle: tuple[float, float],
    radius: float,
    colour: Rgb,
) -> None:
    """A flower of closed lines, as engine-turned on old share certificates."""
    width, height = size
    turn = np.linspace(0, 2 * np.pi, 1500)
    for number in range(20):
        share = number / 20
        petals = 0.16 * np.cos(12 * turn + share * 2 * np.pi)
        inner = 0.09 * np.cos(30 * turn - share * 2 * np.pi)
        reach = radius * height * (0.76 + petals + inner)
        x = middle[0] * width + reach * np.cos(turn)
        y = middle[1] * height + reach * np.sin(turn)
        draw.line(list(zip(x, y, strict=True)), colour, SCALE)
