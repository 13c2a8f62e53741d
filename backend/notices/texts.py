"""Makes the text of a notice when it is sent, in the person's language, and no more than needed.

A text message holds no name, number, token or link; a mail holds a link only to what its reader
already has: the letter, this address, these notices.
"""

from collections.abc import Callable
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from backend.notices.outbox import About, Taken
from backend.settings import NoticeSettings, OfficeSettings
from backend.web.calendar_file import Appointment, calendar_file
from backend.web.render import Words
from common.domain.clock import OFFICE_ZONE
from common.domain.language import OfficeLanguage
from common.domain.notice import NoticeStage
from common.i18n.texts import texts

LetterMaker = Callable[[About, OfficeSettings, OfficeLanguage], bytes]
"""Draws the appointment letter as a PDF."""

_WITH_CALENDAR = (
    NoticeStage.BOOKED,
    NoticeStage.CHANGED,
    NoticeStage.CARRIED_OVER,
    NoticeStage.LETTER,
)
_WITH_LINK = (*_WITH_CALENDAR, NoticeStage.REMINDER)


def sms_text(taken: Taken, office: OfficeSettings) -> str:
    """Write a text message."""
    about, say = taken.about, texts(taken.language).text
    values = {"office": office.name[taken.language]}
    if taken.code:
        values["code"] = taken.code
    if about.starts_at is not None:
        local = about.starts_at.astimezone(OFFICE_ZONE)
        values |= {"day": _short_day(taken.language, local.date()), "time": f"{local:%H:%M}"}
    if about.ready_on:
        values["ready"] = _short_day(taken.language, date.fromisoformat(about.ready_on))
    return say(f"notice-sms-{_key(taken.stage)}", **values)


def mail_message(
    taken: Taken,
    office: OfficeSettings,
    settings: NoticeSettings,
    now: datetime,
    letter: LetterMaker | None,
) -> EmailMessage:
    """Write a mail. Its Message-ID is the notice's, so that a repeat can be recognised."""
    say = texts(taken.language).text
    stop = _link(settings, taken, f"notices/{taken.stop_token}") if taken.stop_token else ""
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.sender
    message["To"] = taken.address
    message["Subject"] = say(f"notice-mail-{_key(taken.stage)}-subject")
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{taken.notice_id}@{settings.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    if stop:
        message["List-Unsubscribe"] = f"<{stop}>"  # RFC 2369 3.2
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058 3.1
    message.set_content("\n\n".join(_paragraphs(taken, office, settings, stop)) + "\n")
    _attach(message, taken, office, now, letter)
    # Last: what sets the content takes away whatever was said of an earlier one.
    message["Content-Language"] = taken.language.value
    return message


def _paragraphs(
    taken: Taken, office: OfficeSettings, settings: NoticeSettings, stop: str
) -> list[str]:
    about, say = taken.about, texts(taken.language).text
    words = Words(taken.language)
    values = {"office": office.name[taken.language], "receipt": about.receipt_number}
    if about.starts_at is not None:
        local = about.starts_at.astimezone(OFFICE_ZONE)
        values |= {"day": words.day(local.date()), "time": f"{local:%H:%M}"}
    if about.ready_on:
        values["ready"] = words.day(date.fromisoformat(about.ready_on))
    parts = [say(f"notice-mail-{_key(taken.stage)}", **values)]
    if taken.stage in _WITH_LINK:
        link = _link(settings, taken, f"letter/{about.reference}")
        parts.append(say("notice-mail-link", link=link))
    if taken.confirm_token:
        link = _link(settings, taken, f"notices/confirm/{taken.confirm_token}")
        parts.append(say("notice-mail-confirm", link=link))
    parts.append(say("notice-mail-foot"))
    if stop:
        parts.append(say("notice-mail-stop", link=stop))
    return parts


def _attach(
    message: EmailMessage,
    taken: Taken,
    office: OfficeSettings,
    now: datetime,
    letter: LetterMaker | None,
) -> None:
    about = taken.about
    if taken.stage in _WITH_CALENDAR and about.starts_at is not None:
        words = Words(taken.language)
        entry = calendar_file(Appointment(words, office, about.starts_at, about.reference, now))
        message.add_attachment(
            entry.encode(), maintype="text", subtype="calendar", filename="appointment.ics"
        )
    if taken.stage is NoticeStage.LETTER and letter is not None:
        drawn = letter(about, office, taken.language)
        message.add_attachment(drawn, maintype="application", subtype="pdf", filename="letter.pdf")


def _link(settings: NoticeSettings, taken: Taken, path: str) -> str:
    return f"{settings.public_address}/{path}?lang={taken.language.value}"


def _short_day(language: OfficeLanguage, day: date) -> str:
    return texts(language).text("notice-short-day", day=str(day.day), month=str(day.month))


def _key(stage: NoticeStage) -> str:
    return stage.replace("_", "-")
