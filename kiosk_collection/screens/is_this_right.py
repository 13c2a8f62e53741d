"""The face of the new card in big characters, before anything is given up."""

from base64 import b64encode

from common.ui.screen import Screen
from kiosk_collection.events import AskedForStaff, SaidRight, SaidWrong
from kiosk_collection.screens import HERE
from kiosk_collection.screens.samples import NEW_CARD, visit
from kiosk_collection.visit import IsThisRight

PATIENCE_S = 60.0


def is_this_right(state: IsThisRight) -> Screen:
    """Return the screen; the number is masked, others may stand behind."""
    card = state.card
    return Screen(
        HERE / "is_this_right.qml",
        {
            "number": card.number,
            "surname": card.surname,
            "given_names": card.given_names,
            "chinese_name": card.chinese_name,
            "portrait": "data:image/jpeg;base64," + b64encode(card.portrait_jpeg).decode("ascii"),
        },
        {
            "yes": lambda _: SaidRight(),
            "no": lambda _: SaidWrong(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"sample": is_this_right(IsThisRight(visit(), NEW_CARD))}
