"""What stations sign packets with: the keys that they were paired with."""

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.x509 import load_der_x509_certificate
from sqlalchemy import select

from backend.schema.trust_tables import station_keys
from backend.transaction import Refusal, Transaction


def station_public_key(
    transaction: Transaction, station: str, signer: str
) -> EllipticCurvePublicKey:
    """Return the P-256 key of a station by its name.

    A packet may have been sealed before the station renewed its key, so that keys that have ended
    since count here too: the station that brings it has just proved itself with its present one.

    Raises:
        Refusal: The station never had such a key.
    """
    der = transaction.connection.execute(
        select(station_keys.c.certificate).where(
            station_keys.c.station == station, station_keys.c.key_id == signer
        )
    ).scalar_one_or_none()
    key = None if der is None else load_der_x509_certificate(der).public_key()
    if not isinstance(key, EllipticCurvePublicKey):
        raise Refusal(403, "signer_unknown", "the station has no such key")
    return key
