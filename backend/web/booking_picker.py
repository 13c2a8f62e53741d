"""What the choice of office, day and slot shows: booking and changing have it in common."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.api.access import Service
from backend.commands import closures, holds, slots
from backend.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Asked:
    """What the picker was asked to show."""

    office: str = ""
    day: str = ""
    people: int = 1


async def picker(running: Service, asked: Asked) -> dict[str, Any]:
    """Read what the choice of office, day and slot needs."""
    if await running.store.read(holds.any_expired):
        await running.store.command(holds.release_expired)
    offices = running.settings.offices
    office = running.settings.office(asked.office) or offices[0]

    def ask(transaction: Transaction) -> dict[str, Any]:
        days = slots.free_by_day(transaction, office, asked.people)
        day = _chosen_day(days, asked.day)
        first = {
            other.code: _first_free(slots.free_by_day(transaction, other, asked.people))
            for other in offices
        }
        return {
            "offices": offices,
            "office": office,
            "people": asked.people,
            "largest_group": slots.LARGEST_GROUP,
            "first_free": first,
            "days": days,
            "day": day,
            "slots": slots.free_on(transaction, office, day, asked.people),
            "slot_text": slots.slot_text,
            "shut": closures.coming(transaction, office.code),
        }

    return await running.store.read(ask)


def _first_free(days: dict[date, int]) -> date | None:
    return next((day for day, places in days.items() if places), None)


def _chosen_day(days: dict[date, int], wanted: str) -> date:
    by_text = {day.isoformat(): day for day in days}
    return by_text.get(wanted) or _first_free(days) or next(iter(days))
