"""What can go wrong with any device, in the order a caller cares about it."""


class DeviceError(Exception):
    """A device could not do what was asked."""


class DeviceAbsentError(DeviceError):
    """The device is unplugged, unpowered, not opened or not answering."""


class DeviceBusyError(DeviceError):
    """Another program or an earlier request holds the device."""


class DeviceTimeoutError(DeviceError):
    """The person or the mechanism did not act within the time given."""


class RequestCancelledError(DeviceError):
    """The caller stopped waiting."""


class BadReplyError(DeviceError):
    """The device answered with bytes that its protocol does not allow."""


class DeviceFaultError(DeviceError):
    """The device answered that it cannot: jammed, empty, full, worn out.

    Attributes:
        code: The device's own code, as its manual prints it; for the log and the technician.
        reason: A word of this library: jam, empty, full, card_error, not_initialised, refused ...
    """

    def __init__(self, reason: str, code: str = "", detail: str = "") -> None:
        super().__init__(f"{reason} {code} {detail}".strip())
        self.reason = reason
        self.code = code
