"""A mobile number proves to be the person's: one code by text message, typed in at the station.

The code is never kept: it is made of the office's key, the case, the number and a count, when the
text is written and again when it is checked. So no table, log or backup holds one.
"""

import hmac
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select, update

from backend.commands import cases, contacts
from backend.commands.contacts import Consent
from backend.commands.notices import put_code
from backend.commands.station import Station
from backend.keys import SealError
from backend.schema.base import upsert
from backend.schema.booking_tables import enquiry_tries
from backend.schema.notices_tables import notices
from backend.transaction import Refusal, Transaction
from common.domain.notice import Channel, NoticeStage
from common.wire.mobile import (
    CODE_DIGITS,
    MobileCheck,
    MobileChecked,
    MobileCodeRequest,
    MobileCodeSent,
)

VALID = timedelta(minutes=10)
AGAIN_AFTER = timedelta(seconds=45)
MOST_CODES = 4
MOST_TRIES = 5
"""Wrong ones for one code; with so many codes nobody guesses six digits in a day."""

_CODES = (
    select(notices)
    .where(
        notices.c.subject == bindparam("of_case"),
        notices.c.stage == NoticeStage.MOBILE_CODE,
        notices.c.channel == Channel.SMS,
    )
    .order_by(notices.c.made_at.desc(), notices.c.notice_id.desc())
)


def send(
    transaction: Transaction, station: Station, case_id: UUID, request: MobileCodeRequest
) -> MobileCodeSent:
    """Put a code for this number into the outbox. Who asks again too soon is told to wait for it.

    Raises:
        Refusal: The case is not here or submitted, or too many codes were asked for.
    """
    case = _open_case(transaction, station, case_id)
    sent = transaction.connection.execute(_CODES, {"of_case": case.case_id}).all()
    if sent and _is_for(transaction, sent[0], request.mobile):
        wait = sent[0].made_at + AGAIN_AFTER - transaction.now
        if wait > timedelta():
            return MobileCodeSent(again_after_s=round(wait.total_seconds()))
    if len(sent) >= MOST_CODES:
        raise Refusal(429, "too_many_codes", "no more codes for this case")
    _give_up(transaction, case.case_id)
    occasion = f"{len(sent) + 1}"
    put_code(transaction, case.case_id, occasion, request.mobile, request.language, VALID)
    return MobileCodeSent(again_after_s=round(AGAIN_AFTER.total_seconds()))


def check(
    transaction: Transaction, station: Station, case_id: UUID, request: MobileCheck
) -> MobileChecked:
    """Tell whether the code is the newest one of this number, and then keep the number.

    A wrong code is an answer and no refusal: its count must stand.

    Raises:
        Refusal: The case is not here or submitted, or no code was sent to this number.
    """
    case = _open_case(transaction, station, case_id)
    newest = transaction.connection.execute(_CODES, {"of_case": case.case_id}).first()
    if newest is None or not _is_for(transaction, newest, request.mobile):
        raise Refusal(409, "no_code", "no code was sent to this number")
    if newest.expires_at <= transaction.now:
        return MobileChecked(right=False, tries_left=0)
    wrong = _wrong(transaction, newest)
    right = hmac.compare_digest(code_of(transaction, newest, request.mobile), request.code)
    if wrong >= MOST_TRIES or not right:
        _count_wrong(transaction, newest, wrong + 1)
        return MobileChecked(right=False, tries_left=max(0, MOST_TRIES - wrong - 1))
    consent = Consent("", request.mobile, request.language, request.topics)
    contacts.agree_by(transaction, case.case_id, Channel.SMS, consent, station.name)
    contact = contacts.of(transaction, case.case_id, Channel.SMS)
    if contact is not None:
        contacts.confirm(transaction, contact, station.name)
    cases.change(transaction, case, done=cases.marked(case, "contact_asked"))
    return MobileChecked(right=True, tries_left=MOST_TRIES)


def code_of(transaction: Transaction, notice: Row[Any], mobile: str) -> str:
    """Make the code of a notice, as it stands in the text message."""
    made_of = f"mobile code {notice.subject} {notice.occasion} {notice.notice_id} {mobile}"
    digest = hmac.digest(transaction.keys.people, made_of.encode(), "sha256")
    return f"{int.from_bytes(digest[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def _open_case(transaction: Transaction, station: Station, case_id: UUID) -> Row[Any]:
    case = cases.must_be_here(cases.load(transaction, str(case_id)), station.office)
    if cases.is_submitted(case):
        raise Refusal(409, "already_submitted")
    return case


def _is_for(transaction: Transaction, notice: Row[Any], mobile: str) -> bool:
    try:
        bound_to = f"notice {notice.notice_id}"
        address = transaction.unseal(notice.sealed_for, notice.address, bound_to).decode()
    except SealError:
        return False
    return hmac.compare_digest(address, mobile)


def _give_up(transaction: Transaction, case_id: str) -> None:
    """An older code that has not left yet is not sent any more: the newest alone counts."""
    transaction.connection.execute(
        update(notices)
        .where(
            notices.c.subject == case_id,
            notices.c.stage == NoticeStage.MOBILE_CODE,
            notices.c.state == "waiting",
        )
        .values(state="expired", reason="overtaken", ended_at=transaction.now)
    )


# The book of wrong enquiry codes counts these too; it forgets what is a week old.
def _wrong(transaction: Transaction, notice: Row[Any]) -> int:
    found = transaction.connection.execute(
        select(enquiry_tries.c.wrong).where(enquiry_tries.c.person == _tried(notice))
    ).scalar_one_or_none()
    return found or 0


def _count_wrong(transaction: Transaction, notice: Row[Any], wrong: int) -> None:
    write = upsert(transaction.connection.dialect.name, enquiry_tries)
    new = {name: write.excluded[name] for name in ("wrong", "last_at")}
    values = {"person": _tried(notice), "wrong": wrong, "last_at": transaction.now}
    transaction.connection.execute(
        write.values(**values).on_conflict_do_update(
            index_elements=[enquiry_tries.c.person], set_=new
        )
    )


def _tried(notice: Row[Any]) -> str:
    return f"mobile code {notice.notice_id}"
