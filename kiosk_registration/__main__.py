"""Runs a registration kiosk: python -m kiosk_registration station.toml."""

import sys
from collections.abc import Callable
from pathlib import Path

from common.domain.clock import office_day
from common.domain.language import Language
from common.equipment.cards import CardDesk
from common.equipment.faces import FaceDesk
from common.equipment.fingers import FingerDesk
from common.equipment.portraits import EngineJudge
from common.matching.faces import FaceEngine
from common.station.cards import CardReading, card_reading
from common.station.codes import code_reading
from common.station.config import ConfigError
from common.station.station import Station
from common.ui.app import make_app
from common.ui.pdf import render_pdf
from common.ui.serving import serve
from common.ui.visit_driver import VisitDriver
from common.ui.window import StationWindow
from hardware.camera.interface import Pixels
from kiosk_registration.contact_desk import ContactDesk
from kiosk_registration.events import EquipmentFailed, Event, PersonLeft, Started
from kiosk_registration.flow import next_step
from kiosk_registration.perform import RegistrationDesk, lane
from kiosk_registration.queue_desk import QueueDesk
from kiosk_registration.screens import SIZE
from kiosk_registration.screens.choice import screen_for
from kiosk_registration.states import StartingUp, State
from kiosk_registration.tasks import Task


def build(
    station: Station,
    cards: CardReading,
    language: Callable[[], Language],
    show: Callable[[Pixels], None],
    render: Callable[[str], bytes] = render_pdf,
) -> RegistrationDesk:
    """Put the kiosk's equipment together.

    Raises:
        ConfigError: station.toml lacks a device, or the place that tags are called to.
    """
    config = station.config
    if not config.place:
        raise ConfigError(
            f'{config.file}: tags are called to a place; [station] needs place = "..."'
        )
    camera, scanner = station.device("camera"), station.device("finger_scanner")
    engine, flush = FaceEngine(), station.exchange.flush
    return RegistrationDesk(
        queue=QueueDesk(config.place, station.client, code_reading(station), flush, show),
        contact=ContactDesk(station.client, config.office),
        needed=(camera, scanner),
        cards=CardDesk(station.device("card_unit"), cards.zones("card_camera"), cards.trust),
        fingers=FingerDesk(scanner),
        faces=FaceDesk(camera, engine, show),
        printer=station.device("form_printer"),
        record=station.record,
        flush=flush,
        render=render,
        clock=station.clock,
        language=language,
        judge=EngineJudge(engine) if config.takes_photographs else None,
        pad=station.device("signature_pad") if "signature_pad" in config.devices else None,
    )


def main(config: Path) -> None:
    """Build the station and serve visitors until told to end."""
    make_app()
    station = Station.from_file(config)
    window = StationWindow("registration-title", station.config.languages, SIZE)
    desk = build(station, card_reading(station), lambda: window.language, window.live.put)
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
