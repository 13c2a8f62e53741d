"""Reads QR codes, bar codes and their kin from pictures."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import zxingcpp
from PIL.Image import Image

from hardware.camera.interface import Pixels


class Symbology(StrEnum):
    """The printed codes that an office meets; values are zxing's names."""

    QR = "QRCode"
    MICRO_QR = "MicroQRCode"
    DATA_MATRIX = "DataMatrix"
    AZTEC = "Aztec"
    PDF417 = "PDF417"
    CODE_128 = "Code128"
    CODE_39 = "Code39"
    EAN_13 = "EAN13"


_FORMATS = {symbology: getattr(zxingcpp, symbology.value) for symbology in Symbology}


@dataclass(frozen=True, slots=True)
class Code:
    """One code that was read whole."""

    text: str
    symbology: Symbology


def read_codes(
    picture: Pixels | Image, symbologies: Iterable[Symbology] = (Symbology.QR,)
) -> tuple[Code, ...]:
    """Return every readable code in a grey or blue-green-red array, or in a Pillow image."""
    return tuple(
        Code(found.text, symbology)
        for symbology in symbologies
        for found in zxingcpp.read_barcodes(
            picture, formats=_FORMATS[symbology], text_mode=zxingcpp.TextMode.Plain
        )
        if found.valid and found.text
    )
