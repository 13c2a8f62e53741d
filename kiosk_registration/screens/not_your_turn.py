"""A tag was shown that cannot be served here and now: the screen says why and where to go."""

from common.ui.screen import Screen
from kiosk_registration.events import Finished
from kiosk_registration.screens import HERE
from kiosk_registration.states import NotYourTurn
from kiosk_registration.words import NotYet

_PICTURES = {
    NotYet.UNKNOWN: "slip",
    NotYet.NOT_OURS: "slip",
    NotYet.OTHER_DAY: "ticket",
    NotYet.FORM_FIRST: "fill_in",
}


def not_your_turn(state: NotYourTurn) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "not_your_turn.qml",
        {
            "why": str(state.why),
            "place": state.place,
            "ahead": state.people_ahead,
            "picture": _PICTURES.get(state.why, "hand_off"),
        },
        {"done": lambda _: Finished()},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    samples = {str(why): NotYourTurn(why) for why in NotYet}
    samples["called_elsewhere"] = NotYourTurn(NotYet.CALLED_ELSEWHERE, place="K2")
    samples["not_called"] = NotYourTurn(NotYet.NOT_CALLED, people_ahead=4)
    return {name: not_your_turn(state) for name, state in samples.items()}
