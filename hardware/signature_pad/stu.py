"""Driver for Wacom STU signature pads over HID (STU-430, STU-530, STU-540), without encryption.

Tried on the simulated pad only.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Event
from time import monotonic

from PIL import Image, ImageOps

from hardware.core.device import DeviceState, Health
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.hid_link import HidLink
from hardware.signature_pad.ink import Ink
from hardware.signature_pad.interface import PadScreen, Signature
from hardware.signature_pad.stu_reports import (
    CAPABILITY_SIZE,
    COMMIT,
    INFORMATION_SIZE,
    OFF,
    ON,
    TIME_AND_SEQUENCE,
    Capability,
    Encoding,
    PenFlags,
    Report,
    feature,
    image_blocks,
    parse_capability,
    parse_pen,
)

WACOM = 0x056A
PRODUCTS = {0x00A4: "STU-430", 0x00A5: "STU-530", 0x00A6: "STU-430V", 0x00A8: "STU-540"}
SLICE_S = 0.1
REST_S = 1.5
"""A signature is finished when the pen has been away for so long."""

AWAKE_S = 2.0
"""A pad that has said nothing for so long is asked whether it still takes ink."""

READY, CAPTURING = 0x00, 0x02


class Stu:
    """One pad; a SignaturePad.

    Args:
        open_link: Opens the device.
        pen_flags: Where pen reports have their flags.
        rest_s: How long the pen must be away for a signature to be finished.
    """

    def __init__(
        self,
        open_link: Callable[[], HidLink],
        pen_flags: PenFlags = PenFlags.HIGH,
        rest_s: float = REST_S,
    ) -> None:
        self._open_link = open_link
        self._pen_flags = pen_flags
        self._rest_s = rest_s
        self._link: HidLink | None = None
        self._capability: Capability | None = None
        self._ink: Ink | None = None

    def open(self) -> None:
        """Open the device and ask what it can."""
        if self._link is not None:
            return
        self._link = self._open_link()
        try:
            report = self._link.get_feature(Report.CAPABILITY, CAPABILITY_SIZE - 1)
            self._capability = parse_capability(report)
            if self._capability is None:
                raise BadReplyError("the device does not say what a signature pad says")
            self._take_ink()
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """Release the device."""
        link, self._link = self._link, None
        self._capability = self._ink = None
        if link is not None:
            link.close()

    def health(self) -> Health:
        """Ask for the status."""
        try:
            status = self._opened().get_feature(Report.STATUS, 4)
        except DeviceFaultError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        if len(status) < 2 or status[0] != Report.STATUS:
            return Health(DeviceState.HARDWARE_ERROR, "no status")
        if status[1] in (READY, CAPTURING):
            return Health(DeviceState.ONLINE)
        return Health(DeviceState.BUSY, f"status {status[1]:02X}")

    def model(self) -> str:
        """Ask for the name of the model, in capitals, digits and hyphens."""
        told = self._opened().get_feature(Report.INFORMATION, INFORMATION_SIZE - 1)
        return "".join(chr(byte) for byte in told[1:10] if 0x20 < byte < 0x7F)

    def screen(self) -> PadScreen:
        """Return the size of the screen, as the pad told it when it was opened."""
        known = self._known()
        return PadScreen(known.width_px, known.height_px, known.has_colour)

    def begin(self, picture: Image.Image | None) -> None:
        """Show a picture, drop what came before, and take ink."""
        link = self._opened()
        link.set_feature(feature(Report.INKING, OFF))
        if picture is None:
            link.set_feature(feature(Report.CLEAR_SCREEN, 0))
        else:
            self._upload(link, picture)
        self._take_ink()
        link.flush_input()
        self._ink = None

    def clear(self) -> None:
        """Empty the screen; ink is taken as before."""
        link = self._opened()
        link.set_feature(feature(Report.CLEAR_SCREEN, 0))
        link.flush_input()
        self._ink = None

    def wait_for_signature(self, timeout_s: float, cancelled: Event) -> Signature:
        """Collect strokes until the pen has rested, or nothing more can come in time."""
        known = self._known()
        if self._ink is None:
            self._ink = Ink(known)
        ink = self._ink
        deadline = monotonic() + timeout_s
        heard_at = monotonic()
        while not cancelled.is_set():
            if self._hear(ink):
                heard_at = monotonic()
            silent_s = monotonic() - heard_at
            # A pen that touches reports without a pause, so silence means that it is away, even
            # where the report that said so was lost.
            if not ink.is_empty and silent_s >= self._rest_s:
                return self._finished(ink, known)
            if monotonic() >= deadline:
                hint = "; the pen presses from afar: try the other pen_flags"
                raise DeviceTimeoutError(
                    f"no signature within {timeout_s} s{hint if ink.presses_afar else ''}"
                )
            if ink.is_empty and silent_s >= AWAKE_S:
                self._wake()
                heard_at = monotonic()
        raise RequestCancelledError("the caller stopped waiting")

    def _hear(self, ink: Ink) -> bool:
        """Take one report; tell whether it says that the pen is there."""
        try:
            report = self._opened().read_report(SLICE_S)
        except DeviceTimeoutError:
            return False
        pen = parse_pen(report, self._pen_flags)
        if pen is None:
            if report[:1] in (bytes([Report.PEN]), bytes([Report.PEN_TIMED])):
                ink.missed()
            return False
        ink.add(pen, monotonic())
        return pen.is_near

    def _finished(self, ink: Ink, known: Capability) -> Signature:
        self._ink = None
        unit = known.unit_mm
        return Signature(ink.strokes(), known.max_x * unit, known.max_y * unit, ink.lost)

    def _take_ink(self) -> None:
        """Have the pad send timed reports, where it can, and show the ink."""
        link = self._opened()
        with suppress(DeviceFaultError):  # plain reports will do
            link.set_feature(feature(Report.PEN_OPTION, TIME_AND_SEQUENCE))
        link.set_feature(feature(Report.INKING, ON))

    def _wake(self) -> None:
        """A pad that was reset or fell asleep has forgotten that it shall take ink."""
        inking = self._opened().get_feature(Report.INKING, 1)
        if inking[1:2] != bytes([ON]):
            self._take_ink()

    def _upload(self, link: HidLink, picture: Image.Image) -> None:
        encoding = Encoding.BGR if self._known().has_colour else Encoding.BLACK_WHITE
        link.set_feature(feature(Report.IMAGE_START, encoding))
        for block in image_blocks(self._encoded(picture, encoding)):
            link.set_feature(block)
        link.set_feature(feature(Report.IMAGE_END, COMMIT))

    def _encoded(self, picture: Image.Image, encoding: Encoding) -> bytes:
        """Fit the picture on white: rows from the top; BGR, or eight pixels a byte, white set."""
        known = self._known()
        size = known.width_px, known.height_px
        fitted = ImageOps.contain(picture.convert("RGB"), size)
        sheet = Image.new("RGB", size, "white")
        sheet.paste(fitted, ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2))
        if encoding is Encoding.BGR:
            return sheet.tobytes("raw", "BGR")
        return sheet.convert("1").tobytes()

    def _opened(self) -> HidLink:
        if self._link is None:
            raise DeviceAbsentError("the pad is not opened")
        return self._link

    def _known(self) -> Capability:
        if self._capability is None:
            raise DeviceAbsentError("the pad is not opened")
        return self._capability
