"""A kiosk's screens call staff: by the button, or by themselves; and they say what is true."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from common.domain.clock import HandClock
from common.station.station import Station
from common.ui.screen import Screen
from common.ui.screens.go_to_counter import go_to_counter
from common.ui.screens.out_of_service import card_stuck, out_of_service
from common.ui.screens.take_card import card_left, take_card
from common.ui.screens.type_number import type_number
from common.ui.staff_calls import StaffCalls
from common.wire.live import StationState

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ASKED = type_number(str, {"back": str, "call_staff": lambda _: "asked"}, 0, 3)
LED = go_to_counter("common-counter-unforeseen", str)


class Hall:
    """Counts the calls; whether anybody hears them is the test's."""

    def __init__(self, hears: bool = True) -> None:
        self.hears, self.calls = hears, 0

    def __call__(self) -> bool:
        self.calls += 1
        return self.hears


def is_told(screen: Screen) -> Any:
    return screen.values["staff_told"]


@pytest.mark.parametrize("hears", [True, False])
def test_the_button_calls_and_the_next_screens_say_whether_anybody_heard(hears):
    hall = Hall(hears)
    calls = StaffCalls(hall)
    shown = calls.on(ASKED)
    assert (hall.calls, is_told(shown)) == (0, False)
    assert shown.actions["call_staff"]("") == "asked"
    assert hall.calls == 1
    assert is_told(calls.on(take_card())) is hears
    assert is_told(calls.on(LED)) is hears
    assert not is_told(calls.on(out_of_service()))
    assert not is_told(calls.on(LED))


@pytest.mark.parametrize("screen", [card_stuck(), card_left()])
def test_a_card_that_stays_inside_calls_by_itself_once_for_one_trouble(screen):
    hall = Hall()
    calls = StaffCalls(hall)
    assert is_told(calls.on(screen))
    assert is_told(calls.on(take_card()))
    assert is_told(calls.on(screen))
    assert hall.calls == 1
    calls.on(out_of_service())
    calls.on(screen)
    assert hall.calls == 2


class Line:
    """An exchange that is poked."""

    def __init__(self) -> None:
        self.online, self.pokes = True, 0

    def poke(self) -> None:
        self.pokes += 1


def station(clock) -> Any:
    """A station without devices and journal, for what it says of itself."""
    made: Any = Station.__new__(Station)
    made.clock, made.exchange, made._keepers = clock, Line(), {}
    made.journal = SimpleNamespace(kept=lambda _: "")
    made._staff_called_at = made._staff_attended = None
    return made


def test_a_station_that_calls_each_second_calls_once_a_minute_and_says_so_at_once():
    clock = HandClock(NOON)
    here = station(clock)
    assert here.status().staff_called_at is None
    for _ in range(120):
        assert here.call_staff()
        clock.advance(1)
    assert here.exchange.pokes == 2
    assert here.status().staff_called_at == NOON + timedelta(minutes=1)
    here.exchange.online = False
    assert not here.call_staff()


def test_staff_who_come_to_the_station_have_attended_its_call():
    here = station(HandClock(NOON))
    here.staff_came()
    assert here.exchange.pokes == 0
    here.call_staff()
    here.staff_came()
    said = here.status()
    assert said.state is StationState.OPEN
    assert said.staff_attended == said.staff_called_at == NOON
    here.staff_came()
    assert here.exchange.pokes == 2
