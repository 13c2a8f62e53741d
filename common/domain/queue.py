"""Tags and the stages that a tag waits for."""

from enum import StrEnum


class Service(StrEnum):
    """The class of a tag. The value is the letter of its number unless the office chose another."""

    APPOINTMENT = "A"
    WALK_IN = "W"
    COLLECTION = "C"
    ASSISTED = "E"
    PRIORITY = "P"
    JUVENILE = "J"
    ALTERATION = "L"


class Stage(StrEnum):
    """What the holder of a tag does next. One tag goes through all stages; its number stays."""

    FORM = "form"
    KIOSK = "kiosk"
    BOOTH = "booth"
    COUNTER = "counter"
    DONE = "done"


class TagStatus(StrEnum):
    """Where the tag stands within its stage.

    A tag that is missed or parked waits for nobody's call but keeps its place until its holder
    asks at a tag kiosk, or an officer resumes it. A void tag is over; its number is used up.
    """

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    MISSED = "missed"
    PARKED = "parked"
    DONE = "done"
    VOID = "void"


class ParkReason(StrEnum):
    """Why a tag stands aside. The first two are the backend's own words."""

    NOT_COME = "not_come"
    BROKEN_OFF = "broken_off"
    AWAY = "away"
    DOCUMENTS = "documents"
    INTERPRETER = "interpreter"
    OFFICER = "officer"


class VoidReason(StrEnum):
    """Why a tag ended without service."""

    LEFT = "left"
    MISTAKE = "mistake"
    NOT_PRINTED = "not_printed"
    OTHER_OFFICE = "other_office"


class TagRequestBy(StrEnum):
    """How a person asks for a tag."""

    LETTER = "letter"
    CARD = "card"
    NUMBER = "number"


class HandOffReason(StrEnum):
    """Why a visit goes on at a booth or a counter. Nothing done so far is repeated there."""

    CARD_UNREADABLE = "card_unreadable"
    CARD_DOUBTFUL = "card_doubtful"
    CARD_OF_ANOTHER = "card_of_another"
    FINGER_NOT_MATCHED = "finger_not_matched"
    NO_FINGERPRINTS = "no_fingerprints"
    FACE_NOT_MATCHED = "face_not_matched"
    PARTICULARS_WRONG = "particulars_wrong"
    CARD_AT_COUNTER = "card_at_counter"
    CARD_ELSEWHERE = "card_elsewhere"
    FOR_ANOTHER = "for_another"
    MINOR = "minor"
    CARD_NOT_READY = "card_not_ready"
    NEW_CARD_FAULTY = "new_card_faulty"
    NOT_TAKEN = "not_taken"
    EQUIPMENT_FAILED = "equipment_failed"
    ASKED_FOR_STAFF = "asked_for_staff"
