"""Why an officer is not let in."""

from common.flow.staff_words import NotLetIn, Refused, StaffDone
from common.ui.screen import Screen
from common.ui.screens import HERE

PATIENCE_S = 15.0


def officer_refused(state: NotLetIn) -> Screen:
    """Return the screen; the card has been given back before it."""
    return Screen(
        HERE / "officer_refused.qml",
        {"why_key": f"staff-refused-{state.why}"},
        {"leave": lambda _: StaffDone()},
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {str(why): officer_refused(NotLetIn(why)) for why in Refused}
