"""Opens a booking by number, year of birth and enquiry code, and tells strangers nothing.

Whether the number has no booking, the year or the code is wrong, or too many codes were tried: the
answer, the statements and the writing are the same.
"""

import hmac
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Executable, bindparam, delete, select

from backend.commands.identity import Identity
from backend.schema.base import upsert
from backend.schema.booking_tables import enquiry_tries
from backend.settings import BookingSettings
from backend.transaction import Transaction

_FORGOTTEN = timedelta(days=7)
_MOST_DOUBLINGS = 6

_TRIES = select(enquiry_tries).where(enquiry_tries.c.person == bindparam("of_person"))


def _note(dialect: str) -> Executable:
    write = upsert(dialect, enquiry_tries)
    new = {name: write.excluded[name] for name in ("wrong", "last_at", "locked_until")}
    statement: Executable = write.on_conflict_do_update(
        index_elements=[enquiry_tries.c.person], set_=new
    )
    return statement


_NOTE = {dialect: _note(dialect) for dialect in ("sqlite", "postgresql")}


class Kept(NamedTuple):
    """What is kept of the code: the hash, and the booking or wish that it is bound to."""

    subject: str
    code: bytes


_NOTHING = Kept("", bytes(32))


def opens(
    transaction: Transaction,
    rules: BookingSettings,
    kept: Kept | None,
    who: Identity,
    code: str,
) -> bool:
    """Tell whether the details open what is kept, and count the try.

    After rules.wrong_codes wrong tries even the right code opens nothing for a while. The caller
    must let the transaction stand when this says no: the count is the protection.
    """
    person = who.person(transaction)
    tries = transaction.connection.execute(_TRIES, {"of_person": person}).one_or_none()
    subject, right = kept or _NOTHING
    is_right = hmac.compare_digest(code_hash(transaction, subject, who, code), right)
    locked = None if tries is None else tries.locked_until
    is_locked = locked is not None and locked > transaction.now
    does_open = is_right and kept is not None and not is_locked
    wrong = 0 if does_open else (0 if tries is None else tries.wrong) + (not is_locked)
    if not does_open and not is_locked and wrong % rules.wrong_codes == 0:
        doublings = min(wrong // rules.wrong_codes - 1, _MOST_DOUBLINGS)
        locked = transaction.now + timedelta(minutes=rules.lock_minutes) * 2**doublings
    values = {
        "wrong": wrong,
        "last_at": transaction.now,
        "locked_until": None if does_open else locked,
    }
    note = _NOTE[transaction.connection.dialect.name]
    transaction.connection.execute(note, {"person": person, **values})
    return does_open


def code_hash(transaction: Transaction, subject: str, who: Identity, code: str) -> bytes:
    """Return what is kept of year and code, for one booking or wish."""
    text = f"{subject} {who.year_of_birth} {code}"
    return hmac.digest(transaction.keys.people, text.encode(), "sha256")


def forget_old(transaction: Transaction) -> None:
    """Forget the tries of last week; who was locked for longest was locked for less."""
    transaction.connection.execute(
        delete(enquiry_tries).where(enquiry_tries.c.last_at < transaction.now - _FORGOTTEN)
    )
