"""Done here: take the form, wait to be called to a booth."""

from common.ui.screen import Screen
from kiosk_registration.events import Finished
from kiosk_registration.screens import HERE
from kiosk_registration.states import Registered


def registered(state: Registered) -> Screen:
    """Return the screen; all is on the disk before it is shown."""
    return Screen(
        HERE / "registered.qml",
        {
            "number": state.number,
            "form": "printed" if state.printed else "electronic" if state.electronic else "none",
            "sent": state.sent,
            "photographed": state.photographed,
        },
        {"done": lambda _: Finished()},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "with_form": registered(Registered("A023", printed=True)),
        "without_form": registered(Registered("A023", printed=False)),
        "electronic": registered(Registered("A023", False, electronic=True, photographed=True)),
        "not_sent": registered(Registered("A023", printed=True, sent=False)),
    }
