"""Fingers taken at the booth, while an officer looks on: the same policy as at a kiosk.

A person whom a kiosk could not read gives other fingers here. What lies below the gate for quality
is kept only with the officer's reason.
"""

from base64 import b64encode
from dataclasses import dataclass
from typing import TypeAlias

from booth.duties.shared import BackAsked, Failed, Note, TryAgainAsked
from common.flow.machine import Step
from common.matching.finger_advice import FingerAdvice
from common.matching.finger_enrolment import Capture, FingerEnrolment
from common.matching.finger_records import fmr_2005
from common.wire.evidence import EnrolledFinger
from common.wire.facts import FingersEnrolled
from common.wire.shapes import CaseView

# States


@dataclass(frozen=True, slots=True)
class ChoosingFinger:
    """The officer chooses which finger is given."""

    case: CaseView
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class TakingFinger:
    """The finger is captured, again and again. nobody: nobody put it down at the last try."""

    case: CaseView
    enrolment: FingerEnrolment
    advice: FingerAdvice | None = None
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class FingerTrouble:
    """The scanner does not do its work."""

    case: CaseView
    enrolment: FingerEnrolment
    note: Note


@dataclass(frozen=True, slots=True)
class KeepingFinger:
    """What was captured is good enough, or the officer says why it is kept all the same."""

    case: CaseView
    enrolment: FingerEnrolment


State: TypeAlias = ChoosingFinger | TakingFinger | FingerTrouble | KeepingFinger

# Events


@dataclass(frozen=True, slots=True)
class FingerChosen:
    """This finger is given."""

    position: int


@dataclass(frozen=True, slots=True)
class FingerCaptured:
    """The finger was captured; capture None: nothing came that could be kept."""

    capture: Capture | None
    advice: FingerAdvice | None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class EnoughAsked:
    """The officer wants no more captures."""


@dataclass(frozen=True, slots=True)
class FingerKept:
    """Enrol it. reason: why an impression below the gate is kept; empty where none is."""

    reason: str = ""


# Tasks


@dataclass(frozen=True, slots=True)
class CaptureFinger:
    """Take one finger. is_first: the time begins to run."""

    position: int
    earlier: tuple[Capture, ...]
    is_first: bool


def next_step(state: State, event: object) -> Step[State, CaptureFinger] | None:
    """Return what follows here; None where the duty itself decides."""
    match state, event:
        case ChoosingFinger(case), FingerChosen(position):
            return _take(case, FingerEnrolment(position))
        case TakingFinger(case, enrolment), FingerCaptured(capture, advice, is_late):
            more = enrolment.missed() if capture is None else enrolment.captured(capture)
            if more.is_done or is_late:
                return Step(_taken(case, more))
            return _take(case, more, advice, nobody=capture is None and advice is None)
        case TakingFinger(case, enrolment), EnoughAsked():
            return Step(_taken(case, enrolment.ended()))
        case TakingFinger(case, enrolment), Failed(note):
            return Step(FingerTrouble(case, enrolment, note))
        case FingerTrouble(case, enrolment), TryAgainAsked():
            return _take(case, enrolment)
        case TakingFinger(case) | FingerTrouble(case) | KeepingFinger(case), BackAsked():
            return Step(ChoosingFinger(case))
        case _:
            return None


def enrolled(state: KeepingFinger, said: FingerKept) -> FingersEnrolled:
    """Return what is recorded: the fingers from before, and this one anew."""
    position = state.enrolment.position
    before = [one for one in state.case.fingers if one.position != position]
    new = [
        EnrolledFinger(
            position=position,
            quality=kept.template.quality,
            # The shapes take bytes as they travel.
            template=b64encode(fmr_2005.write(kept.template)),
            overridden=kept.overridden,
        )
        for kept in state.enrolment.kept
    ]
    return FingersEnrolled(fingers=(*before, *new), note=said.reason)


def _take(
    case: CaseView,
    enrolment: FingerEnrolment,
    advice: FingerAdvice | None = None,
    *,
    nobody: bool = False,
) -> Step[State, CaptureFinger]:
    is_first = not (enrolment.captures or enrolment.misses)
    task = CaptureFinger(enrolment.position, enrolment.captures, is_first)
    return Step(TakingFinger(case, enrolment, advice, nobody), (task,))


def _taken(case: CaseView, enrolment: FingerEnrolment) -> State:
    if not enrolment.kept:
        return ChoosingFinger(case, Note.FINGER_TOO_POOR)
    return KeepingFinger(case, enrolment)
