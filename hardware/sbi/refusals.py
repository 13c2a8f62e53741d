"""Why an answer of an SBI service is not believed."""

from enum import StrEnum

from hardware.core.errors import BadReplyError


class Refusal(StrEnum):
    """The reasons, one for each check (decision 26)."""

    MALFORMED = "malformed"
    WRONG_SIGNATURE = "wrong_signature"
    UNTRUSTED_DEVICE = "untrusted_device"
    EXPIRED_CERTIFICATE = "expired_certificate"
    UNCERTIFIED = "uncertified"
    OTHER_DEVICE = "other_device"
    OTHER_TRANSACTION = "other_transaction"
    OTHER_HOST = "other_host"
    OTHER_KEY = "other_key"
    STALE = "stale"
    WRONG_VERSION = "wrong_version"
    WRONG_ENVIRONMENT = "wrong_environment"
    WRONG_PURPOSE = "wrong_purpose"
    WRONG_TYPE = "wrong_type"
    WRONG_COUNT = "wrong_count"
    WRONG_HASH = "wrong_hash"
    WRONG_RECORD = "wrong_record"


class AnswerRefusedError(BadReplyError):
    """An answer that may not be used.

    Attributes:
        reason: Which check it failed.
    """

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason


def malformed(detail: str) -> AnswerRefusedError:
    """An answer that is not as the specification has it."""
    return AnswerRefusedError(Refusal.MALFORMED, detail)
