"""Officers' cards: shapes, and what a card signs.

A card is a PIV card (NIST SP 800-73-4) with a P-256 key for authentication. Its certificate says
nothing that counts by itself: what counts is that a supervisor has bound it to an officer.
"""

import hashlib
from datetime import datetime
from typing import Annotated

from pydantic import Base64Bytes, Field

from common.domain.officer import Role
from common.wire.base import Bytes, Digest, Name, Shape
from common.wire.trust import Certificate

CHALLENGE_BYTES = 32
Challenge = Annotated[Base64Bytes, Bytes(CHALLENGE_BYTES, CHALLENGE_BYTES)]
CardSignature = Annotated[Base64Bytes, Bytes(64, 64)]


class OfficerChallenge(Shape):
    """POST /v1/officers/challenge: what a card signs next; good once, for this station alone."""

    challenge: Challenge
    ends_at: datetime


class CardSignInRequest(Shape):
    """POST /v1/officers/card-sign-in: the card's certificate (DER), and r | s over `signed_by`."""

    certificate: Certificate
    challenge: Challenge
    signature: CardSignature


class OfficerCardRequest(Shape):
    """POST /v1/officers/{officer_id}/cards: a supervisor binds a card to another officer."""

    certificate: Certificate


class OfficerCardRevocation(Shape):
    """POST /v1/officers/cards/revoke: a card that counts no more."""

    key_id: Digest


class OfficerCardRow(Shape):
    """One card that counts: the public key's name, the officer and what he may do."""

    key_id: Digest
    officer_id: Name
    roles: Annotated[tuple[Role, ...], Field(max_length=len(Role))]
    certificate: Certificate


class OfficerCards(Shape):
    """GET /v1/officers/cards: for stations, which keep it for when the backend is out of reach."""

    cards: tuple[OfficerCardRow, ...]
    at: datetime


def signed_by(station: str, challenge: bytes) -> bytes:
    """Return what a card signs to sign its officer in at this station."""
    return b"smartics officer sign-in\0" + station.encode() + b"\0" + challenge


def key_id(public_key_der: bytes) -> str:
    """Name a card by its public key (SubjectPublicKeyInfo, DER)."""
    return hashlib.sha256(public_key_der).hexdigest()
