"""What a supervisor meets."""

from typing import assert_never

from booth.duties import oversight as duty
from booth.duties.oversight import Counting, Counts, Overview
from booth.duties.shared import HomeAsked, Left, Note, TryAgainAsked
from booth.screens import HERE
from booth.screens.values import noted
from booth.screens.working import working
from common.ui.screen import Screen, Value


def screen_for(state: duty.State) -> Screen:
    """Return what the window shows in a state of the duty."""
    match state:
        case Counting():
            return working("booth-busy-listing")
        case Overview(counts, note):
            return _overview(counts, note)
        case Left():
            return working("booth-busy-opening")
        case _:
            assert_never(state)


def _overview(counts: Counts | None, note: Note | None) -> Screen:
    numbers: dict[str, Value] = {
        name: "" if counts is None or (value := getattr(counts, name)) is None else str(value)
        for name in ("waiting", "submitted", "approved", "stored")
    }
    return Screen(
        HERE / "oversight.qml",
        {**numbers, "refused": counts.refused if counts else 0, **noted(note)},
        {"again": lambda _: TryAgainAsked(), "home": lambda _: HomeAsked()},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "counts": screen_for(Overview(Counts(3, 1, 12, 7, None))),
        "unreachable": screen_for(Overview(None, Note.UNREACHABLE)),
    }
