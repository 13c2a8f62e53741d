"""Says that the program is alive, from the GUI thread, and only while every lane is.

A GUI that hangs says nothing, since nobody calls the timer; a device's lane that hangs keeps it
from being said. Either way the service manager ends the program and starts it anew.
"""

import logging
from collections.abc import Callable

from PySide6.QtCore import QTimer

from common.station.service_manager import ALIVE, READY, STOPPING, ServiceManager

logger = logging.getLogger(__name__)

TIMES = 3
"""How often within the manager's patience it is told."""


class Watchdog(QTimer):
    """Asks every so often which lane hangs; told where none does."""

    def __init__(self, manager: ServiceManager, hung: Callable[[], str]) -> None:
        """Take the manager, and what names a lane that hangs ("" where none does)."""
        super().__init__()
        self._manager, self._hung = manager, hung
        self._is_told = False
        self.timeout.connect(self._look)

    def begin(self) -> None:
        """Say that the program is ready, and begin to say that it is alive."""
        self._manager.tell(READY)
        if self._manager.watchdog_s:
            self.start(round(self._manager.watchdog_s * 1000 / TIMES))

    def end(self) -> None:
        """Say that the program ends."""
        self.stop()
        self._manager.tell(STOPPING)

    def _look(self) -> None:
        lane = self._hung()
        if not lane:
            self._manager.tell(ALIVE)
        elif not self._is_told:
            self._is_told = True
            logger.critical("the lane %s hangs; the program is to be started anew", lane)
