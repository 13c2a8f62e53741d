"""Opens a public station: its window at once, and all else behind the first screen.

Whoever waits for a kiosk that is started anew sees within a fraction of a second that it comes, and
can already choose a language and how large the letters are. So this module and the programs'
`__main__` import little more than Qt; what takes long to import is imported by a thread.
"""

import gc
import logging
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from time import process_time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from common.station.config import StationConfig, read
from common.ui.app import fills_display, make_app, run
from common.ui.screens.busy import starting
from common.ui.window import StationWindow

if TYPE_CHECKING:
    from common.station.station import Station
    from common.ui.serving import Serving, Work

logger = logging.getLogger(__name__)

UNSEEN_MS = 1000
"""A display that is off paints nothing; the kiosk opens all the same."""

Prepare = Callable[["Station", StationWindow], Callable[[], "Work"]]
"""Puts a kiosk together, in any thread; what it returns makes its visits, in the window's."""


def open_public(file: Path, title_key: str, size: tuple[int, int], prepare: Prepare) -> int:
    """Open the public station that file describes, and serve until told to end.

    Args:
        file: Its station.toml.
        title_key: The text of the window's title.
        size: The display's width and height in pixels, where station.toml names no other.
        prepare: Imports the program and puts it together.

    Returns:
        The exit status.

    Raises:
        ConfigError: station.toml is wrong, or the station is not paired.
        JournalError: The journal does not open.
    """
    make_app()
    settings = read(file)
    window = StationWindow(title_key, settings.spoken, settings.size or size)
    opening = Opening(window, settings, prepare)
    status = run(opening.begin, opening.end)
    if opening.error is not None:
        raise opening.error
    return status


class Opening(QObject):
    """The way from a first screen to a station at work. Lives in the GUI thread.

    Attributes:
        error: Why the station does not open; None while nothing is wrong.
    """

    _loaded = Signal()

    def __init__(self, window: StationWindow, settings: StationConfig, prepare: Prepare) -> None:
        super().__init__()
        self.error: Exception | None = None
        self._window, self._settings, self._prepare = window, settings, prepare
        self._station: Station | None = None
        self._finish: Callable[[], Serving] | None = None
        self._serving: Serving | None = None
        self._loader = Thread(target=self._load, name="opening", daemon=True)
        self._unseen = QTimer(self)
        self._unseen.setSingleShot(True)
        self._unseen.timeout.connect(self._begin_to_load)
        self._loaded.connect(self._serve, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """Show the first screen; once it is painted, load what the station needs."""
        # What is made now lives as long as the program: there is nothing to look for in it.
        gc.disable()
        self._window.show(starting())
        self._window.view.frameSwapped.connect(self._begin_to_load)
        self._window.open(full_screen=fills_display())
        self._unseen.start(UNSEEN_MS)

    def end(self) -> None:
        """Close what was opened so far."""
        if self._loader.is_alive():
            self._loader.join()
        if self._serving is not None:
            self._serving.end()
            return
        self._window.close()
        if self._station is not None:
            self._station.stop()

    def _begin_to_load(self) -> None:
        self._unseen.stop()
        self._window.view.frameSwapped.disconnect(self._begin_to_load)
        logger.info("the first screen after %.2f s of processor time", process_time())
        self._loader.start()

    def _load(self) -> None:
        try:
            self._finish = self._put_together()
        except Exception as error:
            self.error = error
        self._loaded.emit()

    def _put_together(self) -> "Callable[[], Serving]":
        import common.i18n.sentences  # noqa: F401, PLC0415
        from common.station.station import Station  # noqa: PLC0415
        from common.ui.serving import Serving  # noqa: PLC0415

        self._station = station = Station(self._settings)
        make_work = self._prepare(station, self._window)
        return lambda: Serving(station, self._window, make_work())

    def _serve(self) -> None:
        try:
            if self._finish is not None:
                self._serving = self._finish()
        except Exception as error:
            self.error = error
        if self._serving is None:
            QGuiApplication.exit()
            return
        # Looking through all that was imported would stop every thread for a tenth of a second at
        # each welcome. No visit has left anything in it yet, and no device has been opened.
        gc.freeze()
        gc.enable()
        self._serving.begin()
        logger.info("at work after %.2f s of processor time", process_time())
