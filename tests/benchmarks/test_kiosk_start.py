"""How long a kiosk takes from its process's start to its screens, beside Qt alone.

The programs are those of an office, started as a service manager starts them after a crash: each
is killed, and comes again by itself. A program logs how much processor time it had used when its
first screen was painted (a language can be chosen there) and when it went to work; that is the same
on a busy day. Seconds on the clock are printed beside it. Run with -s; the best of each counts.

    SMARTICS_STARTS=5 pytest -s tests/benchmarks/test_kiosk_start.py
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from threading import Event
from time import monotonic, perf_counter

import pytest

from office.office import Office
from office.touch_client import NotThereError
from tests.benchmarks.conftest import KIOSKS

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

STARTS = int(os.environ.get("SMARTICS_STARTS", "1"))
WITHIN_S = 120.0
MOST_FIRST, MOST_AT_WORK = 6.0, 40.0
"""Times Qt alone: bounds that a blunder breaks, such as NumPy read before the first screen."""
QT_ALONE = """
import os, sys
import PySide6.QtGui, PySide6.QtQml, PySide6.QtQuick
sys.stdout.write(str(sum(os.times()[:2]))); sys.stdout.flush(); os._exit(0)
"""
LOGGED = re.compile(r"(the first screen|at work) after ([0-9.]+) s of processor time")
UNREADY = {"", "busy"}


@pytest.mark.parametrize("kiosk", KIOSKS)
def test_the_first_screen_comes_soon(kiosk: str, kiosks: Office, capsys) -> None:
    runs = [(_qt_alone(), *_started_anew(kiosks, kiosk)) for _ in range(STARTS)]
    qt, first, work, first_s, welcome_s = (min(run[part] for run in runs) for part in range(5))
    with capsys.disabled():
        print(
            f"\n{kiosk}: processor time: Qt alone {qt:.2f} s, first screen {first:.2f} s "
            f"({first / qt:.1f} times), at work {work:.2f} s ({work / qt:.1f} times); "
            f"on the clock: first screen {first_s:.2f} s, welcome {welcome_s:.2f} s after the crash"
        )
    assert first / qt < MOST_FIRST
    assert work / qt < MOST_AT_WORK


def _qt_alone() -> float:
    done = subprocess.run(
        [sys.executable, "-c", QT_ALONE], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def _started_anew(office: Office, kiosk: str) -> tuple[float, float, float, float]:
    """Kill a kiosk; return its processor time at the first screen and at work, and the clock's."""
    program = office.processes.programs[kiosk]
    length = program.log.stat().st_size
    office.processes.kill(kiosk)
    killed_at = perf_counter()
    first = _logged(program.log, length, "the first screen")
    first_s = perf_counter() - killed_at
    work = _logged(program.log, length, "at work")
    deadline = monotonic() + WITHIN_S
    while _screen(office, kiosk) in UNREADY:
        assert monotonic() < deadline, "the kiosk does not come back"
        Event().wait(0.01)
    return first, work, first_s, perf_counter() - killed_at


def _logged(log: Path, length: int, milestone: str) -> float:
    deadline = monotonic() + WITHIN_S
    while monotonic() < deadline:
        found = dict(LOGGED.findall(log.read_bytes()[length:].decode()))
        if milestone in found:
            return float(found[milestone])
        Event().wait(0.005)
    raise AssertionError(f"{milestone} did not come")


def _screen(office: Office, kiosk: str) -> str:
    try:
        return office.touch[kiosk].look().name
    except NotThereError:
        return ""
