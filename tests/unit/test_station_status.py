"""A station says how it is: when that changes, now and then, and when it closes."""

from threading import Event

import pytest

from common.journal.journal import Journal
from common.sync import exchange as exchange_module
from common.sync.client import BackendUnreachableError, RefusedError
from common.sync.exchange import Exchange
from common.wire.live import StationState, StationStatus

WELL = StationStatus(state=StationState.OPEN)
ILL = StationStatus(state=StationState.LIMITED, devices_out=("finger",))
CLOSED = StationStatus(state=StationState.CLOSED)


class Line:
    """A backend that listens, or fails as often as it is told to."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)
        self.heard: list[StationStatus] = []
        self.was_told = Event()

    def healthy(self) -> bool:
        return True

    def status(self, status: StationStatus) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.heard.append(status)
        self.was_told.set()

    def next(self) -> StationStatus:
        assert self.was_told.wait(10)
        self.was_told.clear()
        return self.heard[-1]


@pytest.fixture
def journal(tmp_path):
    book = Journal(tmp_path / "journal.db", bytes(32))
    yield book
    book.close()


def running(journal, line, status) -> Exchange:
    exchange = Exchange(journal, line, status)
    exchange.start()
    return exchange


def test_a_change_is_said_once_and_the_end_too(journal):
    line, now = Line(), [WELL]
    exchange = running(journal, line, lambda: now[0])
    assert line.next() == WELL
    now[0] = ILL
    exchange.poke()
    assert line.next() == ILL
    exchange.poke()
    assert exchange.flush(10)
    exchange.stop()
    assert line.heard == [WELL, ILL, CLOSED]


def test_it_beats_where_nothing_changed(journal, monkeypatch):
    monkeypatch.setattr(exchange_module, "BEAT_S", 0.0)
    line = Line()
    exchange = running(journal, line, lambda: WELL)
    assert line.next() == WELL
    exchange.poke()
    assert line.next() == WELL
    exchange.stop()


def test_a_lost_line_hears_it_later_and_an_older_backend_stops_nothing(journal):
    line = Line(BackendUnreachableError("cut"), RefusedError(404, "not_found"))
    exchange = running(journal, line, lambda: WELL)
    assert exchange.flush(10)
    for _ in range(200):
        if exchange.online and not line.troubles:
            break
        Event().wait(0.02)
    exchange.stop()
    assert line.heard == [CLOSED]
