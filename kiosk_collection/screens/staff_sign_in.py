"""An officer signs in, at the kiosk's own pad or a keyboard."""

import json

from common.ui.screen import Screen
from kiosk_collection.screens import HERE
from kiosk_collection.staff.words import LeaveChosen, SigningIn, SignInProblem, SignInTyped

PATIENCE_S = 60.0


def staff_sign_in(state: SigningIn) -> Screen:
    """Return the screen; what was typed is in no state and in no log."""
    problem = f"collection-staff-problem-{state.problem}" if state.problem else ""
    return Screen(
        HERE / "staff_sign_in.qml",
        {"problem_key": problem},
        {"sign_in": _typed, "leave": lambda _: LeaveChosen()},
        PATIENCE_S,
    )


def _typed(value: str) -> SignInTyped:
    officer_id, password = json.loads(value)
    if not officer_id or not password:
        raise ValueError("id and password are both needed")
    return SignInTyped(str(officer_id), str(password))


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    samples = {str(problem): SigningIn(problem) for problem in SignInProblem}
    return {"first": staff_sign_in(SigningIn())} | {
        name: staff_sign_in(state) for name, state in samples.items()
    }
