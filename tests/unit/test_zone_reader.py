"""Zones read from pictures of cards as cameras take them; nothing is invented."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from common.equipment.card_face import card_face, card_front
from hardware.camera.interface import Pixels
from hardware.camera.zone_reader import ZoneQuality, read_zone
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


def test_a_line_with_other_letters_in_it_is_not_believed():
    card = face(PEOPLE[0]).copy()
    card[405:445, 180:560] = card[405:445, 560:940]
    assert read_zone(framed(card)).mrz is None


def scenes() -> dict[str, Pixels]:
    random = np.random.default_rng(3)
    front = np.asarray(card_front(content()).convert("RGB"), np.uint8)
    return {
        "nothing": np.full((720, 1280, 3), 200, np.uint8),
        "darkness": np.full((720, 1280, 3), 6, np.uint8),
        "noise": random.integers(0, 256, (720, 1280, 3), np.uint8),
        "the front": framed(front),
        "a smear": np.asarray(cv2.blur(framed(face(PEOPLE[0])), (41, 41)), np.uint8),
    }


@pytest.mark.parametrize("name", scenes())
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
