"""Which photograph shall be on the card? Only those that keep every rule are shown."""

from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, PhotographAtBooth, ShotChosen
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE, PORTRAIT_JPEG
from kiosk_registration.screens.take_photograph import shot_value
from kiosk_registration.states import ChoosingShot
from kiosk_registration.words import Shot

PATIENCE_S = 90.0


def choose_photograph(state: ChoosingShot) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "choose_photograph.qml",
        {"shots": [shot_value(shot) for shot in state.shots]},
        {
            "choose": lambda index: ShotChosen(int(index)),
            "booth": lambda _: PhotographAtBooth(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    shot = Shot(PORTRAIT_JPEG)
    return {
        "two": choose_photograph(ChoosingShot(CASE, (shot,) * 2)),
        "six": choose_photograph(ChoosingShot(CASE, (shot,) * 6)),
    }
