"""Puts a collection kiosk together, behind its first screen."""

from collections.abc import Callable

from common.domain.case import OldDocument
from common.domain.language import Language
from common.equipment.faces import FaceDesk
from common.equipment.fingers import FingerDesk
from common.equipment.magazine import Magazine
from common.equipment.presenter import PresenterDesk
from common.equipment.slips import SlipDesk, SlipOutcome
from common.flow.staff_words import Member
from common.flow.tended import Tending
from common.matching.face_engine import FaceEngine
from common.station.cards import CardReading, card_reading
from common.station.officer_cards import OfficerDoor
from common.station.staff import StaffMode, trial_page
from common.station.station import Station
from common.ui.serving import Work
from common.ui.tending import Kiosk, tended
from common.ui.window import StationWindow
from common.wire.shapes import OfficerSession
from hardware.camera.interface import Pixels
from kiosk_collection.bins import BinBook
from kiosk_collection.documents import CardEscrow, FormEscrow
from kiosk_collection.events import (
    DocumentUseless,
    EquipmentFailed,
    PersonLeft,
    Settled,
    StaffLetIn,
    SwitchedOn,
)
from kiosk_collection.flow import next_step
from kiosk_collection.perform import CollectionDesk, lane
from kiosk_collection.release import ReleaseDesk
from kiosk_collection.screens.choice import screen_for
from kiosk_collection.staff.perform import MAY_LOAD, StaffDesk
from kiosk_collection.visit import EndKind, OutOfService, StartingUp, Welcome


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


def prepare(station: Station, window: StationWindow) -> Callable[[], Work]:
    """Put the kiosk together, in any thread; return what makes its visits, in the window's.

    Raises:
        ConfigError: station.toml lacks a device.
    """
    desk = build(station, card_reading(station), lambda: window.language, window.live.put)
    kiosk = Kiosk(
        flow=Tending(
            inner=next_step,
            start=StartingUp(),
            started=SwitchedOn(),
            may_enter=lambda state: isinstance(state, Welcome | OutOfService),
            left=PersonLeft(),
            failed=EquipmentFailed(),
            own_work=lambda member: StaffLetIn(_session(member)),
            own_work_roles=MAY_LOAD,
        ),
        perform=desk.perform,
        screen_for=screen_for,
        lane=lane,
        ready=(Settled,),
        own_work_key="collection-menu-title",
        unread=(DocumentUseless(EndKind.ZONE_UNREADABLE), DocumentUseless(EndKind.CARD_FOREIGN)),
    )
    staff = StaffMode(
        station=station,
        door=OfficerDoor(station.config.name, station.client, station.officer_cards),
        unit=station.device("intake"),
        test_print=lambda: desk.slips.print(trial_page(station)) is SlipOutcome.PRINTED,
        # What lies in the intake during a release or while cards are loaded is not staff's to take.
        may_free=lambda: desk.release.is_at_rest() and not desk.staff.is_loading(),
    )
    return lambda: tended(kiosk, staff, station, window)


def _session(member: Member) -> OfficerSession:
    return OfficerSession(
        token=member.token,
        officer_id=member.officer_id,
        display_name=member.display_name,
        roles=member.roles,
    )
