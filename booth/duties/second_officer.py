"""A second officer reads what the first recorded, signs it with a password, and goes again.

What is confirmed is what was on the screen: this case, and every word and picture of the record.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from booth.duties.shared import Failed, Note
from common.flow.machine import Step
from common.wire.shapes import CaseView

Matter: TypeAlias = Literal["exceptions", "recipient"]


@dataclass(frozen=True, slots=True)
class AskingSecondOfficer:
    """The record is on the screen; another officer than the one at work confirms it."""

    case: CaseView
    of: Matter
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Confirming:
    """The centre checks officer, password and record."""

    case: CaseView
    of: Matter


@dataclass(frozen=True, slots=True)
class SecondOfficerGiven:
    """The second officer gave name and password."""

    officer_id: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SecondOfficerConfirmed:
    """The centre has the confirmation; this is the case as it is now."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class Confirm:
    """Have the second officer confirm the record as it was shown."""

    case: CaseView
    of: Matter
    officer_id: str
    password: str = field(repr=False)


def next_step(
    state: AskingSecondOfficer | Confirming, event: object
) -> "Step[AskingSecondOfficer | Confirming, Confirm] | None":
    """Return what follows here; None where the duty itself decides."""
    match state, event:
        case AskingSecondOfficer(case, of), SecondOfficerGiven(officer_id, password):
            return Step(Confirming(case, of), (Confirm(case, of, officer_id, password),))
        case Confirming(case, of), Failed(note):
            return Step(AskingSecondOfficer(case, of, note))
        case _:
            return None
