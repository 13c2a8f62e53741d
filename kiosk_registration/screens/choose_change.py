"""What of the form has changed: contact particulars are typed in here, the rest is an officer's."""

from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, ChangeChosen, WentBack
from kiosk_registration.screens import HERE
from kiosk_registration.words import Change

PATIENCE_S = 60.0
_PICTOGRAMS = {
    Change.ADDRESS: "home",
    Change.TELEPHONE: "phone",
    Change.OCCUPATION: "person",
    Change.CARD_FACE: "card",
    Change.OTHER: "help",
}


def choose_change() -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "choose_change.qml",
        {"changes": [{"change": str(one), "pictogram": _PICTOGRAMS[one]} for one in Change]},
        {
            "change": lambda change: ChangeChosen(Change(change)),
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": choose_change()}
