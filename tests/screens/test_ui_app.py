"""The application from outside: how it starts, ends and fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from common.ui.gallery import previews
from common.ui.looks import LANDSCAPE, PORTRAIT, looks

ROOT = Path(__file__).parents[2]

START = """
import logging, sys
logging.basicConfig(stream=sys.stderr)
from PySide6.QtCore import QTimer
from common.ui.app import make_app, run
app = make_app()
"""


def start(body: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for name in ("QT_QPA_PLATFORM", "QT_QUICK_BACKEND", "DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, "-c", START + body],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_unforeseen_error_ends_the_program_and_names_nobody():
    ended = start(
        "def fail():\n    raise ValueError('CHAN Tai Man')\n"
        "QTimer.singleShot(0, fail)\nrun(lambda: None, lambda: None)"
    )
    assert ended.returncode == 70
    assert "ValueError in" in ended.stderr
    assert "CHAN" not in ended.stderr


def test_qt_warnings_go_to_the_log():
    ended = start("from PySide6.QtCore import qWarning\nqWarning('something odd')\n")
    assert "WARNING:common.ui.app:Qt: something odd" in ended.stderr


def test_a_screen_with_a_warning_at_reading_does_not_hang(tmp_path):
    (tmp_path / "odd.qml").write_text(
        "import QtQuick\nimport QtQuick.Templates as T\nimport Smartics\n"
        "Page { required property var model\nT.Button { property string icon: '' } }\n",
        "utf-8",
    )
    ended = start(
        "from pathlib import Path\nfrom common.domain.language import OFFICE_LANGUAGES\n"
        "from common.ui.screen import Screen\nfrom common.ui.window import StationWindow\n"
        "window = StationWindow('common-station', OFFICE_LANGUAGES)\n"
        f"window.show(Screen(Path({str(tmp_path / 'odd.qml')!r})))\n"
    )
    assert "icon" in ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_signal_ends_it_in_order():
    ended = start(
        "import os, signal\n"
        "QTimer.singleShot(50, lambda: os.kill(os.getpid(), signal.SIGTERM))\n"
        "sys.exit(run(lambda: print('begun'), lambda: print('ended')))"
    )
    assert (ended.returncode, ended.stdout.split()) == (0, ["begun", "ended"])


def test_the_gallery_paints_every_language_and_size(tmp_path):
    made = subprocess.run(
        [
            sys.executable,
            "-m",
            "common.ui.gallery",
            str(tmp_path),
            "--module",
            "common.ui.screens",
            "--only",
            "take_card",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    names = {file.name for file in (tmp_path / "common_ui").iterdir()}
    assert names == {
        f"{preview.title}-{width}x{height}-{look}.png"
        for preview in previews(["common.ui.screens"])
        if preview.screen_file == "take_card"
        for width, height in (PORTRAIT, LANDSCAPE)
        for look in looks((width, height), public=True, contrasts=(False, True))
    }
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "take_card-plain-1080x1920-zh-Hant-x2-contrast-low.png" in page


def test_a_public_window_that_nobody_can_close_ends_when_the_service_manager_says_so():
    done = start(
        """
import os, signal
from common.domain.language import OFFICE_LANGUAGES
from common.ui.window import StationWindow
window = StationWindow("common-station", OFFICE_LANGUAGES)
def begin():
    window.open()
    QTimer.singleShot(50, lambda: os.kill(os.getpid(), signal.SIGTERM))
    QTimer.singleShot(20_000, lambda: os._exit(9))
sys.exit(run(begin, window.close))
"""
    )
    assert done.returncode == 0, done.stderr
