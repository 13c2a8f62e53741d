"""Which impressions of a finger are enrolled."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.matching.finger_enrolment import (
    CAPTURES,
    KEPT,
    LEAST_QUALITY,
    RETAKES,
    Capture,
    FingerEnrolment,
    capture,
)
from common.matching.fingers import (
    GOOD_QUALITY,
    MATCH_THRESHOLD,
    FingerTemplate,
    compare,
    extract,
)
from hardware.simulation.people import person

SAME, OTHER = MATCH_THRESHOLD + 1, 0.0


def template(quality, mark=0):
    return FingerTemplate((), 256 + mark, 288, quality)


def enrolment(*qualities, alike=SAME, proven=True):
    one = FingerEnrolment(1)
    for number, quality in enumerate(qualities):
        likeness = (alike,) * number
        one = one.captured(Capture(template(quality, number), likeness, is_proven=proven))
    return one


def qualities(one):
    return [kept.template.quality for kept in one.kept]


def test_the_best_two_of_three_are_kept():
    done = enrolment(40, 70, 55)
    assert done.is_done
    assert qualities(done) == [70, 55]
    assert not done.needs_override


def test_the_impression_that_proved_the_person_is_the_first_of_the_three_if_it_is_good():
    assert FingerEnrolment.of(1, template(60)).number == 2
    assert FingerEnrolment.of(1, template(GOOD_QUALITY - 1)).number == 1


def test_poor_captures_are_taken_again_and_then_kept_with_a_mark():
    poor = enrolment(22, 25, 28)
    assert not poor.is_done
    late = enrolment(22, 25, 28, 24, 21)
    assert late.is_done
    assert qualities(late) == [25, 28]
    assert late.needs_override


def test_what_is_too_poor_is_never_kept():
    assert enrolment(19, 12, 5, 3, 19).kept == ()


def test_a_capture_that_matches_no_other_is_another_finger():
    other = Capture(template(90, 9), (OTHER, OTHER))
    done = enrolment(40, 41).captured(other)
    assert qualities(done) == [40, 41]
    alone = enrolment(35, 50, 40, 36, 30, alike=OTHER)
    assert alone.is_done
    assert qualities(alone) == [50], "the best one is kept where no two agree"


def test_unattended_another_persons_finger_is_never_kept():
    assert enrolment(60, 70, 80, proven=False).kept == ()
    first = FingerEnrolment.of(1, template(50))
    strange = Capture(template(90, 1), (OTHER,), is_proven=False)
    again = Capture(template(90, 2), (OTHER, SAME), is_proven=False)
    assert qualities(first.captured(strange).captured(again)) == [50]


def test_when_the_time_is_up_what_there_is_counts():
    assert qualities(FingerEnrolment.of(1, template(50)).ended()) == [50]
    assert FingerEnrolment.of(1, None).ended().kept == ()


@given(
    st.lists(
        st.one_of(st.none(), st.tuples(st.integers(0, 100), st.booleans(), st.booleans())),
        max_size=12,
    )
)
def test_an_enrolment_ends_and_keeps_nothing_below_the_least(happened):
    one = FingerEnrolment(1)
    steps = 0
    for what in happened:
        if one.is_done:
            break
        steps += 1
        if what is None:
            one = one.missed()
            continue
        quality, alike, proven = what
        likeness = (SAME if alike else OTHER,) * len(one.captures)
        one = one.captured(Capture(template(quality, steps), likeness, proven))
    assert steps <= CAPTURES + RETAKES
    assert len(one.kept) <= KEPT
    for kept in one.kept:
        assert kept.template.quality >= LEAST_QUALITY
        assert kept.overridden == (kept.template.quality < GOOD_QUALITY)
    if not any(capture.is_proven for capture in one.captures):
        assert one.kept == ()


@pytest.fixture(scope="module")
def presses():
    who = person(3)
    return [extract(who.finger(1, press), 500) for press in (1, 2)] + [
        extract(who.finger(6, 1), 500)
    ]


def test_captures_are_compared_with_all_before_them(presses):
    first, second, other = presses
    before = [capture(first, [])]
    again = capture(second, before, known=[first])
    assert again.likeness == (compare(second, first),)
    assert again.is_proven
    strange = capture(other, [*before, again], known=[first])
    assert not strange.is_proven
    assert max(strange.likeness) < MATCH_THRESHOLD
    assert capture(other, before).is_proven, "an officer looks on"
    enrolled = FingerEnrolment(1, (*before, again, strange))
    assert enrolled.kept[0].template == replace(first)
