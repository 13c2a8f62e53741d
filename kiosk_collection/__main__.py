"""Runs a collection kiosk: python -m kiosk_collection station.toml."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from common.ui.opening import open_public
from common.ui.window import StationWindow
from kiosk_collection.screens import SIZE

if TYPE_CHECKING:
    from common.station.station import Station
    from common.ui.serving import Work


def main(config: Path) -> int:
    """Open the kiosk and serve visitors until told to end; return the exit status."""
    return open_public(config, "collection-title", SIZE, _prepare)


def _prepare(station: "Station", window: StationWindow) -> "Callable[[], Work]":
    from kiosk_collection.program import prepare  # noqa: PLC0415 (behind the first screen)

    return prepare(station, window)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
