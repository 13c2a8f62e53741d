"""How many ridges lie between neighbouring minutiae: a number that no stretching of skin changes.

Two impressions of one finger agree in 95 of 100 counts to within one ridge, also where the skin
was pushed by a millimetre; those of different fingers agree so in 33 of 100 (docs/decisions/0019).
They are kept as ridge count data of ISO/IEC 19794-2:2005, 7.5.2, extended data type 1.
"""

import struct
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from common.matching.finger_template import ExtendedData, FingerTemplate, Minutia

GreyImage = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]

RIDGE_COUNTS = 1
"""The extended data type; its first byte tells how the pairs were chosen: 0, in no standard way."""

NEIGHBOURS = 10
"""Ridges are counted to that many nearest minutiae of each."""

_METHOD = b"\x00"
_COUNT = struct.Struct(">BBB")
_SAMPLES = 64
_ALONG_RIDGE_PX = (-6, -4, -2, 0, 2, 4, 6)
_PERIOD_PX = 14.0
_FIELD_SIGMA_PX = 7.0
_NOISE = 0.3


def count_ridges(image: GreyImage, minutiae: Sequence[Minutia]) -> ExtendedData:
    """Count the ridges between each minutia and its nearest ones, as a block for the template.

    Args:
        image: The impression at 500 dpi, in whose pixels the minutiae lie.
        minutiae: At most 255.
    """
    pairs = _neighbours(minutiae)
    counts = _crossed(image, minutiae, pairs) if len(pairs) else np.zeros(0, np.intp)
    return ridge_counts_of(
        [(int(a), int(b), int(n)) for (a, b), n in zip(pairs, counts, strict=True)]
    )


def ridge_counts_of(counts: Sequence[tuple[int, int, int]]) -> ExtendedData:
    """The block that says of pairs (first minutia, second minutia) how many ridges lie between."""
    packed = b"".join(_COUNT.pack(a, b, min(n, 255)) for a, b, n in counts)
    return ExtendedData(RIDGE_COUNTS, _METHOD + packed)


def ridge_counts_in(template: FingerTemplate) -> npt.NDArray[np.int16]:
    """Ridges between minutiae, (n, n), -1 where they were not counted.

    Pairs that name minutiae which are not there are passed over.
    """
    many = len(template.minutiae)
    table = np.full((many, many), -1, np.int16)
    for block in template.extended:
        body = block.data[1:]
        if block.kind == RIDGE_COUNTS and len(body) % _COUNT.size == 0:
            found = np.frombuffer(body, np.uint8).reshape(-1, _COUNT.size)
            a, b, count = found[(found[:, 0] < many) & (found[:, 1] < many)].T
            table[a, b] = table[b, a] = count
    return table


def _neighbours(minutiae: Sequence[Minutia]) -> Ints:
    """Pairs (first, second) of near minutiae, each once, the lower index first."""
    places = np.array([complex(m.x, m.y) for m in minutiae])
    if len(places) < 2:
        return np.zeros((0, 2), np.intp)
    distance = np.abs(places[None, :] - places[:, None])
    np.fill_diagonal(distance, np.inf)
    near = np.argsort(distance, axis=1, kind="stable")[:, : min(NEIGHBOURS, len(places) - 1)]
    first = np.repeat(np.arange(len(places)), near.shape[1])
    pairs = np.sort(np.stack([first, near.ravel()], axis=1), axis=1)
    return np.unique(pairs, axis=0)


def _crossed(image: GreyImage, minutiae: Sequence[Minutia], pairs: Ints) -> Ints:
    """Walk from one minutia to the other and count how often light and dark change."""
    places = np.array([(m.x, m.y) for m in minutiae], np.float32)
    start, end = places[pairs[:, 0]], places[pairs[:, 1]]
    steps = np.linspace(0, 1, _SAMPLES, dtype=np.float32)
    x = start[:, :1] + (end - start)[:, :1] * steps
    y = start[:, 1:] + (end - start)[:, 1:] * steps
    profile = _smoothed_along_ridges(image, x, y)
    length = np.hypot(*(end - start).T)
    changes = np.abs(np.diff(_light_or_dark(profile, length), axis=1)) == 2
    return np.asarray((changes.sum(axis=1) + 1) // 2, np.intp)


def _smoothed_along_ridges(image: GreyImage, x: Floats, y: Floats) -> Floats:
    """Grey levels at the points, each the mean of a stretch of its ridge or valley."""
    grey = np.asarray(cv2.GaussianBlur(image, (0, 0), 1.0), np.float32)
    along_x, along_y = _ridge_direction(grey, x, y)
    total = np.zeros_like(x)
    for reach in _ALONG_RIDGE_PX:
        total += _at(grey, x + reach * along_x, y + reach * along_y)
    return total


def _ridge_direction(grey: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Unit vectors along the ridges at the points, from the averaged squares of the gradient."""
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0, ksize=3)
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1, ksize=3)
    sine = _spread(2 * across * down)
    cosine = _spread(across * across - down * down)
    normal = 0.5 * np.arctan2(_at(sine, x, y), _at(cosine, x, y))
    return -np.sin(normal), np.cos(normal)


def _spread(values: npt.NDArray[Any]) -> Floats:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), _FIELD_SIGMA_PX), np.float32)


def _light_or_dark(profile: Floats, length: Floats) -> npt.NDArray[np.int8]:
    """+1 or -1 at each step against the mean of one ridge and valley around; noise keeps a sign."""
    window = np.maximum(3, np.round(_PERIOD_PX / np.maximum(length, 1) * _SAMPLES)).astype(int)
    sums = np.cumsum(np.pad(profile, ((0, 0), (1, 0))), axis=1)
    steps = np.arange(_SAMPLES)
    low = np.maximum(0, steps - window[:, None] // 2)
    high = np.minimum(_SAMPLES, steps + window[:, None] // 2 + 1)
    around = np.take_along_axis(sums, high, 1) - np.take_along_axis(sums, low, 1)
    swing = profile - around / (high - low)
    noise = _NOISE * np.abs(swing).mean(axis=1, keepdims=True)
    signs = (swing > noise).astype(np.int8) - (swing < -noise).astype(np.int8)
    for step in range(1, _SAMPLES):
        signs[:, step] = np.where(signs[:, step] == 0, signs[:, step - 1], signs[:, step])
    return np.asarray(signs, np.int8)


def _at(values: Floats, x: Floats, y: Floats) -> Floats:
    found = cv2.remap(
        values,
        x.astype(np.float32, copy=False),
        y.astype(np.float32, copy=False),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(found, np.float32)
