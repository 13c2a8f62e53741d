import cv2
import numpy as np
import pytest

from common.matching.finger_records import fmr_2005
from common.matching.fingers import (
    GOOD_QUALITY,
    MATCH_THRESHOLD,
    FingerAdvice,
    FingerImageError,
    FingerPosition,
    FingerTemplate,
    Minutia,
    MinutiaKind,
    advice,
    compare,
    extract,
    verify,
)
from hardware.simulation.people import person
from hardware.simulation.ridges import Skin

PEOPLE = range(8)
INDEX = FingerPosition.RIGHT_INDEX


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    return {
        (who, press): extract(person(who).finger(INDEX, press), position=INDEX)
        for who in PEOPLE
        for press in (1, 2)
    }


def test_the_same_finger_matches_itself_by_a_wide_margin(templates):
    scores = [compare(templates[who, 1], templates[who, 2]) for who in PEOPLE]
    assert min(scores) > 4 * MATCH_THRESHOLD


def test_fingers_of_different_people_do_not_match(templates):
    scores = [compare(templates[a, 1], templates[b, 2]) for a in PEOPLE for b in PEOPLE if a != b]
    assert max(scores) < MATCH_THRESHOLD


def test_other_fingers_of_the_same_person_do_not_match(templates):
    others = [extract(person(0).finger(position, 5)) for position in (1, 6, 7)]
    assert not any(verify(other, [templates[0, 1], templates[0, 2]]).matched for other in others)


def test_the_score_does_not_depend_on_the_order(templates):
    for a, b in [((0, 1), (0, 2)), ((0, 1), (1, 1)), ((3, 1), (4, 2))]:
        there = compare(templates[a], templates[b])
        back = compare(templates[b], templates[a])
        assert there == pytest.approx(back, rel=0.15, abs=0.6)


def test_the_best_enrolled_impression_decides(templates):
    wrong, right = templates[1, 1], templates[0, 1]
    probe = templates[0, 2]
    comparison = verify(probe, [wrong, right])
    assert comparison.matched
    assert comparison.score == compare(probe, right)
    assert comparison.threshold == MATCH_THRESHOLD
    assert not verify(probe, []).matched


def test_a_template_matches_after_it_was_a_record(templates):
    stored = fmr_2005.read_own(fmr_2005.write(templates[2, 1]))
    assert stored == templates[2, 1]
    assert compare(stored, templates[2, 2]) == compare(templates[2, 1], templates[2, 2])


def test_another_resolution_gives_the_same_finger(templates):
    at_1000 = extract(person(0).finger(INDEX, 2, dpi=1000), dpi=1000)
    assert (at_1000.width, at_1000.height) == (320, 400)
    assert verify(at_1000, [templates[0, 1]]).matched


def test_a_good_finger_has_quality_and_no_complaint(templates):
    assert all(t.quality >= GOOD_QUALITY for t in templates.values())
    assert {advice(t) for t in templates.values()} == {FingerAdvice.GOOD}


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((400, 320), 250, np.uint8),
        np.zeros((400, 320), np.uint8),
        np.full((5, 5), 200, np.uint8),
        np.random.default_rng(1).integers(0, 256, (400, 320)).astype(np.uint8),
    ],
    ids=["bare glass", "black", "tiny", "noise"],
)
def test_no_finger_is_no_crash_but_an_empty_template(pixels):
    template = extract(pixels)
    assert template.quality == 0
    assert template.minutiae == ()
    assert fmr_2005.read_own(fmr_2005.write(template)) == template
    assert advice(template) is FingerAdvice.NOT_A_FINGER


def test_a_face_on_the_glass_is_not_a_finger():
    grey = np.asarray(cv2.cvtColor(person(1).face(1, 320, 400), cv2.COLOR_BGR2GRAY), np.uint8)
    template = extract(grey)
    assert template.quality == 0
    assert advice(template) is FingerAdvice.NOT_A_FINGER


@pytest.mark.parametrize(
    ("skin", "expected"),
    [
        (Skin.DRY, FingerAdvice.TOO_DRY),
        (Skin.WET, FingerAdvice.TOO_WET),
        (Skin.LIGHT_TOUCH, FingerAdvice.PRESS_HARDER),
        (Skin.OFF_CENTRE, FingerAdvice.MOVE_TO_MIDDLE),
    ],
)
@pytest.mark.parametrize("who", [0, 1, 2])
def test_a_poor_impression_is_told_how_to_do_better(skin, expected, who):
    assert advice(extract(person(who).finger(INDEX, 9, skin=skin))) is expected


@pytest.mark.parametrize(
    ("pixels", "dpi"),
    [
        (np.zeros((300, 300, 3), np.uint8), 500),
        (np.zeros((300, 300), np.float32), 500),
        (np.zeros((0, 300), np.uint8), 500),
        (np.zeros((300, 300), np.uint8), 5),
        (np.zeros((4000, 3000), np.uint8), 500),
    ],
)
def test_what_no_scanner_gives_is_refused(pixels, dpi):
    with pytest.raises(FingerImageError):
        extract(pixels, dpi)


def test_a_handful_of_minutiae_proves_nothing():
    few = tuple(Minutia(50 * i + 10, 60, 0, MinutiaKind.ENDING, 90) for i in range(3))
    template = FingerTemplate(few, 300, 400, 80)
    assert compare(template, template) == 0.0
