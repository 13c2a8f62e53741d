"""The calls of libfprint 2 and GLib that a scanner needs, by ctypes.

Signatures after libfprint's reference manual (FpContext, FpDevice, FpImage) and GLib's. The calls
run GLib's default main context, which a program with windows needs for itself: this module is for
a process of its own.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, byref, c_char_p, c_double, c_int, c_size_t, c_uint, c_void_p
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

LIBRARY = "libfprint-2.so.2"
GLIB, GOBJECT, GIO = "libglib-2.0.so.0", "libgobject-2.0.so.0", "libgio-2.0.so.0"
MM_PER_INCH = 25.4
CAN_CAPTURE = 1
FINGER_PRESENT = 2


class LibraryError(Exception):
    """What libfprint said went wrong.

    Attributes:
        domain: "device", "retry", "io" or "other".
        code: FpDeviceError, FpDeviceRetry or GIOErrorEnum.
    """

    def __init__(self, domain: str, code: int) -> None:
        super().__init__(f"{domain} {code}")
        self.domain = domain
        self.code = code


@dataclass(frozen=True, slots=True)
class Picture:
    """An FpImage: 8 bits a pixel, row by row."""

    width: int
    height: int
    dots_per_inch: int
    pixels: bytes = field(repr=False)


class _Error(ctypes.Structure):
    _fields_ = (("domain", ctypes.c_uint32), ("code", c_int), ("message", c_char_p))


class _Array(ctypes.Structure):
    _fields_ = (("data", POINTER(c_void_p)), ("length", c_uint))


class Library:
    """The loaded libraries, and their functions with the types they have.

    Raises:
        OSError: The system does not have them.
    """

    def __init__(self) -> None:
        fp, glib = ctypes.CDLL(LIBRARY), ctypes.CDLL(GLIB)
        gobject, gio = ctypes.CDLL(GOBJECT), ctypes.CDLL(GIO)
        error = POINTER(POINTER(_Error))
        self.context_new = _typed(fp.fp_context_new, c_void_p)
        self.enumerate = _typed(fp.fp_context_enumerate, None, c_void_p)
        self.devices = _typed(fp.fp_context_get_devices, POINTER(_Array), c_void_p)
        self.name = _typed(fp.fp_device_get_name, c_char_p, c_void_p)
        self.driver = _typed(fp.fp_device_get_driver, c_char_p, c_void_p)
        self.device_id = _typed(fp.fp_device_get_device_id, c_char_p, c_void_p)
        self.has_feature = _typed(fp.fp_device_has_feature, c_int, c_void_p, c_int)
        self.finger_status = _typed(fp.fp_device_get_finger_status, c_int, c_void_p)
        self.open = _typed(fp.fp_device_open_sync, c_int, c_void_p, c_void_p, error)
        self.close = _typed(fp.fp_device_close_sync, c_int, c_void_p, c_void_p, error)
        self.capture = _typed(fp.fp_device_capture_sync, c_void_p, c_void_p, c_int, c_void_p, error)
        self.width = _typed(fp.fp_image_get_width, c_uint, c_void_p)
        self.height = _typed(fp.fp_image_get_height, c_uint, c_void_p)
        self.per_mm = _typed(fp.fp_image_get_ppmm, c_double, c_void_p)
        self.data = _typed(fp.fp_image_get_data, c_void_p, c_void_p, POINTER(c_size_t))
        self._property = gobject.g_object_get  # takes as many arguments as there are questions
        self.unref = _typed(gobject.g_object_unref, None, c_void_p)
        self.error_free = _typed(glib.g_error_free, None, POINTER(_Error))
        self.iterate = _typed(glib.g_main_context_iteration, c_int, c_void_p, c_int)
        self.cancellable_new = _typed(gio.g_cancellable_new, c_void_p)
        self.cancel = _typed(gio.g_cancellable_cancel, None, c_void_p)
        self._domains = {
            _typed(fp.fp_device_error_quark, ctypes.c_uint32)(): "device",
            _typed(fp.fp_device_retry_quark, ctypes.c_uint32)(): "retry",
            _typed(gio.g_io_error_quark, ctypes.c_uint32)(): "io",
        }

    @contextmanager
    def raising(self) -> Iterator[Any]:
        """Give a call a place for its error, and raise what it leaves there."""
        error = POINTER(_Error)()
        yield byref(error)
        if error:
            domain, code = error.contents.domain, error.contents.code
            self.error_free(error)
            raise LibraryError(self._domains.get(domain, "other"), code)

    def found(self, context: c_void_p) -> list[c_void_p]:
        """Return the devices of a context."""
        array = self.devices(context)
        length = array.contents.length if array else 0
        return [array.contents.data[at] for at in range(length)]

    def is_removed(self, device: c_void_p) -> bool:
        """Tell whether a device was pulled out."""
        removed = c_int()
        self._property(c_void_p(device), b"removed", byref(removed), c_void_p(None))  # type: ignore[arg-type]
        return bool(removed.value)

    def picture(self, image: c_void_p) -> Picture:
        """Copy an image and let go of it."""
        length = c_size_t()
        data = self.data(image, byref(length))
        width, height = self.width(image), self.height(image)
        pixels = ctypes.string_at(data, min(length.value, width * height))
        dots = round(self.per_mm(image) * MM_PER_INCH)
        self.unref(image)
        return Picture(width, height, dots, pixels)


@lru_cache
def is_there() -> bool:
    """Tell whether the system has the library."""
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        return False
    return True


def _typed(function: Any, result: Any, *arguments: Any) -> Any:
    function.restype = result
    function.argtypes = arguments
    return function
