"""Notices: what a person is told, written in the transaction of what it tells."""

import hmac
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, and_, exists, func, insert, select, update

from backend.commands import contacts
from backend.schema import tables
from backend.schema.notices_tables import contacts as contact_rows
from backend.schema.notices_tables import notices
from backend.transaction import Refusal, Transaction
from common.domain.card import CardState
from common.domain.clock import OFFICE_ZONE
from common.domain.language import OfficeLanguage
from common.domain.notice import Channel, NoticeStage, NoticeTopic
from common.wire.facts import new_id

_KEPT_TRYING = timedelta(days=3)
# Who books for this very moment is told all the same.
_TRIED_AT_LEAST = timedelta(minutes=15)
_REMIND_FROM = time(9)
# To how many addresses one booking is told at its holder's wish: nobody shall flood a stranger.
_MOST_ADDRESSES = 5
_MOST_REMINDERS = 200

_SAYING_WHEN = (
    NoticeStage.BOOKED,
    NoticeStage.CHANGED,
    NoticeStage.CARRIED_OVER,
    NoticeStage.REMINDER,
)
_SAYING_WHERE = (NoticeStage.READY, NoticeStage.OVERDUE, NoticeStage.REDIRECTED)
# What still waits when this is told has become untrue.
_OVERTAKEN = {
    NoticeStage.CHANGED: _SAYING_WHEN,
    NoticeStage.CARRIED_OVER: _SAYING_WHEN,
    NoticeStage.CANCELLED: (*_SAYING_WHEN, NoticeStage.LETTER),
    NoticeStage.REDIRECTED: _SAYING_WHERE,
    NoticeStage.COLLECTED: _SAYING_WHERE,
}
_OF_CARDS = {
    CardState.STORED: NoticeStage.READY,
    CardState.ISSUED: NoticeStage.COLLECTED,
    CardState.ISSUED_NOT_ACTIVATED: NoticeStage.COLLECTED,
}
# FIPS 201-3 and SP 800-63A want issuing told to an address that is known to be the person's.
_RATHER_VALIDATED = (NoticeStage.READY, NoticeStage.COLLECTED)


def tell(transaction: Transaction, subject: str, stage: NoticeStage, occasion: str = "") -> None:
    """Put a notice for a booking or case into the outbox, by every channel agreed to.

    Telling the same again is telling once; occasion tells apart what may rightly happen again.
    """
    _overtake(transaction, subject, stage, occasion)
    for contact in _chosen(transaction, subject, stage):
        address = contacts.address_of(transaction, contact)
        if address is None:
            # Erased since; whoever looks for somebody to tell shall not find it again and again.
            contacts.forget(transaction, subject)
            return
        _put(transaction, subject, stage, occasion, contact, address)
    if stage is NoticeStage.CANCELLED:
        contacts.forget(transaction, subject)


def tell_of_card(transaction: Transaction, card: Row[Any]) -> None:
    """Tell that a card lies ready, or that its holder has it; once for each card."""
    stage = _OF_CARDS.get(CardState(card.state))
    if stage is not None:
        tell(transaction, card.case_id, stage, card.card_id)


def welcome(transaction: Transaction, booking_id: str, added: list[str]) -> None:
    """Tell new contacts of a booking what is booked; a mail also asks to confirm the address.

    A case has its own stages to come, and each mail asks.

    Raises:
        Refusal: Too many addresses were tried.
    """
    if _starts_at(transaction, booking_id) is None:
        return
    for contact in contacts.every(transaction, booking_id):
        address = contacts.address_of(transaction, contact)
        wanted = NoticeTopic.APPOINTMENT in contact.topics.split()
        if contact.contact_id in added and wanted and address is not None:
            stage, channel = NoticeStage.BOOKED, Channel(contact.channel)
            _must_not_be_many(transaction, booking_id, stage, channel)
            _put(transaction, booking_id, stage, contact.contact_id, contact, address)


def queue_letter(
    transaction: Transaction, booking: Row[Any], address: str, language: OfficeLanguage
) -> None:
    """Mail the appointment letter once to an address given for just this.

    Args:
        transaction: The command's.
        booking: The live booking.
        address: From common.domain.contact.mail_address.
        language: Of the mail.

    Raises:
        Refusal: Too many letters of this booking were asked for.
    """
    mark = hmac.digest(transaction.keys.people, address.encode(), "sha256").hex()
    occasion = f"{booking.starts_at.astimezone(UTC).isoformat()} {mark}"
    if _known(transaction, booking.booking_id, NoticeStage.LETTER, Channel.MAIL, occasion):
        return
    _must_not_be_many(transaction, booking.booking_id, NoticeStage.LETTER, Channel.MAIL)
    _insert(
        transaction,
        subject=booking.booking_id,
        stage=NoticeStage.LETTER,
        channel=Channel.MAIL,
        occasion=occasion,
        contact_id=None,
        address=address,
        language=language,
    )


def put_code(
    transaction: Transaction,
    case_id: str,
    occasion: str,
    mobile: str,
    language: OfficeLanguage,
    valid: timedelta,
) -> None:
    """Text a code to a number that is not known to be the person's yet; nobody sends it late."""
    _insert(
        transaction,
        subject=case_id,
        stage=NoticeStage.MOBILE_CODE,
        channel=Channel.SMS,
        occasion=occasion,
        contact_id=None,
        address=mobile,
        language=language,
        expires_at=transaction.now + valid,
    )


def remind(transaction: Transaction) -> int:
    """Remind everybody who comes tomorrow, from nine in the morning; return how many were found.

    Who booked only today knows. At most so many at a time that no other command waits long: call
    it again until it finds nobody.
    """
    local = transaction.now.astimezone(OFFICE_ZONE)
    if local.time() < _REMIND_FROM:
        return 0
    bookings = tables.bookings
    midnight = datetime.combine(local.date(), time(), OFFICE_ZONE)
    reminded = exists().where(
        notices.c.subject == bookings.c.booking_id,
        notices.c.stage == NoticeStage.REMINDER,
        notices.c.channel == contact_rows.c.channel,
        notices.c.occasion == bookings.c.day,
    )
    found = transaction.connection.execute(
        select(bookings.c.booking_id, bookings.c.day)
        .join(contact_rows, contact_rows.c.subject == bookings.c.booking_id)
        .where(
            bookings.c.day == (local.date() + timedelta(days=1)).isoformat(),
            bookings.c.live_person.is_not(None),
            bookings.c.case_id.is_(None),
            bookings.c.made_at < midnight,
            contact_rows.c.topics.contains(NoticeTopic.APPOINTMENT),
            ~reminded,
        )
        .distinct()
        .limit(_MOST_REMINDERS)
    ).all()
    for row in found:
        tell(transaction, row.booking_id, NoticeStage.REMINDER, row.day)
    return len(found)


def _chosen(transaction: Transaction, subject: str, stage: NoticeStage) -> list[Row[Any]]:
    wanted = [
        contact
        for contact in contacts.every(transaction, subject)
        if stage.topic in contact.topics.split()
    ]
    validated = [contact for contact in wanted if contact.validated_at is not None]
    return validated if validated and stage in _RATHER_VALIDATED else wanted


def _put(
    transaction: Transaction,
    subject: str,
    stage: NoticeStage,
    occasion: str,
    contact: Row[Any],
    address: str,
) -> None:
    channel = Channel(contact.channel)
    if not _known(transaction, subject, stage, channel, occasion):
        _insert(
            transaction,
            subject=subject,
            stage=stage,
            channel=channel,
            occasion=occasion,
            contact_id=contact.contact_id,
            address=address,
            language=contact.language,
        )


def _must_not_be_many(
    transaction: Transaction, booking_id: str, stage: NoticeStage, channel: Channel
) -> None:
    told = transaction.connection.execute(
        select(func.count())
        .select_from(notices)
        .where(
            notices.c.subject == booking_id,
            notices.c.stage == stage,
            notices.c.channel == channel,
        )
    ).scalar_one()
    if told >= _MOST_ADDRESSES:
        raise Refusal(429, "too_many_tries", "too many addresses of one booking")


def _known(
    transaction: Transaction, subject: str, stage: NoticeStage, channel: Channel, occasion: str
) -> bool:
    found = transaction.connection.execute(
        select(notices.c.notice_id).where(
            notices.c.subject == subject,
            notices.c.stage == stage,
            notices.c.channel == channel,
            notices.c.occasion == occasion,
        )
    ).first()
    return found is not None


def _insert(
    transaction: Transaction, *, subject: str, stage: NoticeStage, address: str, **values: Any
) -> None:
    notice_id = str(new_id())
    # A cancelled booking is erased at once; only its last notice keeps the address, under a key of
    # its own that goes when the notice has ended.
    sealed_for = f"notice {notice_id}" if stage is NoticeStage.CANCELLED else subject
    values.setdefault("expires_at", _expiry(transaction, subject, stage))
    transaction.connection.execute(
        insert(notices).values(
            notice_id=notice_id,
            subject=subject,
            stage=stage,
            sealed_for=sealed_for,
            address=transaction.seal(sealed_for, address.encode(), f"notice {notice_id}"),
            state="waiting",
            made_at=transaction.now,
            due_at=transaction.now,
            tries=0,
            **values,
        )
    )


def _expiry(transaction: Transaction, subject: str, stage: NoticeStage) -> datetime:
    # What is told of a closure is worth telling after the hour that it closed.
    if stage in (*_SAYING_WHEN, NoticeStage.LETTER) and stage is not NoticeStage.CARRIED_OVER:
        starts_at = _starts_at(transaction, subject)
        if starts_at is not None:
            return max(starts_at, transaction.now + _TRIED_AT_LEAST)
    return transaction.now + _KEPT_TRYING


def _starts_at(transaction: Transaction, booking_id: str) -> datetime | None:
    found: datetime | None = transaction.connection.execute(
        select(func.coalesce(tables.bookings.c.suggested_at, tables.bookings.c.starts_at)).where(
            tables.bookings.c.booking_id == booking_id
        )
    ).scalar_one_or_none()
    return found


def _overtake(transaction: Transaction, subject: str, stage: NoticeStage, occasion: str) -> None:
    overtaken = _OVERTAKEN.get(stage)
    if overtaken is not None:
        itself = and_(notices.c.stage == stage, notices.c.occasion == occasion)
        transaction.connection.execute(
            update(notices)
            .where(
                notices.c.subject == subject,
                notices.c.stage.in_(overtaken),
                notices.c.state == "waiting",
                ~itself,
            )
            .values(state="expired", reason="overtaken", ended_at=transaction.now)
        )
