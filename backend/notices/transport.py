"""What every way of sending promises."""

from email.message import EmailMessage
from typing import Protocol


class NotNowError(Exception):
    """It was not sent; a later try may help. reason is a word without personal data."""

    def __init__(self, reason: str, after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after_s = after_s


class NeverError(Exception):
    """It was refused for good. wants_none: its owner told the provider to send nothing more."""

    def __init__(self, reason: str, *, wants_none: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wants_none = wants_none


class UnknownError(Exception):
    """Whether it was sent cannot be known: the answer never came."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Mail(Protocol):
    """Hands a mail to whoever delivers it. Called on a thread of its own, one call at a time."""

    def send(self, message: EmailMessage) -> None:
        """Send a mail with From, To and Message-ID.

        Raises:
            NotNowError, NeverError, UnknownError: It was not taken, or nobody knows.
        """


class Sms(Protocol):
    """Hands a text to a provider. Called on a thread of its own, one call at a time."""

    def send(self, number: str, text: str, notice_id: str) -> str:
        """Send a text to a number in the form of E.164; return the provider's id of it.

        Raises:
            NotNowError, NeverError, UnknownError: It was not taken, or nobody knows.
        """
