"""Pictures of faces on disk, made ready to be compared, judged or cut into portraits."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from common.domain.portrait import PortraitCheck
from common.matching.face_image import WORKING_SIDE
from common.matching.faces import (
    ACCEPT_FROM,
    FMR_AT_ACCEPT,
    OFFICER_FROM,
    ColourImage,
    Embedding,
    FaceEngine,
    FaceImageError,
    FaceModelError,
    PortraitCoding,
    check_portrait,
    checked,
    crop_portrait,
    encode_portrait,
    verdict_of,
)
from office.commands.answers import CouldNotError
from office.commands.comparison import Likeness
from office.commands.pictures import read_colour

T = TypeVar("T")

_CODINGS = {
    ".jpg": PortraitCoding.JPEG,
    ".jpeg": PortraitCoding.JPEG,
    ".jp2": PortraitCoding.JPEG_2000,
}


@dataclass(frozen=True)
class FaceOfFile:
    """The largest face of a picture, and how many there are."""

    embedding: Embedding
    faces: int


def face_likeness() -> Likeness[FaceOfFile]:
    """How two files are compared: by the largest face in each."""
    engine = FaceEngine()
    return Likeness(
        lambda file: _largest(engine, file),
        lambda a, b: engine.compare(a.embedding, b.embedding),
        ACCEPT_FROM,
        FMR_AT_ACCEPT,
        lambda score: {"verdict": verdict_of(score).value, "officer_from": OFFICER_FROM},
        lambda a, b: {"faces": [a.faces, b.faces]},
    )


def check_file(file: Path) -> PortraitCheck:
    """Measure a photograph against the rules for portraits.

    Raises:
        CouldNotError: It cannot be read, or the face networks are missing.
    """
    return _with(file, lambda picture: check_portrait(FaceEngine(), picture))


def cut_file(file: Path, out: Path, budget: int) -> int:
    """Cut the portrait out of a photograph and pack it; return its size in bytes.

    Raises:
        CouldNotError: It cannot be read, shows no face, does not fit, or cannot be written.
    """
    coding = _CODINGS.get(out.suffix.lower())
    if coding is None:
        raise CouldNotError(f"{out} is no name of a portrait: let it end in .jpg or .jp2")

    def packed(picture: ColourImage) -> bytes:
        return encode_portrait(crop_portrait(FaceEngine(), picture), budget, coding)

    data = _with(file, packed)
    try:
        out.write_bytes(data)
    except OSError as error:
        raise CouldNotError(f"{out} cannot be written ({error.strerror}): check it") from None
    return len(data)


def _largest(engine: FaceEngine, file: Path) -> FaceOfFile:
    def find(picture: ColourImage) -> FaceOfFile:
        faces = engine.find(picture, any_way_up=True)
        if not faces:
            raise CouldNotError(f"{file} shows no face: give a picture of one from the front")
        return FaceOfFile(engine.embedding(picture, faces[0]), len(faces))

    return _with(file, find)


def _with(file: Path, use: Callable[[ColourImage], T]) -> T:
    try:
        return use(checked(read_colour(file, WORKING_SIDE)))
    except FaceImageError as error:
        raise CouldNotError(f"{file}: {error}: give another picture") from None
    except FaceModelError as error:
        raise CouldNotError(str(error)) from None
