"""Calling the next person to this place, which registration and the counter do alike."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from booth.duties.shared import BackAsked, Failed, HomeAsked, Left, Note
from common.domain.queue import Stage
from common.flow.machine import Step
from common.wire.shapes import TagView


class QueueAct(StrEnum):
    """What can be said about a tag that was called here."""

    ARRIVE = "arrive"
    RECALL = "recall"
    MISS = "miss"


# States


@dataclass(frozen=True, slots=True)
class Resuming:
    """Looking whether a case was left open at this desk."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class Ready:
    """Nobody is at the desk."""

    stage: Stage
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Calling:
    """The backend is choosing the next tag."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class Called:
    """The panel shows the tag and this place."""

    stage: Stage
    tag: TagView
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class TellingQueue:
    """The backend hears what became of the called tag; on arrival the case is opened too."""

    stage: Stage
    tag: TagView
    act: QueueAct


QueueState: TypeAlias = Resuming | Ready | Calling | Called | TellingQueue | Left

# Events


@dataclass(frozen=True, slots=True)
class NoCaseOpen:
    """Nothing was left open."""

    note: Note | None = None


@dataclass(frozen=True, slots=True)
class CallAsked:
    """The officer is free for the next person."""


@dataclass(frozen=True, slots=True)
class TagCalled:
    """This tag is next."""

    tag: TagView


@dataclass(frozen=True, slots=True)
class NobodyWaits:
    """There is no tag to call."""


@dataclass(frozen=True, slots=True)
class QueueActAsked:
    """The officer says what became of the called tag."""

    act: QueueAct


@dataclass(frozen=True, slots=True)
class QueueTold:
    """The backend knows that the tag was called again or missed."""


# Tasks


@dataclass(frozen=True, slots=True)
class FindOpenCase:
    """Look in the journal for a case that this desk was serving when it stopped."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class CallNext:
    """Call the next tag of this stage here."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class TellQueue:
    """Tell the backend; for ARRIVE, open the case and note in the journal that it is open."""

    stage: Stage
    tag: TagView
    act: QueueAct


QueueTask: TypeAlias = FindOpenCase | CallNext | TellQueue


def in_queue(state: QueueState, event: object) -> Step[Any, Any]:
    """Return the next step until a case is open; the duty itself takes CaseOpened.

    The states are QueueState and the tasks QueueTask, which every duty that queues has among its
    own; Any lets the caller's wider union stand.
    """
    match state, event:
        case Resuming(stage), NoCaseOpen(note):
            return Step(Ready(stage, note))
        case Resuming(stage), Failed(note):
            return Step(Ready(stage, note))
        case Resuming(), HomeAsked():
            return Step(Left())

        case Ready(stage), CallAsked():
            return Step(Calling(stage), (CallNext(stage),))
        case Ready(), HomeAsked() | BackAsked():
            return Step(Left())

        case Calling(stage), TagCalled(tag):
            return Step(Called(stage, tag))
        case Calling(stage), NobodyWaits():
            return Step(Ready(stage, Note.NOBODY_WAITS))
        case Calling(stage), Failed(note):
            return Step(Ready(stage, note))

        case Called(stage, tag), QueueActAsked(act):
            return Step(TellingQueue(stage, tag, act), (TellQueue(stage, tag, act),))

        case TellingQueue(stage, tag, QueueAct.RECALL), QueueTold():
            return Step(Called(stage, tag, Note.CALLED_AGAIN))
        case TellingQueue(stage, _, QueueAct.MISS), QueueTold():
            return Step(Ready(stage, Note.MARKED_MISSED))
        case TellingQueue(stage), Failed(Note.CALLED_ELSEWHERE | Note.NOT_CALLED as note):
            return Step(Ready(stage, note))
        case TellingQueue(stage, tag), Failed(note):
            return Step(Called(stage, tag, note))

        case _:
            return Step(state)
