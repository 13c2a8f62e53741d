"""Runs a station's window from its opening to its end, whatever the station does."""

from typing import Protocol

from common.station.station import Station
from common.ui.app import run
from common.ui.touch_panel import open_panel
from common.ui.window import StationWindow


class Work(Protocol):
    """What a station does while its window is open."""

    def start(self) -> None:
        """Begin; the window is open."""
        ...

    def stop(self) -> None:
        """End, threads included; the window is still there."""
        ...


def serve(station: Station, window: StationWindow, work: Work) -> int:
    """Open the window and work until told to end; return the exit status.

    A station with a simulated touch screen stays in a window; a real one fills its display.
    """
    panel = open_panel(window)

    def begin() -> None:
        station.start()
        window.open(full_screen=panel is None)
        work.start()

    def end() -> None:
        work.stop()
        if panel is not None:
            panel.close()
        window.close()
        station.stop()

    return run(begin, end)
