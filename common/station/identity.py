"""Who this station is: its key, its certificate, and the authority that it believes.

The certificates lie in identity.pem in the station's data folder, written in one step; the key is
the one of the store that the certificate fits. So whichever moment the power goes in a renewal, the
station starts with a key and a certificate that belong together.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from common.domain.clock import Clock
from common.station.config import ConfigError, StationConfig
from common.station.keys import FileKeys, KeyStore, StationKey, key_store
from common.sync.signing import Signer
from common.wire.signatures import key_id_of

_FILE = "identity.pem"
_AUTHORITY_FILE = "authority.pem"


@dataclass(frozen=True, slots=True)
class Identity:
    """A paired station.

    Attributes:
        authority_file: PEM file of the authority that certifies this station and the backend.
        channel: PEM files of the certificate and the key, where the key is a file: TLS needs files.
    """

    key: StationKey
    certificate: x509.Certificate
    authority_file: Path
    channel: tuple[Path, Path] | None = None

    def signer(self, clock: Clock) -> Signer:
        """Return what signs this station's requests."""
        return Signer(key_id_of(self.key.public), self.key.sign, clock)

    @property
    def renewal_due(self) -> datetime:
        """When two thirds of the certificate's life are over."""
        begins, ends = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        return begins + (ends - begins) * 2 / 3


def load(config: StationConfig) -> Identity:
    """Read who this station is.

    Raises:
        ConfigError: It is not paired, or its key and its certificate do not belong together.
    """
    store = store_of(config)
    file = config.data / _FILE
    if not file.exists():
        raise ConfigError(
            f"{config.file}: {config.name} is not paired; ask a supervisor for a code, then: "
            f"smartics station pair --config {config.file} --code CODE"
        )
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    for key, is_next in zip(store.held(), (False, True), strict=True):
        if key is not None and key.public == certificate.public_key():
            if is_next:
                store.promote()
            return _identity(config, key, certificate)
    raise ConfigError(f"{config.file}: the key is not the one of {file}; pair {config.name} anew")


def adopt(
    config: StationConfig, key: StationKey, certificate: bytes, authority: bytes | None = None
) -> Identity:
    """Become whom a certificate (DER) says, with the next key of the store.

    Args:
        config: The station's.
        key: The next key.
        certificate: Of that key.
        authority: Certificate of the authority (DER) at a pairing; None keeps the known one.

    Raises:
        ConfigError: The certificate is of another key, or another authority signed it.
    """
    authority_file = config.data / _AUTHORITY_FILE
    own = x509.load_der_x509_certificate(certificate)
    if authority is None:
        above = x509.load_pem_x509_certificate(authority_file.read_bytes())
    else:
        above = x509.load_der_x509_certificate(authority)
    if own.public_key() != key.public or not _is_issued_by(own, above):
        raise ConfigError("the certificate that came is not this station's; pair it anew")
    if authority is not None:
        _write(authority_file, above.public_bytes(Encoding.PEM))
    _write(config.data / _FILE, own.public_bytes(Encoding.PEM))
    store_of(config).promote()
    return _identity(config, key, own)


def store_of(config: StationConfig) -> KeyStore:
    """Open the store of the station's keys."""
    return key_store(config.backend_key, config.file.parent)


def _identity(config: StationConfig, key: StationKey, certificate: x509.Certificate) -> Identity:
    store, file = store_of(config), config.data / _FILE
    channel = (file, store.file) if isinstance(store, FileKeys) else None
    return Identity(key, certificate, config.data / _AUTHORITY_FILE, channel)


def _is_issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    if not isinstance(authority.public_key(), EllipticCurvePublicKey):
        return False
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_suffix(".new")
    with scratch.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    scratch.replace(file)
