"""An appointment as a calendar entry: RFC 5545."""

import hashlib
from datetime import UTC, datetime, timedelta

_LONGEST_LINE = 75  # octets, RFC 5545 3.1


def calendar_entry(
    reference: str, starts_at: datetime, minutes: int, title: str, place: str, made_at: datetime
) -> bytes:
    """Make an .ics file. The same booking keeps its entry, so a changed time replaces the old one.

    The reference itself stays out of it: calendars are shared with others.
    """
    uid = hashlib.sha256(b"calendar " + reference.encode()).hexdigest()[:32]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//smartics//appointments//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_utc(made_at)}",
        f"DTSTART:{_utc(starts_at)}",
        f"DTEND:{_utc(starts_at + timedelta(minutes=minutes))}",
        f"SUMMARY:{_escaped(title)}",
        f"LOCATION:{_escaped(place)}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> bytes:
    out, width = bytearray(), 0
    for letter in line:
        raw = letter.encode()
        if width + len(raw) > _LONGEST_LINE:
            out += b"\r\n "
            width = 1
        out += raw
        width += len(raw)
    return bytes(out) + b"\r\n"
