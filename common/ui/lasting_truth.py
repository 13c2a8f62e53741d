"""Keeps True, False and None alive, which PySide6 6.12 on Python 3.11 slowly uses up.

Signal.emit() returns True without counting the reference it gives away, so that every emission
takes one from the count of the one object True; at zero Python ends the process with
"bool_dealloc: deallocating True or False". From Python 3.12 on these objects are immortal. None
was seen to go the same way ("none_dealloc").
"""

import ctypes
import sys

_PLENTY = 1 << 48
"""More emissions than a station makes in its life."""


def keep_truth() -> None:
    """Give these objects so many references that they never run out. Once is enough."""
    if sys.version_info >= (3, 12):
        return
    for value in (True, False, None):
        count = ctypes.c_ssize_t.from_address(id(value))
        if count.value < _PLENTY // 2:
            count.value += _PLENTY
