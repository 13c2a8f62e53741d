"""A kiosk's flow with staff's work around it: staff come in between visits, and may close it.

A kiosk's own flow knows nothing of officers' cards: `Tending` stands around it, takes the kiosk
over while staff are at work, and starts it up again when they have gone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from common.domain.officer import Role
from common.flow import staff
from common.flow.machine import Step
from common.flow.staff_words import (
    AtOwnWork,
    AwaitingOfficerCard,
    Closing,
    LookingAtCard,
    Member,
    OfficerCardFound,
    StaffDone,
    StaffEvent,
    StaffGone,
    StaffState,
    StaffTask,
    TurnedAway,
)


@dataclass(frozen=True, slots=True)
class AtStaffWork:
    """Staff are at work; the kiosk serves nobody."""

    at: StaffState


@dataclass(frozen=True, slots=True)
class Closed:
    """Staff took the kiosk out of service; only staff open it again, whatever happens to power."""

    closing: Closing


@dataclass(frozen=True, slots=True)
class StaffEntered:
    """A finger was held on the staff's corner."""


@dataclass(frozen=True, slots=True)
class ClosedForNow:
    """The kiosk would say welcome now, but staff have closed it."""

    closing: Closing


TendedState: TypeAlias = Any
"""A state of the kiosk's own, AtStaffWork or Closed."""


@dataclass(frozen=True)
class Tending:
    """Staff's work around one kiosk's flow.

    Attributes:
        inner: The kiosk's own next_step.
        start, started: The state in which it begins, and the event that sets it going.
        may_enter: Whether staff may come in in this state: nobody is here, nothing moves.
        left, failed: Its events for a person who left and for an unforeseen fault.
        own_work: Its event for an officer who goes on to what only this kiosk has; None without.
        own_work_roles: Who may go on to that.
    """

    inner: Callable[[Any, Any], Step[Any, Any]]
    start: Any
    started: Any
    may_enter: Callable[[Any], bool]
    left: Any
    failed: Any
    own_work: Callable[[Member], Any] | None = None
    own_work_roles: frozenset[Role] = frozenset()

    def next_step(self, state: TendedState, event: Any) -> Step[TendedState, Any]:
        """Return where the kiosk goes when event happens in state."""
        match state, event:
            case AtStaffWork(at), _:
                return self._staff_step(at, event)
            case _, StaffEntered() if self.lets_in(state):
                return self._within(staff.enter(AwaitingOfficerCard()))
            case Closed(), _:
                return Step(state)
            case _, ClosedForNow(closing):
                return Step(Closed(closing))
            case _, StaffEntered():
                return Step(state)
            case _, OfficerCardFound() | TurnedAway():
                # The card that was put in as the public puts theirs in is an officer's.
                return self._within(staff.next_step(LookingAtCard(), event))
        return self.inner(state, event)

    def lets_in(self, state: TendedState) -> bool:
        """Tell whether staff may come in now."""
        return isinstance(state, Closed) or (
            not isinstance(state, AtStaffWork) and self.may_enter(state)
        )

    def may_work(self, member: Member) -> bool:
        """Tell whether this officer may go on to the kiosk's own work."""
        return not member.is_offline and not self.own_work_roles.isdisjoint(member.roles)

    def _staff_step(self, at: StaffState, event: Any) -> Step[TendedState, Any]:
        if event == self.left:
            return self._within(staff.next_step(at, StaffDone()))
        if event == self.failed:
            return self._within(staff.failed(at))
        if isinstance(event, StaffEvent):
            return self._within(staff.next_step(at, event))
        return Step(AtStaffWork(at))

    def _within(self, step: Step[StaffState, StaffTask]) -> Step[TendedState, Any]:
        """Staff's step within the kiosk's."""
        match step.state:
            case StaffGone():
                reached = self.inner(self.start, self.started)
            case AtOwnWork(member) if self.own_work is not None and self.may_work(member):
                reached = self.inner(self.start, self.own_work(member))
            case AtOwnWork():
                return self._within(staff.next_step(step.state, StaffDone()))
            case _:
                return Step(AtStaffWork(step.state), step.tasks)
        return Step(reached.state, (*step.tasks, *reached.tasks))
