"""A whole day on which somebody collects a card for another, who activates it at the kiosk."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.night, pytest.mark.journey, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]


def test_a_proxys_card_is_handed_out_at_the_counter_and_activated_by_its_holder(tmp_path):
    out = tmp_path / "out"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "office", "office", "--auto", "--applicants", "3"),
            *("--by-proxy", "--out", str(out), "--folder", str(tmp_path / "office")),
        ],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert (summary["collected"], summary["lost"]) == (3, 0)
    steps = {(step["station"], step["step"]) for step in summary["steps"]}
    assert {("booth-2", "counter"), ("collection-1", "activate")} <= steps
    assert any("check_proxy" in Path(file).name for file in summary["screens"])
