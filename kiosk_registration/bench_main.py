"""Runs a form-filling bench: python -m kiosk_registration.bench_main station.toml."""

import sys
from pathlib import Path

from common.domain.clock import office_day
from common.station.codes import code_reading
from common.station.station import Station
from common.ui.app import make_app
from common.ui.serving import serve
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
from kiosk_registration.screens import BENCH_SIZE
from kiosk_registration.screens.bench_choice import screen_for

ANSWER_S = 60
"""Who fills in a form may be looking for a document: nobody is cut off within a minute."""


def main(config: Path) -> None:
    """Build the bench and serve visitors until told to end."""
    make_app()
    station = Station.from_file(config)
    window = StationWindow("bench-title", station.config.spoken, station.config.size or BENCH_SIZE)
    desk = BenchDesk(
        codes=code_reading(station),
        client=station.client,
        record=station.record,
        today=lambda: office_day(station.clock()),
        show=window.live.put,
    )
    driver = VisitDriver[State, Event, Task](
        start=Welcome(),
        started=Started(),
        next_step=next_step,
        perform=desk.perform,
        screen_for=lambda state: screen_for(state, office_day(station.clock())),
        window=window,
        failed=EquipmentFailed(),
        left=PersonLeft(),
        lane=lane,
        answer_s=ANSWER_S,
    )
    serve(station, window, driver)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
