"""Reads what people type into the pages, field by field, and says what is wrong in which field."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import Request

from backend.transaction import Refusal
from common.domain.identity_number import IdentityNumber
from common.wire.shapes import REQUIRED_FIELDS, Particulars

FIELDS = tuple(Particulars.model_fields)
_CHOICES = {"sex": ("M", "F"), "marital_status": ("single", "married", "divorced", "widowed")}
_LETTERS = re.compile(r"[A-Za-z][A-Za-z ,.'’-]*")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{1,6}")
_TELEPHONE = re.compile(r"[0-9 +-]{1,20}")
_LONGEST = 200
_EARLIEST_YEAR = 1880

Errors = dict[str, str]
"""Field name -> key of the sentence that says what is wrong."""


async def read_form(request: Request) -> dict[str, str]:
    """Read a form's texts.

    Raises:
        Refusal: It came from another site, or holds something that is no text.
    """
    typed, _ = await read_many(request)
    return typed


async def read_many(request: Request, several: str = "") -> tuple[dict[str, str], list[str]]:
    """Read a form in which one field may have several values, such as ticked boxes.

    Raises:
        Refusal: It came from another site.
    """
    _same_site(request)
    form = await request.form(max_files=0, max_fields=60)
    typed = {
        name: unicodedata.normalize("NFC", value).strip()
        for name, value in form.items()
        if isinstance(value, str)
    }
    return typed, [value for value in form.getlist(several) if isinstance(value, str)]


def _same_site(request: Request) -> None:
    # A page of another site must not send forms in a visitor's name.
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    own = origin in (None, "null") or origin.split("://")[-1] == request.headers.get("host")
    if site not in ("same-origin", "same-site", "none") or not own:
        raise Refusal(403, "other_site")


@dataclass(frozen=True, slots=True)
class Who:
    """The details that open a booking."""

    number: IdentityNumber | None
    year_of_birth: int
    enquiry_code: str
    errors: Errors = field(default_factory=dict)


def read_who(typed: Mapping[str, str], today: date) -> Who:
    """Read number, year of birth and enquiry code."""
    number, year, errors = read_person(typed, today)
    code = _digits(typed.get("enquiry_code", ""), 4)
    if code is None:
        errors["enquiry_code"] = "error-enquiry_code"
    return Who(number, year, code or "", errors)


def read_person(
    typed: Mapping[str, str], today: date, ending: str = ""
) -> tuple[IdentityNumber | None, int, Errors]:
    """Read number and year of birth; the fields' names may have an ending."""
    errors: Errors = {}
    number = None
    try:
        number = IdentityNumber.parse(typed.get(f"identity_number{ending}", ""))
    except ValueError:
        errors[f"identity_number{ending}"] = "error-identity_number"
    year = _digits(typed.get(f"year_of_birth{ending}", ""), 4)
    if year is None or not _EARLIEST_YEAR <= int(year) <= today.year:
        errors[f"year_of_birth{ending}"] = "error-year_of_birth"
        year = "0"
    return number, int(year), errors


def read_particulars(
    typed: Mapping[str, str],
    before: Particulars,
    fields: tuple[str, ...],
    today: date,
    year_of_birth: int | None = None,
) -> tuple[Particulars, Errors]:
    """Read these fields over a form as it was; a field that is wrong keeps what it held."""
    values: dict[str, Any] = {}
    errors: Errors = {}
    for name in fields:
        if name not in typed:
            continue
        text = typed[name]
        value: str | date | None = text
        if name == "date_of_birth":
            value, error = _date(text, today, year_of_birth)
        else:
            error = _wrong(name, text)
            if name in ("surname", "given_names"):
                value = text.upper()
        if error is None:
            values[name] = value
        else:
            errors[name] = error
    return Particulars.model_validate({**before.model_dump(), **values}), errors


def missing_errors(particulars: Particulars) -> Errors:
    """Say which fields a complete form still needs."""
    return {
        name: "error-choose" if name in _CHOICES else "error-required"
        for name in particulars.missing()
    }


def in_order(errors: Errors, fields: tuple[str, ...]) -> Errors:
    """Return the errors in the order in which the page shows its fields."""
    return {name: errors[name] for name in fields if name in errors}


def describe_fields(
    names: tuple[str, ...], values: Mapping[str, object], errors: Errors
) -> dict[str, dict[str, Any]]:
    """Describe fields for the page: kind of input, choices, value, error."""
    return {
        name: {
            "name": name,
            "kind": "choice" if name in _CHOICES else _KINDS.get(name, "text"),
            "choices": _CHOICES.get(name, ()),
            "required": name in REQUIRED_FIELDS,
            "value": str(values.get(name) or ""),
            "error": errors.get(name),
            "autocomplete": _AUTOCOMPLETE.get(name, "off"),
        }
        for name in names
    }


_KINDS = {"date_of_birth": "date", "telephone": "tel", "address": "long"}
_AUTOCOMPLETE = {
    "surname": "family-name",
    "given_names": "given-name",
    "date_of_birth": "bday",
    "address": "street-address",
    "telephone": "tel",
}


def _wrong(name: str, text: str) -> str | None:
    if not text:
        return None
    if len(text) > _LONGEST or any(
        unicodedata.category(c) == "Cc" for c in text if c not in "\r\n"
    ):
        return "error-long"
    if name in _CHOICES:
        return None if text in _CHOICES[name] else "error-choose"
    if name in ("surname", "given_names"):
        return None if _LETTERS.fullmatch(text) else "error-letters"
    if name == "chinese_name":
        return None if _HAN.fullmatch(text) else "error-chinese"
    if name == "telephone":
        return None if _TELEPHONE.fullmatch(text) else "error-telephone"
    return None


def _date(text: str, today: date, year: int | None) -> tuple[date | None, str | None]:
    if not text:
        return None, None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, "error-date"
    if day > today or day.year < _EARLIEST_YEAR:
        return None, "error-date"
    if year is not None and day.year != year:
        return None, "error-year-other"
    return day, None


def _digits(text: str, count: int) -> str | None:
    plain = unicodedata.normalize("NFKC", text)
    return plain if re.fullmatch(rf"[0-9]{{{count}}}", plain, re.ASCII) else None
