"""Every code that the office prints is read by two decoders that know nothing of each other."""

import io
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from PIL import Image
from pyzbar import pyzbar

from backend.web.letter_pages import draw_qr
from booth.papers import code_png
from common.domain.language import Language
from common.equipment.slip_paper import SlipPaper, code_picture
from hardware.camera.codes import Code, Symbology, read_codes
from tests.support.code_scenes import payload


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("L")


def slip(text: str) -> Image.Image:
    paper = SlipPaper(Language.ENGLISH)
    paper.line("TAG", 40)
    paper.code(text)
    paper.line(str(date(2026, 11, 27)))
    return paper.picture()


PRINTS: dict[str, Callable[[str], Image.Image]] = {
    "letter": lambda text: opened(draw_qr(text)),
    "receipt": lambda text: opened(code_png(text)),
    "code of a slip": code_picture,
    "slip": slip,
}


@pytest.mark.parametrize("name", sorted(PRINTS))
@pytest.mark.parametrize("number", range(6))
def test_two_decoders_agree_on_what_is_printed(name: str, number: int) -> None:
    text = payload(number)
    assert len(text) == 54  # a token: the code stays within version 4, which cameras read easily
    picture = PRINTS[name](text)
    assert read_codes(picture) == (Code(text, Symbology.QR),)
    (by_zbar,) = pyzbar.decode(np.asarray(picture), symbols=[pyzbar.ZBarSymbol.QRCODE])
    assert by_zbar.data.decode("ascii") == text
