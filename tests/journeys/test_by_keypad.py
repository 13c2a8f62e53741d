"""A whole day of a person who only hears the kiosks and only presses their keypads' keys."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from office.ear_agent import Ears

pytestmark = [pytest.mark.night, pytest.mark.journey, pytest.mark.timeout(1200)]

ROOT = Path(__file__).parents[2]


def test_two_get_a_card_by_ear_and_keypad_alone_one_fills_in_the_form_so(tmp_path):
    """The first comes with the form filled in; the second fills it in at the bench."""
    out = tmp_path / "out"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "office", "office", "--auto", "--applicants", "2"),
            *("--by-keypad", "--out", str(out), "--folder", str(tmp_path / "office")),
        ],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    summary = json.loads((out / "summary.json").read_text("utf-8"))
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
