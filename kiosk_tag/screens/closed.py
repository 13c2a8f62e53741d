"""Outside the office's hours: when it opens."""

from datetime import UTC, datetime

from common.ui.moments import day_and_hour
from common.ui.screen import Screen
from kiosk_tag.screens import HERE
from kiosk_tag.states import Closed


def closed(state: Closed) -> Screen:
    """Return the screen; it stays until the office opens."""
    opens = {} if state.opens_at is None else day_and_hour(state.opens_at)
    return Screen(
        HERE / "closed.qml",
        {"is_known": state.opens_at is not None, "opens": opens, "resets": True},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "opens": closed(Closed(datetime(2026, 11, 24, 1, 0, tzinfo=UTC))),
        "unknown": closed(Closed()),
    }
