"""The simulated touch screen from outside, over HTTP, against a real window."""

import json
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import cv2
import numpy as np
import pytest
import requests

from common.domain.language import Language
from common.ui.app import TOUCH_PORT
from common.ui.gallery import settle
from common.ui.touch_panel import TouchPanel, open_panel
from common.ui.window import StationWindow
from tests.support.parts import part_screen
from tests.support.qt import station_window

Answer = tuple[int, Any]


@pytest.fixture
def window(qapp) -> Iterator[StationWindow]:
    with station_window() as made:
        yield made


@pytest.fixture
def ask(window, qtbot) -> Iterator[Callable[..., Answer]]:
    """Ask from another thread, as a process outside would, while Qt runs on."""
    panel = TouchPanel(window, 0)

    def send(method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        answers: list[requests.Response] = []
        address = f"http://127.0.0.1:{panel.port}{path}"
        work = Thread(
            target=lambda: answers.append(requests.request(method, address, json=body, timeout=10))
        )
        work.start()
        qtbot.waitUntil(lambda: not work.is_alive(), timeout=10_000)
        reply = answers[0]
        if reply.headers["Content-Type"] == "image/png":
            return reply.status_code, reply.content
        return reply.status_code, json.loads(reply.content)

    yield send
    panel.close()


def heard(window: StationWindow) -> list[object]:
    events: list[object] = []
    window.acted.connect(events.append)
    return events


def test_the_screen_is_told_as_a_screen_reader_finds_it(window, ask):
    window.show(part_screen("choices", {"choose": str}))
    settle()
    status, seen = ask("GET", "/screen")
    assert status == 200
    assert (seen["screen"], seen["language"]) == ("choices", "en")
    by_name = {(c["role"], c["name"]): c for c in seen["controls"]}
    assert by_name["Button", "Yes"]["enabled"]
    assert not by_name["Button", "No"]["enabled"]
    assert ("Heading", "Please go to the counter") in by_name
    assert by_name["StaticText", "A023"]["value"] == "Your tag number"
    assert by_name["RadioButton", "English"]["checked"]
    yes = by_name["Button", "Yes"]
    assert yes["width"] >= 80
    assert 0 <= yes["x"] <= 1080 - yes["width"]


def test_a_tap_by_name_acts(window, ask):
    events = heard(window)
    window.show(part_screen("choices", {"choose": str}))
    settle()
    assert ask("POST", "/tap", {"name": "Yes"})[0] == 200
    assert events == ["yes"]


def test_a_tap_by_place_acts(window, ask):
    events = heard(window)
    window.show(part_screen("choices", {"choose": str}))
    settle()
    yes = next(c for c in ask("GET", "/screen")[1]["controls"] if c["name"] == "Yes")
    ask("POST", "/tap", {"x": yes["x"] + 5, "y": yes["y"] + 5})
    assert events == ["yes"]


def test_a_language_button_switches_the_language(window, ask):
    window.show(part_screen("choices", {"choose": str}))
    settle()
    assert ask("POST", "/tap", {"name": "简体", "role": "RadioButton"})[0] == 200
    assert window.language is Language.SIMPLIFIED
    seen = ask("GET", "/screen")[1]
    assert seen["language"] == "zh-Hans"
    assert "请到柜位" in {c["name"] for c in seen["controls"]}


def test_what_cannot_be_touched_is_refused(window, ask):
    events = heard(window)
    window.show(part_screen("choices", {"choose": str}))
    settle()
    assert ask("POST", "/tap", {"name": "No"})[0] == 409
    assert ask("POST", "/tap", {"name": "Nothing"})[0] == 404
    assert ask("POST", "/tap", {"name": "Yes", "index": 1})[0] == 404
    assert ask("POST", "/tap", {"name": "Yes", "index": "x"})[0] == 400
    assert ask("POST", "/tap", {"x": 1})[0] == 400
    assert ask("POST", "/key", {"key": "Nonsense"})[0] == 400
    assert ask("GET", "/nothing")[0] == 404
    assert events == []


def test_typing_and_keys_reach_the_part_with_the_keyboard(window, ask):
    events = heard(window)
    window.show(part_screen("every_part", {"next": str}))
    window.view.requestActivate()
    settle()
    assert ask("POST", "/type", {"text": "407"}) == (200, {"typed": 3})
    ask("POST", "/key", {"key": "Backspace"})
    ask("POST", "/tap", {"name": "Next"})
    assert events == ["40"]


def test_pads_are_tapped_key_by_key(window, ask):
    window.show(part_screen("letters", {"next": str}))
    settle()
    for key in ("A", "7", "Space", "B", "Delete", "C"):
        assert ask("POST", "/tap", {"name": key, "role": "Button"})[0] == 200
    field = next(
        c
        for c in ask("GET", "/screen")[1]["controls"]
        if c["name"] == "Your tag number" and c["role"] == "Button"
    )
    assert field["value"] == "A7 C"


def test_the_picture_is_what_is_painted(window, ask):
    window.show(part_screen("choices"))
    settle()
    status, png = ask("GET", "/picture")
    assert status == 200
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    assert pixels.shape == (1920, 1080, 3)
    assert pixels.std() > 10


def test_a_station_without_the_variable_has_no_such_door(window, monkeypatch):
    assert open_panel(window) is None
    monkeypatch.setenv(TOUCH_PORT, "0")
    panel = open_panel(window)
    assert panel is not None
    panel.close()


def test_a_part_further_down_is_scrolled_to(window, ask):
    events = heard(window)
    window.show(part_screen("tall", {"choose": str, "next": str}))
    settle()
    seen = {c["name"]: c for c in ask("GET", "/screen")[1]["controls"]}
    assert seen["7"]["scrolled"]
    assert not seen["Next"]["scrolled"]
    assert ask("POST", "/tap", {"name": "7"})[0] == 200
    assert events == ["7"]


def test_a_button_shows_what_is_further_down(window, ask):
    window.show(part_screen("tall", {"choose": str, "next": str}))
    settle()
    first = next(c for c in ask("GET", "/screen")[1]["controls"] if c["name"] == "1")
    ask("POST", "/tap", {"name": "Further down"})
    later = next(c for c in ask("GET", "/screen")[1]["controls"] if c["name"] == "1")
    assert later["y"] < first["y"] - 100
    ask("POST", "/tap", {"name": "Back up"})
    again = next(c for c in ask("GET", "/screen")[1]["controls"] if c["name"] == "1")
    assert again["y"] == first["y"]
