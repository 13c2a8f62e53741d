"""One page of the application form, at the bench or at the kiosk."""

from collections.abc import Callable, Mapping

from common.ui.screen import Screen, Value
from common.wire.shapes import REQUIRED_FIELDS, Particulars
from kiosk_registration.form import PAGES, text_of
from kiosk_registration.screens import BENCH_SIZE, HERE
from kiosk_registration.screens.samples import PARTICULARS

SIZE = BENCH_SIZE


def form_page(
    particulars: Particulars,
    page: int,
    actions: Mapping[str, Callable[[str], object]],
    patience_s: float,
    *,
    required: bool,
) -> Screen:
    """Return the screen.

    Args:
        particulars: The form as far as it is filled in.
        page: Which page, from 0.
        actions: "page" takes the texts as JSON; "back", where it is there, shows a button.
        patience_s: As in Screen.
        required: Whether the page can be left with a gap.
    """
    fields: list[Value] = [
        {
            "name": field.name,
            "pad": str(field.pad),
            "maximum": field.maximum,
            "choices": list(field.choices),
            "value": text_of(particulars, field.name),
            "optional": field.name not in REQUIRED_FIELDS,
        }
        for field in PAGES[page]
    ]
    return Screen(
        HERE / "form_page.qml",
        {
            "page": page,
            "pages": len(PAGES),
            "fields": fields,
            "required": required,
            "back": "back" in actions,
        },
        actions,
        patience_s,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    actions = {"page": str, "back": str, "call_staff": str}
    filled = {
        f"filled_{page}": form_page(PARTICULARS, page, actions, 180.0, required=False)
        for page in range(len(PAGES))
    }
    return {"empty": form_page(Particulars(), 0, actions, 180.0, required=False), **filled}
