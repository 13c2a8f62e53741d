"""What a supervisor meets who has a number led to reception."""

from typing import assert_never

from booth.duties import watching as duty
from booth.duties.shared import HomeAsked, Left, Note
from booth.duties.watching import Asking, Telling, WatchAsked
from booth.screens import HERE
from booth.screens.values import noted
from booth.screens.working import working
from common.domain.identity_number import IdentityNumber
from common.ui.screen import Screen


def screen_for(state: duty.State) -> Screen:
    """Return what the window shows in a state of the duty."""
    match state:
        case Telling() | Left():
            return working("booth-busy-recording")
        case Asking(note):
            return Screen(
                HERE / "watch_number.qml",
                noted(note),
                {
                    "watch": lambda typed: _asked(typed, is_watched=True),
                    "end": lambda typed: _asked(typed, is_watched=False),
                    "home": lambda _: HomeAsked(),
                },
            )
        case _:
            assert_never(state)


def _asked(typed: str, *, is_watched: bool) -> WatchAsked:
    """Take a number.

    Raises:
        ValueError: It is none.
    """
    return WatchAsked(str(IdentityNumber.parse(typed)), is_watched)


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "begin": screen_for(Asking()),
        "watched": screen_for(Asking(Note.WATCHED)),
        "confirm-again": screen_for(Asking(Note.CONFIRM_AGAIN)),
    }
