"""The calls into winspool.drv and gdi32.dll, by ctypes: the Spooler of windows_spooler.py.

Source: Microsoft Learn, Print Spooler API (OpenPrinter, GetPrinter, GetJob, SetJob, EnumPrinters)
and Windows GDI (CreateDC, StartDoc, StretchDIBits, GetDeviceCaps). Not tried on Windows yet; the
layouts of the structures are checked against the documented sizes on any system.

Windows has no renderer for PDF that a program could call, so pdfium draws each page as a bitmap
in the printer's own dots; the verb "print" of whatever program owns PDFs would tell nothing back.
"""

import ctypes
import os
from collections.abc import Iterable
from ctypes import POINTER, Structure, byref, c_int, c_uint32, c_void_p, c_wchar_p, sizeof
from typing import Any

import pypdfium2
from PIL import Image

from hardware.core.errors import DeviceAbsentError, DeviceFaultError

DWORD = c_uint32
HORZRES, VERTRES, LOGPIXELSX = 8, 10, 88
SRCCOPY, DIB_RGB_COLORS, BI_RGB = 0x00CC0020, 0, 0
JOB_CONTROL_DELETE = 5
PRINTER_ENUM_LOCAL, PRINTER_ENUM_CONNECTIONS = 2, 4
ERROR_INVALID_PARAMETER = 87
MOST_DOTS_PER_INCH = 300
"""More than this, a page of bitmap takes more memory than it shows."""


class SystemTime(Structure):
    """SYSTEMTIME."""

    _fields_ = tuple(
        (name, ctypes.c_uint16)
        for name in ("year", "month", "weekday", "day", "hour", "minute", "second", "ms")
    )


class PrinterInfo2(Structure):
    """PRINTER_INFO_2W."""

    _fields_ = (
        ("server_name", c_wchar_p), ("printer_name", c_wchar_p), ("share_name", c_wchar_p),
        ("port_name", c_wchar_p), ("driver_name", c_wchar_p), ("comment", c_wchar_p),
        ("location", c_wchar_p), ("dev_mode", c_void_p), ("sep_file", c_wchar_p),
        ("print_processor", c_wchar_p), ("datatype", c_wchar_p), ("parameters", c_wchar_p),
        ("security_descriptor", c_void_p), ("attributes", DWORD), ("priority", DWORD),
        ("default_priority", DWORD), ("start_time", DWORD), ("until_time", DWORD),
        ("status", DWORD), ("jobs", DWORD), ("average_ppm", DWORD),
    )  # fmt: skip


class PrinterInfo4(Structure):
    """PRINTER_INFO_4W."""

    _fields_ = (("printer_name", c_wchar_p), ("server_name", c_wchar_p), ("attributes", DWORD))


class JobInfo1(Structure):
    """JOB_INFO_1W."""

    _fields_ = (
        ("job_id", DWORD), ("printer_name", c_wchar_p), ("machine_name", c_wchar_p),
        ("user_name", c_wchar_p), ("document", c_wchar_p), ("datatype", c_wchar_p),
        ("status_text", c_wchar_p), ("status", DWORD), ("priority", DWORD), ("position", DWORD),
        ("total_pages", DWORD), ("pages_printed", DWORD), ("submitted", SystemTime),
    )  # fmt: skip


class DocInfo(Structure):
    """DOCINFOW of GDI."""

    _fields_ = (
        ("size", c_int), ("doc_name", c_wchar_p), ("output", c_wchar_p), ("datatype", c_wchar_p),
        ("type", DWORD),
    )  # fmt: skip


class BitmapInfoHeader(Structure):
    """BITMAPINFOHEADER."""

    _fields_ = (
        ("size", DWORD), ("width", c_int), ("height", c_int), ("planes", ctypes.c_uint16),
        ("bit_count", ctypes.c_uint16), ("compression", DWORD), ("size_image", DWORD),
        ("x_per_metre", c_int), ("y_per_metre", c_int), ("colours", DWORD), ("important", DWORD),
    )  # fmt: skip


def bitmap(picture: Image.Image) -> tuple[BitmapInfoHeader, bytes]:
    """Put a picture into a device-independent bitmap of 24 bits, top row first.

    Rows are blue, green, red, and filled up to four bytes; a negative height means top-down.
    """
    header = BitmapInfoHeader(
        size=sizeof(BitmapInfoHeader), width=picture.width, height=-picture.height,
        planes=1, bit_count=24, compression=BI_RGB,
    )  # fmt: skip
    stride = (picture.width * 3 + 3) // 4 * 4
    return header, picture.convert("RGB").tobytes("raw", "BGR", stride)


class WindowsSpooler:
    """The real spooler."""

    def __init__(self) -> None:
        """Load the libraries.

        Raises:
            DeviceAbsentError: This is no Windows.
        """
        libraries: Any = ctypes  # WinDLL is there on Windows alone
        if os.name != "nt":
            raise DeviceAbsentError("the Windows spooler is on Windows only")
        self._spool = libraries.WinDLL("winspool.drv", use_last_error=True)
        self._gdi = libraries.WinDLL("gdi32", use_last_error=True)
        self._spool.OpenPrinterW.argtypes = (c_wchar_p, POINTER(c_void_p), c_void_p)
        self._spool.ClosePrinter.argtypes = (c_void_p,)
        self._spool.GetPrinterW.argtypes = (c_void_p, DWORD, c_void_p, DWORD, POINTER(DWORD))
        self._spool.GetJobW.argtypes = (c_void_p, DWORD, DWORD, c_void_p, DWORD, POINTER(DWORD))
        self._spool.SetJobW.argtypes = (c_void_p, DWORD, DWORD, c_void_p, DWORD)
        self._spool.EnumPrintersW.argtypes = (
            DWORD, c_wchar_p, DWORD, c_void_p, DWORD, POINTER(DWORD), POINTER(DWORD),
        )  # fmt: skip
        self._gdi.CreateDCW.argtypes = (c_wchar_p, c_wchar_p, c_wchar_p, c_void_p)
        self._gdi.CreateDCW.restype = c_void_p
        self._gdi.GetDeviceCaps.argtypes = (c_void_p, c_int)
        self._gdi.StartDocW.argtypes = (c_void_p, POINTER(DocInfo))
        for name in ("StartPage", "EndPage", "EndDoc", "AbortDoc", "DeleteDC"):
            getattr(self._gdi, name).argtypes = (c_void_p,)
        self._gdi.StretchDIBits.argtypes = (
            (c_void_p,) + (c_int,) * 8 + (c_void_p, c_void_p, c_uint32, DWORD)
        )

    def printer(self, name: str) -> tuple[int, int]:
        """Ask by GetPrinter, level 2."""
        with _Opened(self._spool, name) as handle:
            needed = DWORD()
            self._spool.GetPrinterW(handle, 2, None, 0, byref(needed))
            room = ctypes.create_string_buffer(max(needed.value, sizeof(PrinterInfo2)))
            if not self._spool.GetPrinterW(handle, 2, room, len(room), byref(needed)):
                raise DeviceAbsentError(f"the spooler tells nothing of {name}: {_last_error()}")
            info = PrinterInfo2.from_buffer(room)
            return int(info.status), int(info.attributes)

    def print_pdf(self, name: str, pdf: bytes, title: str) -> int:
        """Draw by GDI; StartDoc returns the job's number."""
        context = self._gdi.CreateDCW("WINSPOOL", name, None, None)
        if not context:
            raise DeviceAbsentError(f"there is no printer {name}: {_last_error()}")
        try:
            about = DocInfo(size=sizeof(DocInfo), doc_name=title)
            job_id = int(self._gdi.StartDocW(context, byref(about)))
            if job_id <= 0:
                raise DeviceFaultError("refused", str(_last_error()), "no document was begun")
            try:
                self._draw(context, pdf)
            except BaseException:
                self._gdi.AbortDoc(context)
                raise
            if self._gdi.EndDoc(context) <= 0:
                raise DeviceFaultError("refused", str(_last_error()), "the document did not end")
            return job_id
        finally:
            self._gdi.DeleteDC(context)

    def job(self, name: str, job_id: int) -> int | None:
        """Ask by GetJob, level 1; ERROR_INVALID_PARAMETER is a job that is gone."""
        with _Opened(self._spool, name) as handle:
            needed = DWORD()
            self._spool.GetJobW(handle, job_id, 1, None, 0, byref(needed))
            if not needed.value and _last_error() == ERROR_INVALID_PARAMETER:
                return None
            room = ctypes.create_string_buffer(max(needed.value, sizeof(JobInfo1)))
            if not self._spool.GetJobW(handle, job_id, 1, room, len(room), byref(needed)):
                if _last_error() == ERROR_INVALID_PARAMETER:
                    return None
                raise DeviceAbsentError(f"the spooler tells nothing of the job: {_last_error()}")
            return int(JobInfo1.from_buffer(room).status)

    def delete(self, name: str, job_id: int) -> None:
        """Take back by SetJob."""
        with _Opened(self._spool, name) as handle:
            self._spool.SetJobW(handle, job_id, 0, None, JOB_CONTROL_DELETE)

    def names(self) -> Iterable[str]:
        """List by EnumPrinters, level 4, which asks no printer and is quick."""
        flags, needed, count = PRINTER_ENUM_LOCAL | PRINTER_ENUM_CONNECTIONS, DWORD(), DWORD()
        self._spool.EnumPrintersW(flags, None, 4, None, 0, byref(needed), byref(count))
        room = ctypes.create_string_buffer(max(needed.value, 1))
        if not self._spool.EnumPrintersW(
            flags, None, 4, room, len(room), byref(needed), byref(count)
        ):
            return []
        found = (PrinterInfo4 * count.value).from_buffer(room)
        return [str(info.printer_name) for info in found]

    def _draw(self, context: Any, pdf: bytes) -> None:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise DeviceFaultError("refused", "", "that is no PDF") from error
        try:
            for page in document:
                self._draw_page(context, page)
        finally:
            document.close()

    def _draw_page(self, context: Any, page: Any) -> None:
        width, height = (self._gdi.GetDeviceCaps(context, what) for what in (HORZRES, VERTRES))
        dpi = min(self._gdi.GetDeviceCaps(context, LOGPIXELSX), MOST_DOTS_PER_INCH)
        header, dots = bitmap(page.render(scale=dpi / 72).to_pil())
        if self._gdi.StartPage(context) <= 0:
            raise DeviceFaultError("refused", str(_last_error()), "no page was begun")
        drawn = self._gdi.StretchDIBits(
            context, 0, 0, width, height, 0, 0, header.width, -header.height,
            dots, byref(header), DIB_RGB_COLORS, SRCCOPY,
        )  # fmt: skip
        if drawn <= 0 or self._gdi.EndPage(context) <= 0:
            raise DeviceFaultError("refused", str(_last_error()), "a page was not drawn")


class _Opened:
    """A printer that is open while a call asks it."""

    def __init__(self, spool: Any, name: str) -> None:
        self._spool = spool
        self._name = name
        self._handle = c_void_p()

    def __enter__(self) -> c_void_p:
        if not self._spool.OpenPrinterW(self._name, byref(self._handle), None):
            raise DeviceAbsentError(f"there is no printer {self._name}: {_last_error()}")
        return self._handle

    def __exit__(self, *_: object) -> None:
        self._spool.ClosePrinter(self._handle)


def _last_error() -> int:
    return int(getattr(ctypes, "get_last_error", int)())
