"""Lets go of what a visit left in memory, once the next welcome is on the screen.

A program cannot overwrite Python's texts nor Qt's: they are let go of here, and what is freed is
overwritten below us, by the C library, where the station runs as its unit says (decision 47).
"""

import ctypes
import gc
import sys

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication, QPixmapCache
from PySide6.QtQml import QQmlEngine


def wipe(engine: QQmlEngine) -> None:
    """Collect what nothing holds any more: of QML, of Python, of pictures, of the clipboard."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    engine.collectGarbage()
    QPixmapCache.clear()
    QGuiApplication.clipboard().clear()
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:  # glibc's; what is free goes back to the system
            trim(0)
