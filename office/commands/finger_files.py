"""Finger pictures and finger records on disk, made ready to be compared or judged."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from common.matching.finger_drawing import draw_pairing
from common.matching.finger_matcher import PreparedFinger, likeness, pairing
from common.matching.finger_records.images import GreyImage
from common.matching.finger_records.reading import is_record
from common.matching.fingers import (
    FMR_AT_THRESHOLD,
    MATCH_THRESHOLD,
    FingerImageError,
    FingerTemplate,
    extract,
)
from office.commands.answers import CouldNotError
from office.commands.comparison import Likeness
from office.commands.finger_records import holds_minutiae, image_in, minutiae_in
from office.commands.pictures import read_bytes, read_grey

_KEPT_PREPARED = 512


def read_pixels(file: Path, dpi: int, position: int = 0) -> tuple[GreyImage, int]:
    """The pixels of a picture, or of the image in a record, and their resolution.

    Raises:
        CouldNotError: It cannot be read, or holds minutiae alone.
    """
    data = read_bytes(file)
    return image_in(file, data, position) if is_record(data) else (read_grey(file), dpi)


def read_impression(file: Path, dpi: int, position: int = 0) -> FingerTemplate:
    """Whatever is found in a picture, or in the image of a record, even if it is no finger.

    Raises:
        CouldNotError: It cannot be read, or no scanner makes such a picture.
    """
    pixels, dpi = read_pixels(file, dpi, position)
    try:
        return extract(pixels, dpi)
    except FingerImageError as error:
        raise CouldNotError(f"{file}: {error}: give one fingertip, with its --dpi") from None


def read_finger(file: Path, dpi: int, position: int = 0) -> FingerTemplate:
    """The finger in a picture or in a record; of several in a record, that position's.

    Raises:
        CouldNotError: It cannot be read, or shows no finger.
    """
    data = read_bytes(file)
    if holds_minutiae(data):
        return minutiae_in(file, data, position)
    template = read_impression(file, dpi, position)
    if not template.minutiae:
        raise CouldNotError(
            f"{file} shows no finger: give one fingertip, dark ridges on light ground,"
            " with its --dpi"
        )
    return template


def finger_likeness(dpi: int) -> Likeness[FingerTemplate]:
    """How two files are compared: pictures at that dpi, or records of minutiae or images."""
    prepared: Callable[[FingerTemplate], PreparedFinger] = lru_cache(_KEPT_PREPARED)(PreparedFinger)

    def score(a: FingerTemplate, b: FingerTemplate) -> float:
        return likeness(prepared(a), prepared(b))

    return Likeness(lambda file: read_finger(file, dpi), score, MATCH_THRESHOLD, FMR_AT_THRESHOLD)


def draw_comparison(a: Path, b: Path, dpi: int, output: Path) -> None:
    """Write a picture of both files that shows which minutiae belong together.

    Raises:
        CouldNotError: A file cannot be read, or the picture cannot be written.
    """
    templates = (read_finger(a, dpi), read_finger(b, dpi))
    found = pairing(*(PreparedFinger(template) for template in templates))
    images = tuple(_picture_of(file, dpi, t) for file, t in zip((a, b), templates, strict=True))
    drawing = draw_pairing(*templates, found, (images[0], images[1]))
    try:
        is_written = cv2.imwrite(str(output), drawing)
    except cv2.error:
        is_written = False
    if not is_written:
        raise CouldNotError(f"{output} cannot be written: give a .png in a folder that is there")


def _picture_of(file: Path, dpi: int, template: FingerTemplate) -> GreyImage | None:
    """The picture at 500 dpi, in whose pixels the minutiae lie; None where the file has none."""
    if holds_minutiae(read_bytes(file)):
        return None
    pixels, _ = read_pixels(file, dpi)
    size = (template.width, template.height)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
