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
    GUARDIAN = "guardian"


class VoidReason(StrEnum):
    """Why a tag ended without service."""

    LEFT = "left"
    MISTAKE = "mistake"
    NOT_PRINTED = "not_printed"
    OTHER_OFFICE = "other_office"


class TagRequestBy(StrEnum):
    """How a person asks for a tag.

    LETTER is any paper of ours with a code: the letter, a receipt, or a slip of today. NOBODY is a
    person whom a kiosk could not recognise, and whom reception calls.
    """

    LETTER = "letter"
    CARD = "card"
    NUMBER = "number"
    NOBODY = "nobody"


class Errand(StrEnum):
    """What a person comes for, where it is not to replace an old card that works."""

    LOST = "lost"
    DAMAGED = "damaged"
    CHANGED = "changed"
    FIRST = "first"
    COLLECT = "collect"


WITH_FEE = frozenset({Errand.LOST, Errand.DAMAGED, Errand.CHANGED})
"""Errands that cost a fee, and whose tags are of the class ALTERATION."""


class Need(StrEnum):
    """What a person needs at the later stations. All of it is told freely, and kept sealed.

    PRIORITY stands for four reasons (70 or over, a disability, pregnant, with an infant): which of
    them it is, nobody needs to know.
    """

    WHEELCHAIR = "wheelchair"
    INTERPRETER = "interpreter"
    SIGN_LANGUAGE = "sign_language"
    NO_FINGERPRINTS = "no_fingerprints"
    PRIORITY = "priority"


class Interpreted(StrEnum):
    """Languages that an interpreter is called for, as the CHEER centre offers them."""

    INDONESIAN = "id"
    TAGALOG = "tl"
    HINDI = "hi"
    NEPALI = "ne"
    PUNJABI = "pa"
    THAI = "th"
    URDU = "ur"
    VIETNAMESE = "vi"


class Guardian(StrEnum):
    """What a young person says about the parent or guardian. ADULT: is 18 already."""

    HERE = "here"
    ABSENT = "absent"
    ADULT = "adult"


class Companion(StrEnum):
    """Why somebody comes along with the person who was called up."""

    CARER = "carer"
    AGED = "aged"
    DISABLED = "disabled"


MOST_COMPANIONS = {Companion.CARER: 1, Companion.AGED: 2, Companion.DISABLED: 2}
AGED_FROM = 65
CARD_FROM = 11
"""Who is younger gets no card of this kind: reception and a booth, with a parent or guardian."""
ADULT_FROM = 18


class Arrival(StrEnum):
    """How the moment of coming lies to the appointment. LATE keeps the slot, TOO_LATE does not.

    CARRIED: the office was closed on the day, and the appointment is good on any later one.
    """

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    TOO_LATE = "too_late"
    CARRIED = "carried"


class HandOffReason(StrEnum):
    """Why a visit goes on at a booth or a counter. Nothing done so far is repeated there."""

    CARD_UNREADABLE = "card_unreadable"
    CARD_DOUBTFUL = "card_doubtful"
    CARD_OF_ANOTHER = "card_of_another"
    CARD_NOT_VALID = "card_not_valid"
    CARD_LOST = "card_lost"
    CARD_REPLACED = "card_replaced"
    NOT_CALLED_UP = "not_called_up"
    FINGER_NOT_MATCHED = "finger_not_matched"
    NO_FINGERPRINTS = "no_fingerprints"
    FACE_NOT_MATCHED = "face_not_matched"
    PARTICULARS_WRONG = "particulars_wrong"
    ALTERATION = "alteration"
    CARD_AT_COUNTER = "card_at_counter"
    CARD_ELSEWHERE = "card_elsewhere"
    FOR_ANOTHER = "for_another"
    MINOR = "minor"
    CARD_NOT_READY = "card_not_ready"
    NEW_CARD_FAULTY = "new_card_faulty"
    NOT_TAKEN = "not_taken"
    EQUIPMENT_FAILED = "equipment_failed"
    ASKED_FOR_STAFF = "asked_for_staff"
