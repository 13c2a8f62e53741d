"""What a state of the program is told apart by: its stack, and what its variables hold."""

from collections.abc import Hashable, Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from types import FrameType
from typing import Any
from uuid import UUID

from common.journal.journal import Motion
from common.wire.shapes import CaseView
from kiosk_collection import visit as v

_FOLLOWED = (
    "kiosk_collection",
    "common/equipment",
    "tests/model/machine.py",
    "tests/model/program.py",
)
_WORDS = {f"kiosk_collection.{name}" for name in ("visit", "tasks", "events", "outcome")}
_NAMELESS = {"ids", "reserve_key", "case_id", "card_id", "version", "pocket", "document", "last"}


def books_of(motions: Iterable[Motion], facts: Iterable[str]) -> Hashable:
    """Return what the books say, without the ids that differ from run to run."""
    told = tuple(
        (one.kind, tuple((n, str(x)) for n, x in one.body.items() if n not in _NAMELESS))
        for one in motions
    )
    return (told, tuple(facts))


def stack_of(frame: FrameType | None) -> Hashable:
    """Return where the program stands: each call of its code, and what its variables hold."""
    places = []
    while frame is not None:
        code = frame.f_code
        if code.co_name == "run" and code.co_filename.endswith("program.py"):
            break
        if any(part in code.co_filename for part in _FOLLOWED):
            held = tuple(print_of(value) for value in frame.f_locals.values())
            places.append((code.co_name, frame.f_lasti, held))
        frame = frame.f_back
    return tuple(places)


def print_of(value: Any) -> Hashable:
    """Return what tells a value apart, without ids and without what cannot be compared."""
    match value:
        case Enum() | str() | int() | float() | None:
            return value
        case tuple() | list() | frozenset():
            return tuple(print_of(part) for part in value)
        case Motion(kind=kind, body=body):
            return (kind, str(body.get("step")), str(body.get("why")), str(body.get("told")))
        case CaseView() | UUID():
            return type(value).__name__
        case v.NewCard():
            return "NewCard"
    if is_dataclass(value) and type(value).__module__ in _WORDS:
        parts = tuple(print_of(getattr(value, one.name)) for one in fields(value))
        return (type(value).__name__, *parts)
    return type(value).__name__
