"""Programs are started, started again when they die, and ended."""

import sys
from threading import Event

import pytest

from office.processes import NotStartedError, Processes, Program

WRITES_AND_WAITS = "import sys, time; open(sys.argv[1], 'a').write('x'); time.sleep(60)"


def program(tmp_path, code=WRITES_AND_WAITS):
    mark = tmp_path / "mark"
    return mark, Program(
        "p",
        [sys.executable, "-c", code, str(mark)],
        {},
        tmp_path / "logs" / "p.log",
        lambda: mark.exists() and mark.read_text() != "",
    )


def test_what_dies_is_started_again_and_what_is_stopped_stays_stopped(tmp_path):
    mark, one = program(tmp_path)
    processes = Processes()
    processes.start(one)
    first = one.process
    processes.kill("p")
    for _ in range(200):
        if mark.read_text() == "xx":
            break
        Event().wait(0.05)
    processes.stop()
    assert mark.read_text() == "xx"
    assert one.died == 1
    assert one.process is not None
    assert one.process is not first
    assert one.process.poll() is not None


def test_a_program_that_never_serves_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("office.processes.START_WITHIN_S", 0.3)
    _, one = program(tmp_path, "import time; time.sleep(60)")
    processes = Processes()
    with pytest.raises(NotStartedError, match="p is not ready"):
        processes.start(one)
    processes.stop()
