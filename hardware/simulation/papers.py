"""Papers that devices make, and the pictures that they show."""

import base64
import io
from typing import Any
from uuid import uuid4

from PIL import Image, UnidentifiedImageError

from hardware.simulation.world import ImpossibleError, Thing, World


def picture_in(text: str) -> Image.Image:
    """Decode a picture that came as base64.

    Raises:
        ImpossibleError: It is no picture.
    """
    try:
        with Image.open(io.BytesIO(base64.b64decode(text, validate=True))) as picture:
            picture.load()
            return picture.copy()
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise ImpossibleError("that is no picture") from error


def keep_picture(world: World, png: bytes) -> str:
    """Write a picture into the world's folder and return its name there."""
    name = f"{uuid4().hex}.png"
    (world.folder / name).write_bytes(png)
    return name


def make_paper(world: World, place: str, label: str, png: bytes, **data: Any) -> Thing:
    """Put a new paper with this picture at place."""
    return world.add("paper", place, {"label": label, "picture": keep_picture(world, png), **data})
