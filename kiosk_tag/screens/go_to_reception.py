"""Staff go on from here; the screen says why."""

from common.ui.screen import Screen
from common.ui.staff_calls import told
from kiosk_tag.events import WentBack
from kiosk_tag.screens import HERE
from kiosk_tag.states import SHOW_AGAIN, GoToReception, Reason


def go_to_reception(state: GoToReception) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "go_to_reception.qml",
        {"reason_key": f"tag-reception-{state.reason}"},
        {"done": lambda _: WentBack()},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    told_here = [reason for reason in Reason if reason not in SHOW_AGAIN]
    return {
        **{str(reason): go_to_reception(GoToReception(reason)) for reason in told_here},
        "staff_told": told(go_to_reception(GoToReception(Reason.ASKED_FOR_STAFF))),
    }
