"""Faces, fingers and cards of invented people, as pictures before a device and as chips."""

import base64
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any

import cv2
import numpy as np
from PIL import Image

from common.equipment.slip_paper import code_picture
from common.matching.finger_records import fmr_2005
from common.matching.fingers import FingerPosition, extract
from hardware.simulation.people import InventedPerson, person
from hardware.simulation.ridges import Skin
from hardware.smartcard.lds import FingerRecord
from tests.support.chips import content
from tests.support.issued_cards import country

THUMBS = (1, 6)
SERIALS = count(0x0E00_0000)
"""No two chips of these have the same number."""


def png(pixels: Any) -> bytes:
    """Write a picture."""
    out = BytesIO()
    Image.fromarray(np.asarray(pixels)).save(out, "PNG")
    return out.getvalue()


def b64(data: bytes) -> str:
    """Write bytes as text, as devices are told them."""
    return base64.b64encode(data).decode()


def code_before_camera(text: str, size: tuple[int, int], pixels: int, at: tuple[int, int]) -> bytes:
    """A white picture of this size with a code on it, whose modules have so many pixels."""
    page = Image.new("L", size, 255)
    page.paste(code_picture(text, pixels), at)
    return png(page.convert("RGB"))


@cache
def template(seed: int, position: int) -> bytes:
    """The minutiae of a finger, as a chip has them."""
    image = person(seed).finger(position, 7)
    return fmr_2005.write(extract(image, 500, position=FingerPosition(position)))


@cache
def portrait(seed: int) -> bytes:
    """The portrait of a face, as a chip has it: JPEG."""
    small = cv2.resize(person(seed).portrait(), (300, 386))
    good, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert good
    return jpeg.tobytes()


@cache
def live_face(seed: int) -> str:
    """Somebody before the camera."""
    return b64(png(person(seed).face(3, 540, 720)[:, :, ::-1]))


@cache
def pressed(seed: int, position: int, press: int, skin: Skin = Skin.NORMAL) -> str:
    """A finger on the glass."""
    return b64(png(person(seed).finger(position, press, skin=skin)))


def chip_of(
    who: InventedPerson, body: int, fingers_of: int, positions: tuple[int, ...] = THUMBS
) -> dict[str, Any]:
    """Make a personalised chip: the number of one, the face of a body, the fingers of another.

    body, fingers_of: Seeds; people differ by number alone, because bodies take time to make.
    """
    mrz = replace(content().mrz, document_number="Z" + who.identity_number[1:7])
    holder = content(
        mrz=mrz,
        personal_number=who.identity_number,
        portrait_jpeg=portrait(body),
        fingers=tuple(FingerRecord(one, template(fingers_of, one)) for one in positions),
    )
    return country().card(holder=holder) | {"serial": f"{next(SERIALS):016X}"}
