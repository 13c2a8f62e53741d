"""The watchdog over a real socket: told while GUI and lanes are alive, and not a moment longer."""

import os
import socket
import subprocess
import sys
from threading import Event
from time import monotonic

import pytest

from common.flow.machine import Stay, Step
from common.station.service_manager import ALIVE, READY, STOPPING, ServiceManager
from common.ui import visit_driver
from common.ui.gallery import settle
from common.ui.screen import Screen
from common.ui.screens.busy import busy
from common.ui.screens.take_card import take_card
from common.ui.visit_driver import VisitDriver
from common.ui.watchdog import Watchdog
from office.processes import Processes, Program
from tests.support.qt import station_window


@pytest.fixture
def line(tmp_path):
    """What the service manager hears with, and what it tells a program of it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        name = f"smartics-test-{os.getpid()}-{tmp_path.name}"
        heard.bind("\0" + name)
        heard.setblocking(False)
        yield heard, {"NOTIFY_SOCKET": "@" + name, "WATCHDOG_USEC": "60000"}


def said(heard) -> list[str]:
    found = []
    while True:
        try:
            found.append(heard.recv(256).decode())
        except BlockingIOError:
            return found


def test_it_is_told_while_no_lane_hangs(qapp, line):
    heard, environment = line
    hung = [""]
    watchdog = Watchdog(ServiceManager(environment), lambda: hung[0])
    watchdog.begin()
    settle(150)
    first = said(heard)
    assert first[0] == READY
    assert ALIVE in first
    hung[0] = "card_unit"
    settle(40)
    said(heard)
    settle(150)
    assert said(heard) == [], "a lane hangs"
    hung[0] = ""
    settle(150)
    assert ALIVE in said(heard)
    watchdog.end()
    settle(150)
    assert said(heard)[-1] == STOPPING


def test_nobody_listens_and_nobody_wants_to_hear(qapp):
    for environment in ({}, {"NOTIFY_SOCKET": "/nowhere/notify"}, {"WATCHDOG_USEC": "soon"}):
        manager = ServiceManager(environment)
        assert manager.watchdog_s == 0
        manager.tell(READY)


def test_a_socket_in_the_file_system_is_found_too(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "notify")}).tell(READY)
        assert heard.recv(64) == b"READY=1"


# Which lane hangs


class Lanes:
    """A visit whose task on the lane `card` stays away until it is let go."""

    def __init__(self, window, screens):
        self.go, self.begun = Event(), Event()
        self.driver = VisitDriver[str, str, str](
            start="first",
            started="go",
            next_step=self._next,
            perform=self._perform,
            screen_for=lambda state: screens[state],
            window=window,
            failed="failed",
            left="left",
            lane=lambda _task: "card",
        )

    def _next(self, state, event):
        match state, event:
            case "first", "go":
                return Step("first", ("work",))
            case "first", "on":
                return Step("second")
        return Step(state)

    def _perform(self, _task: str, _stay: Stay) -> None:
        self.begun.set()
        self.go.wait(20)


@pytest.fixture
def lanes(qapp, monkeypatch):
    monkeypatch.setattr(visit_driver, "HUNG_S", 0.1)
    monkeypatch.setattr(visit_driver, "BUSY_S", 0.1)
    made = []
    with station_window() as window:

        def make(first: Screen, second: Screen) -> Lanes:
            made.append(Lanes(window, {"first": first, "second": second}))
            made[-1].driver.start()
            assert made[-1].begun.wait(5)
            return made[-1]

        yield make
        for one in made:
            one.go.set()
            one.driver.stop()


def hangs(driver) -> str:
    driver.hung()
    Event().wait(0.2)
    return driver.hung()


def test_who_waits_for_a_person_hangs_not_but_who_goes_on_afterwards_does(lanes):
    visit = lanes(take_card(), take_card())
    assert hangs(visit.driver) == ""
    visit.driver.happened("on")
    assert hangs(visit.driver) == "card"
    visit.go.set()
    settle(100)
    assert hangs(visit.driver) == ""


def test_a_busy_screen_that_stays_hangs(lanes):
    visit = lanes(busy(), take_card())
    assert hangs(visit.driver) == "card"


# Programs under a manager

SPEAKS = (
    "import sys; from common.station.service_manager import *; from threading import Event;"
    "m = ServiceManager(); open(sys.argv[1], 'a').write('x'); m.tell(READY)\n"
    "for _ in range({times}): m.tell(ALIVE); Event().wait(0.05)\n"
    "{then}"
)


def program(tmp_path, times, then):
    mark = tmp_path / "mark"
    code = SPEAKS.format(times=times, then=then)
    return mark, Program(
        "p",
        [sys.executable, "-c", code, str(mark)],
        {},
        tmp_path / "p.log",
        lambda: mark.exists() and mark.read_text() != "",
        0.5,
    )


def until(holds, seconds=20.0) -> bool:
    deadline = monotonic() + seconds
    while not holds():
        if monotonic() > deadline:
            return False
        Event().wait(0.05)
    return True


def test_a_program_that_hangs_is_ended_and_started_again(tmp_path):
    mark, one = program(tmp_path, 3, "Event().wait(60)")
    processes = Processes()
    try:
        processes.start(one)
        assert until(lambda: mark.read_text().startswith("xx"))
        assert one.hung >= 1
    finally:
        processes.stop()


def test_a_program_that_its_staff_shut_down_stays_down(tmp_path):
    mark, one = program(tmp_path, 1, "sys.exit(88)")
    processes = Processes()
    try:
        processes.start(one)
        assert until(lambda: not one.wanted)
        Event().wait(0.4)
        assert mark.read_text() == "x"
    finally:
        processes.stop()


def test_a_gui_that_hangs_says_nothing(line):
    """A whole Qt program whose event loop is held up: silence, though its other threads live."""
    heard, environment = line
    code = (
        "from PySide6.QtCore import QCoreApplication, QTimer; from threading import Event\n"
        "from common.ui.watchdog import Watchdog\n"
        "from common.station.service_manager import ServiceManager\n"
        "app = QCoreApplication([]); dog = Watchdog(ServiceManager(), lambda: '')\n"
        "dog.begin(); QTimer.singleShot(300, lambda: Event().wait(30)); app.exec()\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, **environment})
    try:
        heard.settimeout(20)
        while heard.recv(256).decode() != ALIVE:
            pass
        heard.settimeout(2.0)
        Event().wait(0.5)
        heard.setblocking(False)
        said(heard)
        Event().wait(1.0)
        assert said(heard) == []
        assert child.poll() is None
    finally:
        child.kill()
        child.wait()
