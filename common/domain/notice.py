"""Notices to the public: at which stage, about what, by which channel."""

from enum import StrEnum


class Channel(StrEnum):
    """How a notice travels."""

    MAIL = "mail"
    SMS = "sms"


class NoticeTopic(StrEnum):
    """What a person wants to hear about."""

    APPOINTMENT = "appointment"
    CARD = "card"


class NoticeStage(StrEnum):
    """What a notice tells.

    LETTER is a single mail that was asked for, and MOBILE_CODE a single text: no consent goes with
    either.
    """

    BOOKED = "booked"
    CHANGED = "changed"
    CARRIED_OVER = "carried_over"
    REMINDER = "reminder"
    CANCELLED = "cancelled"
    LETTER = "letter"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    READY = "ready"
    OVERDUE = "overdue"
    REDIRECTED = "redirected"
    COLLECTED = "collected"
    MOBILE_CODE = "mobile_code"

    @property
    def topic(self) -> NoticeTopic:
        """What the stage belongs to."""
        return NoticeTopic.APPOINTMENT if self in _OF_APPOINTMENTS else NoticeTopic.CARD


_OF_APPOINTMENTS = {
    NoticeStage.BOOKED,
    NoticeStage.CHANGED,
    NoticeStage.CARRIED_OVER,
    NoticeStage.REMINDER,
    NoticeStage.CANCELLED,
    NoticeStage.LETTER,
}
