"""What a person comes for, asked plainly; the usual replacement never leads here."""

from common.domain.queue import Errand
from common.ui.screen import Screen
from kiosk_tag.events import ErrandChosen
from kiosk_tag.screens.choices import card, choices

_PICTURES = {
    Errand.LOST: "help",
    Errand.DAMAGED: "card",
    Errand.CHANGED: "form",
    Errand.FIRST: "person",
    Errand.COLLECT: "check",
}


def choose_errand() -> Screen:
    """Return the screen."""
    return choices(
        "tag-errand-title",
        "",
        "help",
        [card(f"tag-errand-{one}", _PICTURES[one], str(one), "errand") for one in Errand],
        {"errand": lambda chosen: ErrandChosen(Errand(chosen))},
        none=True,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": choose_errand()}
