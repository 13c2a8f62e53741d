"""What a unit of the CRT-571 family says of itself: versions, sensors, the counter of its bin."""

from contextlib import suppress

from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.smartcard import crt571_codes as codes
from hardware.smartcard.crt571_line import Crt571Line

BIGGEST_BIN_COUNT = 999
LASTING = {
    "serial": codes.SERIAL_NUMBER,
    "configuration": codes.CONFIGURATION,
    "machine": codes.MACHINE_VERSION,
    "contacts": codes.CONTACTS_VERSION,
    "radio": codes.RADIO_VERSION,
}
"""What is asked once (F3 1.03, pages 46 to 48)."""
CHANGING = {"sensors": codes.SENSORS, "binned": codes.BIN_COUNT}
"""Sensors S1 to S10 in the manual's order, on some models KS1 and KS2 too: 1 blocked, 0 free."""


class Particulars:
    """Good to know and no more: what a unit does not tell is left out."""

    def __init__(self, line: Crt571Line, firmware: str = "") -> None:
        self._line = line
        self._firmware = firmware
        self._lasting: dict[str, str] | None = None
        self._is_talkative = True

    def told(self) -> dict[str, str]:
        """Ask for all of it: firmware, serial, configuration, versions, sensors, cards binned."""
        if self._lasting is None:
            self._lasting = {"firmware": self._firmware} | self._answers(LASTING)
        known = self._lasting | self._answers(CHANGING)
        return {name: value for name, value in known.items() if value}

    def preset_bin_counter(self, count: int) -> None:
        """Set the counter; ValueError where it has no room."""
        if not 0 <= count <= BIGGEST_BIN_COUNT:
            raise ValueError(f"the counter goes to {BIGGEST_BIN_COUNT}, not to {count}")
        self._line.ask(codes.SET_BIN_COUNT, f"{count:03}".encode())

    def _answers(self, questions: dict[str, bytes]) -> dict[str, str]:
        return {name: self._answer(request) for name, request in questions.items()}

    def _answer(self, request: bytes) -> str:
        """Ask one question; one that stays unanswered is the last, as each may cost 20 s."""
        if not self._is_talkative:
            return ""
        data = b""
        with suppress(DeviceFaultError):
            try:
                data = self._line.ask(request).data
            except (BadReplyError, DeviceTimeoutError, DeviceAbsentError):
                self._is_talkative = False
        return "".join(chr(byte) for byte in data if 0x20 < byte < 0x7F)
