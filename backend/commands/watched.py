"""People whom reception sees before anybody else does. Why is not kept here."""

from sqlalchemy import bindparam, delete, insert, select

from backend.commands.effects import PersonWatched
from backend.commands.station import Officer, Station, must_have_role
from backend.schema.tables import watched_people
from backend.transaction import Refusal, Transaction
from common.domain.identity_number import IdentityNumber
from common.domain.officer import Role
from common.wire.shapes import WatchRequest

_FOUND = select(watched_people.c.person).where(watched_people.c.person == bindparam("of_person"))


def is_watched(transaction: Transaction, person: str) -> bool:
    """Tell whether a person is led to reception."""
    return transaction.connection.execute(_FOUND, {"of_person": person}).first() is not None


def watch(
    transaction: Transaction, station: Station, officer: Officer | None, request: WatchRequest
) -> WatchRequest:
    """Lead whoever comes under a number to reception, or no longer. Saying so twice is once.

    Raises:
        Refusal: It is no number, or the officer is no supervisor.
    """
    who = must_have_role(officer, {Role.SUPERVISOR})
    try:
        number = IdentityNumber.parse(request.identity_number)
    except ValueError as error:
        raise Refusal(422, "number_wrong") from error
    person = transaction.keys.person(str(number))
    if is_watched(transaction, person) == request.is_watched:
        return request
    if request.is_watched:
        transaction.connection.execute(
            insert(watched_people).values(
                person=person, since=transaction.now, officer=who.officer_id
            )
        )
    else:
        transaction.connection.execute(
            delete(watched_people).where(watched_people.c.person == person)
        )
    what = PersonWatched(is_watched=request.is_watched)
    transaction.record("person_watched", f"watched {person}", station.name, who.officer_id, what)
    return request
