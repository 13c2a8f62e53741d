"""Puts a form-filling bench together, behind its first screen."""

from collections.abc import Callable

from common.domain.clock import office_day
from common.station.codes import code_reading
from common.station.station import Station
from common.ui.serving import Work
from common.ui.staff_calls import StaffCalls
from common.ui.visit_driver import VisitDriver
from common.ui.window import StationWindow
from kiosk_registration.bench_flow import (
    EquipmentFailed,
    Event,
    PersonLeft,
    Started,
    State,
    Task,
    Welcome,
    next_step,
)
from kiosk_registration.bench_perform import BenchDesk, lane
from kiosk_registration.screens.bench_choice import screen_for

ANSWER_S = 60
"""Who fills in a form may be looking for a document: nobody is cut off within a minute."""


def prepare(station: Station, window: StationWindow) -> Callable[[], Work]:
    """Put the bench together, in any thread; return what makes its visits, in the window's.

    Raises:
        ConfigError: station.toml lacks its camera.
    """
    desk = BenchDesk(
        codes=code_reading(station),
        client=station.client,
        record=station.record,
        today=lambda: office_day(station.clock()),
        show=window.live.put,
    )
    calls = StaffCalls(station.call_staff)
    return lambda: VisitDriver[State, Event, Task](
        start=Welcome(),
        started=Started(),
        next_step=next_step,
        perform=desk.perform,
        screen_for=lambda state: calls.on(screen_for(state, office_day(station.clock()))),
        window=window,
        failed=EquipmentFailed(),
        left=PersonLeft(),
        lane=lane,
        answer_s=ANSWER_S,
    )
