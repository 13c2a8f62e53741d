"""Puts a registration kiosk together, behind its first screen."""

from collections.abc import Callable
from html import escape

from common.domain.clock import office_day
from common.domain.language import Language
from common.equipment.cards import CardDesk
from common.equipment.faces import FaceDesk
from common.equipment.fingers import FingerDesk
from common.equipment.portraits import EngineJudge
from common.flow.tended import Tending
from common.matching.faces import FaceEngine
from common.station.cards import CardReading, card_reading
from common.station.codes import code_reading
from common.station.config import ConfigError
from common.station.officer_cards import OfficerDoor
from common.station.staff import StaffMode
from common.station.station import Station
from common.ui.pdf import render_pdf
from common.ui.serving import Work
from common.ui.tending import Kiosk, tended
from common.ui.window import StationWindow
from hardware.camera.interface import Pixels
from hardware.core.errors import DeviceError
from kiosk_registration.contact_desk import ContactDesk
from kiosk_registration.events import (
    DeviceMissing,
    EquipmentFailed,
    PersonLeft,
    ReadyToServe,
    Started,
)
from kiosk_registration.flow import next_step
from kiosk_registration.perform import RegistrationDesk, lane
from kiosk_registration.queue_desk import QueueDesk
from kiosk_registration.screens.choice import screen_for
from kiosk_registration.states import CardStuck, OutOfService, StartingUp, Welcome

ANSWER_S = 60
"""A card lies in the machine, and who fills in a form may be looking for a paper."""


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


def prepare(station: Station, window: StationWindow) -> Callable[[], Work]:
    """Put the kiosk together, in any thread; return what makes its visits, in the window's.

    Raises:
        ConfigError: station.toml lacks a device, or the place that tags are called to.
    """
    desk = build(station, card_reading(station), lambda: window.language, window.live.put)
    kiosk = Kiosk(
        flow=Tending(
            inner=next_step,
            start=StartingUp(),
            started=Started(),
            may_enter=lambda state: isinstance(state, Welcome | OutOfService | CardStuck),
            left=PersonLeft(),
            failed=EquipmentFailed(),
        ),
        perform=desk.perform,
        screen_for=lambda state: screen_for(state, office_day(station.clock())),
        lane=lane,
        ready=(ReadyToServe, DeviceMissing),
        answer_s=ANSWER_S,
    )
    staff = StaffMode(
        station=station,
        door=OfficerDoor(station.config.name, station.client, station.officer_cards),
        unit=station.device("card_unit"),
        test_print=lambda: _prints(station),
    )
    return lambda: tended(kiosk, staff, station, window)


def _prints(station: Station) -> bool:
    """Print a test page on the form printer, and tell whether it came out."""
    page = render_pdf(f"<h1>{escape(station.config.name)}</h1><p>TEST · 測試 · 测试</p>")
    try:
        station.device("form_printer").use(lambda printer: printer.print_document(page, "test"))
    except DeviceError:
        return False
    return True
