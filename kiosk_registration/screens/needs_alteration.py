"""What stands on the card is changed by an alteration with a fee, not here: two ways on."""

from common.ui.screen import Screen
from kiosk_registration.events import AlterationWanted, AskedForStaff, KeptAsItIs
from kiosk_registration.screens import HERE

PATIENCE_S = 90.0


def needs_alteration() -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "needs_alteration.qml",
        {},
        {
            "keep": lambda _: KeptAsItIs(),
            "alter": lambda _: AlterationWanted(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": needs_alteration()}
