"""Which fingers are not given, and why: marked one by one, each hand photographed where needed."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from booth.duties.shared import BackAsked, Failed, Note, TryAgainAsked
from common.domain.biometrics import THUMBS, FingerException, Hand
from common.flow.machine import Step
from common.wire.evidence import ExceptedFinger, Exceptions, HandPhotograph
from common.wire.facts import FingersExcepted
from common.wire.shapes import CaseView

# States


@dataclass(frozen=True, slots=True)
class ExceptingFingers:
    """The officer marks fingers. why: the exception that the next mark means."""

    case: CaseView
    draft: Exceptions
    why: FingerException = FingerException.BANDAGED
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class PhotographingHand:
    """The hand lies before the camera."""

    at: ExceptingFingers
    hand: Hand
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class TakingHand:
    """The picture is being taken."""

    at: ExceptingFingers
    hand: Hand


State: TypeAlias = ExceptingFingers | PhotographingHand | TakingHand

# Events


@dataclass(frozen=True, slots=True)
class WhyChosen:
    """The next marks mean this."""

    why: FingerException


@dataclass(frozen=True, slots=True)
class FingerMarked:
    """This finger is not given; marked again, it is."""

    position: int


@dataclass(frozen=True, slots=True)
class ThumbsMarked:
    """Neither thumb is given, and no other finger instead."""


@dataclass(frozen=True, slots=True)
class HandAsked:
    """Photograph this hand."""

    hand: Hand


@dataclass(frozen=True, slots=True)
class HandShotAsked:
    """Press the shutter."""


@dataclass(frozen=True, slots=True)
class HandTaken:
    """The picture was taken."""

    photograph: HandPhotograph


@dataclass(frozen=True, slots=True)
class FingersExcused:
    """The officer is done; reason and parent in the officer's own words."""

    reason: str
    parent: str = ""


# Tasks


@dataclass(frozen=True, slots=True)
class ShowHand:
    """Put the camera's pictures on the screen until the stay is left."""


@dataclass(frozen=True, slots=True)
class TakeHand:
    """Take the newest picture."""

    hand: Hand


Task: TypeAlias = ShowHand | TakeHand


def begin(case: CaseView) -> Step[State, Task]:
    """Begin with what was recorded before."""
    return Step(ExceptingFingers(case, case.exceptions or Exceptions()))


def next_step(state: State, event: object) -> Step[State, Task] | None:
    """Return what follows here; None where the duty itself decides."""
    match state, event:
        case ExceptingFingers(), WhyChosen(why):
            return Step(replace(state, why=why, note=None))
        case ExceptingFingers(), FingerMarked(position):
            return Step(_marked(state, (position,)))
        case ExceptingFingers(), ThumbsMarked():
            open_thumbs = set(THUMBS) - set(state.draft.positions)
            return Step(_marked(state, tuple(open_thumbs)))
        case ExceptingFingers(), HandAsked(hand):
            return Step(PhotographingHand(state, hand), (ShowHand(),))
        case PhotographingHand(at, hand), HandShotAsked():
            return Step(TakingHand(at, hand), (TakeHand(hand), ShowHand()))
        case PhotographingHand(at, hand), TryAgainAsked():
            return Step(PhotographingHand(at, hand), (ShowHand(),))
        case PhotographingHand(at), BackAsked():
            return Step(at)
        case PhotographingHand(at, hand), Failed(note):
            return Step(PhotographingHand(at, hand, note))
        case TakingHand(at), HandTaken(photograph):
            return Step(_photographed(at, photograph))
        case TakingHand(at, hand), Failed(note):
            return Step(PhotographingHand(at, hand, note), (ShowHand(),))
        case ExceptingFingers(draft=draft), FingersExcused() if not draft.fingers:
            return Step(replace(state, note=Note.NO_FINGER_MARKED))
        case ExceptingFingers(draft=draft), FingersExcused() if draft.without_photograph():
            return Step(replace(state, note=Note.HAND_NOT_PHOTOGRAPHED))
        case _:
            return None


def excepted(state: ExceptingFingers, said: FingersExcused) -> FingersExcepted:
    """Return what is recorded."""
    words = {"reason": said.reason, "parent": said.parent}
    return FingersExcepted(exceptions=state.draft.model_copy(update=words))


def _marked(state: ExceptingFingers, positions: tuple[int, ...]) -> ExceptingFingers:
    """Mark these fingers; one that has this mark already loses it."""
    fingers = {finger.position: finger.why for finger in state.draft.fingers}
    for position in positions:
        if fingers.get(position) is state.why:
            del fingers[position]
        else:
            fingers[position] = state.why
    kept = tuple(
        ExceptedFinger(position=position, why=why) for position, why in sorted(fingers.items())
    )
    return replace(state, draft=state.draft.model_copy(update={"fingers": kept}), note=None)


def _photographed(state: ExceptingFingers, photograph: HandPhotograph) -> ExceptingFingers:
    others = [one for one in state.draft.photographs if one.hand is not photograph.hand]
    both = tuple(sorted([*others, photograph], key=lambda one: tuple(Hand).index(one.hand)))
    return replace(state, draft=state.draft.model_copy(update={"photographs": both}), note=None)
