"""What the errand costs, before anything is done; with a lost card, whether it is lost."""

from common.domain.queue import Errand
from common.ui.screen import Screen
from kiosk_tag.events import AskedForStaff, FeeAccepted, WentBack
from kiosk_tag.screens import HERE
from kiosk_tag.screens.choices import PATIENCE_S


def hear_fee(errand: Errand, fee: int | None) -> Screen:
    """Return the screen. fee: Hong Kong dollars, None where it is not known just now."""
    return Screen(
        HERE / "hear_fee.qml",
        {"errand": str(errand), "fee": -1 if fee is None else fee},
        {
            "accept": lambda _: FeeAccepted(),
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "lost": hear_fee(Errand.LOST, 370),
        "damaged": hear_fee(Errand.DAMAGED, 370),
        "changed": hear_fee(Errand.CHANGED, 460),
        "unknown": hear_fee(Errand.CHANGED, None),
    }
