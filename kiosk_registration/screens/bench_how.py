"""The form has gaps, or help is wanted: fill them in now, later, or with an officer at a booth."""

from common.ui.screen import Screen
from kiosk_registration.bench_flow import (
    ChoosingHow,
    Form,
    LeftForLater,
    OfficerWanted,
    WentBack,
)
from kiosk_registration.screens import BENCH_SIZE, HERE
from kiosk_registration.screens.samples import CASE, DAY, PARTICULARS

SIZE = BENCH_SIZE
PATIENCE_S = 120.0


def bench_how(state: ChoosingHow) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "bench_how.qml",
        {"gaps": bool(state.form.particulars.missing())},
        {
            "back": lambda _: WentBack(),
            "later": lambda _: LeftForLater(),
            "officer": lambda _: OfficerWanted(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    gap = PARTICULARS.model_copy(update={"telephone": ""})
    samples = {"gaps": gap, "whole": PARTICULARS}
    return {
        name: bench_how(ChoosingHow(Form(CASE.case_id, CASE.number, form, DAY)))
        for name, form in samples.items()
    }
