"""The form on paper, or kept electronically alone?"""

from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, PaperChosen
from kiosk_registration.screens import HERE

PATIENCE_S = 60.0


def choose_paper() -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "choose_paper.qml",
        {},
        {
            "paper": lambda _: PaperChosen(on_paper=True),
            "electronic": lambda _: PaperChosen(on_paper=False),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": choose_paper()}
