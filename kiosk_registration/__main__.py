"""Runs a registration kiosk: python -m kiosk_registration station.toml."""

import sys
from pathlib import Path

from common.domain.clock import office_day
from common.equipment.cards import CardDesk
from common.equipment.faces import FaceDesk
from common.equipment.fingers import FingerDesk
from common.matching.faces import FaceEngine
from common.station.cards import card_reading
from common.station.codes import code_reading
from common.station.config import ConfigError
from common.station.station import Station
from common.ui.app import make_app
from common.ui.pdf import render_pdf
from common.ui.serving import serve
from common.ui.visit_driver import VisitDriver
from common.ui.window import StationWindow
from kiosk_registration.flow import (
    next_step,
)
from kiosk_registration.perform import RegistrationDesk, lane
from kiosk_registration.screens import SIZE
from kiosk_registration.screens.choice import screen_for
from kiosk_registration.visit import (
    EquipmentFailed,
    Event,
    PersonLeft,
    Started,
    StartingUp,
    State,
    Task,
)


def main(config: Path) -> None:
    """Build the station and serve visitors until told to end."""
    make_app()
    station = Station.from_file(config)
    if not station.config.place:
        raise ConfigError(f'{config}: tags are called to a place; [station] needs place = "..."')
    window = StationWindow("registration-title", station.config.spoken, station.config.size or SIZE)
    camera, scanner = station.device("camera"), station.device("finger_scanner")
    cards = card_reading(station)
    desk = RegistrationDesk(
        place=station.config.place,
        needed=(camera, scanner),
        cards=CardDesk(station.device("card_unit"), cards.zones("card_camera"), cards.trust),
        codes=code_reading(station),
        fingers=FingerDesk(scanner),
        faces=FaceDesk(camera, FaceEngine(), window.live.put),
        printer=station.device("form_printer"),
        client=station.client,
        record=station.record,
        render=render_pdf,
        clock=station.clock,
        language=lambda: window.language,
        show=window.live.put,
    )
    driver = VisitDriver[State, Event, Task](
        start=StartingUp(),
        started=Started(),
        next_step=next_step,
        perform=desk.perform,
        screen_for=lambda state: screen_for(state, office_day(station.clock())),
        window=window,
        failed=EquipmentFailed(),
        left=PersonLeft(),
        lane=lane,
    )
    serve(station, window, driver)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
