"""A whole day of a person who only hears the kiosks and only presses their keypads' keys."""

import pytest

from office.ear_agent import Ears
from tests.support.played_day import played_day

pytestmark = [pytest.mark.night, pytest.mark.journey, pytest.mark.timeout(1200)]


def test_two_get_a_card_by_ear_and_keypad_alone_one_fills_in_the_form_so(tmp_path):
    """The first comes with the form filled in; the second fills it in at the bench."""
    summary = played_day(tmp_path / "out", tmp_path / "office", "--by-keypad", applicants=2)
    assert (summary["collected"], summary["lost"]) == (2, 0)
    steps = {(step["station"], step["step"]) for step in summary["steps"]}
    assert {
        ("tag-1", "take tag by ear"),
        ("bench-1", "fill in form by ear"),
        ("registration-1", "register by ear"),
        ("collection-1", "collect by ear"),
    } <= steps
    for place in ("K1", "B1"):
        called = {call["tag"] for call in summary["calls"] if call["place"] == place}
        assert len(called) == 2, "each was called aloud, and came because of that"
    assert set(Ears.__slots__) == {"hear", "press"}, "there is nothing to see with"
