"""The kiosk cannot serve anybody until its fault is gone."""

from common.ui.screen import Screen
from common.ui.screens import HERE
from common.ui.staff_calls import told


def out_of_service(reason_key: str = "common-out-of-service-detail", told_key: str = "") -> Screen:
    """Return the screen of a closed kiosk. The reason is for the public, not for technicians.

    told_key: what it says instead once staff were told; a screen that has it calls them.
    """
    return Screen(
        HERE / "out_of_service.qml",
        {"reason_key": reason_key, "told_key": told_key, "resets": True},
        calls_staff=told_key != "",
    )


def card_stuck() -> Screen:
    """Return the screen of a kiosk with somebody's card inside; it calls staff."""
    return out_of_service("common-card-stuck", "common-card-stuck-told")


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "plain": out_of_service(),
        "taken-out": out_of_service("common-out-of-service-taken-out"),
        "stuck": card_stuck(),
        "stuck-told": told(card_stuck()),
    }
