"""Turns what the desk knows into plain values for QML, and what was typed back into words."""

import base64
import json
from collections.abc import Mapping
from datetime import date

from booth.duties.registration import Shot
from booth.duties.shared import Note
from common.domain.chinese_codes import NO_CODE, codes_for, shown_codes
from common.domain.portrait import Finding
from common.ui.screen import Value
from common.wire.shapes import CaseView

_GOOD = {
    Note.CONFIRMED,
    Note.APPROVED,
    Note.REFUSAL_RECORDED,
    Note.PUT_BACK,
    Note.CARD_GIVEN,
    Note.CARD_ENDED,
    Note.WATCHED,
    Note.NOT_WATCHED,
}
_INFO = {Note.NOBODY_WAITS, Note.CALLED_AGAIN, Note.MARKED_MISSED, Note.SETTLED}
SHORTEST_REASON = 3
_NO_END = 2000
_SIGNS = {"deg": "°", "px": " px", "bit": " bit"}
"""Of units; grey levels and what has no unit are bare numbers."""


def noted(note: Note | None) -> dict[str, Value]:
    """Say a note: which sentence, and how loudly."""
    if note is None:
        return {"note_key": "", "note_kind": "info"}
    kind = "good" if note in _GOOD else "info" if note in _INFO else "error"
    return {"note_key": f"booth-note-{note.replace('_', '-')}", "note_kind": kind}


def picture(content: bytes | None, kind: str = "jpeg") -> str:
    """Give a JPEG, or a PNG, to QML."""
    if content is None:
        return ""
    return f"data:image/{kind};base64," + base64.b64encode(content).decode()


def shots_shown(shots: tuple[Shot, ...]) -> list[Value]:
    """List photographs, each with what the machine's check has to say."""
    return [
        {"picture": picture(shot.jpeg), "advice": [advice(found) for found in shot.advice]}
        for shot in shots
    ]


def advice(found: Finding) -> dict[str, Value]:
    """Say one finding: its drawing, what is wrong, what to do, and what was measured."""
    name = found.rule.replace("_", "-")
    low, high = (float(end) for end in found.limit.split(".."))
    return {
        "pictogram": f"portrait_{found.rule}",
        "fault_key": f"booth-fault-{name}",
        "advice_key": f"booth-advice-{name}",
        "measured": _measure(found.value, found.unit),
        "allowed": _span(low, high, found.unit),
    }


def _span(low: float, high: float, unit: str) -> str:
    """What is allowed, in signs of every language; an end that nothing reaches is left out."""
    if high >= _NO_END or (high == 1 and low > 0):
        return f"≥ {_measure(low, unit)}"
    if low == 0:
        return f"≤ {_measure(high, unit)}"
    return f"{_measure(low, unit)} – {_measure(high, unit)}"


def _measure(value: float, unit: str) -> str:
    if unit.startswith("of "):
        return f"{100 * value:.0f} %"
    return f"{value:.1f}".removesuffix(".0").replace("-", "−") + _SIGNS.get(unit, "")


def particulars(case: CaseView) -> list[Value]:
    """List the form, field by field."""
    rows: list[Value] = []
    for field, value in case.particulars:
        rows.append(
            {
                "field": field,
                "label_key": label_key(field),
                "value": _shown(field, value),
                "value_key": value_key(field, str(value or "")),
                "missing": field in case.missing,
            }
        )
    return rows


def known_codes(case: CaseView) -> str:
    """List each character of the Chinese name with the codes that it may have."""
    return "   ".join(
        f"{one} {' / '.join(codes_for(one)) or shown_codes(NO_CODE)}"
        for one in case.particulars.chinese_name
    )


def _shown(field: str, value: object) -> str:
    if field == "chinese_codes":
        return shown_codes(str(value))
    return value.isoformat() if isinstance(value, date) else str(value or "")


def label_key(field: str) -> str:
    """The text that names a field of the form."""
    return f"booth-field-{field.replace('_', '-')}"


def value_key(field: str, value: str) -> str:
    """The text of a value that is one of few; empty for one that was typed."""
    if value and field in ("sex", "marital_status"):
        return f"booth-value-{field.replace('_', '-')}-{value.lower()}"
    return ""


def done_marks(case: CaseView) -> list[Value]:
    """The texts of what is done."""
    return [f"booth-done-{mark.replace('_', '-')}" for mark in case.done]


def hand_off_key(case: CaseView) -> str:
    """The text of why a kiosk handed the case over; empty if none did."""
    return f"booth-hand-off-{case.hand_off.replace('_', '-')}" if case.hand_off else ""


def lateness_key(case: CaseView) -> str:
    """The text of why the person came late, as declared at the kiosk; empty if in time."""
    return f"booth-late-{case.lateness.replace('_', '-')}" if case.lateness else ""


def card_face(case: CaseView) -> dict[str, Value]:
    """What the card will show."""
    form = case.particulars
    born = form.date_of_birth.isoformat() if form.date_of_birth else ""
    return {
        "name": f"{form.surname}, {form.given_names}".strip(", "),
        "chinese_name": form.chinese_name,
        "number": case.identity_number,
        "born": born,
        "sex_key": value_key("sex", form.sex),
        "portrait": picture(case.portrait),
    }


def form(value: str) -> Mapping[str, str]:
    """Read what a screen with several fields says.

    Raises:
        ValueError: It is not a form.
    """
    said = json.loads(value)
    if not isinstance(said, dict):
        raise ValueError("a form is an object")  # noqa: TRY004 (the window knows ValueError)
    return {str(key): str(part) for key, part in said.items()}


def reason(typed: str) -> str:
    """Take a reason.

    Raises:
        ValueError: It says nothing.
    """
    plain = typed.strip()
    if not SHORTEST_REASON <= len(plain) <= 200:
        raise ValueError("a reason has at least three letters")
    return plain
