"""The matcher on minutiae that are nobody's: what moving, stretching and losing them does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.matching.finger_drawing import draw_pairing
from common.matching.finger_edges import PreparedFinger
from common.matching.finger_matcher import likeness, pairing
from common.matching.finger_skin import Skin
from common.matching.finger_template import FingerTemplate, Minutia, MinutiaKind
from common.matching.fingers import MATCH_THRESHOLD
from common.matching.ridge_counts import ridge_counts_of

SIZE = 400
PERIOD = 9.0


def finger(seed, many=40):
    """Minutiae strewn at random, as (x, y, direction, kind)."""
    rng = np.random.default_rng(seed)
    places: list[np.ndarray] = []
    while len(places) < many:
        place = rng.uniform(60, 340, 2)
        if all(np.hypot(*(place - other)) > 14 for other in places):
            places.append(place)
    directions = rng.uniform(0, 2 * np.pi, many)
    return np.column_stack([places, directions, rng.integers(1, 3, many)])


def moved(minutiae, degrees=0.0, shift=(0, 0), bend=0.0):
    """Turned about the middle, shifted, and pulled to the right the more the further down."""
    x, y, direction, kind = minutiae.T
    turn = np.deg2rad(degrees)
    dx, dy = x - 200, y - 200
    new_x = 200 + np.cos(turn) * dx + np.sin(turn) * dy + shift[0] + bend * (dy / 140) ** 2
    new_y = 200 - np.sin(turn) * dx + np.cos(turn) * dy + shift[1]
    return np.column_stack([new_x, new_y, direction + turn, kind])


def template(minutiae, quality=80, counted=True):
    made = tuple(
        Minutia(round(x), round(y), round(a * 128 / np.pi) % 256, MinutiaKind(int(k)), quality)
        for x, y, a, k in minutiae
    )
    counts = []
    for i, a in enumerate(made):
        for j, b in enumerate(made[:i]):
            apart = np.hypot(a.x - b.x, a.y - b.y)
            if apart < 110:
                counts.append((j, i, int(apart / PERIOD)))
    extended = (ridge_counts_of(counts),) if counted else ()
    return FingerTemplate(made, 600, 600, 60, extended=extended)


def score(a, b):
    return likeness(PreparedFinger(a), PreparedFinger(b))


@pytest.mark.parametrize("degrees", [0, 7, 90, 180, -35])
def test_turning_and_shifting_a_finger_changes_nothing(degrees):
    minutiae = finger(1)
    original = template(minutiae)
    other = template(moved(minutiae, degrees, (40, 25)))
    assert score(original, other) > 0.75 * score(original, original)


def test_stretched_skin_is_the_same_finger():
    minutiae = finger(2)
    straight, bent = template(minutiae), template(moved(minutiae, bend=30))
    assert score(straight, bent) > 10 * MATCH_THRESHOLD
    found = pairing(PreparedFinger(straight), PreparedFinger(bent))
    assert found is not None
    assert len(found.a) >= 36
    assert found.a == found.b


@pytest.mark.parametrize("seed", range(12))
def test_strangers_do_not_match(seed):
    assert score(template(finger(100 + seed)), template(finger(200 + seed))) < MATCH_THRESHOLD


def test_half_a_finger_is_still_the_finger():
    minutiae = finger(3)
    left = minutiae[minutiae[:, 0] < 230]
    right = minutiae[minutiae[:, 0] > 170 - 60]
    assert score(template(left), template(moved(right, 12))) > MATCH_THRESHOLD


def test_three_minutiae_that_agree_prove_nothing():
    three = template(finger(4)[:3])
    assert score(three, three) == 0
    four = template(finger(4, 4))
    assert score(four, template(finger(4))) < MATCH_THRESHOLD


def test_the_order_does_not_matter():
    minutiae = finger(5)
    a, b = template(minutiae), template(moved(minutiae[:30], 9, bend=12))
    assert score(a, b) == score(b, a)
    there, back = (pairing(PreparedFinger(p), PreparedFinger(q)) for p, q in ((a, b), (b, a)))
    assert there is not None
    assert back is not None
    assert (there.a, there.b) == (back.b, back.a)


def test_records_of_others_without_ridge_counts_and_qualities_are_compared():
    minutiae = finger(6)
    foreign = template(moved(minutiae, 15), quality=0, counted=False)
    assert score(template(minutiae), foreign) > 5 * MATCH_THRESHOLD
    assert score(template(finger(7)), foreign) < MATCH_THRESHOLD


def test_ridges_that_were_counted_otherwise_speak_against_it():
    minutiae = finger(8)
    original = template(minutiae)
    wrong = FingerTemplate(
        original.minutiae,
        600,
        600,
        60,
        extended=(ridge_counts_of([(i, j, (7 * i) % 15) for j in range(40) for i in range(j)]),),
    )
    assert score(original, wrong) < score(original, original) / 5


def test_more_minutiae_than_a_finger_has_are_cut_to_the_best():
    many = template(np.vstack([finger(9), finger(10)] * 3))
    assert PreparedFinger(many).count == 100


minutia = st.builds(
    Minutia,
    st.integers(0, 599),
    st.integers(0, 599),
    st.integers(0, 255),
    st.sampled_from(MinutiaKind),
    st.integers(0, 100),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(minutia, max_size=40), st.lists(minutia, max_size=40), st.booleans())
def test_any_two_templates_get_a_finite_score(a, b, doubled):
    a = a + a if doubled else a
    left = FingerTemplate(tuple(a), 600, 600, 50)
    right = FingerTemplate(tuple(b), 600, 600, 50)
    found = score(left, right)
    assert np.isfinite(found)
    assert found >= 0


def test_skin_carries_what_lies_between_its_pairs_along():
    source = np.array([0, 100, 100j, 100 + 100j], np.complex128)
    skin = Skin(source, source * np.exp(0.3j) + 20)
    laid = skin.lay(np.array([50 + 50j]))
    assert abs(laid.places[0] - ((50 + 50j) * np.exp(0.3j) + 20)) < 1e-6
    assert np.angle(laid.turns[0]) == pytest.approx(0.3)


def test_the_drawing_marks_pairs_in_colour_and_the_rest_in_grey():
    minutiae = finger(11)
    a, b = template(minutiae), template(moved(minutiae[:25], 5))
    found = pairing(PreparedFinger(a), PreparedFinger(b))
    assert found is not None
    picture = draw_pairing(a, b, found)
    assert picture.shape == (1200, 2424, 3)
    spread = picture.max(axis=2).astype(int) - picture.min(axis=2)
    assert (spread > 60).sum() > 500
    lonely = draw_pairing(a, b, None)
    assert (lonely.max(axis=2) == lonely.min(axis=2)).all()
