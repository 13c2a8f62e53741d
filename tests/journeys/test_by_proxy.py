"""A whole day on which somebody collects a card for another, who activates it at the kiosk."""

from pathlib import Path

import pytest

from tests.support.played_day import played_day

pytestmark = [pytest.mark.night, pytest.mark.journey, pytest.mark.timeout(900)]


def test_a_proxys_card_is_handed_out_at_the_counter_and_activated_by_its_holder(tmp_path):
    summary = played_day(tmp_path / "out", tmp_path / "office", "--by-proxy", applicants=3)
    assert (summary["collected"], summary["lost"]) == (3, 0)
    steps = {(step["station"], step["step"]) for step in summary["steps"]}
    assert {("booth-2", "counter"), ("collection-1", "activate")} <= steps
    assert any("check_proxy" in Path(file).name for file in summary["screens"])
