"""What the desk knows of a case: the centre's answer plus what was recorded here since."""

from enum import StrEnum

from common.domain.biometrics import fingers_missing
from common.domain.chinese_codes import codes_of
from common.wire.facts import (
    FingersEnrolled,
    FingersExcepted,
    HandedOff,
    HolderIdentified,
    ParticularsConfirmed,
    PhotographApproved,
    PhotographTaken,
    TwinFlagged,
    What,
)
from common.wire.shapes import CaseView, Particulars

EDITABLE_FIELDS = tuple(Particulars.model_fields)
"""The particulars that an officer may correct, in form order."""


class Todo(StrEnum):
    """What a case still needs before it can be submitted."""

    IDENTIFY = "identify"
    PARTICULARS = "particulars"
    FINGERS = "fingers"
    SECOND_OFFICER = "second_officer"
    PHOTOGRAPH = "photograph"


def todo(case: CaseView) -> tuple[Todo, ...]:
    """Name what is missing, in the order in which an officer does it.

    Where no fingers could be enrolled, an officer identifies the person whoever did before.
    """
    by_officer = case.identified_by == "officer"
    needs = {
        Todo.IDENTIFY: "identified" not in case.done or not (case.fingers or by_officer),
        Todo.PARTICULARS: bool(case.missing),
        Todo.FINGERS: bool(_without_fingers(case)),
        Todo.SECOND_OFFICER: bool(_excepted(case)) and case.exceptions_confirmed_by is None,
        Todo.PHOTOGRAPH: "photographed" not in case.done,
    }
    return tuple(step for step, needed in needs.items() if needed)


def _without_fingers(case: CaseView) -> tuple[int, ...]:
    return fingers_missing([finger.position for finger in case.fingers], _excepted(case))


def _excepted(case: CaseView) -> tuple[int, ...]:
    return case.exceptions.positions if case.exceptions else ()


def needs_activation(case: CaseView) -> bool:
    """Whether who comes is a proxy, so that the card counts only once its holder activates it."""
    proof = case.recipient.proof if case.recipient else None
    return proof is not None and proof.needs_activation


def after(case: CaseView, what: What) -> CaseView:
    """Return the case as it is once this fact has happened."""
    match what:
        case HolderIdentified(by=by):
            return _marked(case, "identified", identified_by=by)
        case ParticularsConfirmed(particulars=particulars):
            return _marked(
                case,
                "particulars_confirmed",
                particulars=particulars,
                missing=particulars.missing(),
            )
        case PhotographTaken(portrait=portrait):
            return _marked(case, "photographed", portrait=portrait)
        case PhotographApproved():
            return _marked(case, "photographed")
        case FingersEnrolled(fingers=fingers):
            return _marked(case, "enrolled", fingers=fingers)
        case FingersExcepted(exceptions=exceptions):
            changes = {"exceptions": exceptions, "exceptions_confirmed_by": None}
            return case.model_copy(update=changes)
        case TwinFlagged(twin=twin):
            return case.model_copy(update={"twin": twin})
        case HandedOff(reason=reason):
            return case.model_copy(update={"hand_off": reason})
        case _:
            return case


def corrected(particulars: Particulars, field: str, value: str) -> Particulars:
    """Return the particulars with one field changed.

    Another Chinese name gets the codes of the table; codes are one for each character.

    Raises:
        ValueError: There is no such field, or the value is not one that it can have.
    """
    if field not in EDITABLE_FIELDS:
        raise ValueError("there is no such field")
    plain = particulars.model_dump(mode="json") | {field: value.strip() or None}
    if plain[field] is None and field != "date_of_birth":
        plain[field] = ""
    if field == "chinese_name":
        plain["chinese_codes"] = codes_of(str(plain[field]))
    codes = str(plain["chinese_codes"]).split()
    if field == "chinese_codes" and codes and len(codes) != len(particulars.chinese_name):
        raise ValueError("each character has a code")
    return Particulars.model_validate(plain)


def _marked(case: CaseView, mark: str, **changes: object) -> CaseView:
    done = case.done if mark in case.done else (*case.done, mark)
    return case.model_copy(update={"done": done, **changes})
