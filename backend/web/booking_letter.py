"""What the appointment letter says about the booking: its group, its closure, what can change."""

from typing import Any

from sqlalchemy import Row

from backend.commands import bookings, changes
from backend.commands.party import companion_of
from backend.settings import OfficeSettings
from backend.transaction import Transaction


def about_booking(
    transaction: Transaction, office: OfficeSettings, booking: Row[Any]
) -> dict[str, Any]:
    """Return what booking_letter.html needs beside the letter itself."""
    return {
        "may_change": changes.may_change(transaction, office, booking),
        "change_days": office.change_working_days,
        "is_carried": booking.carried_from is not None,
        "suggested_at": booking.suggested_at,
        "companions": [
            {
                "reference": bookings.reference(transaction, one.booking_id),
                "kind": companion_of(transaction, one),
            }
            for one in changes.party(transaction, booking)[1:]
        ],
    }
