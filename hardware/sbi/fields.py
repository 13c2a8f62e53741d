"""JSON and base64 of SBI answers: what is there as it should be, or a refusal."""

import json
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from hardware.sbi.refusals import malformed

Fields: TypeAlias = Mapping[str, Any]
LONGEST_TEXT = 512


def parsed(text: bytes | str) -> Any:
    """Read JSON.

    Raises:
        AnswerRefusedError: It is none (malformed).
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise malformed("no JSON") from error


def an_object(value: Any, what: str) -> Fields:
    """Return value if it is a JSON object."""
    if not isinstance(value, dict):
        raise malformed(f"{what} is no object")
    return value


def objects(value: Any, what: str) -> list[Fields]:
    """Return value if it is a list of objects; one object stands for a list of it."""
    many = value if isinstance(value, list) else [value]
    return [an_object(one, what) for one in many]


def text(fields: Fields, name: str) -> str:
    """Return a short text that must be there."""
    value = fields.get(name)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise malformed(f"no {name}")
    return value


def long_text(fields: Fields, name: str) -> str:
    """Return a text of any length that must be there, such as a token."""
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise malformed(f"no {name}")
    return value


def text_or_nothing(fields: Fields, name: str) -> str:
    """Return a text; nothing where it is absent or null."""
    return "" if fields.get(name) is None else text(fields, name)


def texts(fields: Fields, name: str) -> tuple[str, ...]:
    """Return a list of texts; a single one stands for a list of it, numbers are taken as text."""
    value = fields.get(name)
    many = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str | int) for one in many):
        raise malformed(f"no {name}")
    return tuple(str(one)[:LONGEST_TEXT] for one in many)


def score(fields: Fields, name: str) -> float:
    """Return a number from 0 to 100, written as text ("78.0") or as a number."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise malformed(f"no {name}")
    try:
        number = float(value)
    except (ValueError, OverflowError) as error:
        raise malformed(f"{name} is no number") from error
    if not 0 <= number <= 100:
        raise malformed(f"{name} is not 0 to 100")
    return number


def moment(fields: Fields, name: str) -> datetime:
    """Return a time in ISO 8601 that tells its zone."""
    try:
        found = datetime.fromisoformat(text(fields, name))
    except ValueError as error:
        raise malformed(f"{name} is no time") from error
    if found.tzinfo is None:
        raise malformed(f"{name} has no zone")
    return found


def base64url(value: str, what: str) -> bytes:
    """Decode base64url, with or without padding; no other letter is let pass."""
    body = value.rstrip("=")
    if not value.isascii() or not body.replace("-", "").replace("_", "").isalnum():
        raise malformed(f"{what} is no base64url")
    try:
        return urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except (Base64Error, ValueError) as error:
        raise malformed(f"{what} is no base64url") from error
