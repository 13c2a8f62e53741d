"""Puts a tag kiosk together, behind its first screen."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from common.domain.card_problem import CardProblem
from common.domain.language import Language
from common.equipment.cards import CardDesk
from common.equipment.slips import SlipDesk, SlipOutcome
from common.flow.tended import Tending
from common.station.cards import CardReading, card_reading
from common.station.codes import code_reading
from common.station.officer_cards import OfficerDoor
from common.station.staff import StaffMode, trial_page
from common.station.station import Station
from common.sync.tag_series import TagSeries
from common.ui.serving import Work
from common.ui.tending import Kiosk, tended
from common.ui.visit_driver import VisitDriver
from common.ui.window import StationWindow
from hardware.camera.interface import Pixels
from kiosk_tag.events import (
    CardNotRead,
    EquipmentFailed,
    NoCardInside,
    PersonLeft,
    Started,
    WayMissing,
)
from kiosk_tag.flow import next_step
from kiosk_tag.house import House
from kiosk_tag.perform import TagDesk, lane
from kiosk_tag.screens.choice import screen_for
from kiosk_tag.states import CardStuck, Closed, OutOfService, StartingUp, Welcome


@dataclass(frozen=True)
class Parts:
    """What a tag kiosk is made of, beside its window."""

    desk: TagDesk
    series: TagSeries
    house: House


def build(
    station: Station,
    language: Callable[[], Language],
    show: Callable[[Pixels], None],
    cards: CardReading | None = None,
) -> Parts:
    """Wire up the kiosk; one without card unit still takes letters and typed numbers."""
    series = TagSeries(station.journal, station.client, station.config.name, station.clock)
    house = House(station.client, station.config.office, station.clock)
    desk = TagDesk(
        cards=_card_desk(station, cards),
        codes=code_reading(station),
        slips=SlipDesk(station.device("ticket_printer")),
        client=station.client,
        office=station.config.office,
        clock=station.clock,
        language=language,
        show=show,
        house=house,
        give_offline=series.give,
    )
    return Parts(desk, series, house)


def _card_desk(station: Station, cards: CardReading | None) -> CardDesk | None:
    if "card_unit" not in station.config.devices:
        return None
    reading = cards or card_reading(station)
    return CardDesk(station.device("card_unit"), reading.zones("card_camera"), reading.trust)


@dataclass(frozen=True)
class _Kiosk:
    """The visits, and the numbers kept at hand for when the office is out of reach."""

    driver: VisitDriver[Any, Any, Any]
    series: TagSeries

    def start(self) -> None:
        self.driver.start()
        self.series.start()

    def hung(self) -> str:
        return self.driver.hung()

    def stop(self) -> None:
        self.series.stop()
        self.driver.stop()


def prepare(station: Station, window: StationWindow) -> Callable[[], Work]:
    """Put the kiosk together, in any thread; return what makes its visits, in the window's.

    Raises:
        ConfigError: station.toml lacks a device.
    """
    parts = build(station, lambda: window.language, window.live.put)
    kiosk = Kiosk(
        flow=Tending(
            inner=next_step,
            start=StartingUp(),
            started=Started(),
            may_enter=lambda state: isinstance(state, Welcome | Closed | OutOfService | CardStuck),
            left=PersonLeft(),
            failed=EquipmentFailed(),
        ),
        perform=parts.desk.perform,
        screen_for=partial(screen_for, fee=parts.house.fee),
        lane=lane,
        ready=(NoCardInside, WayMissing),
        unread=(CardNotRead(CardProblem.ZONE_UNREADABLE), CardNotRead(CardProblem.FOREIGN)),
    )
    slips = parts.desk.slips
    staff = StaffMode(
        station=station,
        door=OfficerDoor(station.config.name, station.client, station.officer_cards),
        unit=station.device("card_unit") if parts.desk.cards else None,
        test_print=lambda: slips.print(trial_page(station)) is SlipOutcome.PRINTED,
    )
    return lambda: _Kiosk(tended(kiosk, staff, station, window), parts.series)
