"""Signing in, the lock, and the list of duties."""

from booth.desk import DutyChosen, Home, Line, allowed
from booth.door import (
    Locked,
    OfficerIdle,
    SignedOut,
    SignInAsked,
    SigningIn,
    SignOutAsked,
    UnlockAsked,
    Unlocking,
)
from booth.duties.shared import Duty, Note
from booth.screens import HERE
from booth.screens.samples import OFFICER
from booth.screens.values import form, noted
from common.ui.screen import Screen, Value
from common.wire.shapes import OfficerSession

PICTOGRAMS = {
    Duty.REGISTRATION: "camera",
    Duty.ASSESSMENT: "form",
    Duty.PRODUCTION: "card",
    Duty.COUNTER: "counter",
    Duty.OVERSIGHT: "info",
    Duty.OFFICER_CARDS: "lock",
    Duty.WATCHING: "warning",
}


def sign_in(state: SignedOut | SigningIn) -> Screen:
    """Return the screen of a desk where nobody is signed in."""
    note = state.note if isinstance(state, SignedOut) else None
    return Screen(
        HERE / "sign_in.qml",
        {**noted(note), "busy": isinstance(state, SigningIn), "keeps": True},
        {"sign_in": _sign_in},
    )


def locked(state: Locked | Unlocking) -> Screen:
    """Return the screen of a locked desk."""
    note = state.note if isinstance(state, Locked) else None
    return Screen(
        HERE / "locked.qml",
        {
            **noted(note),
            "officer": state.officer.display_name,
            "busy": isinstance(state, Unlocking),
            "keeps": True,
        },
        {"unlock": _unlock, "sign_out": lambda _: SignOutAsked()},
    )


def home(state: Home, officer: OfficerSession) -> Screen:
    """Return the list of duties."""
    return Screen(
        HERE / "home.qml",
        {
            "officer": officer.display_name,
            "duties": [_offer(duty) for duty in allowed(officer.roles)],
            "waiting": state.line.waiting,
            "refused": state.line.refused,
            "online": state.line.online,
            "keeps": True,
        },
        {
            "duty": lambda value: DutyChosen(Duty(value)),
            "lock": lambda _: OfficerIdle(),
            "sign_out": lambda _: SignOutAsked(),
        },
    )


def _offer(duty: Duty) -> Value:
    return {
        "duty": str(duty),
        "title_key": f"booth-duty-{duty.replace('_', '-')}",
        "detail_key": f"booth-duty-{duty.replace('_', '-')}-detail",
        "pictogram": PICTOGRAMS[duty],
    }


def _sign_in(value: str) -> SignInAsked:
    said = form(value)
    if not said.get("officer", "").strip() or not said.get("password"):
        raise ValueError("name and password are needed")
    return SignInAsked(said["officer"], said["password"])


def _unlock(value: str) -> UnlockAsked:
    if not value:
        raise ValueError("a password is needed")
    return UnlockAsked(value)


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "sign-in": sign_in(SignedOut()),
        "sign-in-wrong": sign_in(SignedOut(Note.WRONG_SIGN_IN)),
        "locked": locked(Locked(OFFICER)),
        "home": home(Home(Line(0, 0, online=True)), OFFICER),
        "home-offline": home(Home(Line(12, 1, online=False)), OFFICER),
    }
