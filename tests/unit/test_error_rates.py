"""Error rates: hand-made scores with known answers, and intervals that hold what they promise."""

import math

import numpy as np
import pytest

from common.matching.error_rates import (
    Curve,
    Estimate,
    Scores,
    most_when_none_seen,
)


def scores_of(genuine, impostor, subjects=4):
    """Scores whose subjects take turns."""
    strangers = np.array([[i % subjects, (i + 1) % subjects] for i in range(len(impostor))], int)
    return Scores(
        np.array(genuine, float),
        np.arange(len(genuine)) % subjects,
        np.array(impostor, float),
        strangers.reshape(-1, 2),
        subjects,
    )


ORDINARY = scores_of([8.0, 9, 12, 13, 14, 15, 16, 17], [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10])


@pytest.mark.parametrize(
    ("threshold", "fmr", "fnmr"),
    [(0, 1, 0), (8, 0.3, 0), (8.5, 0.2, 1 / 8), (9, 0.2, 1 / 8), (10, 0.1, 2 / 8), (99, 0, 1)],
)
def test_a_score_at_the_threshold_is_a_match(threshold, fmr, fnmr):
    assert ORDINARY.curve().at(threshold) == (fmr, fnmr)


@pytest.mark.parametrize(("fmr", "above"), [(0.3, 7), (0.25, 8), (0.2, 8), (0.1, 9), (0.05, 10)])
def test_the_threshold_for_a_rate_is_the_smallest_that_keeps_it(fmr, above):
    curve = ORDINARY.curve()
    found = curve.threshold_for(fmr)
    assert found == math.nextafter(above, math.inf)
    assert curve.at(found)[0] <= fmr < curve.at(above)[0]
    assert curve.fnmr_at(np.array([fmr])).tolist() == [curve.at(found)[1]]


def test_a_rate_that_is_a_fraction_without_an_end_in_binary_is_met_exactly():
    curve = scores_of([1000.0], range(1000)).curve()
    for tenths_of_a_percent in range(1, 200):
        above = 1000 - tenths_of_a_percent - 1
        assert curve.threshold_for(tenths_of_a_percent / 1000) == math.nextafter(above, math.inf)


def test_equal_errors_lie_where_the_curves_cross():
    assert ORDINARY.curve().eer() == pytest.approx((0.2 + 1 / 8) / 2)
    assert scores_of([5.0, 6], [1.0, 2]).curve().eer() == 0
    assert scores_of([1.0, 2], [5.0, 6]).curve().eer() == 1


def test_a_failed_capture_is_missed_at_every_threshold():
    curve = scores_of([-math.inf, 5, 6, 7], [1.0, 2]).curve()
    assert curve.at(-1000)[1] == 0.25
    assert curve.fnmr_at(np.array([0.01])).tolist() == [0.25]


def test_pairs_are_told_apart_by_their_subjects():
    a, b = np.array([7, 7, 9, 30, 7]), np.array([7, 9, 9, 7, 30])
    found = Scores.of(a, b, np.array([10.0, 1, 11, 2, 3]))
    assert found.genuine.tolist() == [10, 11]
    assert found.genuine_of.tolist() == [0, 1]
    assert found.impostor.tolist() == [1, 2, 3]
    assert found.impostor_of.tolist() == [[0, 1], [2, 0], [0, 2]]
    assert (found.subjects, found.paired_subjects, found.stranger_pairs) == (3, 2, 2)


def test_without_strangers_nothing_is_said_of_them():
    curve = scores_of([1.0, 2], []).curve()
    assert math.isnan(curve.threshold_for(0.1))
    assert np.isnan(curve.fnmr_at(np.array([0.1, 0.2]))).all()
    assert math.isnan(curve.eer())
    assert np.isnan(curve.at(curve.threshold_for(0.1))).all()
    assert curve.at(1.5)[1] == 0.5


def test_drawing_people_weighs_pairs_as_writing_them_down_so_often_would():
    times = np.array([2.0, 0, 3, 1])
    genuine, impostor, strangers = [], [], []
    for score, who in zip(ORDINARY.genuine, ORDINARY.genuine_of, strict=True):
        genuine += [score] * int(times[who])
    for score, (a, b) in zip(ORDINARY.impostor, ORDINARY.impostor_of, strict=True):
        impostor += [score] * int(times[a] * times[b])
        strangers += [[a, b]] * int(times[a] * times[b])
    repeated = Scores(
        np.array(genuine), np.zeros(len(genuine), int), np.array(impostor), np.array(strangers), 4
    ).curve()
    weighed = ORDINARY._weighed(times)
    for threshold in np.arange(0, 18, 0.5):
        assert weighed.at(threshold) == repeated.at(threshold)


def test_intervals_repeat_and_surround_what_was_measured():
    def rates(curve: Curve):
        return np.array([curve.eer(), *curve.at(8.5)])

    low, high = ORDINARY.intervals(rates, replicates=200)
    again = ORDINARY.intervals(rates, replicates=200)
    assert np.array_equal([low, high], again)
    assert np.all(low <= rates(ORDINARY.curve()))
    assert np.all(rates(ORDINARY.curve()) <= high)


def test_of_one_person_no_interval_is_known():
    low, high = scores_of([1.0, 2], [], 1).intervals(lambda curve: np.array([curve.eer()]), 20)
    assert np.isnan([low[0], high[0]]).all()


def test_intervals_respect_that_few_people_gave_many_scores():
    """Each person has a rate of their own to be missed; 95 of 100 studies should hold the mean."""
    rng = np.random.default_rng(7)
    people, presses, studies = 20, 28, 200
    held_by_people = held_by_pairs = 0
    for _ in range(studies):
        difficulty = rng.beta(0.5, 2, people)  # mean 0.2
        missed = rng.random((people, presses)) < difficulty[:, None]
        found = Scores(
            np.where(missed, 0.0, 1.0).ravel(),
            np.repeat(np.arange(people), presses),
            np.zeros(0),
            np.zeros((0, 2), int),
            people,
        )
        low, high = found.intervals(lambda curve: np.array([curve.at(0.5)[1]]), replicates=200)
        held_by_people += low[0] <= 0.2 <= high[0]
        half = 1.96 * math.sqrt(missed.mean() * (1 - missed.mean()) / missed.size)
        held_by_pairs += abs(missed.mean() - 0.2) <= half
    assert held_by_people / studies > 0.92
    assert held_by_pairs / studies < 0.7


def test_intervals_of_strangers_hold_what_they_promise():
    """Some people resemble many: the false matches of a study hang together."""
    rng = np.random.default_rng(8)
    people, studies, held = 24, 150, 0
    a, b = np.triu_indices(people, 1)
    truth = 0.05  # of normal sums with variance 2 * 0.3 + 0.4
    for _ in range(studies):
        wolf = rng.normal(0, math.sqrt(0.3), people)
        scores = wolf[a] + wolf[b] + rng.normal(0, math.sqrt(0.4), len(a))
        found = Scores(np.zeros(0), np.zeros(0, int), scores, np.stack([a, b], axis=1), people)
        low, high = found.intervals(lambda curve: np.array([curve.at(1.6449)[0]]), replicates=200)
        held += low[0] <= truth <= high[0]
    assert held / studies > 0.89


def test_where_nothing_was_seen_the_limit_of_clopper_and_pearson_stands():
    assert most_when_none_seen(100) == pytest.approx(0.02951, abs=1e-5)
    assert most_when_none_seen(1) == pytest.approx(0.95)
    assert most_when_none_seen(0) == 1
    assert Estimate.of_rate(0.0, 0.0, 0.0, 100) == Estimate(0.0, 0.0, most_when_none_seen(100))
    assert Estimate.of_rate(1.0, 1.0, 1.0, 100).low == pytest.approx(1 - 0.02951, abs=1e-5)
    assert Estimate.of_rate(0.5, 0.4, 0.6, 100) == Estimate(0.5, 0.4, 0.6)


def test_few_people_support_no_small_rate():
    def supported_by(people):
        strangers = np.stack(np.triu_indices(people, 1), axis=1).repeat(8, axis=0)
        scores = np.zeros(len(strangers))
        found = Scores(np.zeros(0), np.zeros(0, int), scores, strangers, people)
        return found.lowest_supported_fmr

    assert supported_by(20) == pytest.approx(3 / 190, rel=0.02)
    assert supported_by(246) < 1e-4 < supported_by(244)
    assert supported_by(1) == 1
