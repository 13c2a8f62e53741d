"""Notices on the web: agreeing to them, confirming an address, stopping them, and the provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import Row

from backend.api.access import Running, Service
from backend.commands import bookings, contacts, notices
from backend.commands.bookings import WEB
from backend.commands.contacts import Consent
from backend.notices import outbox
from backend.notices.sms import CALLBACK, TwilioSms
from backend.settings import NoticeSettings
from backend.tokens import Purpose, TokenError
from backend.transaction import Refusal, Transaction
from backend.web.forms import Errors, in_order, read_form, turns_language
from backend.web.pages import Reference, check_pace
from backend.web.render import choose_language, page
from common.domain.contact import ContactError, mail_address, mobile_number
from common.domain.language import OFFICE_LANGUAGES, OfficeLanguage, office_language
from common.domain.notice import Channel, NoticeTopic

router = APIRouter()

ContactToken = Annotated[str, Path(min_length=20, max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]

_FIELDS = ("mail", "mobile", "topics", "consent")
_ADDRESS_FIELDS = {Channel.MAIL: "mail", Channel.SMS: "mobile"}
_NOT_DELIVERED = ("failed", "undelivered", "canceled")


@dataclass(frozen=True, slots=True)
class _Known:
    """What a person said before."""

    mail: str = ""
    mobile: str = ""
    topics: tuple[str, ...] = tuple(NoticeTopic)
    language: str = ""

    @property
    def typed(self) -> dict[str, str]:
        """The same as the page's form would send it."""
        topics = {f"topic-{topic}": "yes" for topic in self.topics}
        return {"mail": self.mail, "mobile": self.mobile, "language": self.language, **topics}


@router.get("/letter/{reference}/notices")
async def show_notices(
    request: Request, running: Running, reference: Reference, saved: bool = False
) -> HTMLResponse:
    """Show where a person wants to be told."""
    offered = _offered(running)
    known = await running.store.read(lambda transaction: _known(transaction, reference))
    return _page(request, offered, reference, known.typed, {}, saved=saved)


@router.post("/letter/{reference}/notices")
async def save_notices(request: Request, running: Running, reference: Reference) -> Response:
    """Keep a consent in place of the one before; without an address it is withdrawn."""
    check_pace(request, running)
    offered = _offered(running)
    typed = await read_form(request)
    if turns_language(request):
        await running.store.read(lambda transaction: bookings.by_reference(transaction, reference))
        return _page(request, offered, reference, typed, {})
    consent, errors = read_consent(typed, offered, choose_language(request))

    def save(transaction: Transaction) -> None:
        subject = _subject(bookings.by_reference(transaction, reference))
        added = contacts.agree(transaction, subject, consent, WEB)
        notices.welcome(transaction, subject, added)

    if errors:
        await running.store.read(lambda transaction: bookings.by_reference(transaction, reference))
        return _page(request, offered, reference, typed, errors)
    await running.store.command(save)
    return RedirectResponse(f"/letter/{reference}/notices?saved=true", 303)


def read_consent(
    typed: Mapping[str, str], offered: NoticeSettings, language: OfficeLanguage
) -> tuple[Consent, Errors]:
    """Read a consent from a form with mail, mobile, topic-..., language and consent."""
    errors: Errors = {}
    found = {"mail": "", "mobile": ""}
    for channel, check in ((Channel.MAIL, mail_address), (Channel.SMS, mobile_number)):
        name = _ADDRESS_FIELDS[channel]
        text = typed.get(name, "") if channel in offered.channels else ""
        if text:
            try:
                found[name] = check(text)
            except ContactError as error:
                errors[name] = f"error-{error.word}"
    topics = tuple(topic for topic in NoticeTopic if typed.get(f"topic-{topic}"))
    if any(found.values()) or errors:
        if not topics:
            errors["topics"] = "error-topics"
        if not typed.get("consent"):
            errors["consent"] = "error-consent"
    wanted = typed.get("language", "")
    chosen = office_language(wanted) if wanted in OFFICE_LANGUAGES else language
    return Consent(found["mail"], found["mobile"], chosen, topics), errors


@router.post(CALLBACK)
async def sms_status(
    request: Request, running: Running, notice: Annotated[str, Query(max_length=40)]
) -> Response:
    """Hear from the SMS provider what became of a text; only its own signature is believed."""
    sms = request.app.state.notice_ways.sms
    if not isinstance(sms, TwilioSms):
        return Response(status_code=404)
    form = {
        name: value
        for name, value in (await request.form(max_files=0, max_fields=60)).items()
        if isinstance(value, str)
    }
    signature = request.headers.get("x-twilio-signature", "")
    if not sms.is_genuine(sms.callback(notice), form, signature):
        return Response(status_code=403)
    status = form.get("MessageStatus", "")
    if status == "delivered" or status in _NOT_DELIVERED:
        code = form.get("ErrorCode", "")
        error = f"sms_{code if code.isdecimal() else status}"
        reason = None if status == "delivered" else error[:60]
        await running.store.command(
            lambda transaction: outbox.delivered(transaction, notice, reason)
        )
    return Response(status_code=204)


@router.get("/notices/confirm/{token}")
async def show_confirmation(request: Request, running: Running, token: ContactToken) -> Response:
    """Ask for one press: programs that open every link in a mail shall confirm nothing."""
    await running.store.read(
        lambda transaction: _contact(transaction, Purpose.ADDRESS_CONFIRM, token)
    )
    return page(request, "notices_confirm.html", {"token": token, "done": False})


@router.post("/notices/confirm/{token}")
async def confirm(request: Request, running: Running, token: ContactToken) -> Response:
    """Note that the address is the person's."""
    check_pace(request, running)
    await read_form(request)

    def note(transaction: Transaction) -> None:
        contact = _contact(transaction, Purpose.ADDRESS_CONFIRM, token)
        if contact is not None:
            contacts.confirm(transaction, contact, WEB)

    await running.store.command(note)
    return page(request, "notices_confirm.html", {"token": token, "done": True})


@router.get("/notices/{token}")
async def show_stop(request: Request, running: Running, token: ContactToken) -> Response:
    """Ask for one press; opening the page alone stops nothing (RFC 8058 section 1)."""
    await running.store.read(lambda transaction: _contact(transaction, Purpose.NOTICES_STOP, token))
    return page(request, "notices_stop.html", {"token": token, "done": False})


@router.post("/notices/{token}")
async def stop(request: Request, running: Running, token: ContactToken) -> Response:
    """Stop the notices: from the page, or from a mail program's own button (RFC 8058 3.2)."""
    await read_form(request)

    def withdraw(transaction: Transaction) -> None:
        contact = _contact(transaction, Purpose.NOTICES_STOP, token)
        if contact is not None:
            contacts.withdraw(transaction, contact, WEB)

    await running.store.command(withdraw)
    return page(request, "notices_stop.html", {"token": token, "done": True})


def _contact(transaction: Transaction, purpose: Purpose, token: str) -> Row[Any] | None:
    try:
        return contacts.by_token(transaction, purpose, token)
    except TokenError as error:
        raise Refusal(404, "not_found", "not a link of this service") from error


def _offered(running: Service) -> NoticeSettings:
    if running.settings.notices is None:
        raise Refusal(404, "not_found", "no notices are sent")
    return running.settings.notices


def _known(transaction: Transaction, reference: str) -> _Known:
    subject = _subject(bookings.by_reference(transaction, reference))
    found = {row.channel: row for row in contacts.every(transaction, subject)}
    if not found:
        return _Known()
    addresses = {
        channel: contacts.address_of(transaction, row) or "" for channel, row in found.items()
    }
    latest = max(found.values(), key=lambda row: row.consented_at)
    return _Known(
        addresses.get(Channel.MAIL, ""),
        addresses.get(Channel.SMS, ""),
        tuple(latest.topics.split()),
        latest.language,
    )


def _subject(booking: Row[Any]) -> str:
    """Return whose the consent is: the case's, once the booking has led to one."""
    return str(booking.case_id or booking.booking_id)


def _page(
    request: Request,
    offered: NoticeSettings,
    reference: str,
    typed: dict[str, str],
    errors: Errors,
    *,
    saved: bool = False,
) -> HTMLResponse:
    language = choose_language(request).value
    context = {
        "reference": reference,
        "channels": offered.channels,
        "topics": [topic.value for topic in NoticeTopic],
        "typed": {**typed, "language": typed.get("language") or language},
        "errors": in_order(errors, _FIELDS),
        "saved": saved,
    }
    return page(request, "notices.html", context, 422 if errors else 200)
