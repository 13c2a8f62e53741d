"""Stations that are paired already, with a key that the test knows."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from backend import authority
from common.domain.clock import Clock, system_clock
from common.station.config import read
from common.station.keys import SoftKey
from common.sync.signing import Signer
from common.wire.signatures import key_id_of

DAYS = 30


def signer_of(key: EllipticCurvePrivateKey, clock: Clock = system_clock) -> Signer:
    """Sign as a station with this key does."""
    return Signer(key_id_of(key.public_key()), SoftKey(key).sign, clock)


def any_signer() -> Signer:
    """Sign with a key that nobody knows."""
    return signer_of(generate_private_key(SECP256R1()))


def pair_beforehand(
    config: Path, key: EllipticCurvePrivateKey | None = None, clock: Clock = system_clock
) -> None:
    """Write the key and the certificates of the station that a station.toml describes."""
    station = read(config)
    private = key or generate_private_key(SECP256R1())
    file = config.parent / station.backend_key.removeprefix("file:")
    file.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    own = authority.make(clock())
    certificate = own.station_certificate(private.public_key(), station.name, clock(), DAYS)
    station.data.mkdir(parents=True, exist_ok=True)
    (station.data / "identity.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (station.data / "authority.pem").write_bytes(own.certificate.public_bytes(Encoding.PEM))
