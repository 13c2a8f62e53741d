"""The form as rows to read."""

from datetime import date

from common.ui.screen import Value
from common.wire.shapes import Particulars
from kiosk_registration.form import FIELDS, Pad, page_of
from kiosk_registration.papers import ROWS


def rows(particulars: Particulars) -> list[Value]:
    """Return each field's name, text and page; a choice is named by its word, for the texts."""
    return [row(particulars, name) for name in ROWS]


def row(particulars: Particulars, name: str) -> dict[str, Value]:
    """Return one field as a row."""
    value = getattr(particulars, name)
    text = f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value or "")
    is_choice = name in FIELDS and FIELDS[name].pad is Pad.CHOICE and text != ""
    return {
        "name": name,
        "value": text,
        "choice": is_choice,
        "page": page_of(name) if name in FIELDS else -1,
    }
