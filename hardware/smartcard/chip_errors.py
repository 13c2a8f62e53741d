"""What can be wrong with an identity chip: one type, whatever a hostile or worn card answers."""

from hardware.core.errors import DeviceError


class ChipError(DeviceError):
    """The chip refused, or said something that an identity chip does not say.

    Attributes:
        reason: refused, malformed, no_file, already_personalised or mismatch.
        status_word: What the chip answered, 0 where it was not about a status word.
    """

    def __init__(self, reason: str, detail: str = "", status_word: int = 0) -> None:
        word = f"{status_word:04X}" if status_word else ""
        super().__init__(" ".join(part for part in (reason, detail, word) if part))
        self.reason = reason
        self.status_word = status_word


class ChipMismatchError(ChipError):
    """The chip does not hold, byte for byte, what was written."""

    def __init__(self, file_name: str) -> None:
        super().__init__("mismatch", file_name)
