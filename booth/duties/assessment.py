"""Assessment: another officer looks at a submitted case and approves or refuses it."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from booth.duties.shared import (
    BackAsked,
    CaseOpened,
    Failed,
    FetchWork,
    HomeAsked,
    Left,
    Note,
    OpenCase,
    RowChosen,
    TryAgainAsked,
    WorkFetched,
)
from common.domain.case import Decision
from common.flow.machine import Step
from common.wire.shapes import CaseRow, CaseView

WORK = "submitted"

# States


@dataclass(frozen=True, slots=True)
class Listing:
    """The work list is being fetched."""

    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """The submitted cases, the oldest first."""

    rows: tuple[CaseRow, ...]
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A case is being fetched."""


@dataclass(frozen=True, slots=True)
class Assessing:
    """The officer reads the case."""

    case: CaseView
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Deciding:
    """The decision is on its way to the centre."""

    case: CaseView


State: TypeAlias = Listing | Work | Opening | Assessing | Deciding | Left

# Events


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """The officer decided; a refusal has a reason. One key for one press of the button."""

    decision: Decision
    reason: str
    key: UUID


@dataclass(frozen=True, slots=True)
class DecisionKept:
    """The centre has the decision."""

    decision: Decision


# Tasks


@dataclass(frozen=True, slots=True)
class Decide:
    """Tell the centre."""

    case_id: UUID
    decision: Decision
    reason: str
    key: UUID


Task: TypeAlias = FetchWork | OpenCase | Decide


def start() -> Step[State, Task]:
    """Begin with the work list."""
    return Step(Listing(), (FetchWork(WORK),))


def next_step(state: State, event: object) -> Step[State, Task]:
    """Return where the duty goes when event happens in state."""
    match state, event:
        case Listing(note), WorkFetched(rows):
            return Step(Work(rows, note))
        case Listing(), Failed(note):
            return Step(Work((), note))

        case Work(), RowChosen(case_id):
            return Step(Opening(), (OpenCase(case_id),))
        case Work(), TryAgainAsked():
            return start()
        case Work(), HomeAsked() | BackAsked():
            return Step(Left())

        case Opening(), CaseOpened(case):
            return Step(Assessing(case))
        case Opening(), Failed(note):
            return Step(Listing(note), (FetchWork(WORK),))

        case Assessing(case), DecisionMade(decision, reason, key):
            return Step(Deciding(case), (Decide(case.case_id, decision, reason, key),))
        case Assessing(), BackAsked():
            return start()

        case Deciding(), DecisionKept(decision):
            approved = decision is Decision.APPROVE
            note = Note.APPROVED if approved else Note.REFUSAL_RECORDED
            return Step(Listing(note), (FetchWork(WORK),))
        case Deciding(case), Failed(note):
            return Step(Assessing(case, note))

        case _:
            return Step(state)
