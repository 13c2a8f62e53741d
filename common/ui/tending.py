"""Puts staff's work around a kiosk: its flow, its equipment and its screens."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from common.flow.machine import Stay
from common.flow.staff_words import Closing, LetIn, StaffMenu, StaffTask
from common.flow.tended import AtStaffWork, Closed, ClosedForNow, StaffEntered, Tending
from common.station.staff import StaffMode
from common.station.station import Station
from common.ui.screen import Screen
from common.ui.screens.out_of_service import out_of_service
from common.ui.staff_calls import StaffCalls
from common.ui.staff_screens import staff_screen
from common.ui.visit_driver import VisitDriver
from common.ui.window import StationWindow


@dataclass(frozen=True)
class Kiosk:
    """A public kiosk as its program puts it together.

    Attributes:
        flow: Its flow, with staff's work around it.
        perform, screen_for, lane: As a visit driver takes them, for its own tasks and states.
        ready: The kinds of events with which it would say welcome.
        own_work_key: The text of what only this kind of kiosk has for staff.
        unread: Its events for a card that was put in at the welcome and is none of the public's.
        answer_s: How long the question for more time stands.
    """

    flow: Tending
    perform: Callable[[Any, Stay], Any]
    screen_for: Callable[[Any], Screen]
    lane: Callable[[Any], str]
    ready: tuple[type, ...]
    own_work_key: str = ""
    unread: tuple[Any, ...] = ()
    answer_s: int = 20


def tended(
    kiosk: Kiosk, staff: StaffMode, station: Station, window: StationWindow
) -> VisitDriver[Any, Any, Any]:
    """Return what runs the kiosk's visits, and staff's work between them."""
    calls = StaffCalls(station.call_staff)

    def perform(task: Any, stay: Stay) -> Any:
        if isinstance(task, StaffTask):
            found = staff.perform(task, stay)
            if isinstance(found, LetIn):
                station.staff_came()
            return found
        event = kiosk.perform(task, stay)
        if isinstance(event, kiosk.ready) and (closing := station.closing):
            return ClosedForNow(Closing(closing))
        return (staff.officer_card() or event) if event in kiosk.unread else event

    def lane(task: Any) -> str:
        return "staff" if isinstance(task, StaffTask) else kiosk.lane(task)

    def screen_for(state: Any) -> Screen:
        match state:
            case AtStaffWork(at):
                may = isinstance(at, StaffMenu) and kiosk.flow.may_work(at.member)
                return staff_screen(at, kiosk.own_work_key if may else "")
            case Closed(closing):
                screen = out_of_service(f"staff-closing-{closing}")
            case _:
                screen = calls.on(kiosk.screen_for(state))
        if not kiosk.flow.lets_in(state):
            return screen
        return replace(screen, actions={**screen.actions, "staff": lambda _: StaffEntered()})

    return VisitDriver[Any, Any, Any](
        start=kiosk.flow.start,
        started=kiosk.flow.started,
        next_step=kiosk.flow.next_step,
        perform=perform,
        screen_for=screen_for,
        window=window,
        failed=kiosk.flow.failed,
        left=kiosk.flow.left,
        lane=lane,
        answer_s=kiosk.answer_s,
    )
