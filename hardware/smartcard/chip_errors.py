"""What can be wrong with an identity chip: one type, whatever a hostile or worn card answers."""

from hardware.core.errors import DeviceError


class ChipError(DeviceError):
    """The chip refused, or said something that an identity chip does not say.

    Reasons: refused, malformed, no_file, already_personalised, mismatch;
    wrong_password (PACE or BAC says no), not_genuine (a proof of genuineness fails),
    session_lost (secure messaging is broken or was ended by the chip), not_supported (the chip
    asks for something that is not offered here), untrusted (a certificate is not believed).

    Attributes:
        reason: One of the words above.
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
