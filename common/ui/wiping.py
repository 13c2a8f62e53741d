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

from common.matching.letting_go import let_go

PIECE_BYTES, PIECES = 1024, 7
"""NumPy keeps so many freed pieces of each size below this, for the thread that freed them."""


def wipe_lane() -> None:
    """Let go of what one lane's work has left, from within its thread."""
    _overwrite_pieces()
    let_go()


def _overwrite_pieces() -> None:
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        for size in range(1, PIECE_BYTES):
            # All of a size at once: so each of them comes out of what is kept, and goes back empty.
            _ = [numpy.zeros(size, numpy.uint8) for _ in range(PIECES)]


def wipe(engine: QQmlEngine) -> None:
    """Collect what nothing holds any more: of QML, of Python, of pictures, of the clipboard."""
    _overwrite_pieces()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    engine.collectGarbage()
    QPixmapCache.clear()
    QGuiApplication.clipboard().clear()
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:  # glibc's; what is free goes back to the system
            trim(0)
