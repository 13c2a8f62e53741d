"""The ciphers of the chip: 3DES and AES in CBC, their MACs, key derivation, padding.

ICAO Doc 9303-11 clauses 9.7 (key derivation) and 9.8 (secure messaging); ISO 9797-1 MAC
algorithm 3 and padding method 2; NIST SP 800-38B for CMAC.
"""

import hashlib
from enum import Enum

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

from hardware.simulation.chip.answers import SW, Refusal

MAC_BYTES = 8
ENCRYPTION, AUTHENTICATION, PASSWORD = 1, 2, 3
"""The counters of the key derivation function (9.7.1)."""


class Suite(Enum):
    """A cipher with its MAC: the last arc of a protocol's object identifier, key and block size."""

    TDES = (1, 16, 8)
    AES128 = (2, 16, 16)
    AES192 = (3, 24, 16)
    AES256 = (4, 32, 16)

    @property
    def key_bytes(self) -> int:
        """Size of a key in bytes."""
        return self.value[1]

    @property
    def block(self) -> int:
        """Size of a block in bytes."""
        return self.value[2]

    @classmethod
    def of_arc(cls, arc: int) -> "Suite":
        """Find a suite by the last arc of an object identifier; 6A80 if there is none."""
        for suite in cls:
            if suite.value[0] == arc:
                return suite
        raise Refusal(SW.WRONG_DATA)


def derive(suite: Suite, secret: bytes, counter: int) -> bytes:
    """KDF(K, c): SHA-1 for keys of 16 bytes, SHA-256 for longer ones; DES keys get odd parity."""
    seed = secret + counter.to_bytes(4, "big")
    if suite.key_bytes > 16:
        return hashlib.sha256(seed).digest()[: suite.key_bytes]
    key = hashlib.sha1(seed, usedforsecurity=False).digest()[:16]
    return bytes(map(_odd_parity, key)) if suite is Suite.TDES else key


def pad(data: bytes, block: int) -> bytes:
    """Padding method 2: 80, then zeros up to a whole block."""
    return data + b"\x80" + bytes(-(len(data) + 1) % block)


def unpad(data: bytes) -> bytes:
    """Take padding method 2 off; 6988 if it is not there."""
    bare = data.rstrip(b"\x00")
    if bare[-1:] != b"\x80":
        raise Refusal(SW.OBJECTS_INCORRECT)
    return bare[:-1]


class BlockCipher:
    """One key with its cipher, in CBC mode without padding."""

    def __init__(self, suite: Suite, key: bytes) -> None:
        self._block = suite.block
        self._algorithm: TripleDES | algorithms.AES
        if suite is Suite.TDES:
            self._algorithm = TripleDES(key + key[:8])
        else:
            self._algorithm = algorithms.AES(key)
        self._single = Cipher(self._algorithm, modes.ECB()).encryptor()  # noqa: S305 (one block)

    def encrypt(self, data: bytes, iv: bytes | None = None) -> bytes:
        """Encrypt whole blocks; the initial vector is zero unless given."""
        mode = modes.CBC(iv or bytes(self._block))
        return Cipher(self._algorithm, mode).encryptor().update(data)

    def decrypt(self, data: bytes, iv: bytes | None = None) -> bytes:
        """Decrypt whole blocks; the initial vector is zero unless given."""
        mode = modes.CBC(iv or bytes(self._block))
        return Cipher(self._algorithm, mode).decryptor().update(data)

    def one_block(self, data: bytes) -> bytes:
        """Encrypt one block alone."""
        return self._single.update(data)


class MacAes:
    """CMAC cut to eight bytes; the key schedule is made once."""

    def __init__(self, key: bytes) -> None:
        self._keyed = CMAC(algorithms.AES(key))

    def full(self, data: bytes) -> bytes:
        """Return all 16 bytes."""
        one = self._keyed.copy()
        one.update(data)
        return one.finalize()

    def of(self, data: bytes) -> bytes:
        """Authenticate data."""
        return self.full(data)[:MAC_BYTES]


class MacDes:
    """The retail MAC over data that is already padded: DES in CBC, the last block with 3DES.

    Single DES is 3DES with three equal keys.
    """

    def __init__(self, key: bytes) -> None:
        self._first = TripleDES(key[:8] * 3)
        self._first_block = Cipher(self._first, modes.ECB()).encryptor()  # noqa: S305 (one block)
        second = TripleDES(key[8:16] * 3)
        self._second_block = Cipher(second, modes.ECB()).decryptor()  # noqa: S305 (one block)

    def of(self, data: bytes) -> bytes:
        """Authenticate data of whole blocks."""
        chain = Cipher(self._first, modes.CBC(bytes(8))).encryptor().update(data)
        return self._first_block.update(self._second_block.update(chain[-8:]))


def mac_of(suite: Suite, key: bytes) -> MacAes | MacDes:
    """Make the MAC that belongs to a suite."""
    return MacDes(key) if suite is Suite.TDES else MacAes(key)


def token(suite: Suite, key: bytes, data: bytes) -> bytes:
    """Authenticate data that is not padded yet: DES needs the padding, CMAC has its own."""
    return mac_of(suite, key).of(pad(data, 8) if suite is Suite.TDES else data)


def _odd_parity(octet: int) -> int:
    return octet & 0xFE | ((octet >> 1).bit_count() & 1 ^ 1)
