"""The panel of the hall: what it shows, and that it comes back when the line was lost."""

import socket
from threading import Event, Thread

import pytest

from booth.display.__main__ import Board
from booth.display.feed import DisplayFeed, states_in
from booth.display.screens import PUBLIC, SIZE
from booth.display.screens.panel import SPOKEN, panel, previews
from common.domain.queue import Stage
from common.i18n.texts import texts
from common.ui.accessibility import faults
from common.ui.touch_panel import controls
from common.ui.window import StationWindow
from common.wire.shapes import Call, DisplayState
from tests.support.backend_office import MORNING, office_settings, running_office
from tests.support.qt import render

CALL = Call(tag_number="A007", place="B1", stage=Stage.BOOTH, called_at=MORNING, times=1)
STATE = DisplayState(revision=4, calls=(CALL,), waiting=2)


@pytest.mark.parametrize("name", list(previews()))
def test_the_panel_can_be_read(qapp, name):
    with render(previews()[name], size=SIZE, public=PUBLIC) as shown:
        assert not faults(shown.window, shown.picture)


def test_a_lost_line_keeps_the_calls_under_a_banner(qtbot):
    window = StationWindow("common-station", SPOKEN[:1], SIZE, PUBLIC)
    window.open()
    board = Board(window)
    board.start()

    def says(words):
        return any(words in control.name for control in controls(window))

    board.told(STATE)
    qtbot.waitUntil(lambda: says("A007"))
    board.told(None)
    qtbot.waitUntil(lambda: says(texts(SPOKEN[1]).text("display-line-lost")))
    assert says("A007")
    board.told(STATE.model_copy(update={"revision": 1, "calls": ()}))
    qtbot.waitUntil(lambda: not says("A007"))
    assert says(texts(SPOKEN[0]).text("display-nobody"))
    window.close()


def test_only_tags_and_places_are_shown():
    values = panel(STATE, is_lost=False).values
    assert values["calls"] == [{"tag": "A007", "place": "B1", "times": 1}]


def test_reads_events_and_skips_heartbeats():
    lines = ["retry: 2000", "", ": still here", "", "id: 4", f"data: {STATE.model_dump_json()}", ""]
    assert list(states_in(lines)) == [STATE]


def test_the_feed_follows_a_real_backend(tmp_path):
    told, came = [], Event()

    def tell(state):
        told.append(state)
        came.set()

    def wait_for(condition):
        for _ in range(200):
            if told and condition(told[-1]):
                return
            came.wait(0.05)
            came.clear()
        raise AssertionError(told)

    with running_office(office_settings(tmp_path, ("all-round",))) as office:
        feed = DisplayFeed(str(office.http.base_url), "HQ", tell)
        feed.start()
        wait_for(lambda state: state.calls == ())
        tag = office.registered()
        call = {"place": "R1", "stages": ["booth"]}
        office.good("booth-1", "/v1/queue/call", call, officer="all-round")
        wait_for(lambda state: bool(state.calls))
        assert (told[-1].calls[0].tag_number, told[-1].calls[0].place) == (tag["number"], "R1")
        feed.stop()


def test_the_feed_tells_a_lost_line_once_and_comes_back():
    told, changed = [], Event()
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def tell(state):
        told.append(state)
        changed.set()

    def serve():
        for _ in range(2):
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    b"Connection: close\r\n\r\n"
                    + f"id: 4\ndata: {STATE.model_dump_json()}\n\n".encode()
                )

    server = Thread(target=serve)
    server.start()
    feed = DisplayFeed(f"http://127.0.0.1:{port}", "HQ", tell, first_pause_s=0.01)
    feed.start()
    server.join(10)
    listener.close()
    for _ in range(100):
        if len(told) >= 4:
            break
        changed.wait(0.05)
        changed.clear()
    feed.stop()
    assert told[:4] == [STATE, None, STATE, None]
    assert told.count(None) == 2
