"""The kiosk cannot serve anybody until its fault is gone."""

from common.ui.screen import Screen
from common.ui.screens import HERE


def out_of_service(reason_key: str = "common-out-of-service-detail") -> Screen:
    """Return the screen of a closed kiosk. The reason is for the public, not for technicians."""
    return Screen(HERE / "out_of_service.qml", {"reason_key": reason_key, "resets": True})


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "plain": out_of_service(),
        "taken-out": out_of_service("common-out-of-service-taken-out"),
    }
