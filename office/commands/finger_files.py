"""Finger pictures and finger records on disk, made ready to be compared or judged."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from common.matching.finger_matcher import PreparedFinger, likeness
from common.matching.fingers import (
    FMR_AT_THRESHOLD,
    MATCH_THRESHOLD,
    FingerImageError,
    FingerTemplate,
    RecordError,
    extract,
)
from office.commands.answers import CouldNotError
from office.commands.comparison import Likeness
from office.commands.pictures import read_bytes, read_grey

_KEPT_PREPARED = 512


def read_impression(file: Path, dpi: int) -> FingerTemplate:
    """Whatever is found in a picture, even if it is no finger.

    Raises:
        CouldNotError: It cannot be read, or no scanner makes such a picture.
    """
    try:
        return extract(read_grey(file), dpi)
    except FingerImageError as error:
        raise CouldNotError(f"{file}: {error}: give one fingertip, with its --dpi") from None


def read_finger(file: Path, dpi: int) -> FingerTemplate:
    """The finger in a picture.

    Raises:
        CouldNotError: It cannot be read, or shows no finger.
    """
    template = read_impression(file, dpi)
    if not template.minutiae:
        raise CouldNotError(
            f"{file} shows no finger: give one fingertip, dark ridges on light ground,"
            " with its --dpi"
        )
    return template


def finger_likeness(dpi: int) -> Likeness[FingerTemplate]:
    """How two files are compared: pictures at that dpi, or records of `finger template`."""
    prepared: Callable[[FingerTemplate], PreparedFinger] = lru_cache(_KEPT_PREPARED)(PreparedFinger)

    def score(a: FingerTemplate, b: FingerTemplate) -> float:
        return likeness(prepared(a), prepared(b))

    return Likeness(
        lambda file: _read_record_or_picture(file, dpi), score, MATCH_THRESHOLD, FMR_AT_THRESHOLD
    )


def _read_record_or_picture(file: Path, dpi: int) -> FingerTemplate:
    data = read_bytes(file)
    if not data.startswith(b"FMR\0"):
        return read_finger(file, dpi)
    try:
        return FingerTemplate.from_bytes(data)
    except RecordError as error:
        raise CouldNotError(f"{file}: {error}: make the template again") from None
