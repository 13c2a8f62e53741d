"""Finger records on disk: what one holds, and writing a template as one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from common.matching.finger_records import fmr_2005, fmr_2011
from common.matching.finger_records.images import FingerImage, GreyImage
from common.matching.finger_records.minutiae import FingerView
from common.matching.finger_records.reading import (
    RecordContent,
    kind_of,
    read_record,
    read_template,
)
from common.matching.fingers import FingerPosition, FingerTemplate, RecordError
from office.commands.answers import CouldNotError
from office.commands.pictures import read_bytes

_WRITERS: dict[str, Callable[[FingerTemplate], bytes]] = {
    "iso2005": fmr_2005.write,
    "iso2011": fmr_2011.write,
}


def as_record(template: FingerTemplate, form: str) -> bytes:
    """A template as the bytes of a record; form is iso2005 or iso2011."""
    return _WRITERS[form](template)


def finger_of(template: FingerTemplate, position: int) -> FingerTemplate:
    """The template as that of a finger; 0 leaves it what it is."""
    return replace(template, position=FingerPosition(position)) if position else template


def holds_minutiae(data: bytes) -> bool:
    """Whether the first bytes are those of a record of minutiae."""
    kind = kind_of(data)
    return kind is not None and not kind.holds_images


def minutiae_in(file: Path, data: bytes, position: int) -> FingerTemplate:
    """The template of one finger in a record: that position's, else the first.

    Raises:
        CouldNotError: The record makes no sense.
    """
    try:
        return read_template(data, FingerPosition(position))
    except RecordError as error:
        raise CouldNotError(f"{file}: {error}: make the template again") from None


def image_in(file: Path, data: bytes, position: int) -> tuple[GreyImage, int]:
    """The pixels of one finger in a record, and their dpi: that position's, else the first.

    Raises:
        CouldNotError: The record makes no sense, or holds minutiae.
    """
    try:
        images = read_record(data).images
        if not images:
            raise CouldNotError(f"{file} holds minutiae alone: give a picture of the finger")
        same = (one for one in images if position and one.position == position)
        image = next(same, images[0])
        return image.pixels(), image.dpi
    except RecordError as error:
        raise CouldNotError(f"{file}: {error}: export it again, or give a picture") from None


def shown(file: Path) -> dict[str, Any]:
    """What a record holds, by its JSON keys.

    Raises:
        CouldNotError: It is no finger record, or makes no sense.
    """
    data = read_bytes(file)
    try:
        record = read_record(data)
    except RecordError as error:
        raise CouldNotError(
            f"{file}: {error}: give minutiae or images in ISO records, or WSQ"
        ) from None
    return {"file": str(file), "record": record.kind.value, "fingers": _fingers(record)}


def in_words(finger: dict[str, Any]) -> str:
    """One finger of shown() as a line."""
    name = FingerPosition(finger["position"]).name.lower().replace("_", " ")
    quality = "not told" if finger["quality"] is None else finger["quality"]
    size = f"{finger['width']} x {finger['height']} at {finger['dpi']} dpi"
    if "minutiae" in finger:
        return f"{name}: {finger['minutiae']} minutiae, quality {quality}, {size}"
    coded = f"{finger['coding']} of {finger['bytes']:,} bytes"
    return f"{name}: {coded}, quality {quality}, {finger['error'] or size}"


def _fingers(record: RecordContent) -> list[dict[str, Any]]:
    return [*map(_view, record.views), *map(_image, record.images)]


def _view(view: FingerView) -> dict[str, Any]:
    template = view.template
    return {
        "position": int(template.position),
        "view": view.view,
        "impression": view.impression,
        "quality": template.quality,
        "width": view.size[0],
        "height": view.size[1],
        "dpi": view.dpi,
        "minutiae": len(template.minutiae),
        "dropped": view.dropped,
        "extended": [{"type": kind, "bytes": len(data)} for kind, data in template.extended],
    }


def _image(image: FingerImage) -> dict[str, Any]:
    error, (height, width) = "", (image.height, image.width)
    try:
        height, width = image.pixels().shape
    except RecordError as why:
        error = str(why)
    return {
        "position": int(image.position),
        "view": image.view,
        "impression": image.impression.value,
        "quality": image.quality,
        "width": width,
        "height": height,
        "dpi": image.dpi,
        "coding": image.coding.value,
        "bytes": len(image.data),
        "error": error or None,
    }
