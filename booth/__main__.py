"""Runs an officers' desk: python -m booth station.toml."""

import sys
from pathlib import Path

from booth.screens import PUBLIC, SIZE
from booth.screens.desk_window import DeskWindow
from booth.work.tools import Tools
from common.equipment.cabinet import SlotDesk
from common.equipment.encoder import Encoder
from common.equipment.fingers import FingerDesk
from common.equipment.portraits import EngineJudge, PortraitDesk
from common.matching.faces import FaceEngine
from common.station.cards import card_reading, issuer
from common.station.station import Station
from common.ui.app import make_app
from common.ui.pdf import render_pdf
from common.ui.serving import serve
from common.ui.window import StationWindow


def main(config: Path) -> None:
    """Build the station and serve officers until told to end."""
    make_app()
    station = Station.from_file(config)
    window = StationWindow("booth-title", station.config.languages, SIZE, PUBLIC)
    cards = card_reading(station)
    tools = Tools(
        station=station,
        portraits=PortraitDesk(station.device("camera"), EngineJudge(FaceEngine())),
        encoder=Encoder(
            station.device("card_unit"),
            cards.zones("card_camera"),
            cards.trust,
            issuer(station),
        ),
        cabinet=SlotDesk(station.device("cabinet")),
        form_printer=station.device("form_printer"),
        card_printer=station.device("card_printer"),
        render_pdf=render_pdf,
        show=window.live.put,
        fingers=_fingers(station),
    )
    both = DeskWindow(tools, window)
    serve(station, window, both)


def _fingers(station: Station) -> FingerDesk | None:
    """The scanner of this desk, where station.toml names one."""
    if "finger_scanner" not in station.config.devices:
        return None
    return FingerDesk(station.device("finger_scanner"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
