"""The backend's secrets: the master key, what derives from it, the sealing of personal data."""

import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import keyring
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12


class SecretError(Exception):
    """A secret is missing, readable by others, or malformed."""


class SealError(Exception):
    """Sealed data does not open: another key, another binding, or changed bytes."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """One key for each use, all derived from the master key, so that no key serves two purposes."""

    wrapping: bytes
    people: bytes
    tokens: bytes
    chain: bytes
    references: bytes
    log: bytes
    backups: bytes
    trust: bytes
    callbacks: bytes
    signing: bytes
    sources: bytes

    @classmethod
    def derive(cls, master: bytes) -> "Keys":
        """Derive every key from the master key."""
        return cls(*(_derive(master, use) for use in cls.__slots__))

    def person(self, identity_number: str) -> str:
        """Return the keyed hash that stands for a person in every index."""
        return hmac.digest(self.people, identity_number.encode(), "sha256").hex()

    def seal_line(self, before: bytes, leaf: bytes) -> bytes:
        """Return the seal of a ledger's line after the seal of the line before."""
        return hmac.digest(self.chain, before + leaf, "sha256")

    def seal_end(self, size: int, last: bytes) -> bytes:
        """Return the seal over how many lines there are, and over the last one's seal."""
        return hmac.digest(self.chain, b"end" + size.to_bytes(8, "big") + last, "sha256")

    def signing_key(self) -> Ed25519PrivateKey:
        """Return what the backend signs receipts, times and work orders with."""
        return Ed25519PrivateKey.from_private_bytes(self.signing)

    def source(self, address: str) -> str:
        """Return the keyed hash that stands for an internet address while places are held."""
        return hmac.digest(self.sources, address.encode(), "sha256").hex()

    def callback(self, subscription_id: str) -> str:
        """Return what only who answers at a subscription's address can know."""
        return hmac.digest(self.callbacks, subscription_id.encode(), "sha256").hex()[:32]

    def reference(self, booking_id: str) -> bytes:
        """Return the 128 bits that a booking's address is made of."""
        return hmac.digest(self.references, booking_id.encode(), "sha256")[:16]


def _derive(master: bytes, use: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"smartics/" + use.encode()).derive(master)


def seal(key: bytes, plain: bytes, bound_to: str) -> bytes:
    """Encrypt with AES-GCM; what it is bound to must be named again when it is opened."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """Decrypt what `seal` made.

    Raises:
        SealError: The key or the binding is another one, or the bytes were changed.
    """
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise SealError("sealed data does not open with this key") from error


def read_secret(where: str, folder: Path) -> str:
    """Read a secret named "file:PATH" (relative to folder) or "keyring:SERVICE/NAME".

    Raises:
        SecretError: It is not there.
    """
    kind, _, rest = where.partition(":")
    if kind == "file" and rest:
        return _read_file(folder / rest)
    service, _, name = rest.partition("/")
    if kind == "keyring" and service and name:
        value = keyring.get_password(service, name)
        if value is None:
            raise SecretError(f"the keyring holds nothing for {rest}")
        return value
    raise SecretError(f'write "file:PATH" or "keyring:SERVICE/NAME", not {where!r}')


def _read_file(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SecretError(f"cannot read the secret file {path.name}: {error.strerror}") from error
    if not text:
        raise SecretError(f"the secret file {path.name} is empty")
    return text


def read_key(where: str, folder: Path) -> bytes:
    """Read a 256-bit key written as 64 hexadecimal digits.

    Raises:
        SecretError: It cannot be read, has another shape, or others than its owner can read it.
    """
    path = folder / where.removeprefix("file:")
    is_posix_file = where.startswith("file:") and os.name == "posix" and path.exists()
    if is_posix_file and path.stat().st_mode & 0o077:
        raise SecretError(f"{path.name} is open to others: chmod 600 {path.name}")
    text = read_secret(where, folder)
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SecretError(f"{where} must hold {2 * KEY_BYTES} hexadecimal digits")
    return key


def make_key_file(path: Path) -> None:
    """Write a new random key that only its owner can read; an existing file is left alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
