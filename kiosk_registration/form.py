"""The application form in pages: which fields, how each is typed, and what counts as sensible."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import ValidationError

from common.domain.districts import district_of, joined, street_of
from common.wire.shapes import Particulars


class Pad(StrEnum):
    """How a field is filled in."""

    LETTERS = "letters"
    DIGITS = "digits"
    DATE = "date"
    CHOICE = "choice"
    DISTRICT = "district"


class FormKind(StrEnum):
    """Which form a person fills in: ROP 1, ROP 2 or ROP 3, by age."""

    ADULT = "adult"
    YOUTH = "youth"
    CHILD = "child"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form; name is that of Particulars, or district, which ends the address."""

    name: str
    pad: Pad
    maximum: int = 40
    choices: tuple[str, ...] = ()


PAGES: tuple[tuple[Field, ...], ...] = (
    (Field("surname", Pad.LETTERS), Field("given_names", Pad.LETTERS)),
    (Field("date_of_birth", Pad.DATE, 8),),
    (
        Field("sex", Pad.CHOICE, choices=("M", "F")),
        Field("marital_status", Pad.CHOICE, choices=("single", "married", "divorced", "widowed")),
    ),
    (Field("place_of_birth", Pad.LETTERS), Field("nationality", Pad.LETTERS)),
    (Field("occupation", Pad.LETTERS),),
    (Field("address", Pad.LETTERS, 90), Field("district", Pad.DISTRICT)),
    (Field("telephone", Pad.DIGITS, 15),),
)
"""A page has choices or what is typed, never both: a pad needs the room."""

PAGE_NAMES = ("name", "birth", "about", "origin", "work", "address", "telephone")
UNASKED: dict[FormKind, tuple[str, ...]] = {
    FormKind.ADULT: (),
    FormKind.YOUTH: ("occupation",),
    FormKind.CHILD: ("occupation", "marital_status"),
}
"""Who is under 18 goes to school; nobody under 16 can be married (Cap. 181)."""
FIELDS = {field.name: field for page in PAGES for field in page}
OLDEST = date(1880, 1, 1)


def form_kind(date_of_birth: date | None, today: date) -> FormKind:
    """Return the form for an age; until the birthday is known it is that of an adult."""
    if date_of_birth is None:
        return FormKind.ADULT
    had_birthday = (today.month, today.day) >= (date_of_birth.month, date_of_birth.day)
    age = today.year - date_of_birth.year - (not had_birthday)
    return FormKind.ADULT if age >= 18 else FormKind.YOUTH if age >= 11 else FormKind.CHILD


def fields_of(page: int, kind: FormKind) -> tuple[Field, ...]:
    """Return what a page asks of this form; nothing where the page is left out."""
    return tuple(field for field in PAGES[page] if field.name not in UNASKED[kind])


def pages_of(kind: FormKind) -> tuple[int, ...]:
    """Return the pages of a form in their order."""
    return tuple(page for page in range(len(PAGES)) if fields_of(page, kind))


def page_of(name: str) -> int:
    """Tell on which page a field is."""
    return next(
        number for number, page in enumerate(PAGES) if name in {field.name for field in page}
    )


def text_of(particulars: Particulars, name: str) -> str:
    """Return a field as the pads write it: a date as eight digits, day first."""
    if name == "district":
        return district_of(particulars.address)
    if name == "address":
        return street_of(particulars.address)
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
    if values.keys() & {"address", "district"}:
        street = str(values.get("address", street_of(particulars.address)))
        district = str(values.pop("district", district_of(particulars.address)))
        values["address"] = joined(street, district)
    if _of_child(particulars, values, today):
        values["marital_status"] = "single"
    try:
        return Particulars.model_validate({**particulars.model_dump(), **values})
    except ValidationError as error:
        # The error's own words would repeat what was typed.
        raise ValueError(*{str(part["loc"][0]) for part in error.errors()}) from None


def _of_child(particulars: Particulars, values: Mapping[str, object], today: date) -> bool:
    born = values.get("date_of_birth", particulars.date_of_birth)
    return isinstance(born, date) and form_kind(born, today) is FormKind.CHILD


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
