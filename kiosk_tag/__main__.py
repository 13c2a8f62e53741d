"""Runs a tag kiosk: python -m kiosk_tag station.toml."""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from common.equipment.cards import CardDesk
from common.equipment.slips import SlipDesk
from common.station.cards import card_reading
from common.station.codes import code_reading
from common.station.station import Station
from common.sync.tag_series import TagSeries
from common.ui.app import make_app
from common.ui.serving import serve
from common.ui.visit_driver import VisitDriver
from common.ui.window import StationWindow
from kiosk_tag.events import EquipmentFailed, Event, PersonLeft, Started
from kiosk_tag.flow import next_step
from kiosk_tag.house import House
from kiosk_tag.perform import TagDesk, lane
from kiosk_tag.screens import SIZE
from kiosk_tag.screens.choice import screen_for
from kiosk_tag.states import StartingUp, State
from kiosk_tag.tasks import Task


def _card_desk(station: Station) -> CardDesk | None:
    """Return the card slot; a kiosk without one still takes letters and typed numbers."""
    if "card_unit" not in station.config.devices:
        return None
    cards = card_reading(station)
    return CardDesk(station.device("card_unit"), cards.zones("card_camera"), cards.trust)


@dataclass(frozen=True)
class _Kiosk:
    """The visits, and the numbers kept at hand for when the office is out of reach."""

    driver: VisitDriver[State, Event, Task]
    series: TagSeries

    def start(self) -> None:
        self.driver.start()
        self.series.start()

    def stop(self) -> None:
        self.series.stop()
        self.driver.stop()


def main(config: Path) -> None:
    """Build the station and serve visitors until told to end."""
    make_app()
    station = Station.from_file(config)
    series = TagSeries(station.journal, station.client, station.config.name, station.clock)
    house = House(station.client, station.config.office, station.clock)
    window = StationWindow("tag-title", station.config.languages, SIZE)
    desk = TagDesk(
        cards=_card_desk(station),
        codes=code_reading(station),
        slips=SlipDesk(station.device("ticket_printer")),
        client=station.client,
        office=station.config.office,
        clock=station.clock,
        language=lambda: window.language,
        show=window.live.put,
        house=house,
        give_offline=series.give,
    )
    driver = VisitDriver[State, Event, Task](
        start=StartingUp(),
        started=Started(),
        next_step=next_step,
        perform=desk.perform,
        screen_for=partial(screen_for, fee=house.fee),
        window=window,
        failed=EquipmentFailed(),
        left=PersonLeft(),
        lane=lane,
    )
    serve(station, window, _Kiosk(driver, series))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
