"""Where the person goes on: another office with its address, or a kiosk of this one."""

from common.ui.moments import in_each
from common.ui.screen import Screen
from kiosk_tag.events import WentBack
from kiosk_tag.screens import HERE
from kiosk_tag.screens.decide import offered
from kiosk_tag.states import HearingWhere, Question

PATIENCE_S = 30.0


def hear_where(state: HearingWhere) -> Screen:
    """Return the screen."""
    place = state.offer.place
    to_kiosk = state.offer.question is Question.CARD_READY
    return Screen(
        HERE / "hear_where.qml",
        {
            "to_kiosk": to_kiosk,
            "name": {} if place is None or to_kiosk else in_each(place.name, place.code),
            "address": {} if place is None or to_kiosk else in_each(place.address),
        },
        {"done": lambda _: WentBack()},
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "office": hear_where(HearingWhere(offered(Question.OTHER_OFFICE))),
        "kiosk": hear_where(HearingWhere(offered(Question.CARD_READY))),
    }
