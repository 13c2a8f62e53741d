"""How long a kiosk's program takes to its first usable screen, beside a process that has Qt alone.

Processor time, since the machine may have other work: what is measured is the same on a busy day.
Both kinds of process are run in turn, and the best of each counts. Printed with pytest -s.

    SMARTICS_STARTS=5 pytest -s tests/benchmarks/test_kiosk_start.py
"""

import os
import subprocess
import sys

import pytest

STARTS = int(os.environ.get("SMARTICS_STARTS", "1"))
MOST_TIMES = 40.0
"""A bound that a blunder breaks, such as a network's weights read before the first screen."""
QT_ALONE = "import PySide6.QtGui, PySide6.QtQml, PySide6.QtQuick"
KIOSKS = {
    "kiosk_tag": "from kiosk_tag.flow import Welcome; state = Welcome()",
    "kiosk_registration": "from kiosk_registration.states import Welcome; state = Welcome()",
    "kiosk_collection": "from kiosk_collection.visit import Welcome; state = Welcome()",
}
TO_THE_SCREEN = """
import inspect, sys
import {app}.__main__
from datetime import date
from common.domain.language import Language
from common.ui.app import make_app
from common.ui.window import StationWindow
from {app}.screens import SIZE
from {app}.screens.choice import screen_for
make_app()
window = StationWindow("{title}-title", tuple(Language)[:3], SIZE)
window.open()
{state}
more = [date(2026, 1, 1)] if "today" in inspect.signature(screen_for).parameters else []
window.show(screen_for(state, *more))
assert not window.picture().isNull()
assert not {{name for name in sys.modules if name.split(".")[0] in ("onnxruntime", "torch")}}
"""
TOLD = "import os, sys; sys.stdout.write(str(sum(os.times()[:2]))); sys.stdout.flush(); os._exit(0)"


def seconds(code: str) -> float:
    """Run a process and return the processor time it took, start of Python included."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{TOLD}"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


@pytest.mark.parametrize("app", KIOSKS)
def test_the_first_screen_comes_soon(app):
    title = app.removeprefix("kiosk_")
    kiosk = TO_THE_SCREEN.format(app=app, title=title, state=KIOSKS[app])
    imports = f"import {app}.__main__"
    runs = [(seconds(QT_ALONE), seconds(imports), seconds(kiosk)) for _ in range(STARTS)]
    qt, imported, shown = (min(run[part] for run in runs) for part in range(3))
    print(
        f"\n{title}: Qt alone {qt:.2f} s, all imports {imported:.2f} s, first screen {shown:.2f} s"
        f" of processor time; {shown / qt:.1f} times Qt alone"
    )
    assert shown / qt < MOST_TIMES
