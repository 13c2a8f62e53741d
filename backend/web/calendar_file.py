"""Writes an appointment as an iCalendar file (RFC 5545)."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from backend.settings import OfficeSettings
from backend.web.render import Words

_LONGEST_LINE = 75


@dataclass(frozen=True, slots=True)
class Appointment:
    """What goes into the calendar: the time and the place, and nothing about the person.

    Attributes:
        reference: The letter's; only a hash of it is written, so that a calendar that is shared
            or kept elsewhere opens no letter.
        written_at: The moment of writing.
    """

    words: Words
    office: OfficeSettings
    starts_at: datetime
    reference: str
    written_at: datetime


def calendar_file(appointment: Appointment) -> str:
    """Return the file's text: one event, with a reminder a day before."""
    words = appointment.words
    office = words.office(appointment.office)
    ends_at = appointment.starts_at + timedelta(minutes=appointment.office.slot_minutes)
    uid = hashlib.sha256(b"calendar " + appointment.reference.encode()).hexdigest()[:32]
    bring = f"{words('start-bring')}: {words('start-bring-letter')}; {words('start-bring-card')}"
    summary = f"{words('service')}: {words('start-step-3')}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//smartics//appointment//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_utc(appointment.written_at)}",
        f"DTSTART:{_utc(appointment.starts_at)}",
        f"DTEND:{_utc(ends_at)}",
        f"SUMMARY:{_escaped(summary)}",
        f"LOCATION:{_escaped(office)}",
        f"DESCRIPTION:{_escaped(bring)}",
        "CLASS:PRIVATE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(summary)}",
        "TRIGGER:-P1D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(_folded(line) + "\r\n" for line in lines)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    # RFC 5545, 3.3.11.
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Fold at 75 octets, never within a character (RFC 5545, 3.1)."""
    parts, part, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part += character
        size += octets
    return "\r\n".join([*parts, part])
