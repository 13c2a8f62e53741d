"""Tags and the stages that a tag waits for."""

from enum import StrEnum


class Service(StrEnum):
    """The letter of a tag number."""

    APPOINTMENT = "A"
    WALK_IN = "W"
    COLLECTION = "C"
    ASSISTED = "E"


class Stage(StrEnum):
    """What the holder of a tag does next. One tag goes through all stages; its number stays."""

    FORM = "form"
    KIOSK = "kiosk"
    BOOTH = "booth"
    COUNTER = "counter"
    DONE = "done"


class TagStatus(StrEnum):
    """Where the tag stands within its stage."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    MISSED = "missed"
    DONE = "done"


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
    CARD_NOT_READY = "card_not_ready"
    NEW_CARD_FAULTY = "new_card_faulty"
    NOT_TAKEN = "not_taken"
    EQUIPMENT_FAILED = "equipment_failed"
    ASKED_FOR_STAFF = "asked_for_staff"
