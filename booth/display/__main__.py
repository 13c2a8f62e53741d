"""Runs the panel of a hall: python -m booth.display station.toml."""

import sys
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from booth.display.feed import DisplayFeed
from booth.display.screens import PUBLIC, SIZE
from booth.display.screens.panel import SPOKEN, panel
from common.station.config import read
from common.station.service_manager import ServiceManager
from common.ui.app import make_app, run
from common.ui.touch_panel import open_panel
from common.ui.watchdog import Watchdog
from common.ui.window import StationWindow
from common.wire.shapes import DisplayState


class Board(QObject):
    """Shows the newest state; keeps the last one, with a warning, when the line is lost."""

    _came = Signal(object)

    def __init__(self, window: StationWindow) -> None:
        super().__init__()
        self._window = window
        self._state: DisplayState | None = None
        self._came.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def told(self, state: DisplayState | None) -> None:
        """Take a state, or None for a lost line; from any thread."""
        self._came.emit(state)

    def start(self) -> None:
        """Show that nothing is known yet."""
        self._window.show(panel(None, is_lost=False))

    def _show(self, state: DisplayState | None) -> None:
        # A restarted centre begins to count again, so the newest word wins, not the highest number.
        if state is not None:
            self._state = state
        self._window.show(panel(self._state, is_lost=state is None))


def main(config: Path) -> None:
    """Build the panel and show calls until told to end. It has no devices and keeps nothing."""
    make_app()
    settings = read(config)
    window = StationWindow("common-station", SPOKEN[:1], SIZE, PUBLIC)
    board = Board(window)
    feed = DisplayFeed(settings.backend_address, settings.office, board.told)
    touch = open_panel(window)
    watchdog = Watchdog(ServiceManager(), lambda: "")

    def begin() -> None:
        window.open(full_screen=touch is None)
        board.start()
        feed.start()
        watchdog.begin()

    def end() -> None:
        watchdog.end()
        feed.stop()
        if touch is not None:
            touch.close()
        window.close()

    run(begin, end)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
