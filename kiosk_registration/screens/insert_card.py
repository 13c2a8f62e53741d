"""The old card is asked for; after one that could not be read, with advice."""

from dataclasses import replace

from common.domain.card_problem import CardProblem
from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, CannotGiveFingers
from kiosk_registration.flow_card import AGAIN, CARD_TRIES
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE
from kiosk_registration.states import InsertingCard
from kiosk_registration.words import WrongCard

PATIENCE_S = 60.0


def insert_card(state: InsertingCard) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "insert_card.qml",
        {
            "tries": state.tries,
            "most": CARD_TRIES,
            "problem": str(state.problem or ""),
            "no_fingers": state.case.gives_no_fingers,
        },
        {
            "no_fingers": lambda _: CannotGiveFingers(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    problems: list[CardProblem | WrongCard] = [*sorted(AGAIN), WrongCard.OF_ANOTHER]
    return {
        "first": insert_card(InsertingCard(CASE)),
        **{
            f"again_{problem}": insert_card(InsertingCard(CASE, 1, problem)) for problem in problems
        },
        "no_fingers": insert_card(InsertingCard(replace(CASE, gives_no_fingers=True))),
    }
