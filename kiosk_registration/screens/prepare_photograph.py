"""Before the first photograph: how to sit; who wears glasses or a headscarf, or sits low."""

from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, GoneOn, PhotographAtBooth
from kiosk_registration.flow_photograph import FEWEST_SHOTS, MOST_SHOTS
from kiosk_registration.screens import HERE

PATIENCE_S = 60.0


def prepare_photograph() -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "prepare_photograph.qml",
        {"fewest": FEWEST_SHOTS, "most": MOST_SHOTS},
        {
            "next": lambda _: GoneOn(),
            "booth": lambda _: PhotographAtBooth(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": prepare_photograph()}
