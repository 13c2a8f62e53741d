"""The printed sides of a card: their size, what stands on them, and that fonts may be missing."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageFont

from common.domain.language import Language
from common.equipment import card_face as faces
from common.equipment.card_face import card_face, card_front, card_print_pdf, ocr_b_file
from common.equipment.rare_characters import parts_of
from common.equipment.slip_paper import slip_font
from hardware.camera.zone_reader import read_zone
from hardware.smartcard.mrz import Mrz
from tests.support.chips import content

MM_A_POINT = 25.4 / 72


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGB"))[:, :, ::-1].copy()


def test_the_machine_side_says_zone_and_access_number():
    zone = read_zone(pixels(card_face(content(), "493027")))
    assert (zone.mrz, zone.can) == (content().mrz.text(), "493027")


def test_both_pictures_have_300_dpi():
    for picture in (card_face(content(), "123456"), card_front(content())):
        assert (picture.mode, picture.size) == ("RGB", (1012, 638))


def test_the_lines_of_the_zone_stand_at_their_pitch():
    dots = 25.4 / 300
    ink = pixels(card_face(content(), "123456")).min(axis=2) < 90
    zone = ink[-round(23.2 / dots) :]
    columns = np.flatnonzero(zone.any(axis=0)) * dots
    assert columns[0] == pytest.approx(4.5, abs=1.0)
    assert columns[-1] - columns[0] == pytest.approx(30 * 2.54 - 0.8, abs=0.6)
    rows = np.flatnonzero(zone.any(axis=1))
    starts = rows[np.flatnonzero(np.diff(rows, prepend=-9) > 1)] * dots
    assert np.diff(starts) == pytest.approx([6.35, 6.35], abs=0.2)


def test_the_pdf_has_both_sides_at_true_size():
    document = pypdfium2.PdfDocument(card_print_pdf(content(), "493027"))
    try:
        assert len(document) == 2
        for page in document:
            width, height = (size * MM_A_POINT for size in page.get_size())
            assert (width, height) == pytest.approx((85.6, 54.0), abs=0.1)
        back = document[1].render(scale=300 / 72).to_numpy()[:, :, :3]
        zone = read_zone(np.ascontiguousarray(back))
        assert (zone.mrz, zone.can) == (content().mrz.text(), "493027")
    finally:
        document.close()


def test_the_print_has_no_drawn_contacts():
    document = pypdfium2.PdfDocument(card_print_pdf(content(), "493027"))
    try:
        printed = document[1].render(scale=300 / 72).to_numpy()[:, :, :3]
    finally:
        document.close()
    plate = (slice(round(22 / 54 * 638), round(26 / 54 * 638)), slice(140, 200))
    assert printed[plate].mean() > 225
    assert pixels(card_face(content(), "493027"))[plate].mean() < 200


@pytest.mark.parametrize("can", ["", "12345", "1234567", "12345A", "１２３４５６", "12 456"])
def test_an_access_number_has_six_digits(can: str):
    with pytest.raises(ValueError, match="six digits"):
        card_face(content(), can)


def test_long_names_and_missing_ones_fit():
    long = Mrz(
        "Z6833655", "WONG CHAN", "CHRISTOPHER ALEXANDER BARTHOLOMEW", "X",
        date(1961, 7, 1), date(2036, 6, 30), "CHN", "HKG",
    )  # fmt: skip
    wide = card_front(content(mrz=long, chinese_name="歐陽" * 8))
    right = pixels(wide)[:, -35:]
    assert (right.min(axis=2) < 120).mean() < 0.01
    bare = replace(content(), chinese_name="", personal_number="")
    assert card_front(replace(bare, mrz=replace(long, given_names=""))).size == (1012, 638)


def test_without_the_font_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(faces, "_font_folders", lambda: iter([tmp_path]))
    ocr_b_file.cache_clear()
    faces._ocr_b.cache_clear()
    try:
        with pytest.raises(ValueError, match="OCR-B is missing"):
            card_face(content(), "123456")
    finally:
        ocr_b_file.cache_clear()


def test_a_rare_character_is_drawn_in_a_font_that_has_it():
    usual = slip_font(60, Language.TRADITIONAL, bold=True)
    found = []
    for part, font in parts_of("\U0002b740栢\U000200cc", usual):
        assert isinstance(font, ImageFont.FreeTypeFont)
        found.append((part, font.getname()[0]))
    assert found == [("\U0002b740", "HanaMinB"), ("栢\U000200cc", "Noto Sans CJK HK")]
    rare = card_front(content(chinese_name="陳\U0002b740"))
    assert rare != card_front(content(chinese_name="陳\U0002b741"))


def test_no_card_is_printed_with_an_empty_box_for_a_character():
    with pytest.raises(ValueError, match="no font has a character"):
        card_front(content(chinese_name="陳\U000e0100"))
