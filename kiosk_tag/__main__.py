"""Runs a tag kiosk: python -m kiosk_tag station.toml."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.equipment.cards import CardDesk
from common.equipment.slips import SlipDesk, SlipOutcome
from common.flow.tended import Tending
from common.station.cards import card_reading
from common.station.codes import code_reading
from common.station.officer_cards import OfficerDoor
from common.station.staff import StaffMode, trial_page
from common.station.station import Station
from common.sync.tag_series import TagSeries
from common.ui.app import make_app
from common.ui.serving import serve
from common.ui.tending import Kiosk, tended
from common.ui.visit_driver import VisitDriver
from common.ui.window import StationWindow
from kiosk_tag.flow import (
    CardStuck,
    EquipmentFailed,
    NoCardInside,
    OutOfService,
    PersonLeft,
    Started,
    StartingUp,
    WayMissing,
    Welcome,
    next_step,
)
from kiosk_tag.perform import TagDesk, lane
from kiosk_tag.screens import SIZE
from kiosk_tag.screens.choice import screen_for


def _card_desk(station: Station) -> CardDesk | None:
    """Return the card slot; a kiosk without one still takes letters and typed numbers."""
    if "card_unit" not in station.config.devices:
        return None
    cards = card_reading(station)
    return CardDesk(station.device("card_unit"), cards.zones("card_camera"), cards.trust)


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


def main(config: Path) -> int:
    """Build the station and serve visitors until told to end; return the exit status."""
    make_app()
    station = Station.from_file(config)
    series = TagSeries(station.journal, station.client, station.config.name, station.clock)
    window = StationWindow("tag-title", station.config.spoken, station.config.size or SIZE)
    slips = SlipDesk(station.device("ticket_printer"))
    desk = TagDesk(
        cards=_card_desk(station),
        codes=code_reading(station),
        slips=slips,
        client=station.client,
        office=station.config.office,
        clock=station.clock,
        language=lambda: window.language,
        show=window.live.put,
        give_offline=series.give,
    )
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
        screen_for=screen_for,
        lane=lane,
        ready=(NoCardInside, WayMissing),
    )
    staff = StaffMode(
        station=station,
        door=OfficerDoor(station.config.name, station.client, station.officer_cards),
        unit=station.device("card_unit") if desk.cards else None,
        test_print=lambda: slips.print(trial_page(station)) is SlipOutcome.PRINTED,
    )
    driver = tended(kiosk, staff, station, window)
    return serve(station, window, _Kiosk(driver, series))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
