"""The keys that packets are sealed to: ML-KEM-768 and X25519 together, in two halves.

A recording of today's traffic must stay closed for the fifty years that a face stays a face, so
both halves would have to fall (HPKE, RFC 9180, with the hybrid KEM MLKEM768-X25519).
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Annotated

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from pydantic import Base64Bytes

from common.wire.base import Bytes, Shape
from common.wire.packets import PacketError

KEY_BYTES = 32
_SEED_BYTES, _X25519_BYTES = 64, 32
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class PacketPublicKey(Shape):
    """A public key as it travels. mlkem768 has 1184 bytes (FIPS 203), x25519 has 32 (RFC 7748)."""

    mlkem768: Annotated[Base64Bytes, Bytes(1184, 1184)]
    x25519: Annotated[Base64Bytes, Bytes(32, 32)]

    @property
    def kid(self) -> str:
        """The hash by which a header names the key."""
        return hashlib.sha256(self.mlkem768 + self.x25519).hexdigest()

    def seal(self, plain: bytes, info: bytes) -> bytes:
        """Encrypt so that only the private key opens it, and only with the same info.

        Raises:
            PacketError: The bytes are no key.
        """
        try:
            to = MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(self.mlkem768),
                X25519PublicKey.from_public_bytes(self.x25519),
            )
            return _SUITE.encrypt(plain, to, info)
        except ValueError as error:
            raise PacketError("this is no public key for packets") from error


@dataclass(frozen=True, slots=True, repr=False)
class PacketPrivateKey:
    """A private key in two halves, since the library has no way to write a hybrid key.

    Attributes:
        seed: Of ML-KEM-768 (FIPS 203), 64 bytes.
        x25519: 32 bytes (RFC 7748).
    """

    seed: bytes
    x25519: bytes

    @classmethod
    def make(cls) -> "PacketPrivateKey":
        """Make a new key."""
        return cls(secrets.token_bytes(_SEED_BYTES), secrets.token_bytes(_X25519_BYTES))

    @classmethod
    def from_text(cls, text: str) -> "PacketPrivateKey":
        """Read both halves: 128 and 64 hexadecimal digits, with a space or a line end between.

        Raises:
            ValueError: It is something else.
        """
        halves = [bytes.fromhex(half) for half in text.split()]
        if [len(half) for half in halves] != [_SEED_BYTES, _X25519_BYTES]:
            raise ValueError("a packet key is 128 and 64 hexadecimal digits")
        return cls(*halves)

    def text(self) -> str:
        """Write both halves for a file of mode 0600 or a keyring."""
        return f"{self.seed.hex()} {self.x25519.hex()}"

    def public(self) -> PacketPublicKey:
        """Return the public key."""
        return PacketPublicKey.model_construct(
            mlkem768=MLKEM768PrivateKey.from_seed_bytes(self.seed).public_key().public_bytes_raw(),
            x25519=X25519PrivateKey.from_private_bytes(self.x25519).public_key().public_bytes_raw(),
        )

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """Decrypt what was sealed.

        Raises:
            PacketError: It was sealed to another key or with another info.
        """
        key = MLKEM768X25519PrivateKey(
            MLKEM768PrivateKey.from_seed_bytes(self.seed),
            X25519PrivateKey.from_private_bytes(self.x25519),
        )
        try:
            return _SUITE.decrypt(sealed, key, info)
        except (InvalidTag, ValueError) as error:
            raise PacketError("what is sealed does not open with this key") from error
