import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.matching.finger_records import fmr_2005
from common.matching.finger_template import (
    ExtendedData,
    FingerTemplate,
    Minutia,
    MinutiaKind,
)
from common.matching.ridge_counts import count_ridges, ridge_counts_in, ridge_counts_of

PERIOD = 9


def at(x, y):
    return Minutia(x, y, 0, MinutiaKind.ENDING, 80)


@pytest.fixture
def bars():
    """Upright ridges, dark where x is a multiple of the period."""
    x = np.arange(300)
    row = 128 - 100 * np.cos(2 * np.pi * x / PERIOD)
    return np.tile(row, (200, 1)).astype(np.uint8)


def counted(image, *minutiae):
    template = FingerTemplate(minutiae, 300, 200, 50, extended=(count_ridges(image, minutiae),))
    return ridge_counts_in(fmr_2005.read_own(fmr_2005.write(template)))


@pytest.mark.parametrize("ridges", [1, 2, 5, 9])
def test_ridges_between_two_minutiae_are_counted(bars, ridges):
    left = 100  # in a valley
    table = counted(bars, at(left, 90), at(left + ridges * PERIOD, 97))
    assert abs(table[0, 1] - ridges) <= 1
    assert table[0, 1] == table[1, 0]


def test_no_ridge_is_crossed_along_a_ridge(bars):
    assert counted(bars, at(99, 40), at(99, 120))[0, 1] <= 1


def test_noise_makes_no_ridges(bars):
    noisy = bars.astype(float) + np.random.default_rng(1).normal(0, 40, bars.shape)
    image = np.clip(noisy, 0, 255).astype(np.uint8)
    assert abs(counted(image, at(100, 90), at(100 + 5 * PERIOD, 90))[0, 1] - 5) <= 1


def test_only_near_minutiae_are_counted_and_each_pair_once():
    minutiae = [at(10 + 20 * i, 30) for i in range(14)]
    block = count_ridges(np.zeros((60, 320), np.uint8), minutiae)
    pairs = [tuple(block.data[i : i + 2]) for i in range(1, len(block.data), 3)]
    assert len(pairs) == len(set(pairs))
    assert all(a < b for a, b in pairs)
    assert (0, 13) not in pairs


def test_one_minutia_has_nothing_to_count_to(bars):
    assert count_ridges(bars, [at(5, 5)]).data == b"\x00"
    assert count_ridges(bars, []).data == b"\x00"


@given(st.binary(max_size=60), st.integers(0, 5))
def test_any_block_of_anybody_gives_a_table_without_a_crash(data, many):
    minutiae = tuple(at(10 * i, 10) for i in range(many))
    template = FingerTemplate(minutiae, 300, 200, 50, extended=(ExtendedData(1, data),))
    table = ridge_counts_in(template)
    assert table.shape == (many, many)
    assert (table >= -1).all()


def test_pairs_that_name_no_minutia_are_passed_over():
    block = ridge_counts_of([(0, 1, 4), (0, 7, 2)])
    template = FingerTemplate((at(1, 1), at(50, 1)), 300, 200, 50, extended=(block,))
    assert ridge_counts_in(template).tolist() == [[-1, 4], [4, -1]]


def test_more_ridges_than_a_byte_holds_are_255():
    assert ridge_counts_of([(0, 1, 300)]).data == b"\x00\x00\x01\xff"
