"""Driver for optical and capacitive modules with the EF-01 serial protocol (ZFM-20, R30x, AS608).

Tried on the simulated module only. Its 4-bit picture serves capture, quality and comparison of one
finger with one finger; enrolment grade it is not.
"""

from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum
from threading import Event
from time import monotonic

import numpy as np

from hardware.core.device import DeviceState, Health
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceBusyError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.transport import Transport
from hardware.core.waiting import wait_for
from hardware.fingerprint.interface import FingerImage
from hardware.fingerprint.r30x_packets import Kind, Packet, encode, read_packet

BAUD = 57600
ANY_ADDRESS = 0xFFFFFFFF
SIZE, DOTS_PER_INCH = (256, 288), 500
"""Of the image; the round R503 has another."""

ANSWER_S = 2.0
"""Imaging takes a module up to a second; after two it will not answer any more."""

SLICE_S = 0.1
REST_S = 0.2
"""What has begun comes through: 256 bytes take 45 ms."""

QUIET_S = 0.5
SETTLE_S = 10.0
"""An abandoned image still comes down the line for seven seconds at 57600 baud."""

LOOK_EVERY_S = 0.1
TRANSFERS = 3
FAILED_LOOKS = 5


class Code(IntEnum):
    """Confirmation codes that this driver tells apart."""

    OK = 0x00
    PACKET_ERROR = 0x01
    NO_FINGER = 0x02
    IMAGING_FAILED = 0x03
    WRONG_PASSWORD = 0x13
    PASSWORD_NEEDED = 0x21


READ_IMAGE = b"\x01"
SEND_IMAGE = b"\x0a"
SET_PACKET_SIZE = b"\x0e\x06"
VERIFY_PASSWORD = b"\x13"
BREATHE_BLUE, LIGHT_OFF = b"\x35\x01\x80\x02\x00", b"\x35\x04\x00\x02\x00"
"""AuraLedConfig: mode, speed, colour, cycles without end. Modules without a lamp refuse it."""

PACKET_SIZES = (32, 64, 128, 256)


class R30x:
    """One module on a serial line; a FingerprintScanner."""

    def __init__(
        self,
        open_line: Callable[[], Transport],
        password: int = 0,
        address: int = ANY_ADDRESS,
        size: tuple[int, int] = SIZE,
        packet_bytes: int | None = None,
        *,
        has_lamp: bool = False,
    ) -> None:
        """Remember all that; nothing is opened yet.

        Args:
            open_line: Opens the line.
            password: What the module wants to hear first.
            address: The module's; all of them hear FFFFFFFF.
            size: Width and height of its image, width times height even.
            packet_bytes: What open() sets the module to, one of PACKET_SIZES; None leaves it.
            has_lamp: Whether a ring of light shall breathe while a finger is waited for.
        """
        if packet_bytes not in (None, *PACKET_SIZES):
            raise ValueError(f"packets have {PACKET_SIZES} bytes, not {packet_bytes}")
        self._size = size
        self._packet_bytes = packet_bytes
        self._has_lamp = has_lamp
        self._is_lit = False
        self._open_line = open_line
        self._password = VERIFY_PASSWORD + password.to_bytes(4, "big")
        self._address = address
        self._line: Transport | None = None
        self._is_owed_an_answer = False

    def open(self) -> None:
        """Claim the line and show the module its password.

        Raises:
            DeviceAbsentError: Nobody answers, or with noise. DeviceFaultError: Wrong password.
        """
        if self._line is not None:
            return
        self._line = self._open_line()
        try:
            self._line.flush_input()
            self._checked(self._ask(self._password, Event()))
            if self._packet_bytes is not None:
                code = PACKET_SIZES.index(self._packet_bytes)
                self._checked(self._ask(SET_PACKET_SIZE + bytes([code]), Event()))
        except DeviceFaultError:
            self.close()
            raise
        except DeviceError as error:
            self.close()
            raise DeviceAbsentError(f"no module answers: {error}") from error

    def close(self) -> None:
        """Release the line."""
        if self._is_lit:
            with suppress(DeviceError):  # a lamp that stays on harms nobody
                self._light(LIGHT_OFF, Event())
        line, self._line = self._line, None
        self._is_owed_an_answer = False
        if line is not None:
            line.close()

    def health(self) -> Health:
        """Ask for the password check again: any answer shows a living module."""
        if self._line is None:
            return Health(DeviceState.NO_DEVICE, "not opened")
        try:
            self._checked(self._ask(self._password, Event()))
        except DeviceFaultError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        return Health(DeviceState.ONLINE)

    def capture(self, timeout_s: float, cancelled: Event) -> FingerImage:
        """Wait for a finger and return its image."""
        self._light(BREATHE_BLUE, cancelled)
        try:
            wait_for(
                lambda: True if self._sees_finger(cancelled) else None,
                timeout_s,
                cancelled,
                LOOK_EVERY_S,
            )
        except DeviceTimeoutError:
            self._light(LIGHT_OFF, cancelled)
            raise
        nibbles = self._fetch_image(cancelled)
        self._light(LIGHT_OFF, cancelled)
        return _as_grey(nibbles, self._size)

    def wait_lifted(self, timeout_s: float, cancelled: Event) -> None:
        """Wait until no finger rests on the glass."""
        wait_for(
            lambda: None if self._sees_finger(cancelled) else True,
            timeout_s,
            cancelled,
            LOOK_EVERY_S,
        )

    def _light(self, command: bytes, cancelled: Event) -> None:
        """Switch the lamp; whether the module has one is no matter for a capture."""
        if self._has_lamp:
            self._ask(command, cancelled)
            self._is_lit = command == BREATHE_BLUE

    def _sees_finger(self, cancelled: Event) -> bool:
        """Take a picture into the module's own buffer and tell whether a finger was on it."""
        for _ in range(FAILED_LOOKS):
            code = self._ask(READ_IMAGE, cancelled)
            if code == Code.NO_FINGER:
                return False
            if code not in (Code.IMAGING_FAILED, Code.PACKET_ERROR):
                self._checked(code)
                return True
        raise DeviceFaultError("imaging_failed", f"{code:02X}")

    def _fetch_image(self, cancelled: Event) -> bytes:
        """Have the picture sent; a damaged one is sent again from the module's buffer."""
        for attempt in range(TRANSFERS):
            code = self._ask(SEND_IMAGE, cancelled)
            if code == Code.PACKET_ERROR and attempt < TRANSFERS - 1:
                continue
            self._checked(code)
            try:
                return self._collect(cancelled)
            except BadReplyError:
                if attempt == TRANSFERS - 1:
                    raise
        raise BadReplyError("no whole image came")

    def _collect(self, cancelled: Event) -> bytes:
        size = self._size[0] * self._size[1] // 2
        image = bytearray()
        self._is_owed_an_answer = True
        while len(image) <= size:
            packet = self._next_packet(cancelled)
            if packet.kind not in (Kind.DATA, Kind.LAST_DATA):
                raise BadReplyError("an answer came in the middle of an image")
            image += packet.payload
            if packet.kind is Kind.LAST_DATA:
                self._is_owed_an_answer = False
                break
        if len(image) != size:
            raise BadReplyError(f"the image has {len(image)} bytes, not {size}")
        return bytes(image)

    def _ask(self, command: bytes, cancelled: Event) -> int:
        """Send a command and return the confirmation code of its answer.

        A damaged answer is asked for once more: every command used here is safe to repeat.
        """
        try:
            return self._ask_once(command, cancelled)
        except BadReplyError:
            return self._ask_once(command, cancelled)

    def _ask_once(self, command: bytes, cancelled: Event) -> int:
        line = self._settled_line(cancelled)
        line.write(encode(Packet(Kind.COMMAND, command), self._address))
        self._is_owed_an_answer = True
        answer = self._next_packet(cancelled)
        if answer.kind is not Kind.ANSWER or not answer.payload:
            raise BadReplyError("the module sent something other than an answer")
        self._is_owed_an_answer = False
        return answer.payload[0]

    def _next_packet(self, cancelled: Event) -> Packet:
        return read_packet(lambda count: self._read(count, cancelled))

    def _read(self, count: int, cancelled: Event) -> bytes:
        """Read count bytes; the first is waited for in slices, so that a cancel is heard.

        Raises:
            DeviceAbsentError: The module fell silent. BadReplyError: It stopped half-way.
        """
        line = self._opened()
        deadline = monotonic() + ANSWER_S
        while not cancelled.is_set():
            try:
                first = line.read(1, SLICE_S)
                break
            except DeviceTimeoutError as error:
                if monotonic() > deadline:
                    raise DeviceAbsentError("the module does not answer") from error
        else:
            raise RequestCancelledError("the caller stopped waiting")
        try:
            return first + line.read(count - 1, REST_S) if count > 1 else first
        except DeviceTimeoutError as error:
            raise BadReplyError("a packet was cut short") from error

    def _settled_line(self, cancelled: Event) -> Transport:
        """Return the line once nothing of an abandoned answer can come any more."""
        line = self._opened()
        if self._is_owed_an_answer:
            deadline = monotonic() + SETTLE_S
            quiet_since = monotonic()
            while monotonic() - quiet_since < QUIET_S:
                if cancelled.is_set():
                    raise RequestCancelledError("the caller stopped waiting")
                if monotonic() > deadline:
                    raise DeviceBusyError("the line does not come to rest")
                try:
                    line.read(1, SLICE_S)
                except DeviceTimeoutError:
                    continue
                line.flush_input()
                quiet_since = monotonic()
            self._is_owed_an_answer = False
        return line

    def _opened(self) -> Transport:
        if self._line is None:
            raise DeviceAbsentError("the scanner is not opened")
        return self._line

    @staticmethod
    def _checked(code: int) -> None:
        if code in (Code.WRONG_PASSWORD, Code.PASSWORD_NEEDED):
            raise DeviceFaultError("refused", f"{code:02X}", "the password is wrong")
        if code != Code.OK:
            raise DeviceFaultError("fault", f"{code:02X}")


def _as_grey(nibbles: bytes, size: tuple[int, int]) -> FingerImage:
    """Spread the module's 4-bit pixels, high nibble first, over 0 to 255."""
    packed = np.frombuffer(nibbles, np.uint8)
    pixels = np.empty(packed.size * 2, np.uint8)
    pixels[0::2], pixels[1::2] = packed >> 4, packed & 0x0F
    return FingerImage((pixels * 17).tobytes(), *size, DOTS_PER_INCH)
