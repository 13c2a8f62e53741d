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
PARTS: dict[str, tuple[str, ...]] = {
    "name": ("surname", "given_names", "chinese_name", "chinese_codes"),
    "person": (
        "sex",
        "date_of_birth",
        "place_of_birth",
        "nationality",
        "marital_status",
        "occupation",
    ),
    "contact": ("address", "telephone"),
}
"""The form in short steps: part -> its fields, in the order of the page."""

_DATE_PARTS = ("day", "month", "year")
_CHOICES = {"sex": ("M", "F"), "marital_status": ("single", "married", "divorced", "widowed")}
_LETTERS = re.compile(r"[A-Za-z][A-Za-z ,.'’-]*")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{1,6}")
_CODES = re.compile(r"[0-9]{4,5}( [0-9]{4,5}){0,5}", re.ASCII)
_TELEPHONE = re.compile(r"[0-9 +-]{1,20}", re.ASCII)
_LONGEST = 200
_EARLIEST_YEAR = 1880

LANGUAGE_BUTTON = "lang"
"""The name of the buttons that send a half-filled form to get the page in another language."""

Errors = dict[str, str]
"""Field name -> key of the sentence that says what is wrong."""


async def read_form(request: Request) -> dict[str, str]:
    """Read a form's texts; a form that a language button sent turns the page to that language.

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
    request.state.language = typed.pop(LANGUAGE_BUTTON, None)
    return typed, [value for value in form.getlist(several) if isinstance(value, str)]


def turns_language(request: Request) -> bool:
    """Tell whether the form was sent by a language button: nothing is to be done, only said."""
    return getattr(request.state, "language", None) is not None


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
        text = typed.get(name, _joined_date(typed) if name == "date_of_birth" else None)
        if text is None:
            continue
        value: str | date | None = text
        if name == "date_of_birth":
            value, error = _date(text, today, year_of_birth)
        else:
            text = _tidied(name, text)
            error = _wrong(name, text)
            value = text
        if error is None:
            values[name] = value
        else:
            errors[name] = error
    form = Particulars.model_validate({**before.model_dump(), **values})
    if form.chinese_codes and len(form.chinese_codes.split()) != len(form.chinese_name):
        # One code a character (common schema of the Chinese name); who lacks one leaves all out.
        errors.setdefault("chinese_codes", "error-codes-count")
        form = form.model_copy(update={"chinese_codes": before.chinese_codes})
        if len(form.chinese_codes.split()) != len(form.chinese_name):
            form = form.model_copy(update={"chinese_codes": ""})
    return form, errors


def _joined_date(typed: Mapping[str, str]) -> str | None:
    """Join day, month and year as typed into three fields; None where they were not asked for."""
    parts = [typed.get(f"date_of_birth-{part}") for part in _DATE_PARTS]
    if parts == [None, None, None]:
        return None
    day, month, year = (unicodedata.normalize("NFKC", part or "").strip() for part in parts)
    if not day + month + year:
        return ""
    return f"{year}-{month:0>2}-{day:0>2}"


def _tidied(name: str, text: str) -> str:
    if name in ("surname", "given_names"):
        return unicodedata.normalize("NFKC", text).upper()
    if name in ("telephone", "chinese_codes"):
        return " ".join(unicodedata.normalize("NFKC", text).split())
    if name == "chinese_name":
        return "".join(text.split())
    return text


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
            "parts": _date_parts(values) if name == "date_of_birth" else {},
            "error": errors.get(name),
            "hint": name in _WITH_HINT,
            "maximum": _LONGEST_TEXT.get(name, _LONGEST),
            "autocomplete": _AUTOCOMPLETE.get(name, "off"),
            "mode": _MODES.get(name, "text"),
        }
        for name in names
    }


def _date_parts(values: Mapping[str, object]) -> dict[str, str]:
    """Split a date for its three fields; what was typed there stands as it was typed."""
    year, _, rest = str(values.get("date_of_birth") or "").partition("-")
    month, _, day = rest.partition("-")
    known = {"day": day.lstrip("0"), "month": month.lstrip("0"), "year": year}
    return {part: str(values.get(f"date_of_birth-{part}", known[part])) for part in _DATE_PARTS}


_KINDS = {"date_of_birth": "date", "telephone": "tel", "address": "long"}
_MODES = {"telephone": "tel", "chinese_codes": "numeric"}
_WITH_HINT = (
    "surname",
    "given_names",
    "chinese_name",
    "chinese_codes",
    "date_of_birth",
    "telephone",
)
_LONGEST_TEXT = {"chinese_name": 12, "chinese_codes": 35, "telephone": 20}
_AUTOCOMPLETE = {
    "surname": "family-name",
    "given_names": "given-name",
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
    if name == "chinese_codes":
        return None if _CODES.fullmatch(text) else "error-codes"
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
