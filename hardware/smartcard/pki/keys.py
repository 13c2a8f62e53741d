"""Keys that sign: what a signing key and a store of them promise, and the store that is a folder.

Curves go by the names of SEC 2 as `cryptography` spells them: secp256r1 and secp384r1.
"""

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, HashAlgorithm
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from hardware.smartcard.pki.files import PRIVATE, sync_folder, write_first

P256, P384 = "secp256r1", "secp384r1"
CURVES: dict[str, tuple[ec.EllipticCurve, HashAlgorithm]] = {
    P256: (ec.SECP256R1(), SHA256()),
    P384: (ec.SECP384R1(), SHA384()),
}
# PKCS#8 stretches a passphrase but little (2048 rounds), so it must be long by itself.
SHORTEST_PASSPHRASE = 16

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SUFFIX = ".key.pem"

SecretSource = Callable[[], str]
"""Fetches a passphrase or PIN at the moment it is needed, so that none lies about."""


class KeyStoreError(Exception):
    """A key or a secret is missing, in the way, or does not open."""


class SigningKey(Protocol):
    """A private key that stays where it is."""

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Its public half."""

    def sign(self, data: bytes) -> bytes:
        """Sign data with ECDSA and the hash that fits the curve (P-256 SHA-256, P-384 SHA-384).

        Returns:
            r | s, each as long as the curve's order (TR-03111, plain format).

        Raises:
            KeyStoreError: The store does not let the key be used.
        """


class KeyStore(Protocol):
    """Where signing keys are made and kept, by labels of 1 to 64 of A-Z a-z 0-9 . _ -."""

    def generate(self, label: str, curve: str) -> SigningKey:
        """Make a new key.

        Raises:
            KeyStoreError: The label is taken or malformed, or the store cannot.
        """

    def open(self, label: str) -> SigningKey:
        """Find a key again.

        Raises:
            KeyStoreError: It is not there or does not open.
        """

    def labels(self) -> list[str]:
        """All labels, sorted."""

    def destroy(self, label: str) -> None:
        """Remove a key for good; none there is right too.

        Raises:
            KeyStoreError: The store does not let it go.
        """


def curve_of(name: str) -> tuple[ec.EllipticCurve, HashAlgorithm]:
    """The curve of this name and the hash that fits it.

    Raises:
        KeyStoreError: It is not one that this library signs with.
    """
    if name not in CURVES:
        raise KeyStoreError(f"no keys on {name}: choose {' or '.join(CURVES)}")
    return CURVES[name]


def checked_label(label: str) -> str:
    """The label, if it may be one.

    Raises:
        KeyStoreError: It may not.
    """
    if not _LABEL.fullmatch(label):
        raise KeyStoreError("a label is 1 to 64 letters, digits, dots, lines and dashes")
    return label


class FileKey:
    """A signing key in memory, out of an encrypted file."""

    __slots__ = ("_key",)

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        curve_of(key.curve.name)
        self._key = key

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Its public half."""
        return self._key.public_key()

    def sign(self, data: bytes) -> bytes:
        """Sign data; see `SigningKey`."""
        curve, digest = CURVES[self._key.curve.name]
        r, s = decode_dss_signature(self._key.sign(data, ec.ECDSA(digest)))
        size = (curve.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")


class FolderKeyStore:
    """Keys as files: PKCS#8 in PEM, encrypted with one passphrase, only their owner reads them."""

    def __init__(self, folder: Path, passphrase: SecretSource) -> None:
        self._folder = folder
        self._passphrase = passphrase

    def generate(self, label: str, curve: str) -> SigningKey:
        """Make a new key; see `KeyStore`."""
        key = ec.generate_private_key(curve_of(curve)[0])
        encryption = BestAvailableEncryption(self._secret())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
        try:
            write_first(self._file(label), pem, PRIVATE)
        except FileExistsError:
            raise KeyStoreError(f"there is a key {label} already") from None
        except OSError as error:
            raise KeyStoreError(f"key {label} cannot be written: {error.strerror}") from error
        return FileKey(key)

    def open(self, label: str) -> SigningKey:
        """Decrypt a key's file; see `KeyStore`."""
        try:
            pem = self._file(label).read_bytes()
        except FileNotFoundError:
            raise KeyStoreError(f"there is no key {label}") from None
        except OSError as error:
            raise KeyStoreError(f"key {label} cannot be read: {error.strerror}") from error
        try:
            key = load_pem_private_key(pem, self._secret())
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise KeyStoreError(
                f"key {label} does not open: another passphrase, or damaged"
            ) from None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise KeyStoreError(f"key {label} is no elliptic curve key")
        return FileKey(key)

    def labels(self) -> list[str]:
        """All labels, sorted."""
        return sorted(
            file.name.removesuffix(_SUFFIX)
            for file in self._folder.glob(f"*{_SUFFIX}")
            if not file.name.startswith(".")
        )

    def destroy(self, label: str) -> None:
        """Overwrite a key's file and remove it. On flash and copying disks old blocks may stay."""
        file = self._file(label)
        try:
            with file.open("r+b") as opened:
                opened.write(bytes(file.stat().st_size))
                opened.flush()
                os.fsync(opened.fileno())
            file.unlink()
        except FileNotFoundError:
            return
        except OSError as error:
            raise KeyStoreError(f"key {label} cannot be removed: {error.strerror}") from error
        sync_folder(self._folder)

    def _file(self, label: str) -> Path:
        return self._folder / f"{checked_label(label)}{_SUFFIX}"

    def _secret(self) -> bytes:
        passphrase = self._passphrase()
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise KeyStoreError(f"the passphrase is shorter than {SHORTEST_PASSPHRASE} characters")
        return passphrase.encode()


def new_key(keys: KeyStore, kind: str, curve: str) -> tuple[SigningKey, str]:
    """Make a key under a label that nobody used before; returns both.

    Raises:
        KeyStoreError: The store cannot.
    """
    label = f"{kind}-{secrets.token_hex(8)}"
    return keys.generate(label, curve), label


def secret_from(where: str, folder: Path) -> SecretSource:
    """Where a secret is fetched: "file:PATH" (relative to folder) or "keyring:SERVICE/NAME".

    Raises:
        KeyStoreError: It says neither; later, when fetching: it is not there or open to others.
    """
    kind, _, rest = where.partition(":")
    if kind == "file" and rest:
        return lambda: _secret_of_file(folder / rest)
    service, _, name = rest.partition("/")
    if kind == "keyring" and service and name:
        return lambda: _secret_of_keyring(service, name)
    raise KeyStoreError('a secret is given as "file:PATH" or "keyring:SERVICE/NAME"')


def make_secret_file(path: Path) -> None:
    """Write a new random secret that only its owner can read; an existing file is left alone."""
    try:
        write_first(path, secrets.token_hex(32).encode() + b"\n", PRIVATE)
    except FileExistsError:
        return


def _secret_of_file(path: Path) -> str:
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise KeyStoreError(f"{path.name} is open to others: chmod 600 {path.name}")
        secret = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyStoreError(f"the secret file {path.name} cannot be read") from error
    if not secret:
        raise KeyStoreError(f"the secret file {path.name} is empty")
    return secret


def _secret_of_keyring(service: str, name: str) -> str:
    import keyring  # noqa: PLC0415 (slow to import, and most stations have none)
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        found = keyring.get_password(service, name)
    except KeyringError as error:
        raise KeyStoreError(f"the keyring does not open: {type(error).__name__}") from error
    if not found:
        raise KeyStoreError(f"the keyring holds nothing for {service}/{name}")
    return found
