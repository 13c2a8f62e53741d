"""Keys of a card's manager: what they are, and how a card's own are made from an issuer's.

A card comes from its factory with keys that everybody knows. Before it is issued they give way to
keys of its own, derived from a master key that stays with the issuer, so that one opened card
opens no other. Derivation is SP 800-108 in counter mode with AES-CMAC (KDF3 of the GlobalPlatform
world): counter (1 byte) | 0000000n00 | diversification data, n = 1 ENC, 2 MAC, 3 DEK.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

KEY_SIZES = (16, 24, 32)
AES_BLOCK = 16
KEY_TYPE_AES = 0x88
CHECK_BYTES = 3
ENC, MAC, DEK = 1, 2, 3


@dataclass(frozen=True, slots=True, repr=False)
class CardManagerKeys:
    """The three AES keys of a security domain, all of 16, 24 or 32 bytes. They have no repr.

    Attributes:
        encryption: Key-ENC. mac: Key-MAC. data_encryption: Key-DEK.
        version: Key version number, 0 to 7F or FF; 0 lets the card take its default.
    """

    encryption: bytes
    mac: bytes
    data_encryption: bytes
    version: int = 0

    def __post_init__(self) -> None:
        sizes = {len(self.encryption), len(self.mac), len(self.data_encryption)}
        if len(sizes) != 1 or not sizes <= set(KEY_SIZES):
            raise ValueError("the keys are three of 16, 24 or 32 bytes")
        if not 0 <= self.version <= 0x7F and self.version != 0xFF:
            raise ValueError("a key version is 0 to 7F, or FF")


_TEST_KEY = bytes(range(0x40, 0x50))
FACTORY_TEST_KEYS = CardManagerKeys(_TEST_KEY, _TEST_KEY, _TEST_KEY)
"""What makers put on development cards; everybody knows them. Never on an issued card."""


def diversify(master: bytes, data: bytes, version: int) -> CardManagerKeys:
    """Derive a card's own keys, as long as the master key.

    Args:
        master: The issuer's AES key.
        data: What tells this card from others: the ten bytes of key diversification data that it
            answers to INITIALIZE UPDATE, or another number of its own.
        version: The key version number under which the card will keep them, 1 to 7F.
    """
    if len(master) not in KEY_SIZES or not data:
        raise ValueError("a master key of 16, 24 or 32 bytes, and data that are not empty")
    encryption, mac, data_encryption = (
        derive(master, b"", bytes([0, 0, 0, n, 0]) + data, len(master)) for n in (ENC, MAC, DEK)
    )
    return CardManagerKeys(encryption, mac, data_encryption, version)


def derive(key: bytes, before: bytes, after: bytes, size: int) -> bytes:
    """SP 800-108 counter mode with AES-CMAC: blocks over before | counter (1 byte) | after."""
    blocks = -(-size // AES_BLOCK)
    found = b"".join(cmac(key, before + bytes([n]) + after) for n in range(1, blocks + 1))
    return found[:size]


def cmac(key: bytes, data: bytes) -> bytes:
    """AES-CMAC (SP 800-38B), all 16 bytes."""
    made = CMAC(algorithms.AES(key))
    made.update(data)
    return made.finalize()


def encrypt(key: bytes, vector: bytes, data: bytes) -> bytes:
    """AES-CBC over whole blocks."""
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def decrypt(key: bytes, vector: bytes, data: bytes) -> bytes:
    """AES-CBC over whole blocks."""
    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def check_value(key: bytes) -> bytes:
    """Return a key's check value: the head of sixteen bytes 01 encrypted (Amendment D, 4.1.4)."""
    return encrypt(key, bytes(AES_BLOCK), b"\x01" * AES_BLOCK)[:CHECK_BYTES]


def put_key_data(new: CardManagerKeys, transport: bytes) -> tuple[bytes, bytes]:
    """Return what PUT KEY carries for three keys, and what the card answers when it took them.

    Each is type | length | key length | key under AES-CBC with the card's DEK, ICV 0 | 03 | check
    value (GPCS 11.8.2.3, Amendment D 7.2).
    """
    if not 1 <= new.version <= 0x7F:
        raise ValueError("new keys have a version of 1 to 7F")
    version = bytes([new.version])
    fields, checks = b"", b""
    for key in (new.encryption, new.mac, new.data_encryption):
        padded = key + bytes(-len(key) % AES_BLOCK)
        secret = encrypt(transport, bytes(AES_BLOCK), padded)
        fields += bytes([KEY_TYPE_AES, len(secret) + 1, len(key)]) + secret
        fields += bytes([CHECK_BYTES]) + check_value(key)
        checks += check_value(key)
    return version + fields, version + checks
