"""The opaque signed tokens in the QR codes that the office prints."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

_MAC_BYTES = 16
_OFFICE_BYTES = 4
_DAY_BYTES = 3


class Purpose(Enum):
    """What a token is good for. One token has one purpose."""

    LETTER = b"L"
    TAG = b"T"
    RECEIPT = b"R"
    NOTICES_STOP = b"S"
    ADDRESS_CONFIRM = b"C"


class TokenError(Exception):
    """The token is forged, damaged, or made for another purpose or office."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a genuine token says. day is None where it has no end."""

    id: UUID
    day: date | None


def make_token(key: bytes, purpose: Purpose, office: str, id_: UUID, day: date | None) -> str:
    """Make a token of 54 characters that are safe in an address and small in a QR code."""
    number = 0 if day is None else day.toordinal()
    body = purpose.value + _office_mark(office) + number.to_bytes(_DAY_BYTES, "big") + id_.bytes
    return base64.urlsafe_b64encode(body + _mac(key, body)).rstrip(b"=").decode()


def open_token(key: bytes, purpose: Purpose, office: str, token: str) -> Opened:
    """Check a token and return what it says. Whether its day is today is the caller's question.

    Raises:
        TokenError: The office did not make it for this purpose.
    """
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise TokenError("not a token") from error
    body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    # The signature first: nothing is learnt from bytes that are not ours.
    if not hmac.compare_digest(mac, _mac(key, body)):
        raise TokenError("not signed by this office")
    expected = purpose.value + _office_mark(office)
    if not hmac.compare_digest(body[: len(expected)], expected):
        raise TokenError("made for another purpose or office")
    rest = body[len(expected) :]
    ordinal = int.from_bytes(rest[:_DAY_BYTES], "big")
    return Opened(UUID(bytes=rest[_DAY_BYTES:]), date.fromordinal(ordinal) if ordinal else None)


def _office_mark(office: str) -> bytes:
    return hashlib.sha256(office.encode()).digest()[:_OFFICE_BYTES]


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, "sha256")[:_MAC_BYTES]
