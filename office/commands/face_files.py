"""Pictures of faces on disk, made ready to be compared or judged."""

from pathlib import Path

from common.matching.face_engine import ColourImage, checked
from common.matching.faces import (
    ACCEPT_FROM,
    FMR_AT_ACCEPT,
    Embedding,
    FaceEngine,
    FaceImageError,
    FaceModelError,
    PortraitCheck,
    check_portrait,
    verdict_of,
)
from office.commands.answers import CouldNotError
from office.commands.comparison import Likeness
from office.commands.pictures import read_colour


def face_likeness() -> Likeness[Embedding]:
    """How two files are compared: by the largest face in each."""
    engine = FaceEngine()
    return Likeness(
        lambda file: _embedding(engine, file),
        engine.compare,
        ACCEPT_FROM,
        FMR_AT_ACCEPT,
        lambda score: {"verdict": verdict_of(score).value},
    )


def check_file(file: Path) -> PortraitCheck:
    """Measure a photograph against the rules for portraits.

    Raises:
        CouldNotError: It cannot be read, or the face networks are missing.
    """
    try:
        return check_portrait(FaceEngine(), _usable(file))
    except FaceModelError as error:
        raise CouldNotError(str(error)) from None


def _embedding(engine: FaceEngine, file: Path) -> Embedding:
    picture = _usable(file)
    try:
        faces = engine.find(picture)
        if not faces:
            raise CouldNotError(f"{file} shows no face: give a picture of one from the front")
        return engine.embedding(picture, faces[0])
    except FaceModelError as error:
        raise CouldNotError(str(error)) from None


def _usable(file: Path) -> ColourImage:
    try:
        return checked(read_colour(file))
    except FaceImageError as error:
        raise CouldNotError(f"{file}: {error}: give another picture") from None
