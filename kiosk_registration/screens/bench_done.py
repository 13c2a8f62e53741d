"""The form is kept; the person waits for the tag to be called."""

from common.ui.screen import Screen
from kiosk_registration.bench_flow import Finished, FormDone
from kiosk_registration.screens import BENCH_SIZE, HERE

SIZE = BENCH_SIZE


def bench_done(state: FormDone) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "bench_done.qml",
        {"number": state.number, "complete": state.complete},
        {"done": lambda _: Finished()},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "complete": bench_done(FormDone("A023", complete=True)),
        "gaps": bench_done(FormDone("A023", complete=False)),
    }
