"""The shapes with which a station asks about the card that a person brings."""

from enum import StrEnum

from common.wire.base import Day, Line, Shape


class Standing(StrEnum):
    """What the office knows of an old card; UNKNOWN: another system made it, or nobody says."""

    GOOD = "good"
    LOST = "lost"
    REPLACED = "replaced"
    UNKNOWN = "unknown"


class CallUp(StrEnum):
    """Whether the person's year of birth was called to replace cards: in time, early or late.

    NONE: no exercise concerns this person.
    """

    NONE = "none"
    DUE = "due"
    EARLY = "early"
    LATE = "late"


class OldCardAsked(Shape):
    """POST /v1/cases/{id}/old-card: what its chip said."""

    chip_serial: Line
    date_of_birth: Day


class OldCardStanding(Shape):
    """How the card stands, and the person who brings it."""

    card: Standing = Standing.UNKNOWN
    call_up: CallUp = CallUp.NONE
