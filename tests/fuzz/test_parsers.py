"""Seeds and a few hundred mutations of each, so that a parser that breaks is news at once."""

import importlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import NAMES

EDITS = st.lists(
    st.tuples(st.integers(0, 4000), st.integers(0, 6), st.binary(max_size=6)), max_size=4
)


@pytest.mark.parametrize("name", NAMES)
def test_sound_samples_pass(name):
    target = importlib.import_module(f"tests.fuzz.{name}")
    seeds = target.seeds()
    assert seeds
    for seed in seeds:
        target.fuzz_one(seed)


@pytest.mark.parametrize("name", NAMES)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
@given(data=st.data())
def test_nothing_but_a_chip_error_comes_of_mutations(name, data):
    target = importlib.import_module(f"tests.fuzz.{name}")
    sample = data.draw(st.sampled_from(target.seeds()))
    for place, removed, added in data.draw(EDITS):
        at = place % (len(sample) + 1)
        sample = sample[:at] + added + sample[at + removed :]
    target.fuzz_one(sample)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=50, deadline=None, database=None)
@given(data=st.binary(max_size=400))
def test_nothing_but_a_chip_error_comes_of_noise(name, data):
    importlib.import_module(f"tests.fuzz.{name}").fuzz_one(data)
