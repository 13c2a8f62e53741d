"""Contacts: where a person agreed to be told, confirmed by the person, withdrawn at any time."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, insert, select, update

from backend.commands.effects import AddressConfirmed, NoticesConsented, NoticesWithdrawn
from backend.keys import SealError
from backend.schema.notices_tables import contacts, notices
from backend.tokens import Purpose, make_token, open_token
from backend.transaction import Transaction
from common.domain.language import OfficeLanguage
from common.domain.notice import Channel, NoticeTopic
from common.wire.facts import new_id

# A contact belongs to a booking or a case, whatever the office.
_ANY_OFFICE = ""
# Built once: every command that tells something asks this first.
_EVERY = (
    select(contacts)
    .where(contacts.c.subject == bindparam("of_subject"))
    .order_by(contacts.c.channel)
)


@dataclass(frozen=True, slots=True)
class Consent:
    """Where a person wants to be told, in which language, about what. An empty text is no."""

    mail: str
    mobile: str
    language: OfficeLanguage
    topics: tuple[NoticeTopic, ...]

    def address(self, channel: Channel) -> str:
        """Return the address of a channel."""
        return self.mail if channel is Channel.MAIL else self.mobile


def agree(transaction: Transaction, subject: str, consent: Consent, place: str) -> list[str]:
    """Keep a consent in place of what the person said before; return the new contacts' ids.

    Args:
        transaction: The command's.
        subject: The booking or case.
        consent: Checked addresses; a channel without one is withdrawn.
        place: Where it was given: "web" or a station.
    """
    added = (agree_by(transaction, subject, channel, consent, place) for channel in Channel)
    return [contact_id for contact_id in added if contact_id is not None]


def agree_by(
    transaction: Transaction, subject: str, channel: Channel, consent: Consent, place: str
) -> str | None:
    """Keep what a consent says of one channel; return the id of the contact if it is a new one."""
    known = of(transaction, subject, channel)
    address = consent.address(channel) if consent.topics else ""
    if not address:
        if known is not None:
            withdraw(transaction, known, place)
    elif known is not None and address_of(transaction, known) == address:
        _write_wishes(transaction, known, consent, place)
    else:
        if known is not None:
            _drop(transaction, known)
        return _add(transaction, subject, channel, consent, place)
    return None


def withdraw(transaction: Transaction, contact: Row[Any], place: str) -> None:
    """Tell nothing more by this contact, not even what waits to be sent, and forget the address."""
    if address_of(transaction, contact) is not None:
        withdrawn = NoticesWithdrawn(channel=Channel(contact.channel))
        transaction.record("notices_withdrawn", contact.subject, place, what=withdrawn)
    _drop(transaction, contact)


def confirm(transaction: Transaction, contact: Row[Any], place: str) -> None:
    """Note that the person opened what was sent to the address. Confirming twice is once."""
    if contact.validated_at is not None or address_of(transaction, contact) is None:
        return
    transaction.connection.execute(
        update(contacts)
        .where(contacts.c.contact_id == contact.contact_id)
        .values(validated_at=transaction.now)
    )
    confirmed = AddressConfirmed(channel=Channel(contact.channel))
    transaction.record("address_confirmed", contact.subject, place, what=confirmed)


def carry_over(transaction: Transaction, booking_id: str, case_id: str) -> None:
    """Let the case have the contacts of the booking that led to it."""
    for contact in every(transaction, booking_id):
        if of(transaction, case_id, Channel(contact.channel)) is not None:
            continue  # at the office the person said it anew
        address = address_of(transaction, contact)
        if address is not None:
            sealed = _seal(transaction, case_id, contact.contact_id, address)
            transaction.connection.execute(
                update(contacts)
                .where(contacts.c.contact_id == contact.contact_id)
                .values(subject=case_id, address=sealed)
            )
    forget(transaction, booking_id)


def forget(transaction: Transaction, subject: str) -> None:
    """Drop the contacts of a booking or case that ends or is erased."""
    transaction.connection.execute(delete(contacts).where(contacts.c.subject == subject))


def every(transaction: Transaction, subject: str) -> list[Row[Any]]:
    """Return the contacts of a booking or case, at most one a channel."""
    return list(transaction.connection.execute(_EVERY, {"of_subject": subject}))


def of(transaction: Transaction, subject: str, channel: Channel) -> Row[Any] | None:
    """Return the contact of a booking or case by a channel."""
    return transaction.connection.execute(
        select(contacts).where(contacts.c.subject == subject, contacts.c.channel == channel)
    ).one_or_none()


def by_id(transaction: Transaction, contact_id: str) -> Row[Any] | None:
    """Return a contact that still stands."""
    return transaction.connection.execute(
        select(contacts).where(contacts.c.contact_id == contact_id)
    ).one_or_none()


def address_of(transaction: Transaction, contact: Row[Any]) -> str | None:
    """Return the address, or None where its booking or case was erased."""
    try:
        bound_to = f"contact {contact.contact_id}"
        return transaction.unseal(contact.subject, contact.address, bound_to).decode()
    except SealError:
        return None


def token(transaction: Transaction, purpose: Purpose, contact_id: str) -> str:
    """Make the token of a contact's link; it has no end."""
    return make_token(transaction.keys.tokens, purpose, _ANY_OFFICE, UUID(contact_id), None)


def by_token(transaction: Transaction, purpose: Purpose, text: str) -> Row[Any] | None:
    """Return the contact that a link names, or None where it was withdrawn.

    Raises:
        TokenError: The link is not ours.
    """
    opened = open_token(transaction.keys.tokens, purpose, _ANY_OFFICE, text)
    return by_id(transaction, str(opened.id))


def _add(
    transaction: Transaction, subject: str, channel: Channel, consent: Consent, place: str
) -> str:
    contact_id = str(new_id())
    transaction.connection.execute(
        insert(contacts).values(
            contact_id=contact_id,
            subject=subject,
            channel=channel,
            address=_seal(transaction, subject, contact_id, consent.address(channel)),
            **_wishes(transaction, consent, place),
        )
    )
    _record(transaction, subject, channel, consent, place)
    return contact_id


def _write_wishes(
    transaction: Transaction, contact: Row[Any], consent: Consent, place: str
) -> None:
    wishes = _wishes(transaction, consent, place)
    if (contact.language, contact.topics) == (wishes["language"], wishes["topics"]):
        return
    transaction.connection.execute(
        update(contacts).where(contacts.c.contact_id == contact.contact_id).values(**wishes)
    )
    _record(transaction, contact.subject, Channel(contact.channel), consent, place)


def _wishes(transaction: Transaction, consent: Consent, place: str) -> dict[str, Any]:
    return {
        "language": consent.language,
        "topics": " ".join(sorted(set(consent.topics))),
        "consented_at": transaction.now,
        "consented_at_place": place,
    }


def _record(
    transaction: Transaction, subject: str, channel: Channel, consent: Consent, place: str
) -> None:
    agreed = NoticesConsented(channel=channel, topics=consent.topics)
    transaction.record("notices_consented", subject, place, what=agreed)


def _drop(transaction: Transaction, contact: Row[Any]) -> None:
    transaction.connection.execute(
        update(notices)
        .where(notices.c.contact_id == contact.contact_id, notices.c.state == "waiting")
        .values(state="expired", reason="withdrawn", ended_at=transaction.now)
    )
    transaction.connection.execute(
        delete(contacts).where(contacts.c.contact_id == contact.contact_id)
    )


def _seal(transaction: Transaction, subject: str, contact_id: str, address: str) -> bytes:
    return transaction.seal(subject, address.encode(), f"contact {contact_id}")
