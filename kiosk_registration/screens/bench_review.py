"""The whole form to read, each row with its way back to the page."""

from common.domain.chinese_codes import shown_codes
from common.ui.screen import Screen, Value
from kiosk_registration.bench_flow import (
    AskedForStaff,
    Form,
    FormConfirmed,
    PageChosen,
    Reviewing,
    WentBack,
)
from kiosk_registration.chinese_name import with_codes
from kiosk_registration.form import PAGES, UNASKED
from kiosk_registration.papers import ROWS
from kiosk_registration.screens import BENCH_SIZE, HERE
from kiosk_registration.screens.rows import row
from kiosk_registration.screens.samples import CASE, DAY, PARTICULARS

PATIENCE_S = 180.0
SIZE = BENCH_SIZE
SCROLLS = True
CHINESE_NAME = "chinese_name"
CHINESE = len(PAGES)
"""Stands for the page of the Chinese name."""


def bench_review(state: Reviewing) -> Screen:
    """Return the screen. A form with gaps can be left, too: it is continued anywhere."""
    form = state.form
    return Screen(
        HERE / "bench_review.qml",
        {
            "rows": _rows(form),
            "gaps": bool(form.particulars.missing()),
            "kind": str(form.kind),
        },
        {
            "confirm": lambda _: FormConfirmed(),
            "change": lambda page: PageChosen(int(page) if int(page) < CHINESE else None),
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def _rows(form: Form) -> list[Value]:
    """Return what this form asks for; the Chinese name has a page of its own."""
    names = [name for name in ROWS if name not in UNASKED[form.kind]]
    return [
        _name_row(form) if name == CHINESE_NAME else row(form.particulars, name) for name in names
    ]


def _name_row(form: Form) -> Value:
    name = f"{form.particulars.chinese_name}  {_codes(form)}".strip()
    return {**row(form.particulars, CHINESE_NAME), "page": CHINESE, "value": name}


def _codes(form: Form) -> str:
    return shown_codes(with_codes(form.particulars).chinese_codes)


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    form = Form(CASE.case_id, CASE.number, PARTICULARS, DAY)
    gap = PARTICULARS.model_copy(update={"telephone": ""})
    gaps = Form(CASE.case_id, CASE.number, gap, DAY)
    return {"whole": bench_review(Reviewing(form)), "gaps": bench_review(Reviewing(gaps))}
