"""A new card is inserted, and then put into the pocket that the kiosk names."""

from uuid import UUID

from common.ui.screen import Screen, Value
from kiosk_collection.screens import HERE
from kiosk_collection.screens.samples import OFFICER
from kiosk_collection.staff.words import (
    AwaitingCard,
    CardProblem,
    LoadCard,
    MenuChosen,
    PlacingCard,
)

PATIENCE_S = 300.0


def staff_load(state: AwaitingCard | PlacingCard) -> Screen:
    """Return the screen: insert the next card, or put this one into its pocket."""
    values: dict[str, Value] = {
        "loaded": state.loaded,
        "pocket": 0,
        "wrong_pocket": 0,
        "last_pocket": 0,
        "warning_key": "",
    }
    if isinstance(state, PlacingCard):
        values |= {"pocket": state.card.pocket, "wrong_pocket": state.wrong_pocket}
        if state.wrong_pocket:
            values["warning_key"] = "collection-load-wrong-pocket"
        elif state.late:
            values["warning_key"] = "collection-load-late"
    else:
        values["last_pocket"] = state.last_pocket
        if state.problem:
            values["warning_key"] = f"collection-load-problem-{state.problem}"
    return Screen(HERE / "staff_load.qml", values, {"menu": lambda _: MenuChosen()}, PATIENCE_S)


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    card = LoadCard(UUID(int=2), UUID(int=1), "00112233", 7, (1, 2))
    samples: dict[str, AwaitingCard | PlacingCard] = {
        "insert": AwaitingCard(OFFICER),
        "next": AwaitingCard(OFFICER, 2, 6),
        "place": PlacingCard(OFFICER, card, 2),
        "wrong_pocket": PlacingCard(OFFICER, card, 2, wrong_pocket=9),
        "late": PlacingCard(OFFICER, card, 2, late=True),
    }
    samples |= {f"problem_{p}": AwaitingCard(OFFICER, 2, problem=p) for p in CardProblem}
    return {name: staff_load(state) for name, state in samples.items()}
