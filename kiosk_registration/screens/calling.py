"""A tag is called to this kiosk; its holder shows it to the camera."""

from common.ui.screen import Screen
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import TAG
from kiosk_registration.states import Calling


def calling(state: Calling) -> Screen:
    """Return the screen: the number, large, and no name."""
    return Screen(HERE / "calling.qml", {"number": state.tag.number, "again": state.recalls > 0})


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"first": calling(Calling(TAG)), "again": calling(Calling(TAG, recalls=1))}
