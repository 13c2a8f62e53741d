"""One page of the application form, at the bench or at the kiosk."""

from collections.abc import Callable, Mapping

from common.domain.districts import AREAS
from common.ui.screen import Screen, Value
from common.wire.shapes import REQUIRED_FIELDS, Particulars
from kiosk_registration.form import (
    PAGE_NAMES,
    PAGES,
    FormKind,
    Pad,
    fields_of,
    page_of,
    pages_of,
    text_of,
)
from kiosk_registration.screens import BENCH_SIZE, HERE
from kiosk_registration.screens.samples import PARTICULARS

SIZE = BENCH_SIZE
KIOSK_STEP, KIOSK_STEPS = 4, 5
"""At the kiosk a page of the form belongs to one step of the visit."""


def form_page(
    particulars: Particulars,
    page: int,
    actions: Mapping[str, Callable[[str], object]],
    patience_s: float,
    *,
    required: bool,
    kind: FormKind = FormKind.ADULT,
    typing: bool = False,
    lead: str = "",
) -> Screen:
    """Return the screen.

    Args:
        particulars: The form as far as it is filled in.
        page: Which page, from 0.
        actions: "page" takes the texts as JSON, and "keep" those typed so far; "back", where it
            is there, shows a button.
        patience_s: As in Screen.
        required: Whether the page can be left with a gap.
        kind: Which form it is.
        typing: The person is on the page already.
        lead: The text below the title; without one, which form this is.
    """
    fields: list[Value] = [
        {
            "name": field.name,
            "pad": str(field.pad),
            "maximum": field.maximum,
            "choices": list(field.choices),
            "areas": _areas() if field.pad is Pad.DISTRICT else [],
            "value": text_of(particulars, field.name),
            "optional": field.name not in REQUIRED_FIELDS,
        }
        for field in fields_of(page, kind)
    ]
    # The page of the Chinese name stands between the first and the second of these.
    pages = pages_of(kind)
    step = pages.index(page) + 1 + (page > 0) if page in pages else 0
    return Screen(
        HERE / "form_page.qml",
        {
            "page": PAGE_NAMES[page],
            "step": KIOSK_STEP if required else step,
            "pages": KIOSK_STEPS if required else len(pages) + 1,
            "kind": str(kind),
            "fields": fields,
            "required": required,
            "lead": lead,
            "back": "back" in actions,
            "skips": "leave" in actions,
            "saves": "keep" in actions,
            "keeps": typing,
        },
        actions,
        patience_s,
    )


def _areas() -> list[Value]:
    return [{"area": area, "districts": list(names)} for area, names in AREAS.items()]


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    actions = {"page": str, "keep": str, "back": str, "call_staff": str}
    filled = {
        f"filled_{page}": form_page(PARTICULARS, page, actions, 180.0, required=False)
        for page in range(len(PAGES))
    }
    child = form_page(
        PARTICULARS, page_of("sex"), actions, 180.0, required=False, kind=FormKind.CHILD
    )
    empty = form_page(Particulars(), 0, actions, 180.0, required=False)
    return {"empty": empty, "child": child, **filled}
