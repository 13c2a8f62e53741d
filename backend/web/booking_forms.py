"""Reads what people type when they book: the slot, the people who come, the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from backend.commands.bookings import Reason
from backend.commands.holds import Choice
from backend.commands.party import Visitor, Wish
from backend.commands.slots import LARGEST_GROUP, slot_from_text, slot_text
from backend.settings import OfficeSettings, Settings
from backend.web.forms import Errors, in_order, read_person, read_who
from common.domain.queue import AGED_FROM, MOST_COMPANIONS, Companion

PERSONAL = ("identity_number", "year_of_birth", "enquiry_code", "reason")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A slot as far as it could be read."""

    office: OfficeSettings | None
    choice: Choice | None
    people: int
    errors: Errors = field(default_factory=dict)


def read_people(text: str) -> int:
    """Read how many people come together; anything odd is one."""
    return int(text) if text in {str(n) for n in range(1, LARGEST_GROUP + 1)} else 1


def read_choice(typed: Mapping[str, str], settings: Settings) -> Chosen:
    """Read office, slot and number of people; a slot may name its office: 2026-11-23T09:15@HQ."""
    errors: Errors = {}
    text, _, code = typed.get("slot", "").partition("@")
    office = settings.office(code or typed.get("office", ""))
    if office is None:
        errors["office"] = "error-office"
    people = read_people(typed.get("people", ""))
    try:
        starts_at = slot_from_text(text)
    except ValueError:
        errors["slot"] = "error-slot"
        return Chosen(office, None, people, errors)
    choice = None if office is None else Choice(office, starts_at, people)
    return Chosen(office, choice, people, errors)


def read_wish(
    typed: Mapping[str, str], settings: Settings, today: date
) -> tuple[Wish | None, Chosen, Errors]:
    """Read a whole booking; the errors are in the order of the page's fields."""
    chosen = read_choice(typed, settings)
    errors = dict(chosen.errors)
    if typed.get("reason") not in set(Reason):
        errors["reason"] = "error-reason"
    who = read_who(typed, today)
    errors |= who.errors
    visitors = [] if who.number is None else [Visitor(who.number, who.year_of_birth)]
    for n in range(1, chosen.people):
        companion, wrong = _read_companion(typed, today, n)
        errors |= wrong
        if companion is not None:
            visitors.append(companion)
    errors |= _wrong_together(visitors)
    if errors or chosen.choice is None:
        return None, chosen, in_order(errors, _fields(chosen.people))
    reason = Reason(typed["reason"])
    return Wish(chosen.choice, tuple(visitors), who.enquiry_code, reason), chosen, {}


def slot_value(choice: Choice) -> str:
    """Write a slot with its office, as `read_choice` reads it."""
    return f"{slot_text(choice.starts_at)}@{choice.office.code}"


def _read_companion(typed: Mapping[str, str], today: date, n: int) -> tuple[Visitor | None, Errors]:
    number, year, errors = read_person(typed, today, f"_{n}")
    kind = typed.get(f"companion_{n}")
    if kind not in set(Companion):
        errors[f"companion_{n}"] = "error-choose"
    elif kind == Companion.AGED and not errors and today.year - year < AGED_FROM:
        errors[f"year_of_birth_{n}"] = "booking-error-aged"
    if errors or number is None:
        return None, errors
    return Visitor(number, year, Companion(str(kind))), {}


def _wrong_together(visitors: list[Visitor]) -> Errors:
    """Say what is wrong with a group as a whole: a person twice, or too many of a kind."""
    errors: Errors = {}
    kinds = [one.companion for one in visitors]
    if len({str(one.number) for one in visitors}) < len(visitors):
        errors["identity_number"] = "booking-error-twice"
    if any(kinds.count(kind) > most for kind, most in MOST_COMPANIONS.items()):
        errors["companion_1"] = "booking-error-companions"
    return errors


def _fields(people: int) -> tuple[str, ...]:
    names = ["office", "slot", "reason", "identity_number", "year_of_birth", "enquiry_code"]
    for n in range(1, people):
        names += [f"companion_{n}", f"identity_number_{n}", f"year_of_birth_{n}"]
    return tuple(names)
