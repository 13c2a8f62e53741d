"""The form is kept; the person waits for the tag to be called, or goes on later."""

from common.ui.screen import Screen
from kiosk_registration.bench_flow import Finished, FormDone, HandedOver
from kiosk_registration.screens import BENCH_SIZE, HERE

SIZE = BENCH_SIZE


def bench_done(state: FormDone | HandedOver) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "bench_done.qml",
        {"number": state.number, "how": _how(state)},
        {"done": lambda _: Finished()},
    )


def _how(state: FormDone | HandedOver) -> str:
    if isinstance(state, HandedOver):
        return "officer"
    return "whole" if state.complete else "later"


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "complete": bench_done(FormDone("A023", complete=True)),
        "gaps": bench_done(FormDone("A023", complete=False)),
        "officer": bench_done(HandedOver("A023")),
    }
