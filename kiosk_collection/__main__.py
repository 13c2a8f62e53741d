"""Runs a collection kiosk: python -m kiosk_collection station.toml."""

import sys
from collections.abc import Callable
from pathlib import Path

from common.domain.case import OldDocument
from common.domain.language import Language
from common.equipment.faces import FaceDesk
from common.equipment.fingers import FingerDesk
from common.equipment.magazine import Magazine
from common.equipment.presenter import PresenterDesk
from common.equipment.slips import SlipDesk
from common.matching.face_engine import FaceEngine
from common.station.cards import CardReading, card_reading
from common.station.station import Station
from common.ui.app import make_app
from common.ui.serving import serve
from common.ui.visit_driver import VisitDriver
from common.ui.window import StationWindow
from hardware.camera.interface import Pixels
from kiosk_collection.bins import BinBook
from kiosk_collection.documents import CardEscrow, FormEscrow
from kiosk_collection.events import EquipmentFailed, Event, PersonLeft, SwitchedOn
from kiosk_collection.flow import next_step
from kiosk_collection.perform import CollectionDesk, lane
from kiosk_collection.release import ReleaseDesk
from kiosk_collection.screens import SIZE
from kiosk_collection.screens.choice import screen_for
from kiosk_collection.staff.perform import StaffDesk
from kiosk_collection.tasks import Task
from kiosk_collection.visit import StartingUp, State


def build(
    station: Station,
    cards: CardReading,
    language: Callable[[], Language],
    show: Callable[[Pixels], None],
) -> CollectionDesk:
    """Put the kiosk's equipment together.

    Raises:
        ConfigError: station.toml lacks a device.
    """
    name = station.config.name
    intake = CardEscrow(
        station.device("intake"), cards.zones("intake_camera"), cards.trust, f"{name}.intake"
    )
    forms = FormEscrow(
        station.device("form_collector"),
        station.device("form_camera"),
        f"{name}.form_collector",
    )
    magazine = Magazine(station.device("magazine"))
    presenter = PresenterDesk(
        station.device("presenter"), cards.zones("presenter_camera"), cards.trust
    )
    release = ReleaseDesk(
        journal=station.journal,
        backend=station.client,
        magazine=magazine,
        presenter=presenter,
        escrows={OldDocument.OLD_CARD: intake, OldDocument.ACKNOWLEDGEMENT: forms},
        make_fact=station.fact,
        clock=station.clock,
        location=f"{name}.presenter",
    )
    bins = BinBook(station.journal, station.clock)
    return CollectionDesk(
        station=station,
        intake=intake,
        forms=forms,
        faces=FaceDesk(station.device("camera"), FaceEngine(), show),
        fingers=FingerDesk(station.device("finger_scanner")),
        magazine=magazine,
        presenter=presenter,
        slips=SlipDesk(station.device("ticket_printer")),
        release=release,
        staff=StaffDesk(station, intake, magazine, release, bins),
        language=language,
        clock=station.clock,
    )


def main(config: Path) -> None:
    """Build the station and serve visitors until told to end."""
    make_app()
    station = Station.from_file(config)
    window = StationWindow("collection-title", station.config.languages, SIZE)
    desk = build(station, card_reading(station), lambda: window.language, window.live.put)
    driver = VisitDriver[State, Event, Task](
        start=StartingUp(),
        started=SwitchedOn(),
        next_step=next_step,
        perform=desk.perform,
        screen_for=screen_for,
        window=window,
        failed=EquipmentFailed(),
        left=PersonLeft(),
        lane=lane,
    )
    serve(station, window, driver)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
