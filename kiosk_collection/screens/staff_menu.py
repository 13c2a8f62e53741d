"""What the kiosk holds, and what an officer may do about it."""

from common.ui.screen import Screen
from kiosk_collection.outcome import Stuck
from kiosk_collection.screens import HERE
from kiosk_collection.screens.samples import OFFICER
from kiosk_collection.staff.words import (
    BinsEmptied,
    LeaveChosen,
    LoadChosen,
    Menu,
    NoCardInside,
    Stand,
    TakenOutByHand,
)

PATIENCE_S = 120.0


def staff_menu(state: Menu) -> Screen:
    """Return the screen; until the stand is counted it shows no figures."""
    stand = state.stand or Stand()
    return Screen(
        HERE / "staff_menu.qml",
        {
            "officer": state.officer.display_name,
            "counted": state.stand is not None,
            "filled": len(stand.filled),
            "empty": len(stand.empty),
            "silent": len(stand.silent),
            "bins": [{"bin": name.rpartition(".")[2], "count": n} for name, n in stand.bins],
            "stuck": stand.stuck or "",
        },
        {
            "load": lambda _: LoadChosen(),
            "emptied": lambda _: BinsEmptied(),
            "by_hand": lambda _: TakenOutByHand(),
            "none_inside": lambda _: NoCardInside(),
            "leave": lambda _: LeaveChosen(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    bins = (("sck-1.form_collector", 2), ("sck-1.intake", 14), ("sck-1.presenter", 1))
    stand = Stand((1, 2, 3), tuple(range(4, 33)), bins=bins)
    stuck = {
        f"stuck_{what}": staff_menu(
            Menu(OFFICER, Stand((1, 2), tuple(range(4, 33)), (3,), bins, stuck=what))
        )
        for what in Stuck
    }
    return {
        "counting": staff_menu(Menu(OFFICER)),
        "counted": staff_menu(Menu(OFFICER, stand)),
        **stuck,
    }
