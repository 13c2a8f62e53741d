"""A long life of signals does not end the process."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

BODY = """
from PySide6.QtCore import QObject, Signal
import common.ui.window

class Bell(QObject):
    rung = Signal()

bell = Bell()
for _ in range(200_000):
    bell.rung.emit()
"""


def test_signals_do_not_use_up_the_truth():
    ended = subprocess.run(
        [sys.executable, "-c", BODY], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
