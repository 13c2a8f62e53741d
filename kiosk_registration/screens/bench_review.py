"""The whole form to read, each row with its way back to the page."""

from common.ui.screen import Screen
from kiosk_registration.bench_flow import (
    AskedForStaff,
    Form,
    FormConfirmed,
    PageChosen,
    Reviewing,
    WentBack,
)
from kiosk_registration.screens import BENCH_SIZE, HERE
from kiosk_registration.screens.rows import rows
from kiosk_registration.screens.samples import CASE, PARTICULARS

PATIENCE_S = 180.0
SIZE = BENCH_SIZE
SCROLLS = True


def bench_review(state: Reviewing) -> Screen:
    """Return the screen. A form with gaps can be left, too: it is continued anywhere."""
    particulars = state.form.particulars
    return Screen(
        HERE / "bench_review.qml",
        {"rows": rows(particulars), "gaps": bool(particulars.missing())},
        {
            "confirm": lambda _: FormConfirmed(),
            "change": lambda page: PageChosen(int(page)),
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    form = Form(CASE.case_id, CASE.number, PARTICULARS)
    gaps = Form(CASE.case_id, CASE.number, PARTICULARS.model_copy(update={"telephone": ""}))
    return {"whole": bench_review(Reviewing(form)), "gaps": bench_review(Reviewing(gaps))}
