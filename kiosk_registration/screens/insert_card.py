"""The old card is asked for; after one that could not be read, with advice."""

from common.domain.card_problem import MAY_TRY_AGAIN, CardProblem
from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, CannotGiveFingers
from kiosk_registration.flow_card import CARD_TRIES
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE
from kiosk_registration.states import InsertingCard

PATIENCE_S = 60.0


def insert_card(state: InsertingCard) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "insert_card.qml",
        {
            "tries": state.tries,
            "most": CARD_TRIES,
            "problem": str(state.problem or CardProblem.CHIP_SILENT),
        },
        {
            "no_fingers": lambda _: CannotGiveFingers(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "first": insert_card(InsertingCard(CASE)),
        **{
            f"again_{problem}": insert_card(InsertingCard(CASE, 1, problem))
            for problem in sorted(MAY_TRY_AGAIN)
        },
    }
