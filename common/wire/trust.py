"""How a station and the backend come to trust one another: shapes, and the proofs of a pairing.

Both ends know the one-time code and nothing else of one another. Each proves the code over what it
says, so neither a false station nor a false backend can take part. The code is stretched before it
is used, so that a listener cannot try all codes while one is good.
"""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Base64Bytes, Field

from common.domain.officer import Role
from common.wire.base import WITHOUT_NUL, Digest, Flag, Line, Name, Shape

CODE_LETTERS = 10
"""50 bits: with the cost below, trying them all takes longer than anybody has."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing looks alike
_COST, _BLOCK, _LANES = 2**15, 8, 1

Proof = Annotated[Base64Bytes, Field(min_length=32, max_length=64)]
Certificate = Annotated[Base64Bytes, Field(min_length=1, max_length=4000)]
Password = Annotated[str, Field(min_length=1, max_length=200, pattern=WITHOUT_NUL)]


class PairRequest(Shape):
    """POST /v1/stations/pair, the only unsigned request of a station.

    csr is a PKCS #10 request (DER) of a P-256 key, proof is the code's over station and csr.
    """

    station: Name
    csr: Certificate
    proof: Proof


class PairAnswer(Shape):
    """The station's certificate and the authority that signed it (DER), proved with the code."""

    certificate: Certificate
    authority: Certificate
    proof: Proof


class RenewRequest(Shape):
    """POST /v1/stations/renew, signed with the old key; the new one proves itself in the csr."""

    csr: Certificate


class RenewAnswer(Shape):
    """The certificate of the new key. The old key is good until the new one is used."""

    certificate: Certificate


class HelloRequest(Shape):
    """POST /v1/stations/hello: what runs here. Sent at start, and first with a new key."""

    version: Annotated[str, Field(max_length=60, pattern=r"^[A-Za-z0-9.+-]*$")]
    software: Digest


class HelloAnswer(Shape):
    """What the backend knows of the station, and its time."""

    station: Name
    kind: Name
    office: Name
    place: Line
    now: datetime
    certificate_ends: datetime


class PairingRequest(Shape):
    """POST /v1/stations/pairings: a supervisor wants a code for a planned station."""

    station: Name


class RevokeRequest(Shape):
    """POST /v1/stations/{name}/revoke."""

    reason: Annotated[str, Field(min_length=3, max_length=200, pattern=WITHOUT_NUL)]


class StationChange(Shape):
    """What became of it. Where two officers are needed the first gets a proposal, no code."""

    outcome: Literal["done", "second_officer_needed"]
    station: Name
    proposal: Annotated[str, Field(max_length=60, pattern=WITHOUT_NUL)] = ""
    code: Annotated[str, Field(max_length=20, pattern=WITHOUT_NUL)] = ""
    ends_at: datetime | None = None


class StationRow(Shape):
    """GET /v1/stations: one line of the list that supervisors and technicians see."""

    name: Name
    kind: Name
    office: Name
    place: Line
    status: Literal["planned", "paired", "revoked", "removed"]
    version: Line
    software: Annotated[str, Field(max_length=64, pattern=WITHOUT_NUL)]
    certificate_ends: datetime | None


class ConfirmRequest(Shape):
    """POST /v1/officers/confirm: the signed-in officer types the password once more."""

    password: Password


class OfficerChange(Shape):
    """POST /v1/officers/{officer_id}/change: roles, and whether he may sign in at all."""

    roles: Annotated[tuple[Role, ...], Field(max_length=len(Role))]
    enabled: Flag = True


def new_code() -> str:
    """Make a one-time code, easy to read out and to type: two groups of five."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LETTERS))
    return f"{letters[:5]}-{letters[5:]}"


def stretched(code: str, station: str) -> bytes:
    """Return the key that a code stands for, 32 bytes. It takes some 100 ms and 32 MB.

    Small letters, spaces and the letters that look like digits are read as they were meant.
    """
    meant = code.upper().translate(str.maketrans("OIL", "011", " -"))
    salt = b"smartics pairing " + station.encode()
    return hashlib.scrypt(
        meant.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=64 * 2**20, dklen=32
    )


def station_proof(key: bytes, station: str, csr: bytes) -> bytes:
    """Return what only a station that was told the code can say about its request."""
    return _proof(key, b"station", station.encode(), csr)


def backend_proof(key: bytes, csr: bytes, certificate: bytes, authority: bytes) -> bytes:
    """Return what only the backend that made the code can say about its answer."""
    return _proof(key, b"backend", csr, certificate, authority)


def _proof(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, b"".join(hashlib.sha256(part).digest() for part in parts), "sha256")
