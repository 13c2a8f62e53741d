"""A public station from its first screen to its work: what is there at once, and what may fail."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QTimer

from common.domain.language import Language
from common.flow.machine import Step
from common.station.config import ConfigError, StationConfig, read
from common.ui.app import run
from common.ui.opening import Opening
from common.ui.screen import Screen
from common.ui.screens.busy import busy, starting
from common.ui.visit_driver import VisitDriver
from common.ui.window import StationWindow
from tests.support.identities import pair_beforehand
from tests.support.parts import part_screen
from tests.support.touches import says, touch

ROOT = Path(__file__).parents[2]
STATION = """\
[station]
name = "tag-1"
kind = "tag"
office = "HQ"
[backend]
address = "http://127.0.0.1:1"
key = "file:station.key"
"""
HEAVY = ("babel", "cryptography", "cv2", "fluent", "keyring", "numpy", "PIL", "pydantic")
HEAVY_TOO = ("requests", "sqlcipher3", "typer", "urllib3")
FIRST_SCREEN = f"""
import sys
import office.start, {{}}
from common.domain.language import Language
from common.ui.app import make_app
from common.ui.screens.busy import starting
from common.ui.window import StationWindow
make_app()
window = StationWindow("tag-title", tuple(Language))
window.show(starting())
window.open()
assert not window.picture().isNull()
print(*({{{{name.split(".")[0] for name in sys.modules}}}} & set({HEAVY + HEAVY_TOO})))
"""


def test_a_first_screen_takes_no_more_than_qt():
    programs = "kiosk_tag.__main__, kiosk_registration.__main__, kiosk_collection.__main__"
    done = subprocess.run(
        [sys.executable, "-c", FIRST_SCREEN.format(f"{programs}, kiosk_registration.bench_main")],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []


@dataclass
class Program:
    """A kiosk whose import takes as long as a test wants, and whose flow says welcome at once."""

    may_go_on: Event = field(default_factory=Event)
    is_asked: Event = field(default_factory=Event)
    prepared: Exception | None = None
    made: Exception | None = None
    driver: VisitDriver[Any, Any, Any] | None = None

    def prepare(self, _station: object, window: StationWindow) -> Callable[[], Any]:
        self.is_asked.set()
        assert self.may_go_on.wait(20)
        if self.prepared is not None:
            raise self.prepared
        return lambda: self._make(window)

    def _make(self, window: StationWindow) -> VisitDriver[Any, Any, Any]:
        if self.made is not None:
            raise self.made
        self.driver = VisitDriver[Any, Any, Any](
            start="starting up",
            started="started",
            next_step=lambda state, event: Step("welcome" if event == "ready" else state),
            perform=lambda _task, _stay: None,
            screen_for=_screen_for,
            window=window,
            failed="failed",
            left="left",
        )
        return self.driver


def _screen_for(state: str) -> Screen:
    return busy() if state == "starting up" else part_screen("choices", {}, {"resets": True})


@pytest.fixture
def config(tmp_path: Path) -> StationConfig:
    file = tmp_path / "station.toml"
    file.write_text(STATION)
    pair_beforehand(file)
    return read(file)


@pytest.fixture
def window(qapp) -> Iterator[StationWindow]:
    yield StationWindow("tag-title", tuple(Language)[:3])
    gc.unfreeze()
    gc.enable()


def test_a_first_screen_answers_while_the_program_is_imported(config, window, qtbot):
    program = Program()
    opening = Opening(window, config, program.prepare)
    opening.begin()
    try:
        qtbot.waitUntil(program.is_asked.is_set)
        assert window.current == starting()
        assert says(window, "This kiosk is getting ready")
        touch(window, "繁體")
        assert says(window, "本服務站正在啟動")
        program.may_go_on.set()
        qtbot.waitUntil(lambda: program.driver is not None)
        assert program.driver is not None
        assert window.current == starting(), "the flow has no more to say yet"
        program.driver.happened("ready")
        assert window.current == _screen_for("welcome")
        assert window.language is Language.TRADITIONAL, "chosen before there was a flow"
        assert gc.isenabled()
    finally:
        program.may_go_on.set()
        opening.end()


@pytest.mark.parametrize("where", ["prepared", "made"])
def test_what_is_wrong_with_a_station_ends_its_program(config, window, where: str):
    wrong = ConfigError("there is no [devices.camera]")
    program = Program()
    setattr(program, where, wrong)
    program.may_go_on.set()
    opening = Opening(window, config, program.prepare)
    run(opening.begin, opening.end)
    assert opening.error is wrong


def test_a_program_that_is_ended_while_it_opens_does_not_go_to_work(config, window):
    program = Program()
    opening = Opening(window, config, program.prepare)

    def end() -> None:
        program.may_go_on.set()
        opening.end()

    QTimer.singleShot(300, lambda: os.kill(os.getpid(), signal.SIGTERM))
    assert run(opening.begin, end) == 0
    assert program.driver is None


def test_a_display_that_is_off_keeps_no_station_from_work(config, window, qtbot, monkeypatch):
    monkeypatch.setattr("common.ui.opening.UNSEEN_MS", 20)
    monkeypatch.setattr(window, "open", lambda **_: None)
    program = Program()
    program.may_go_on.set()
    opening = Opening(window, config, program.prepare)
    opening.begin()
    try:
        qtbot.waitUntil(lambda: program.driver is not None)
    finally:
        opening.end()
