"""Where a station's private key lives: a file that only the station reads, or a keyring.

A key does not leave its store: the store's keys sign, and make the certificate request. A TPM would
be a third store of this shape; none has been tried.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from common.station.config import ConfigError
from common.wire.signatures import raw_signature


class StationKey(Protocol):
    """One P-256 key that can be used and not be read."""

    @property
    def public(self) -> EllipticCurvePublicKey:
        """Its public half."""

    def sign(self, text: bytes) -> bytes:
        """Sign with ECDSA and SHA-256; return 64 bytes."""

    def request(self, station: str) -> bytes:
        """Return a PKCS #10 certificate request (DER) that proves the key."""


class KeyStore(Protocol):
    """The station's keys: the present one, and the next one while it is not yet certified."""

    def held(self) -> tuple[StationKey | None, StationKey | None]:
        """Return the present key and the next one.

        Raises:
            ConfigError: What is there is no key.
        """

    def make_next(self) -> StationKey:
        """Make a next key, in place of one that came to nothing."""

    def promote(self) -> None:
        """Make the next key the present one; the one before is gone."""


@dataclass(frozen=True, slots=True, repr=False)
class SoftKey:
    """A key in this process's memory."""

    private: EllipticCurvePrivateKey

    @property
    def public(self) -> EllipticCurvePublicKey:
        """Its public half."""
        return self.private.public_key()

    def sign(self, text: bytes) -> bytes:
        """Sign with ECDSA and SHA-256; return 64 bytes."""
        return raw_signature(self.private.sign(text, ECDSA(SHA256())))

    def request(self, station: str) -> bytes:
        """Return a PKCS #10 certificate request (DER) that proves the key."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, station)])
        csr = x509.CertificateSigningRequestBuilder().subject_name(subject)
        return csr.sign(self.private, SHA256()).public_bytes(Encoding.DER)


class FileKeys:
    """Keys in files of mode 0600: NAME, and NAME.next beside it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._next = file.with_name(f"{file.name}.next")

    def held(self) -> tuple[StationKey | None, StationKey | None]:
        """Return the present key and the next one."""
        return _read(self.file), _read(self._next)

    def make_next(self) -> StationKey:
        """Make a next key, in place of one that came to nothing."""
        key = SoftKey(generate_private_key(SECP256R1()))
        self._next.parent.mkdir(parents=True, exist_ok=True)
        self._next.unlink(missing_ok=True)
        self._next.touch(mode=0o600)
        self._next.write_text(_pem(key), "ascii")
        return key

    def promote(self) -> None:
        """Make the next key the present one; the one before is gone."""
        self._next.replace(self.file)


class KeyringKeys:
    """Keys in the system's keyring: SERVICE/NAME, and SERVICE/NAME.next."""

    def __init__(self, service: str, name: str) -> None:
        import keyring  # noqa: PLC0415 (slow to import, and most stations have none)

        self._keyring = keyring
        self._service, self._name = service, name
        self._next = f"{name}.next"

    def held(self) -> tuple[StationKey | None, StationKey | None]:
        """Return the present key and the next one."""
        return self._get(self._name), self._get(self._next)

    def make_next(self) -> StationKey:
        """Make a next key, in place of one that came to nothing."""
        key = SoftKey(generate_private_key(SECP256R1()))
        self._keyring.set_password(self._service, self._next, _pem(key))
        return key

    def promote(self) -> None:
        """Make the next key the present one; the one before is gone."""
        text = self._keyring.get_password(self._service, self._next)
        if text:
            self._keyring.set_password(self._service, self._name, text)
            self._keyring.delete_password(self._service, self._next)

    def _get(self, name: str) -> SoftKey | None:
        text = self._keyring.get_password(self._service, name)
        return _key(text, name) if text else None


def key_store(where: str, folder: Path) -> KeyStore:
    """Open the store that "file:NAME" (relative to folder) or "keyring:SERVICE/NAME" names.

    Raises:
        ConfigError: It names none.
    """
    kind, _, rest = where.partition(":")
    if kind == "file" and rest:
        return FileKeys(folder / rest)
    service, _, name = rest.partition("/")
    if kind == "keyring" and service and name:
        return KeyringKeys(service, name)
    raise ConfigError(f"a key is given as file:NAME or keyring:SERVICE/NAME, not {where!r}")


def _read(file: Path) -> SoftKey | None:
    return _key(file.read_text("ascii"), file.name) if file.exists() else None


def _pem(key: SoftKey) -> str:
    return key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _key(text: str, name: str) -> SoftKey:
    try:
        key = load_pem_private_key(text.encode(), None)
    except ValueError as error:
        raise ConfigError(f"{name} is no private key; pair the station anew") from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise ConfigError(f"{name} is no P-256 key; pair the station anew")
    return SoftKey(key)
