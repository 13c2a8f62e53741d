"""A tag is called to this kiosk; its holder shows it to the camera."""

from common.ui.screen import Screen
from kiosk_registration.events import TagShown
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import TAG
from kiosk_registration.states import Calling


def calling(state: Calling) -> Screen:
    """Return the screen: the number, large, and no name. Without the camera a touch will do."""
    return Screen(
        HERE / "calling.qml",
        {"number": state.tag.number, "again": state.recalls > 0, "camera": state.camera},
        {} if state.camera else {"here": lambda _: TagShown(state.tag.token)},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "first": calling(Calling(TAG)),
        "again": calling(Calling(TAG, recalls=1)),
        "no_camera": calling(Calling(TAG, camera=False)),
    }
