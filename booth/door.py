"""The door of the program: who is signed in, and whether the screen is locked.

The door is a flow of its own beside the duties, so that locking it stops nothing behind it.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from booth.duties.shared import Note
from common.flow.machine import Step
from common.wire.shapes import OfficerSession

# States


@dataclass(frozen=True, slots=True)
class SignedOut:
    """Nobody is signed in."""

    note: Note | None = None


@dataclass(frozen=True, slots=True)
class SigningIn:
    """The centre checks officer and password."""


@dataclass(frozen=True, slots=True)
class In:
    """The officer works."""

    officer: OfficerSession


@dataclass(frozen=True, slots=True)
class Locked:
    """The officer went away; what is open stays open behind the lock."""

    officer: OfficerSession
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Unlocking:
    """The centre checks the password of the same officer."""

    officer: OfficerSession


State: TypeAlias = SignedOut | SigningIn | In | Locked | Unlocking

# Events


@dataclass(frozen=True, slots=True)
class SignInAsked:
    """An officer gave name and password."""

    officer_id: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The centre opened a session."""

    officer: OfficerSession


@dataclass(frozen=True, slots=True)
class SignInFailed:
    """The centre said no, or did not answer."""

    note: Note


@dataclass(frozen=True, slots=True)
class OfficerIdle:
    """Nobody has touched keyboard or mouse for a while."""


@dataclass(frozen=True, slots=True)
class UnlockAsked:
    """The officer is back."""

    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignOutAsked:
    """The officer is done. It comes from the list of duties only, where no case is open."""


# Tasks


@dataclass(frozen=True, slots=True)
class SignIn:
    """Ask the centre for a session."""

    officer_id: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignOut:
    """End a session at the centre."""

    token: str = field(repr=False)


Task: TypeAlias = SignIn | SignOut


def next_step(state: State, event: object) -> Step[State, Task]:
    """Return where the door goes when event happens in state."""
    match state, event:
        case SignedOut(), SignInAsked(officer_id, password):
            return Step(SigningIn(), (SignIn(officer_id, password),))
        case SigningIn(), SignedIn(officer):
            return Step(In(officer))
        case SigningIn(), SignInFailed(note):
            return Step(SignedOut(note))

        case In(officer), OfficerIdle():
            return Step(Locked(officer))
        case In(officer), SignOutAsked():
            return Step(SignedOut(), (SignOut(officer.token),))

        case Locked(officer), UnlockAsked(password):
            return Step(Unlocking(officer), (SignIn(officer.officer_id, password),))
        case Unlocking(), SignedIn(officer):
            return Step(In(officer))
        case Unlocking(officer), SignInFailed(note):
            return Step(Locked(officer, note))
        case Locked(officer), SignOutAsked():
            return Step(SignedOut(), (SignOut(officer.token),))

        case _:
            return Step(state)
