"""How PACE turns the nonce that a password opens into a new generator.

Sources: ICAO Doc 9303-11, 4.4.3.3 and appendix B; BSI TR-03110-3, A.3.4.
"""

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols.ciphers import Cipher, encrypt
from hardware.smartcard.protocols.group_interface import Group, KeyPair

_C0_128 = bytes.fromhex("A668892A7C41E3CA739F40B057D85904")
_C1_128 = bytes.fromhex("A4E136AC725F738B01C1F60217C188AD")
_C0_256 = bytes.fromhex("D463D65234124EF7897054986DCA0A174E28DF758CBAA03F240616414D5A1676")
_C1_256 = bytes.fromhex("54BD7255F0AAF831BEC3423FCF39D69B6CBF066677D0FAAE5AADD99DF8E53517")
_SLACK_BITS = 64


def generic(group: Group, own: KeyPair, peer: bytes, nonce: bytes) -> Group:
    """Map with one more key agreement: the nonce times the generator, plus the shared element.

    Raises:
        ChipError: The peer's key is no element of the group, or a weak one (malformed).
    """
    shared = group.times(own, peer)
    return group.onto(group.combine(int.from_bytes(nonce, "big"), shared))


def integrated(group: Group, cipher: Cipher, nonce: bytes, terminal_nonce: bytes) -> Group:
    """Map without a key agreement: a pseudo-random number of both nonces goes into the group.

    Args:
        group: The static domain parameters.
        cipher: The block cipher of the protocol.
        nonce: s, that the password opened.
        terminal_nonce: t, as long as the cipher's key.

    Raises:
        ChipError: The nonce is shorter than a key (malformed), or the group has no such mapping
            (not_supported).
    """
    if len(nonce) < cipher.key_bytes:  # generic mapping takes it; here it becomes a key
        raise ChipError("malformed", "a nonce of another length")
    number = pseudo_random(cipher, nonce, terminal_nonce, group.modulus)
    return group.onto(group.of_number(number))


def pseudo_random(cipher: Cipher, nonce: bytes, terminal_nonce: bytes, modulus: int) -> int:
    """R_p(s, t) of 9303-11, appendix B: a chain of encryptions, reduced modulo p."""
    is_long = cipher in (Cipher.AES192, Cipher.AES256)
    c0, c1 = (_C0_256, _C1_256) if is_long else (_C0_128, _C1_128)
    key = encrypt(cipher, terminal_nonce, nonce)[: cipher.key_bytes]
    told = b""
    while len(told) * 8 < modulus.bit_length() + _SLACK_BITS:
        told += encrypt(cipher, key, c1)
        key = encrypt(cipher, key, c0)[: cipher.key_bytes]
    return int.from_bytes(told, "big") % modulus
