"""A person touches "Call staff": through the backend to every officer's screen, and back."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from booth import desk, door
from booth.calls import Call, Calls, calls_of, looked, sounded
from booth.duties.shared import Duty, Note
from booth.screens import PUBLIC, SIZE
from booth.screens.call_watch import bar
from booth.screens.desk_window import DeskWindow
from common.domain.language import OFFICE_LANGUAGES, Language
from common.flow.tended import Tending
from common.i18n.texts import texts
from common.station.config import read
from common.station.station import Station
from common.ui.tending import Kiosk, tended
from common.ui.touch_panel import controls
from common.ui.window import StationWindow
from common.wire.live import StationLive, StationState
from kiosk_tag.events import EquipmentFailed, NoCardInside, PersonLeft, Started
from kiosk_tag.flow import next_step
from kiosk_tag.perform import lane
from kiosk_tag.screens.choice import screen_for
from kiosk_tag.states import StartingUp
from kiosk_tag.tasks import LookForCard
from tests.support.backend_office import KEYS, PASSWORD, office_settings, running_office
from tests.support.booth_desk import OfficersDesk
from tests.support.identities import pair_beforehand
from tests.support.qt import station_window
from tests.support.tag_kiosk import Wire

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def english(key: str, **values: Any) -> str:
    return texts(Language.ENGLISH).text(key, **values)


def seen(window) -> str:
    return " ".join(control.name for control in controls(window))


@pytest.fixture
def office(tmp_path):
    with running_office(office_settings(tmp_path, ("all-round",))) as running:
        yield running


def sound(tones: list[bool]) -> bool:
    """Take a tone as a loudspeaker does."""
    tones.append(True)
    return True


def shows(window: StationWindow, name: str) -> bool:
    return window.current is not None and window.current.name == name


@contextmanager
def a_booth(qtbot, folder, office):
    """A desk with an officer at home."""
    folder.mkdir()
    booth = OfficersDesk(folder, office)
    booth.configure(str(office.http.base_url))
    booth.start(officer=None)
    wire = Wire(booth.station.client)
    booth.station.client = wire  # type: ignore[assignment] # it passes everything on
    window = StationWindow("booth-title", OFFICE_LANGUAGES, SIZE, PUBLIC)
    tones: list[bool] = []
    window.tone = partial(sound, tones)
    both = DeskWindow(booth.tools, window, look_every_s=0.05)
    window.open()
    both.start()
    window.act("sign_in", json.dumps({"officer": "all-round", "password": PASSWORD}))
    qtbot.waitUntil(lambda: shows(window, "home"), timeout=20_000)
    yield wire, window, both, tones
    both.stop()
    window.close()
    booth.stop()
    booth.close()


def at_welcome(task, stay):
    """A tag kiosk's equipment before which nobody does anything."""
    if isinstance(task, LookForCard):
        return NoCardInside()
    stay.left.wait(60)
    return None


@contextmanager
def a_kiosk(qtbot, folder, office):
    """A tag kiosk at its welcome, joined to the backend."""
    folder.mkdir()
    config = folder / "station.toml"
    config.write_text(f"""
[station]
name = "tag-1"
kind = "tag"
office = "HQ"
place = "T1"
[backend]
address = "{office.http.base_url}"
key = "file:tag.key"
""")
    pair_beforehand(config, KEYS["tag-1"], office.clock)
    station = Station(read(config), office.clock)
    kiosk = Kiosk(
        flow=Tending(
            next_step, StartingUp(), Started(), lambda _: False, PersonLeft(), EquipmentFailed()
        ),
        perform=at_welcome,
        screen_for=screen_for,
        lane=lane,
        ready=(),
    )
    nobody: Any = None
    with station_window() as window:
        station.start()
        driver = tended(kiosk, nobody, station, window)
        driver.start()
        qtbot.waitUntil(lambda: shows(window, "welcome") and station.exchange.online)
        yield station, window
        driver.stop()
        station.stop()


def test_from_the_touch_at_a_kiosk_to_an_officer_who_goes(qtbot, tmp_path, office):
    with (
        a_booth(qtbot, tmp_path / "booth", office) as (wire, desk_window, both, tones),
        a_kiosk(qtbot, tmp_path / "kiosk", office) as (_, window),
    ):
        assert english("staff-call-go") not in seen(desk_window)
        window.act("call_staff", "")
        qtbot.waitUntil(lambda: shows(window, "go_to_reception"))
        assert english("common-staff-told-wait") in seen(window)
        asked = english("staff-call-asked", where="T1 (tag-1)", since="09:00")
        qtbot.waitUntil(lambda: asked in seen(desk_window), timeout=20_000)

        # It stands over the work of a duty as well, and is not heard again.
        both.desk.happened(desk.DutyChosen(Duty.REGISTRATION))
        qtbot.waitUntil(lambda: shows(desk_window, "call_next"))
        assert asked in seen(desk_window)
        both.door.happened(door.OfficerIdle())
        assert "T1" not in seen(desk_window)
        desk_window.act("unlock", PASSWORD)
        qtbot.waitUntil(lambda: shows(desk_window, "call_next"), timeout=20_000)

        # Without the line the last word stands, marked.
        wire.gone = True
        lost = english("staff-call-lost")
        qtbot.waitUntil(lambda: lost in seen(desk_window), timeout=20_000)
        assert asked in seen(desk_window)
        wire.gone = False
        qtbot.waitUntil(lambda: lost not in seen(desk_window), timeout=20_000)

        button = next(c for c in controls(desk_window) if c.name == english("staff-call-go"))
        qtbot.mouseClick(desk_window.view, Qt.MouseButton.LeftButton, pos=button.centre)
        qtbot.waitUntil(lambda: "T1" not in seen(desk_window), timeout=20_000)
        assert shows(desk_window, "call_next")
        assert tones == [True]
        live = office.ask("booth-2", "/v1/offices/HQ/live").json()["stations"]
        assert [each["staff_called_at"] for each in live if each["name"] == "tag-1"] == [None]


def test_without_the_line_a_kiosk_leads_to_reception_and_promises_nothing(qtbot, tmp_path, office):
    with a_kiosk(qtbot, tmp_path / "kiosk", office) as (station, window):
        station.exchange.stop()
        station.exchange.online = False
        window.act("call_staff", "")
        qtbot.waitUntil(lambda: shows(window, "go_to_reception"))
        assert english("tag-reception-title") in seen(window)
        assert english("common-staff-told-wait") not in seen(window)


def live_station(number: int, called_at: datetime | None) -> StationLive:
    return StationLive(
        name=f"registration-{number}",
        kind="registration",
        place=f"K{number}",
        state=StationState.OPEN,
        devices_out=(),
        told_at=NOON,
        changed_at=NOON,
        is_silent=False,
        staff_called_at=called_at,
    )


def test_the_bar_says_the_oldest_call_and_where_the_others_are():
    later = NOON + timedelta(minutes=1)
    waiting = calls_of((live_station(1, later), live_station(2, None), live_station(3, NOON)))
    said = bar(Calls(waiting))
    assert (said["where"], said["since"], said["others"]) == ("K3 (registration-3)", "12:00", "K1")
    assert bar(Calls(note=Note.UNREACHABLE)) == {}


CALLS = st.lists(
    st.builds(
        lambda minute, number: Call(NOON + timedelta(minutes=minute), f"s-{number}", f"K{number}"),
        st.integers(0, 2),
        st.integers(1, 2),
    ),
    unique=True,
    max_size=3,
).map(tuple)


@given(st.lists(st.none() | CALLS, max_size=8))
def test_each_call_is_heard_once_whatever_the_line_does(looks):
    calls, open_before = Calls(), frozenset[Call]()
    for found in looks:
        calls = looked(calls, found, None if found is not None else Note.UNREACHABLE)
        assert (calls.note is None) == (found is not None)
        if found is not None:
            assert calls.is_new == bool(set(found) - open_before)
            open_before = frozenset(found)
        else:
            assert not calls.is_new, "a lost line calls nobody"
        calls = sounded(calls) if calls.is_new else calls
        assert frozenset(calls.waiting) == calls.heard
