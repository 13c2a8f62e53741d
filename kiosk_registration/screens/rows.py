"""The form as rows to read."""

from datetime import date

from common.ui.moments import date_of, text
from common.ui.screen import Value
from common.wire.shapes import Particulars
from kiosk_registration.form import FIELDS, Pad, page_of
from kiosk_registration.papers import ROWS


def rows(particulars: Particulars) -> list[Value]:
    """Return each field's name, value and page; what is worded is named for the texts."""
    return [row(particulars, name) for name in ROWS]


def row(particulars: Particulars, name: str) -> dict[str, Value]:
    """Return one field as a row."""
    return {
        "name": name,
        "value": _shown(particulars, name),
        "page": page_of(name) if name in FIELDS else -1,
    }


def _shown(particulars: Particulars, name: str) -> Value:
    value = getattr(particulars, name)
    if isinstance(value, date):
        return date_of(value)
    if value and name in FIELDS and FIELDS[name].pad is Pad.CHOICE:
        return text(f"papers-form-{name}-{value}")
    return str(value or "")
