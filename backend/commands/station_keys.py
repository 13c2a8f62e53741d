"""What a station signs packets with, as far as the backend knows it."""

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from sqlalchemy import delete, insert, select

from backend.schema.sync_tables import station_keys
from backend.transaction import Refusal, Transaction


def station_public_key(transaction: Transaction, name: str) -> EllipticCurvePublicKey:
    """Return the P-256 key of a station.

    Raises:
        Refusal: None is registered, or it is no such key.
    """
    der = transaction.connection.execute(
        select(station_keys.c.public_key).where(station_keys.c.station == name)
    ).scalar_one_or_none()
    if der is None:
        raise Refusal(403, "station_key_unknown", "no packet key of this station is registered")
    key = load_der_public_key(der)
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise Refusal(403, "station_key_unknown", "the registered key is not on P-256")
    return key


def register_public_key(transaction: Transaction, name: str, key: EllipticCurvePublicKey) -> None:
    """Keep a station's key, instead of an earlier one."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    transaction.connection.execute(delete(station_keys).where(station_keys.c.station == name))
    transaction.connection.execute(insert(station_keys).values(station=name, public_key=der))
