"""What stations sign packets with, as far as the backend knows it."""

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from sqlalchemy import insert, select

from backend.schema.sync_tables import packet_signers
from backend.transaction import Refusal, Transaction
from common.wire.packet_sealing import signer_id


def station_public_key(
    transaction: Transaction, station: str, signer: str
) -> EllipticCurvePublicKey:
    """Return the P-256 key of a station by its name.

    Raises:
        Refusal: The station has no such key.
    """
    der = transaction.connection.execute(
        select(packet_signers.c.public_key).where(
            packet_signers.c.station == station, packet_signers.c.key_id == signer
        )
    ).scalar_one_or_none()
    if der is None:
        raise Refusal(403, "signer_unknown", "the station has no such key")
    key = load_der_public_key(der)
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise Refusal(403, "signer_unknown", "the key is not on P-256")
    return key


def register_public_key(transaction: Transaction, station: str, key: EllipticCurvePublicKey) -> str:
    """Let a station sign packets with one more key; return the key's name."""
    key_id = signer_id(key)
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    transaction.connection.execute(
        insert(packet_signers).values(key_id=key_id, station=station, public_key=der)
    )
    return key_id
