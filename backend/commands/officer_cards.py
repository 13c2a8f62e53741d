"""Officers' cards: bound to an officer by a supervisor, and signing in by a signed challenge."""

import hashlib
import secrets
from base64 import b64encode
from datetime import timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate
from sqlalchemy import delete, insert, select, update

from backend.commands.effects import OfficerCardGiven
from backend.commands.officers import end_sessions_of
from backend.commands.station import Officer, Station
from backend.schema.officer_card_tables import officer_cards, officer_challenges
from backend.schema.tables import officers
from backend.transaction import Refusal, Transaction
from common.domain.officer import Role
from common.wire.officer_cards import (
    CHALLENGE_BYTES,
    CardSignInRequest,
    OfficerCardRow,
    OfficerCards,
    OfficerChallenge,
    key_id,
    signed_by,
)

GOOD_FOR = timedelta(minutes=2)


def challenge(transaction: Transaction, station: Station) -> OfficerChallenge:
    """Make what a card at this station signs next; good once, for two minutes."""
    made = secrets.token_bytes(CHALLENGE_BYTES)
    ends_at = transaction.now + GOOD_FOR
    transaction.connection.execute(
        insert(officer_challenges).values(
            challenge_hash=_hash(made), station=station.name, ends_at=ends_at
        )
    )
    return OfficerChallenge(challenge=b64encode(made), ends_at=ends_at)


def spend(transaction: Transaction, station: Station, made: bytes) -> bool:
    """Use a challenge up and tell whether it was good; whatever comes of it, it is so no more."""
    found = transaction.connection.execute(
        delete(officer_challenges)
        .where(
            officer_challenges.c.challenge_hash == _hash(made),
            officer_challenges.c.station == station.name,
        )
        .returning(officer_challenges.c.ends_at)
    ).scalar_one_or_none()
    return found is not None and transaction.now < found


def officer_of(transaction: Transaction, station: Station, asked: CardSignInRequest) -> str | None:
    """Return the officer whose card signed this; None where the card does not count."""
    try:
        name, key = _key_in(asked.certificate)
    except ValueError:
        return None
    r, s = (int.from_bytes(half, "big") for half in (asked.signature[:32], asked.signature[32:]))
    try:
        key.verify(
            encode_dss_signature(r, s),
            signed_by(station.name, asked.challenge),
            ec.ECDSA(SHA256()),
        )
    except InvalidSignature:
        return None
    return transaction.connection.execute(
        select(officer_cards.c.officer_id)
        .join(officers, officers.c.officer_id == officer_cards.c.officer_id)
        .where(
            officer_cards.c.key_id == name,
            officer_cards.c.ended_at.is_(None),
            officers.c.disabled_at.is_(None),
        )
    ).scalar_one_or_none()


def refused(transaction: Transaction, station: Station) -> None:
    """Write into the books that a card was not taken. It is not told whose it claims to be."""
    transaction.record("card_sign_in_refused", "", station.name)


def give(
    transaction: Transaction, officer_id: str, certificate: bytes, at: str, by: Officer | None
) -> OfficerCardRow:
    """Bind a card to an officer; the same once more is once.

    Args:
        transaction: The command's.
        officer_id: Whose card it is.
        certificate: What the card holds (DER); its key must be P-256.
        at: The station at which it is done, or "backend".
        by: The supervisor; None for the operator.

    Raises:
        Refusal: The card is none, is or was another's, or the supervisor's own officer is meant.
    """
    if by is not None and by.officer_id == officer_id:
        raise Refusal(403, "same_officer", "nobody gives himself a card")
    known = select(officers.c.roles).where(officers.c.officer_id == officer_id)
    roles = transaction.connection.execute(known).scalar_one_or_none()
    if roles is None:
        raise Refusal(404, "not_found", "no such officer")
    try:
        name, _ = _key_in(certificate)
    except ValueError as error:
        raise Refusal(422, "card_wrong", "a certificate of a P-256 key is needed") from error
    row = transaction.connection.execute(
        select(officer_cards).where(officer_cards.c.key_id == name)
    ).one_or_none()
    if row is not None and (row.officer_id != officer_id or row.ended_at is not None):
        raise Refusal(409, "card_known", "a card is given once, to one officer")
    if row is None:
        supervisor = None if by is None else by.officer_id
        transaction.connection.execute(
            insert(officer_cards).values(
                key_id=name,
                officer_id=officer_id,
                certificate=certificate,
                given_at=transaction.now,
                given_by=supervisor,
            )
        )
        what = OfficerCardGiven(officer_id=officer_id, key_id=name)
        transaction.record("officer_card_given", "", at, supervisor, what)
    return OfficerCardRow(
        key_id=name, officer_id=officer_id, roles=_roles(roles), certificate=b64encode(certificate)
    )


def revoke(transaction: Transaction, name: str, at: str, by: str | None) -> None:
    """Let a card count no more; its officer's sessions are over. Revoking twice is once.

    Raises:
        Refusal: There is no such card.
    """
    row = transaction.connection.execute(
        select(officer_cards).where(officer_cards.c.key_id == name)
    ).one_or_none()
    if row is None:
        raise Refusal(404, "not_found", "no such card")
    if row.ended_at is not None:
        return
    transaction.connection.execute(
        update(officer_cards).where(officer_cards.c.key_id == name).values(ended_at=transaction.now)
    )
    end_sessions_of(transaction, row.officer_id)
    what = OfficerCardGiven(officer_id=row.officer_id, key_id=name)
    transaction.record("officer_card_revoked", "", at, by, what)


def listed(transaction: Transaction) -> OfficerCards:
    """List the cards that count now, for stations that may lose the backend."""
    rows = transaction.connection.execute(
        select(officer_cards, officers.c.roles)
        .join(officers, officers.c.officer_id == officer_cards.c.officer_id)
        .where(officer_cards.c.ended_at.is_(None), officers.c.disabled_at.is_(None))
        .order_by(officer_cards.c.key_id)
    ).all()
    cards = tuple(
        OfficerCardRow(
            key_id=row.key_id,
            officer_id=row.officer_id,
            roles=_roles(row.roles),
            certificate=b64encode(row.certificate),
        )
        for row in rows
    )
    return OfficerCards(cards=cards, at=transaction.now)


def forget_old(transaction: Transaction) -> None:
    """Drop challenges that nobody answered."""
    transaction.connection.execute(
        delete(officer_challenges).where(officer_challenges.c.ends_at < transaction.now)
    )


def _key_in(certificate: bytes) -> tuple[str, ec.EllipticCurvePublicKey]:
    """Return the name and the key of a certificate.

    Raises:
        ValueError: It is none, or of another kind of key.
    """
    key = load_der_x509_certificate(certificate).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise ValueError("no P-256 key")
    return key_id(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)), key


def _hash(made: bytes) -> str:
    return hashlib.sha256(made).hexdigest()


def _roles(text: str) -> tuple[Role, ...]:
    return tuple(Role(word) for word in text.split())
