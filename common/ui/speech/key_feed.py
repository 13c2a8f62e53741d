"""Brings the keys of a keypad that is read by its reports to a window, as keys of Qt."""

import logging
from collections.abc import Callable
from threading import Event, Thread

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWindow

from hardware.core.errors import DeviceError
from hardware.keypad.hid_keypad import HidKeypad

logger = logging.getLogger(__name__)

WAIT_S = 0.2
AGAIN_S = 2.0
F13, F24 = 0x68, 0x73
OTHERS = {0x80: Qt.Key.Key_VolumeUp, 0x81: Qt.Key.Key_VolumeDown}


class KeyFeed(QObject):
    """Lives in the GUI thread; a thread of its own waits for keys, and for a lost keypad."""

    _changed = Signal(int, bool)

    def __init__(self, window: QWindow, make: Callable[[], HidKeypad]) -> None:
        super().__init__()
        self._window = window
        self._make = make
        self._ended = Event()
        self._changed.connect(self._press, Qt.ConnectionType.QueuedConnection)
        self._thread = Thread(target=self._read, name="keypad", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Read no more keys."""
        self._ended.set()
        self._thread.join()

    def _read(self) -> None:
        keypad, is_told = self._make(), False
        while not self._ended.is_set():
            try:
                keypad.open()
                is_told = False
                for change in keypad.read(WAIT_S):
                    self._changed.emit(change.usage, change.is_down)
            except DeviceError as error:
                if not is_told:
                    logger.warning("keypad: %s", error)
                is_told = True
                self._ended.wait(AGAIN_S)
        keypad.close()

    def _press(self, usage: int, is_down: bool) -> None:
        key = qt_key(usage)
        if key is None or self._ended.is_set():
            return
        kind = QEvent.Type.KeyPress if is_down else QEvent.Type.KeyRelease
        stroke = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(self._window, stroke)


def qt_key(usage: int) -> Qt.Key | None:
    """Return Qt's key of a usage of a keypad: F13 to F24, louder and softer."""
    if F13 <= usage <= F24:
        return Qt.Key(Qt.Key.Key_F13.value + usage - F13)
    return OTHERS.get(usage)
