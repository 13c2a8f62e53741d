"""Zones read from pictures of cards as cameras take them; nothing is invented."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from common.domain.language import Language
from common.equipment.card_face import card_face, card_front
from common.equipment.slip_paper import SlipPaper
from hardware.camera import zone_glyphs
from hardware.camera.interface import Pixels
from hardware.camera.zone_reader import ZoneQuality, read_zone
from hardware.simulation.people import person
from hardware.smartcard.mrz import Mrz
from tests.support.chips import content

CAN = "482915"
PEOPLE = (
    content().mrz,
    replace(content().mrz, document_number="O0I1B8S5Z", surname="OI", given_names="BOB ZOE SIS"),
    replace(content().mrz, document_number="C1234567", surname="NG", given_names="", sex="F"),
)


@cache
def face(mrz: Mrz) -> Pixels:
    """The machine-readable side, drawn once; not to be drawn upon."""
    picture = card_face(content(mrz=mrz), CAN)
    return np.asarray(picture.convert("RGB"), np.uint8)[:, :, ::-1].copy()


def framed(card: Pixels, share: float = 0.85) -> Pixels:
    """A card on a table, as large as that share of the frame's height."""
    height = int(720 * share)
    small = cv2.resize(card, (height * card.shape[1] // card.shape[0], height), None, 0, 0, 3)
    frame = np.full((720, 1280, 3), 96, np.uint8)
    top, left = (720 - height) // 2, (1280 - small.shape[1]) // 2
    frame[top : top + height, left : left + small.shape[1]] = small
    return frame


def turned(frame: Pixels, degrees: float) -> Pixels:
    matrix = cv2.getRotationMatrix2D((640, 360), degrees, 1)
    return np.asarray(cv2.warpAffine(frame, matrix, (1280, 720)), np.uint8)


def tilted_aside(frame: Pixels) -> Pixels:
    """A wide-angle camera sees the right end of the lines from a third farther away."""
    seen = np.array([[0, 0], [1280, 0], [1280, 720], [0, 720]], np.float32)
    shown = np.array([[100, 0], [1080, 80], [1080, 640], [100, 720]], np.float32)
    matrix = cv2.getPerspectiveTransform(seen, shown)
    return np.asarray(cv2.warpPerspective(frame, matrix, (1280, 720)), np.uint8)


def tilted(frame: Pixels) -> Pixels:
    seen = np.array([[0, 0], [1280, 0], [1280, 720], [0, 720]], np.float32)
    shown = np.array([[110, 40], [1170, 40], [1280, 700], [0, 700]], np.float32)
    matrix = cv2.getPerspectiveTransform(seen, shown)
    return np.asarray(cv2.warpPerspective(frame, matrix, (1280, 720)), np.uint8)


def noisy(frame: Pixels) -> Pixels:
    noise = np.random.default_rng(7).normal(0, 12, frame.shape)
    return np.clip(frame + noise, 0, 255).astype(np.uint8)


def shaded(frame: Pixels) -> Pixels:
    light = np.linspace(1.0, 0.35, frame.shape[1])[None, :, None]
    return (frame * light).astype(np.uint8)


CONDITIONS: dict[str, Callable[[Pixels], Pixels]] = {
    "plain": lambda frame: frame,
    "blurred": lambda frame: np.asarray(cv2.GaussianBlur(frame, (0, 0), 1.3), np.uint8),
    "noisy": noisy,
    "turned 6 degrees": lambda frame: turned(frame, 6),
    "upside down": lambda frame: turned(frame, 180),
    "tilted": tilted,
    "tilted aside": tilted_aside,
    "little contrast": lambda frame: (frame * 0.4 + 70).astype(np.uint8),
    "in the shade": shaded,
}


@pytest.mark.parametrize("spoil", CONDITIONS.values(), ids=CONDITIONS)
@pytest.mark.parametrize("mrz", PEOPLE, ids=["usual", "look-alikes", "one name"])
def test_the_zone_is_read_to_the_letter(mrz, spoil):
    zone = read_zone(spoil(framed(face(mrz))))
    assert zone.mrz == mrz.text()
    assert zone.quality is ZoneQuality.READ
    assert mrz.surname not in repr(zone)


@pytest.mark.parametrize("share", [0.6, 0.75, 0.95, 0.999])
def test_the_zone_is_read_from_near_and_far(share):
    assert read_zone(framed(face(PEOPLE[0]), share)).mrz == PEOPLE[0].text()


@pytest.mark.parametrize("can", ["482915", "000000", "111111", "907314", "120017"])
def test_the_access_number_is_read(can):
    picture = card_face(content(), can).convert("RGB")
    card = np.asarray(picture, np.uint8)[:, :, ::-1].copy()
    for frame in (framed(card), turned(framed(card), 180), framed(card, 0.6)):
        assert read_zone(frame).can == can


@pytest.mark.parametrize("degrees", [80, 90, -90, -97])
def test_a_card_on_its_side_is_read(degrees):
    zone = read_zone(turned(framed(face(PEOPLE[0]), 0.55), degrees))
    assert (zone.mrz, zone.can) == (PEOPLE[0].text(), CAN)


def test_the_cut_card_and_the_grey_picture_are_read():
    card = face(PEOPLE[1])
    for picture in (card, card[320:], cv2.cvtColor(card, cv2.COLOR_BGR2GRAY), card[:, :, :1]):
        assert read_zone(np.asarray(picture, np.uint8)).mrz == PEOPLE[1].text()


@pytest.mark.parametrize("columns", [500, 700, 900])
def test_a_zone_that_leaves_the_picture_is_said_to_be_cut_off(columns):
    zone = read_zone(np.ascontiguousarray(face(PEOPLE[0])[:, :columns]))
    assert (zone.mrz, zone.can, zone.quality) == (None, None, ZoneQuality.CUT_OFF)


def test_a_line_with_other_letters_in_it_is_not_believed():
    card = face(PEOPLE[0]).copy()
    card[405:445, 180:560] = card[405:445, 560:940]
    assert read_zone(framed(card)).mrz is None


def slip() -> Pixels:
    """What a visitor may show instead of a card."""
    paper = SlipPaper(Language.TRADITIONAL)
    paper.line("領取身份證通知書", 40, bold=True)
    paper.line("A123456(7)  2026-11-23  10:30", 34)
    paper.code("SMARTICS-TAG-0042")
    return np.repeat(np.asarray(paper.picture(), np.uint8)[:, :, None], 3, axis=2)


def chinese() -> Pixels:
    paper = SlipPaper(Language.TRADITIONAL, 1280)
    for _ in range(12):
        paper.line("香港身份證明文件登記處請帶同舊證前來領取新證請攜帶通知書", 40)
    page = np.asarray(paper.picture(), np.uint8)[:720, :1280]
    return np.repeat(page[:, :, None], 3, axis=2)


@cache
def scenes() -> dict[str, Pixels]:
    random = np.random.default_rng(3)
    front = np.asarray(card_front(content()).convert("RGB"), np.uint8)
    return {
        "nothing": np.full((720, 1280, 3), 200, np.uint8),
        "darkness": np.full((720, 1280, 3), 6, np.uint8),
        "noise": random.integers(0, 256, (720, 1280, 3), np.uint8),
        "the front": framed(front),
        "a face": framed(np.ascontiguousarray(person(4).face(1)[:, :, ::-1])),
        "a slip with a code": framed(slip()),
        "Chinese text": chinese(),
        "a smear": np.asarray(cv2.blur(framed(face(PEOPLE[0])), (41, 41)), np.uint8),
    }


SCENES = (
    "nothing", "darkness", "noise", "the front", "a face", "a slip with a code", "Chinese text",
    "a smear",
)  # fmt: skip


@pytest.mark.parametrize("name", SCENES)
def test_nothing_is_read_where_nothing_is(name):
    zone = read_zone(scenes()[name])
    assert (zone.mrz, zone.can) == (None, None)
    assert zone.quality is not ZoneQuality.READ
    if name == "darkness":
        assert zone.quality is ZoneQuality.DARK


@settings(deadline=None, max_examples=25)
@given(arrays.arrays(np.uint8, st.tuples(st.integers(0, 90), st.integers(0, 90))))
def test_no_picture_breaks_the_reader(pixels):
    assert read_zone(pixels).mrz is None


@pytest.mark.parametrize("shape", [(0, 0, 3), (5, 2000, 3), (100, 100, 4), (100, 100, 3, 1)])
def test_an_array_that_is_no_picture_shows_nothing(shape):
    assert read_zone(np.zeros(shape, np.uint8)).quality is not ZoneQuality.READ


def test_weights_that_are_not_those_of_this_version_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """They say which glyph is which: who could change them could change what is read."""
    data = bytearray(zone_glyphs.WEIGHTS.read_bytes())
    data[len(data) // 2] ^= 1
    changed = tmp_path / "zone_weights.npz"
    changed.write_bytes(data)
    frame = framed(face(PEOPLE[0]))
    monkeypatch.setattr(zone_glyphs, "WEIGHTS", changed)
    zone_glyphs._weights.cache_clear()
    with pytest.raises(ValueError, match="not the file of this version"):
        read_zone(frame)
    monkeypatch.undo()
    assert read_zone(frame).mrz == PEOPLE[0].text()
