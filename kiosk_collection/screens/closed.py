"""The kiosk serves nobody until something has been dealt with."""

from common.ui.screen import Screen
from common.ui.staff_calls import told
from kiosk_collection.screens import HERE
from kiosk_collection.visit import Cause, OutOfService


def closed(state: OutOfService) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "closed.qml",
        {"cause_key": f"collection-closed-{state.cause}", "resets": True},
        calls_staff=state.cause is Cause.STUCK,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        **{str(cause): closed(OutOfService(cause)) for cause in Cause},
        "stuck_told": told(closed(OutOfService(Cause.STUCK))),
    }
