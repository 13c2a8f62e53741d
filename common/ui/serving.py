"""Runs a station's window from its opening to its end, whatever the station does."""

import os
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from common.station.config import StationConfig
from common.station.service_manager import ServiceManager
from common.station.station import Station
from common.ui.app import TOUCH_PORT, fills_display, run
from common.ui.screens.out_of_service import out_of_service
from common.ui.speech.opening import open_speech
from common.ui.watchdog import Watchdog
from common.ui.window import StationWindow

if TYPE_CHECKING:
    from common.ui.loudspeaker import Loudspeaker
    from common.ui.speech.narrator import Narrator
    from common.ui.touch_panel import TouchPanel

LOOK_EVERY_MS = 1000
TAKEN_OUT = "common-out-of-service-taken-out"


class Work(Protocol):
    """What a station does while its window is open."""

    def start(self) -> None:
        """Begin; the window is open."""
        ...

    def stop(self) -> None:
        """End, threads included; the window is still there."""
        ...

    def hung(self) -> str:
        """Name a lane whose work does not come to its end; empty where none hangs."""
        ...


class _Watch(QTimer):
    """Looks whether the backend has taken the station out of service, or staff end the program."""

    def __init__(self, station: Station, window: StationWindow) -> None:
        super().__init__()
        self._station, self._window = station, window
        self._is_out = False
        self.setInterval(LOOK_EVERY_MS)
        self.timeout.connect(self._look)

    def _look(self) -> None:
        if self._station.end_status is not None:
            QGuiApplication.exit(self._station.end_status)
        is_out = self._station.client.out_of_service != ""
        if is_out != self._is_out:
            self._is_out = is_out
            self._window.take_out(out_of_service(TAKEN_OUT) if is_out else None)


def _panel(window: StationWindow, narrator: "Narrator | None") -> "TouchPanel | None":
    """Open the simulated touch screen, where there is one; a real kiosk does not even read it."""
    if TOUCH_PORT not in os.environ:
        return None
    from common.ui.touch_panel import open_panel  # noqa: PLC0415

    return open_panel(window, narrator)


def _loudspeaker(window: StationWindow, config: StationConfig) -> "Loudspeaker | None":
    """Give the window its tones; a station without a loudspeaker does not even read how."""
    if not config.loudspeaker:
        return None
    from common.ui.loudspeaker import open_loudspeaker  # noqa: PLC0415

    return open_loudspeaker(window, config.loudspeaker, config.file)


class Serving:
    """A station at work: what it says, hears and looks after while its window is open."""

    def __init__(self, station: Station, window: StationWindow, work: Work) -> None:
        self._station, self._window, self._work = station, window, work
        self._speech = open_speech(window, station.config)
        self._loudspeaker = _loudspeaker(window, station.config)
        self._panel = _panel(window, self._speech.narrator if self._speech else None)
        self._watch = _Watch(station, window)
        self._watchdog = Watchdog(ServiceManager(), work.hung)

    def begin(self) -> None:
        """Begin to work; the window is open."""
        self._station.start()
        self._work.start()
        self._watch.start()
        self._watchdog.begin()

    def end(self) -> None:
        """Close everything, the window too."""
        self._watchdog.end()
        self._watch.stop()
        self._work.stop()
        if self._panel is not None:
            self._panel.close()
        if self._speech is not None:
            self._speech.close()
        if self._loudspeaker is not None:
            self._loudspeaker.close()
        self._window.close()
        self._station.stop()


def serve(station: Station, window: StationWindow, work: Work) -> int:
    """Open the window and work until told to end; return the exit status."""
    serving = Serving(station, window, work)

    def begin() -> None:
        window.open(full_screen=fills_display())
        serving.begin()

    return run(begin, serving.end)
