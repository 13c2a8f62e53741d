"""The error codes of SBI services, as errors of this library."""

from hardware.core.errors import (
    DeviceAbsentError,
    DeviceBusyError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
)

SUCCESS = "0"
NOT_REGISTERED = "100"
NOT_FOUND = "106"
NOT_READY = "110"
BUSY = frozenset({"111", "703"})
NOBODY_CAME = frozenset({"701", "801"})

REASONS = {
    NOT_REGISTERED: "not_registered",
    "101": "no_biometric",
    "102": "extraction",
    "103": "tampered",
    "104": "management_server",
    "105": "orientation",
    "107": "key_expired",
    "108": "domain_key_missing",
    "109": "count",
    NOT_READY: "not_ready",
    "112": "transaction",
    "700": "stream_stopped",
    "800": "stream_stopped",
}
"""SBI 0.9.5, error codes; from 113 on those of MOSIP's mock service."""

REFUSED = range(113, 124), range(500, 611), range(702, 703)
"""Requests that the service does not understand, or does not want from this device."""

LONGEST = 8


class SbiBusyError(DeviceBusyError):
    """The device captures for somebody else, or still for an earlier request.

    Attributes:
        code: As the service gave it.
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"the device is busy ({code})")
        self.code = code


class SbiTimeoutError(DeviceTimeoutError):
    """The device waited as long as it was told, and nobody came.

    Attributes:
        code: As the service gave it.
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"nobody came ({code})")
        self.code = code


def error_of(code: str) -> DeviceError:
    """Return what a code means; its text is the device's and goes nowhere."""
    code = "".join(one for one in code if one.isascii() and one.isalnum())[:LONGEST]
    if code in BUSY:
        return SbiBusyError(code)
    if code in NOBODY_CAME:
        return SbiTimeoutError(code)
    if code == NOT_FOUND:
        return DeviceAbsentError(f"the service does not find its device ({code})")
    return DeviceFaultError(REASONS.get(code, _class_of(code)), code)


def _class_of(code: str) -> str:
    number = int(code) if code.isascii() and code.isdigit() else -1
    return "refused" if any(number in those for those in REFUSED) else "fault"
