"""An officer signs in by password, where the kiosk has no slot that takes a card now."""

import json

from common.flow.staff_words import PasswordTyped, Refused, StaffDone, TypingPassword
from common.ui.screen import Screen
from common.ui.screens import HERE

PATIENCE_S = 60.0


def officer_password(state: TypingPassword) -> Screen:
    """Return the screen; what was typed is in no state and in no log."""
    problem = f"staff-refused-{state.problem}" if state.problem else ""
    return Screen(
        HERE / "officer_password.qml",
        {"problem_key": problem},
        {"sign_in": _typed, "leave": lambda _: StaffDone()},
        PATIENCE_S,
    )


def _typed(value: str) -> PasswordTyped:
    officer_id, password = json.loads(value)
    if not officer_id or not password:
        raise ValueError("id and password are both needed")
    return PasswordTyped(str(officer_id), str(password))


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    samples = (Refused.WRONG, Refused.NOT_ALLOWED, Refused.NO_CONNECTION)
    return {"first": officer_password(TypingPassword())} | {
        str(problem): officer_password(TypingPassword(problem)) for problem in samples
    }
