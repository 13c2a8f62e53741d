"""Wrong passwords: counted for each officer, kept over restarts, and slower each time."""

from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from backend.commands.station import Station
from backend.schema.tables import officers
from backend.schema.trust_tables import sign_in_failures
from backend.transaction import Refusal, Transaction

TRIES = 5
_LONGEST_MIN = 60
_FORGOTTEN = timedelta(days=1)


def attempt(transaction: Transaction, officer_id: str) -> None:
    """Count a try before the password is looked at, so that many at once are counted too.

    After five wrong ones in a row each further one is a minute, two, four … up to an hour apart. A
    name that no officer has is counted alike, and tells nothing.

    Raises:
        Refusal: It is too early for another try.
    """
    row = transaction.connection.execute(
        select(sign_in_failures).where(sign_in_failures.c.officer_id == officer_id)
    ).one_or_none()
    if row is None:
        values = {"failures": 1, "locked_until": transaction.now}
        transaction.connection.execute(
            insert(sign_in_failures).values(officer_id=officer_id, **values)
        )
        return
    if transaction.now < row.locked_until:
        wait_s = int((row.locked_until - transaction.now).total_seconds()) + 1
        raise Refusal(429, "too_many_tries", f"wait {wait_s} seconds")
    transaction.connection.execute(
        update(sign_in_failures)
        .where(sign_in_failures.c.officer_id == officer_id)
        .values(failures=row.failures + 1, locked_until=transaction.now + _pause(row.failures + 1))
    )


def failed(transaction: Transaction, station: Station, officer_id: str) -> None:
    """Write into the books that a password was wrong. An unknown name may be a password: not it."""
    known = transaction.connection.execute(
        select(officers.c.officer_id).where(officers.c.officer_id == officer_id)
    ).scalar_one_or_none()
    transaction.record("sign_in_refused", "", station.name, known)


def succeeded(transaction: Transaction, officer_id: str) -> None:
    """Forget the wrong ones."""
    transaction.connection.execute(
        delete(sign_in_failures).where(sign_in_failures.c.officer_id == officer_id)
    )


def forget_old(transaction: Transaction) -> None:
    """Drop the counts of yesterday."""
    transaction.connection.execute(
        delete(sign_in_failures).where(
            sign_in_failures.c.locked_until < transaction.now - _FORGOTTEN
        )
    )


def _pause(failures: int) -> timedelta:
    if failures < TRIES:
        return timedelta()
    return timedelta(minutes=min(2 ** (failures - TRIES), _LONGEST_MIN))
