"""Block ciphers, MACs and key derivation of the access protocols, by the names of their keys.

Sources: ICAO Doc 9303-11, 9.7 and 9.8; BSI TR-03110-3, A.2.3; ISO 9797-1; NIST SP 800-38B.
"""

import hashlib
from enum import Enum

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, CipherContext, modes
from cryptography.hazmat.primitives.ciphers import Cipher as Construction
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from hardware.smartcard.chip_errors import ChipError

MAC_SIZE = 8
DES_BLOCK = 8
_MARK = b"\x80"
_FROM_MARK = tuple(_MARK + bytes(count) for count in range(16))
_ODD_PARITY = bytes((value & 0xFE) | ((value >> 1).bit_count() + 1 & 1) for value in range(256))


class Cipher(Enum):
    """A block cipher with the length of its key, as the last arc of a protocol's OID names it."""

    TDES = 1
    AES128 = 2
    AES192 = 3
    AES256 = 4

    key_bytes: int
    block: int

    def __init__(self, arc: int) -> None:
        self.key_bytes = (16, 16, 24, 32)[arc - 1]
        self.block = 8 if arc == 1 else 16


def derive_key(cipher: Cipher, secret: bytes, counter: int, nonce: bytes = b"") -> bytes:
    """Derive a key: the head of H(secret | nonce | counter) (9303-11, 9.7.1).

    Args:
        cipher: What the key is for. 3DES keys get odd parity.
        secret: The shared secret or the seed.
        counter: 1 for encryption, 2 for MAC, 3 for the key made from a password.
        nonce: Only in Chip Authentication version 2 (TR-03110-3, A.2.3).
    """
    told = secret + nonce + counter.to_bytes(4, "big")
    if cipher in (Cipher.TDES, Cipher.AES128):
        key = hashlib.sha1(told, usedforsecurity=False).digest()[:16]
        return key.translate(_ODD_PARITY) if cipher is Cipher.TDES else key
    return hashlib.sha256(told).digest()[: cipher.key_bytes]


def pad(data: bytes, block: int) -> bytes:
    """Append 80 and zeros up to whole blocks (ISO 9797-1, padding method 2)."""
    return data + _FROM_MARK[block - 1 - len(data) % block]


def unpad(data: bytes) -> bytes:
    """Take the padding away again.

    Raises:
        ChipError: There is none (reason malformed).
    """
    bare = data.rstrip(b"\0")
    if not bare.endswith(_MARK) or len(data) - len(bare) > 15:
        raise ChipError("malformed", "the padding is wrong")
    return bare[:-1]


def algorithm(cipher: Cipher, key: bytes) -> BlockCipherAlgorithm:
    """Return the cipher with its key, for a construction of the cryptography package."""
    if len(key) != cipher.key_bytes:
        raise ValueError("a key of another length")
    return TripleDES(key + key[:8]) if cipher is Cipher.TDES else AES(key)


def encrypt(cipher: Cipher, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
    """Encrypt whole blocks in CBC mode; the initial vector is zero unless given."""
    mode = modes.CBC(iv or bytes(cipher.block))
    return _all(Construction(algorithm(cipher, key), mode).encryptor(), data, cipher)


def decrypt(cipher: Cipher, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
    """Decrypt whole blocks in CBC mode; the initial vector is zero unless given.

    Raises:
        ChipError: The data are not whole blocks (reason malformed).
    """
    mode = modes.CBC(iv or bytes(cipher.block))
    return _all(Construction(algorithm(cipher, key), mode).decryptor(), data, cipher)


def encrypt_block(cipher: Cipher, key: bytes, block: bytes) -> bytes:
    """Encrypt one block alone."""
    return encrypt(cipher, key, block)


def mac(cipher: Cipher, key: bytes, data: bytes) -> bytes:
    """Return 8 bytes of MAC over data.

    AES: CMAC cut to its first half. 3DES: the retail MAC (ISO 9797-1, algorithm 3) over data
    that must already be padded to whole blocks.
    """
    return Authenticator(cipher, key).mac(data)


class Authenticator:
    """A MAC key that is made ready once and used for many messages."""

    def __init__(self, cipher: Cipher, key: bytes) -> None:
        self._cmac: CMAC | None = None
        if cipher is not Cipher.TDES:
            self._cmac = CMAC(algorithm(cipher, key))
            return
        if len(key) != cipher.key_bytes:
            raise ValueError("a key of another length")
        # Single DES is 3DES with one key three times; shorter keys are on their way out.
        self._chain = _single_des(key[:8], bytes(DES_BLOCK))
        self._last = bytes(DES_BLOCK)
        self._whole = Construction(TripleDES(key + key[:8]), modes.ECB()).encryptor()  # noqa: S305
        self._first = Construction(TripleDES(key[:8] * 3), modes.ECB()).decryptor()  # noqa: S305

    def mac(self, data: bytes) -> bytes:
        """Return 8 bytes of MAC over data; see the function of this name."""
        if self._cmac is not None:
            message = self._cmac.copy()
            message.update(data)
            return message.finalize()[:MAC_SIZE]
        if not data or len(data) % DES_BLOCK:
            raise ValueError("a retail MAC is taken over whole blocks")
        # The chain goes on from the message before; its last block is taken out of the first.
        head = exclusive_or(data[:DES_BLOCK], self._last)
        self._last = self._chain.update(head + data[DES_BLOCK:])[-DES_BLOCK:]
        # Algorithm 3 ends in E1(D2(last)); 3DES gives E1(D2(E1(x))), so x is D1(last).
        return self._whole.update(self._first.update(self._last))


class Chain:
    """CBC under one key with a new initial vector for each message, without a new key schedule.

    The contexts run on without end. What they still chain from the message before is taken out
    of the first block by exclusive-or, together with the wanted initial vector.
    """

    def __init__(self, cipher: Cipher, key: bytes) -> None:
        made = Construction(algorithm(cipher, key), modes.CBC(bytes(cipher.block)))
        self.block = cipher.block
        self._encryptor = made.encryptor()
        self._decryptor = made.decryptor()
        self._encrypted = self._decrypted = bytes(cipher.block)

    def encrypt(self, data: bytes, iv: bytes) -> bytes:
        """Encrypt one or more whole blocks."""
        head = exclusive_or3(data[: self.block], iv, self._encrypted)
        out = self._encryptor.update(head + data[self.block :])
        self._encrypted = out[-self.block :]
        return out

    def decrypt(self, data: bytes, iv: bytes) -> bytes:
        """Decrypt one or more whole blocks.

        Raises:
            ChipError: It is not whole blocks (reason malformed).
        """
        if not data or len(data) % self.block:
            raise ChipError("malformed", "not whole blocks")
        out = self._decryptor.update(data)
        head = exclusive_or3(out[: self.block], iv, self._decrypted)
        self._decrypted = data[-self.block :]
        return head + out[self.block :]


def exclusive_or(one: bytes, other: bytes) -> bytes:
    """Return the exclusive-or of two byte strings of one length."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(len(one), "big")


def exclusive_or3(one: bytes, other: bytes, third: bytes) -> bytes:
    """Return the exclusive-or of three byte strings of one length."""
    mixed = int.from_bytes(one, "big") ^ int.from_bytes(other, "big") ^ int.from_bytes(third, "big")
    return mixed.to_bytes(len(one), "big")


def _single_des(key: bytes, iv: bytes) -> CipherContext:
    return Construction(TripleDES(key * 3), modes.CBC(iv)).encryptor()


def _all(context: CipherContext, data: bytes, cipher: Cipher) -> bytes:
    if not data or len(data) % cipher.block:
        raise ChipError("malformed", "not whole blocks")
    return context.update(data) + context.finalize()
