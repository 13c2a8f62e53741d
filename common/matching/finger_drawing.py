"""Draws which minutiae of two impressions agree, for the officer and for who looks for faults."""

import colorsys

import cv2
import numpy as np
import numpy.typing as npt

from common.matching.finger_matcher import Pairing
from common.matching.finger_template import FingerTemplate, Minutia

GreyImage = npt.NDArray[np.uint8]
ColourImage = npt.NDArray[np.uint8]

_SCALE = 2
_GAP = 24
_GROUND = 255
_LONELY = (170, 170, 170)
_RADIUS, _TAIL = 7, 18


def draw_pairing(
    a: FingerTemplate,
    b: FingerTemplate,
    found: Pairing | None,
    images: tuple[GreyImage | None, GreyImage | None] = (None, None),
) -> ColourImage:
    """Both impressions side by side at 1000 dpi; what belongs together has one colour and a line.

    Minutiae without a partner are grey. Without its image an impression is drawn on white.

    Args:
        a: The impression on the left.
        b: The impression on the right.
        found: What pairing() said; None when nothing holds together.
        images: The pictures at 500 dpi that the templates were made from.

    Returns:
        (H, W, 3) blue, green, red.
    """
    left, right = (_ground(t, image) for t, image in zip((a, b), images, strict=True))
    height = max(left.shape[0], right.shape[0])
    offset = left.shape[1] + _GAP
    picture = np.full((height, offset + right.shape[1], 3), _GROUND, np.uint8)
    picture[: left.shape[0], : left.shape[1]] = left
    picture[: right.shape[0], offset:] = right
    pairs = [] if found is None else list(zip(found.a, found.b, strict=True))
    _draw_lonely(picture, a, {i for i, _ in pairs}, 0)
    _draw_lonely(picture, b, {i for _, i in pairs}, offset)
    for number, (in_a, in_b) in enumerate(pairs):
        colour = _colour(number, len(pairs))
        start, end = _place(a.minutiae[in_a], 0), _place(b.minutiae[in_b], offset)
        cv2.line(picture, start, end, colour, 1, cv2.LINE_AA)
        _mark(picture, a.minutiae[in_a], 0, colour)
        _mark(picture, b.minutiae[in_b], offset, colour)
    return picture


def _ground(template: FingerTemplate, image: GreyImage | None) -> ColourImage:
    size = (template.width * _SCALE, template.height * _SCALE)
    if image is None:
        return np.full((size[1], size[0], 3), _GROUND, np.uint8)
    # Ridges are paled so that the marks stand out.
    pale = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_CUBIC), np.float32)
    faded = (_GROUND - (_GROUND - pale) * 0.55).astype(np.uint8)
    return np.asarray(cv2.cvtColor(faded, cv2.COLOR_GRAY2BGR), np.uint8)


def _draw_lonely(
    picture: ColourImage, template: FingerTemplate, paired: set[int], offset: int
) -> None:
    for index, minutia in enumerate(template.minutiae):
        if index not in paired:
            _mark(picture, minutia, offset, _LONELY)


def _mark(
    picture: ColourImage, minutia: Minutia, offset: int, colour: tuple[int, int, int]
) -> None:
    place = _place(minutia, offset)
    angle = minutia.angle * np.pi / 128
    tip = (round(place[0] + _TAIL * np.cos(angle)), round(place[1] - _TAIL * np.sin(angle)))
    cv2.circle(picture, place, _RADIUS, colour, 2, cv2.LINE_AA)
    cv2.line(picture, place, tip, colour, 2, cv2.LINE_AA)


def _place(minutia: Minutia, offset: int) -> tuple[int, int]:
    return minutia.x * _SCALE + offset, minutia.y * _SCALE


def _colour(number: int, many: int) -> tuple[int, int, int]:
    """Colours as far apart as so many can be, all dark enough on white."""
    red, green, blue = colorsys.hsv_to_rgb(number / max(1, many), 0.9, 0.75)
    return round(blue * 255), round(green * 255), round(red * 255)
