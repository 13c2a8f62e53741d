"""The outbox: one notice at a time is leased, sent, and marked with what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import Row, and_, delete, func, or_, select, update

from backend.commands import bookings, contacts, mobile
from backend.commands.effects import NoticeSent
from backend.keys import SealError
from backend.schema import tables
from backend.schema.notices_tables import notices
from backend.tokens import Purpose
from backend.transaction import Transaction
from common.domain.language import OfficeLanguage, office_language
from common.domain.notice import Channel, NoticeStage

LEASE = timedelta(minutes=5)
_PAUSES_MIN = (1, 5, 15, 60, 180, 360, 720)
MOST_TRIES = len(_PAUSES_MIN) + 1
_KEPT = timedelta(days=90)
_STATION = "notices"
# What SP 800-63A wants told: that somebody was proofed, and that a card was issued.
_WITH_EVIDENCE = (NoticeStage.SUBMITTED, NoticeStage.COLLECTED)


@dataclass(frozen=True, slots=True)
class About:
    """What a notice may speak of: of an appointment, or of a case and its card."""

    office: str
    starts_at: datetime | None = None
    reason: str = ""
    reference: str = ""
    letter_token: str = ""
    receipt_number: str = ""
    ready_on: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A leased notice; `tries` is the lease's mark. Tokens and code are empty without a use."""

    notice_id: str
    stage: NoticeStage
    channel: Channel
    language: OfficeLanguage
    address: str
    tries: int
    about: About
    stop_token: str = ""
    confirm_token: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """It left. provider_id is for the log of an operator."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """It shall be tried again, not before after_s."""

    reason: str
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Failed:
    """It is given up."""

    reason: str
    wants_none: bool = False


Outcome = Sent | Later | Failed


def is_due(transaction: Transaction, channel: Channel) -> bool:
    """Tell whether anything waits to be taken: a question that costs no write."""
    found = transaction.connection.execute(
        select(notices.c.notice_id)
        .where(
            notices.c.channel == channel,
            or_(
                and_(notices.c.state == "waiting", notices.c.due_at <= transaction.now),
                and_(notices.c.state == "sending", notices.c.lease_until <= transaction.now),
            ),
        )
        .limit(1)
    ).first()
    return found is not None


def take(transaction: Transaction, channel: Channel) -> Taken | None:
    """Lease the notice that has waited longest, or None."""
    _settle_lost(transaction, channel)
    while (row := _next(transaction, channel)) is not None:
        if row.expires_at <= transaction.now:
            _end(transaction, row, "expired", "too_late")
            continue
        taken = _open(transaction, row)
        if taken is None:
            _end(transaction, row, "expired", "erased")
            continue
        _write(
            transaction,
            row,
            state="sending",
            lease_until=transaction.now + LEASE,
            tries=taken.tries,
        )
        return taken
    return None


def mark(transaction: Transaction, taken: Taken, outcome: Outcome) -> None:
    """Write what became of a leased notice. Who lost the lease meanwhile changes nothing."""
    row = _by_id(transaction, taken.notice_id)
    if row is None or row.state != "sending" or row.tries != taken.tries:
        return
    match outcome:
        case Sent():
            _sent(transaction, row)
        case Later(reason=reason) if row.tries >= MOST_TRIES:
            _end(transaction, row, "failed", reason)
        case Later(reason=reason, after_s=after_s):
            pause = max(timedelta(minutes=_PAUSES_MIN[row.tries - 1]), timedelta(seconds=after_s))
            due_at = transaction.now + pause
            _write(
                transaction, row, state="waiting", lease_until=None, due_at=due_at, reason=reason
            )
        case Failed(reason=reason, wants_none=wants_none):
            _end(transaction, row, "failed", reason)
            contact = contacts.by_id(transaction, row.contact_id or "")
            if wants_none and contact is not None:
                contacts.withdraw(transaction, contact, _STATION)
        case _:
            assert_never(outcome)


def delivered(transaction: Transaction, notice_id: str, error: str | None) -> None:
    """Note what the provider says became of a text: on the phone (error None), or not.

    It may come before the sender's own mark, or long after the lease was lost: it knows better.
    """
    row = _by_id(transaction, notice_id)
    if row is None or row.channel != Channel.SMS or row.delivered_at is not None:
        return
    if error is not None:
        if row.state in ("sending", "sent"):
            _end(transaction, row, "failed", error)
        return
    if row.state in ("sending", "failed"):
        _sent(transaction, row)
    _write(transaction, row, delivered_at=transaction.now)


def tidy(transaction: Transaction) -> None:
    """Give up what nobody sends, and drop what ended long ago."""
    for row in transaction.connection.execute(
        select(notices)
        .where(notices.c.state == "waiting", notices.c.expires_at <= transaction.now)
        .limit(500)
    ).all():
        _end(transaction, row, "expired", "too_late")
    transaction.connection.execute(
        delete(notices).where(notices.c.ended_at < transaction.now - _KEPT)
    )


def counts(transaction: Transaction) -> dict[str, int]:
    """Count for the operator: how many wait just now; how many were sent, failed, expired ever."""
    unsent = notices.c.state.in_(("waiting", "sending")) & notices.c.channel.in_(Channel)
    waiting = transaction.connection.execute(
        select(func.count()).select_from(notices).where(unsent)
    ).scalar_one()
    counters = tables.counters
    ended = {
        state: transaction.connection.execute(
            select(counters.c.last).where(counters.c.name == _counter(state))
        ).scalar_one_or_none()
        for state in ("sent", "failed", "expired")
    }
    return {"waiting": waiting, **{state: last or 0 for state, last in ended.items()}}


def _settle_lost(transaction: Transaction, channel: Channel) -> None:
    """Decide about notices whose sender died between sending and marking.

    A mail goes out again: its Message-ID is the same, so a mailbox can tell. A text does not:
    nothing on a phone tells a repeat from news, and each one is paid for.
    """
    for row in transaction.connection.execute(
        select(notices).where(
            notices.c.channel == channel,
            notices.c.state == "sending",
            notices.c.lease_until <= transaction.now,
        )
    ).all():
        if channel is Channel.SMS or row.tries >= MOST_TRIES:
            _end(transaction, row, "failed", "lease_lost")
        else:
            _write(transaction, row, state="waiting", lease_until=None, reason="lease_lost")


def _next(transaction: Transaction, channel: Channel) -> Row[Any] | None:
    return transaction.connection.execute(
        select(notices)
        .where(
            notices.c.channel == channel,
            notices.c.state == "waiting",
            notices.c.due_at <= transaction.now,
        )
        .order_by(notices.c.due_at, notices.c.notice_id)
        .limit(1)
    ).one_or_none()


def _open(transaction: Transaction, row: Row[Any]) -> Taken | None:
    try:
        bound_to = f"notice {row.notice_id}"
        address = transaction.unseal(row.sealed_for, row.address, bound_to).decode()
    except SealError:
        return None
    about = _about(transaction, row.subject)
    if about is None:
        return None
    is_code = row.stage == NoticeStage.MOBILE_CODE
    stop = confirm = ""
    contact = contacts.by_id(transaction, row.contact_id or "")
    if contact is not None and row.channel == Channel.MAIL:
        stop = contacts.token(transaction, Purpose.NOTICES_STOP, contact.contact_id)
        if contact.validated_at is None:
            confirm = contacts.token(transaction, Purpose.ADDRESS_CONFIRM, contact.contact_id)
    return Taken(
        notice_id=row.notice_id,
        stage=NoticeStage(row.stage),
        channel=Channel(row.channel),
        language=office_language(row.language),
        address=address,
        tries=row.tries + 1,
        about=about,
        stop_token=stop,
        confirm_token=confirm,
        code=mobile.code_of(transaction, row, address) if is_code else "",
    )


def _about(transaction: Transaction, subject: str) -> About | None:
    booking = bookings.by_id(transaction, subject)
    if booking is not None:
        return About(
            office=booking.office,
            starts_at=booking.suggested_at or booking.starts_at,
            reason=booking.reason,
            reference=bookings.reference(transaction, subject),
            letter_token=bookings.letter_token(transaction, booking),
        )
    case = transaction.connection.execute(
        select(tables.cases).where(tables.cases.c.case_id == subject)
    ).one_or_none()
    if case is None:
        return None
    return About(
        office=case.office,
        receipt_number=case.receipt_number or "",
        ready_on=case.ready_on or "",
    )


def _sent(transaction: Transaction, row: Row[Any]) -> None:
    if row.stage in _WITH_EVIDENCE:
        contact = contacts.by_id(transaction, row.contact_id or "")
        # Without its contact the case may be erased, and a line would give it a new key.
        if contact is not None:
            sent = NoticeSent(
                stage=NoticeStage(row.stage),
                channel=Channel(row.channel),
                validated=contact.validated_at is not None,
            )
            transaction.record("notice_sent", row.subject, _STATION, what=sent)
    _end(transaction, row, "sent", None)


def _end(transaction: Transaction, row: Row[Any], state: str, reason: str | None) -> None:
    _write(
        transaction,
        row,
        state=state,
        lease_until=None,
        reason=reason,
        ended_at=transaction.now,
    )
    if row.sealed_for != row.subject:
        transaction.erase(row.sealed_for)
    transaction.count(_counter(state))


def _counter(state: str) -> str:
    return f"notices {state}"


def _write(transaction: Transaction, row: Row[Any], **values: Any) -> None:
    transaction.connection.execute(
        update(notices).where(notices.c.notice_id == row.notice_id).values(**values)
    )


def _by_id(transaction: Transaction, notice_id: str) -> Row[Any] | None:
    return transaction.connection.execute(
        select(notices).where(notices.c.notice_id == notice_id)
    ).one_or_none()
