"""Chooses the screen: the door's while nobody works, else the desk's."""

from typing import assert_never

from booth import desk, door
from booth.duties.shared import Duty
from booth.screens import (
    assessment,
    counter,
    entrance,
    officer_cards,
    oversight,
    production,
    registration,
    watching,
)
from common.ui.screen import Screen


def screen_for(at_door: door.State, at_desk: desk.State, place: str) -> Screen:
    """Return what the window shows. Behind a locked door the desk goes on unseen."""
    match at_door:
        case door.SignedOut() | door.SigningIn():
            return entrance.sign_in(at_door)
        case door.Locked() | door.Unlocking():
            return entrance.locked(at_door)
        case door.In(officer):
            if isinstance(at_desk, desk.Home):
                return entrance.home(at_desk, officer)
            return _of_duty(at_desk, place)
        case _:
            assert_never(at_door)


def _of_duty(state: desk.AtDuty, place: str) -> Screen:
    # desk.AtDuty holds the states of its own duty alone; the pair says which.
    inner: object = state.inner
    match state.duty:
        case Duty.REGISTRATION:
            # The duty says which flow inner comes from; mypy does not tie the two.
            return registration.screen_for(inner, place)  # type: ignore[arg-type]
        case Duty.ASSESSMENT:
            return assessment.screen_for(inner)  # type: ignore[arg-type]
        case Duty.PRODUCTION:
            return production.screen_for(inner)  # type: ignore[arg-type]
        case Duty.COUNTER:
            return counter.screen_for(inner, place)  # type: ignore[arg-type]
        case Duty.OVERSIGHT:
            return oversight.screen_for(inner)  # type: ignore[arg-type]
        case Duty.OFFICER_CARDS:
            return officer_cards.screen_for(inner)  # type: ignore[arg-type]
        case Duty.WATCHING:
            return watching.screen_for(inner)  # type: ignore[arg-type]
        case _:
            assert_never(state.duty)
