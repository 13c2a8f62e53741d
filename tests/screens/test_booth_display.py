"""The panel of the hall: what it shows, and that it comes back when the line was lost."""

import socket
from datetime import timedelta
from threading import Event, Thread

import pytest

from booth.display.feed import DisplayFeed, states_in
from booth.display.screens import PUBLIC, SIZE
from booth.display.screens.panel import Aloud, panel, previews
from booth.display.wording import CALLED_IN
from common.domain.language import Language
from common.i18n.texts import texts
from common.ui.accessibility import faults
from common.ui.touch_panel import controls
from common.wire.shapes import DisplayState
from tests.support.backend_office import MORNING, office_settings, running_office
from tests.support.hall import OTHER, STATE, board_of, values
from tests.support.qt import render

CLOSES = MORNING + timedelta(minutes=20)


@pytest.mark.parametrize("name", list(previews()))
def test_the_panel_can_be_read(qapp, name):
    with render(previews()[name], size=SIZE, public=PUBLIC) as shown:
        assert not faults(shown.window, shown.picture)


def test_a_lost_line_keeps_the_calls_under_a_banner(qtbot):
    with board_of(None) as (window, _, board):

        def says(words):
            return any(words in control.name for control in controls(window))

        board.told(STATE)
        qtbot.waitUntil(lambda: says("A007"))
        board.told(None)
        lost = [texts(language).text("display-line-lost") for language in CALLED_IN]
        qtbot.waitUntil(lambda: all(map(says, lost)))
        assert says("A007")
        board.told(STATE.model_copy(update={"revision": 1, "calls": ()}))
        qtbot.waitUntil(lambda: not says("A007"))
        assert says(texts(CALLED_IN[0]).text("display-nobody"))


def test_only_tags_and_places_are_shown():
    shown = values(panel(STATE, is_lost=False))
    [newest], [other] = shown["newest"], shown["others"]
    assert newest == {
        "tag": "A007",
        "place": "B1",
        "kind": "登記室 · 登记室 · Registration booth",
        "calling": False,
        "name": "Tag A007, please go to registration booth B1",
    }
    assert (other["tag"], other["place"]) == ("P003", "K2")


def test_what_is_said_stands_largest_with_its_sentence():
    aloud = Aloud(OTHER, Language.SIMPLIFIED)
    shown = values(panel(STATE, is_lost=False, aloud=aloud, calling={("P003", 3)}))
    [newest], [other] = shown["newest"], shown["others"]
    assert (newest["tag"], newest["calling"]) == ("P003", True)
    assert (other["tag"], other["calling"]) == ("A007", False)
    assert shown["said"] == "筹号 P003，请到登记室 K2"
    assert shown["saidIn"] == "zh-Hans"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ""),
        ({"is_open": False}, "display-closed-waiting"),
        ({"at": MORNING, "closes_at": CLOSES}, "display-closing"),
    ],
)
def test_the_office_s_hours_stand_on_the_panel(change, expected):
    notice = values(panel(STATE.model_copy(update=change), is_lost=False))["notice"]
    said = [texts(one).text(expected, time="09:20") for one in CALLED_IN] if expected else []
    assert [each["text"] for each in notice["texts"]] == said


def test_a_closed_office_with_nobody_waiting_says_so():
    closed = DisplayState(revision=1, calls=(), waiting=0, is_open=False)
    quiet = values(panel(closed, is_lost=False))["quiet"]
    assert [each["text"] for each in quiet] == [
        "辦事處已關門",
        "办事处已关门",
        "The office is closed",
    ]


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
        # A panel that was away is told of the calls of meanwhile, and only of those.
        after = told[-1].revision
        office.good("booth-1", "/v1/queue/recall", recall(tag), officer="all-round")
        for seen, announced in ((None, ()), (after, (tag["number"],))):
            told.clear()
            feed = DisplayFeed(str(office.http.base_url), "HQ", tell, seen)
            feed.start()
            wait_for(lambda state: state.calls[0].times == 2)
            assert tuple(call.tag_number for call in told[0].announce) == announced
            assert told[0].is_open
            assert told[0].at is not None
            feed.stop()


def recall(tag):
    return {"tag_token": tag["token"], "place": "R1"}


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
