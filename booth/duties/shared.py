"""What all duties have in common: the duties themselves, troubles, and the tasks they share."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from common.domain.officer import Role
from common.wire.facts import What
from common.wire.shapes import CaseRow, CaseView


class Duty(StrEnum):
    """What an officer can choose to do at a booth."""

    REGISTRATION = "registration"
    ASSESSMENT = "assessment"
    PRODUCTION = "production"
    COUNTER = "counter"
    OVERSIGHT = "oversight"
    OFFICER_CARDS = "officer_cards"
    WATCHING = "watching"


ROLE_FOR = {
    Duty.REGISTRATION: Role.REGISTRATION,
    Duty.ASSESSMENT: Role.ASSESSMENT,
    Duty.PRODUCTION: Role.PRODUCTION,
    Duty.COUNTER: Role.COUNTER,
    Duty.OVERSIGHT: Role.SUPERVISOR,
    Duty.OFFICER_CARDS: Role.SUPERVISOR,
    Duty.WATCHING: Role.SUPERVISOR,
}


class Note(StrEnum):
    """What an officer is told in one sentence: the text booth-note-VALUE."""

    NOBODY_WAITS = "nobody_waits"
    CALLED_AGAIN = "called_again"
    MARKED_MISSED = "marked_missed"
    CALLED_ELSEWHERE = "called_elsewhere"
    NOT_CALLED = "not_called"
    NO_SUCH_CASE = "no_such_case"
    NUMBER_WRONG = "number_wrong"
    UNREACHABLE = "unreachable"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    SAME_OFFICER = "same_officer"
    NOT_COMPLETE = "not_complete"
    NO_SCANNER = "no_scanner"
    FINGER_TOO_POOR = "finger_too_poor"
    NO_FINGER_MARKED = "no_finger_marked"
    HAND_NOT_PHOTOGRAPHED = "hand_not_photographed"
    RECIPIENT_UNPROVEN = "recipient_unproven"
    PARENT_NEEDED = "parent_needed"
    NOT_A_MINOR = "not_a_minor"
    HOLDER_MUST_COME = "holder_must_come"
    NOT_CONFIRMED = "not_confirmed"
    CONFIRMED = "confirmed"
    NOT_ALLOWED = "not_allowed"
    WRONG_SIGN_IN = "wrong_sign_in"
    TOO_MANY_TRIES = "too_many_tries"
    CONFIRM_AGAIN = "confirm_again"
    SESSION_ENDED = "session_ended"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NO_PICTURE = "no_picture"
    NO_FACE = "no_face"
    DEVICE_ABSENT = "device_absent"
    DEVICE_FAULT = "device_fault"
    FEEDER_EMPTY = "feeder_empty"
    BIN_FULL = "bin_full"
    CHANNEL_BLOCKED = "channel_blocked"
    CARD_JAMMED = "card_jammed"
    CHIP_FAULTY = "chip_faulty"
    FACE_FAULTY = "face_faulty"
    CARD_DOUBTFUL = "card_doubtful"
    CARD_NOT_VALID = "card_not_valid"
    CARD_FOREIGN = "card_foreign"
    ZONE_UNREADABLE = "zone_unreadable"
    CARD_MISSING = "card_missing"
    NO_CARD_CAME = "no_card_came"
    CARD_NOT_TAKEN = "card_not_taken"
    CARD_UNREADABLE = "card_unreadable"
    CARD_OF_ANOTHER = "card_of_another"
    CARD_UNKNOWN = "card_unknown"
    NO_PORTRAIT = "no_portrait"
    CONTENT_WRONG = "content_wrong"
    NO_FREE_SLOT = "no_free_slot"
    SLOT_STUCK = "slot_stuck"
    NOT_PUT = "not_put"
    STILL_THERE = "still_there"
    WRONG_SLOT = "wrong_slot"
    SLOT_EMPTY = "slot_empty"
    NOT_THE_HOLDER = "not_the_holder"
    NO_CARD_YET = "no_card_yet"
    CARD_ELSEWHERE = "card_elsewhere"
    PRINTER_FAILED = "printer_failed"
    APPROVED = "approved"
    REFUSAL_RECORDED = "refusal_recorded"
    PUT_BACK = "put_back"
    SETTLED = "settled"
    PIN_WRONG = "pin_wrong"
    CARD_BLOCKED = "card_blocked"
    NOT_OFFICERS_CARD = "not_officers_card"
    CARD_KNOWN = "card_known"
    CARD_WORK_OPEN = "card_work_open"
    NOT_YOUR_OWN_CARD = "not_your_own_card"
    NO_SUCH_OFFICER = "no_such_officer"
    CARD_GIVEN = "card_given"
    CARD_ENDED = "card_ended"
    WATCHED = "watched"
    NOT_WATCHED = "not_watched"
    UNFORESEEN = "unforeseen"


@dataclass(frozen=True, slots=True)
class Left:
    """The officer is done with the duty: back to the list of duties."""


# Events


@dataclass(frozen=True, slots=True)
class HomeAsked:
    """The officer wants the list of duties."""


@dataclass(frozen=True, slots=True)
class BackAsked:
    """The officer wants the page before this one."""


@dataclass(frozen=True, slots=True)
class TryAgainAsked:
    """The officer has seen to the trouble."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A task could not be done."""

    note: Note


@dataclass(frozen=True, slots=True)
class Recorded:
    """The fact is in the journal."""


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """The backend gave the case."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class WorkFetched:
    """The backend gave a work list."""

    rows: tuple[CaseRow, ...]


@dataclass(frozen=True, slots=True)
class RowChosen:
    """The officer chose a line of the work list."""

    case_id: UUID


# Tasks


@dataclass(frozen=True, slots=True)
class Record:
    """Write a fact about a case into the journal."""

    case_id: UUID
    what: What


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Fetch a case."""

    case_id: UUID


@dataclass(frozen=True, slots=True)
class FetchWork:
    """Fetch a work list: submitted, approved or stored."""

    which: str


SharedTask: TypeAlias = Record | OpenCase | FetchWork
