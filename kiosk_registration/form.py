"""The application form in pages: which fields, how each is typed, and what counts as sensible."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import ValidationError

from common.wire.shapes import Particulars


class Pad(StrEnum):
    """How a field is filled in."""

    LETTERS = "letters"
    DIGITS = "digits"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form; name is that of Particulars."""

    name: str
    pad: Pad
    maximum: int = 40
    choices: tuple[str, ...] = ()


PAGES: tuple[tuple[Field, ...], ...] = (
    (Field("surname", Pad.LETTERS), Field("given_names", Pad.LETTERS)),
    (
        Field("sex", Pad.CHOICE, choices=("M", "F")),
        Field("marital_status", Pad.CHOICE, choices=("single", "married", "divorced", "widowed")),
    ),
    (Field("date_of_birth", Pad.DATE, 8),),
    (Field("place_of_birth", Pad.LETTERS), Field("nationality", Pad.LETTERS)),
    (Field("occupation", Pad.LETTERS),),
    (Field("address", Pad.LETTERS, 120),),
    (Field("telephone", Pad.DIGITS, 15),),
)
"""A page has choices or what is typed, never both: a pad needs the room."""

FIELDS = {field.name: field for page in PAGES for field in page}
OLDEST = date(1880, 1, 1)


def page_of(name: str) -> int:
    """Tell on which page a field is."""
    return next(
        number for number, page in enumerate(PAGES) if name in {field.name for field in page}
    )


def text_of(particulars: Particulars, name: str) -> str:
    """Return a field as the pads write it: a date as eight digits, day first."""
    value = getattr(particulars, name)
    if isinstance(value, date):
        return f"{value:%d%m%Y}"
    return "" if value is None else str(value)


def filled(particulars: Particulars, typed: Mapping[str, str], today: date) -> Particulars:
    """Return the form with what was typed; an empty text leaves a gap.

    Raises:
        ValueError: A field holds nothing sensible; its args name the fields.
    """
    values: dict[str, object] = {}
    for name, text in typed.items():
        if name not in FIELDS:
            raise ValueError(name)
        clean = " ".join(text.split())
        values[name] = _date(clean, today) if name == "date_of_birth" else clean
        if name == "telephone" and clean and len(clean) < 8:
            raise ValueError(name)
    try:
        return Particulars.model_validate({**particulars.model_dump(), **values})
    except ValidationError as error:
        # The error's own words would repeat what was typed.
        raise ValueError(*{str(part["loc"][0]) for part in error.errors()}) from None


def typed_in(text: str) -> dict[str, str]:
    """Read what a page hands over: JSON of field names and texts.

    Raises:
        ValueError: It is something else.
    """
    found = json.loads(text)
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise ValueError("not a page of the form")
    return {str(name): str(value) for name, value in found.items()}


def _date(text: str, today: date) -> date | None:
    if not text:
        return None
    if len(text) != 8 or not text.isdigit():
        raise ValueError("date_of_birth")
    try:
        found = date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        raise ValueError("date_of_birth") from None
    if not OLDEST <= found <= today:
        raise ValueError("date_of_birth")
    return found
