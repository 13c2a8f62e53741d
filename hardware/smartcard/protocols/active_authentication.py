"""Active Authentication: the chip signs a challenge with a key that DG15 names.

Sources: ICAO Doc 9303-11, 6.1 and Appendix F; ISO/IEC 9796-2 digital signature scheme 1;
BSI TR-03111, 5.2.1 for plain ECDSA signatures.
"""

import hashlib
import secrets
from dataclasses import dataclass
from hmac import compare_digest

from hardware.smartcard.apdu import SHORT_ANSWER, SW, Command
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.ec_signature import hash_fitting, verify_plain
from hardware.smartcard.link import CardLink
from hardware.smartcard.protocols.curves import Curve
from hardware.smartcard.protocols.elliptic import EllipticGroup
from hardware.smartcard.protocols.groups import of_public_key_info
from hardware.smartcard.tlv import parse, parse_one

CHALLENGE = 8
DG15_TAG = 0x6F
RSA_BITS = range(1024, 8193)
_SEQUENCE, _BIT_STRING, _INTEGER, _OBJECT_IDENTIFIER = 0x30, 0x03, 0x02, 0x06
_RSA = bytes.fromhex("2A864886F70D010101")
_IMPLICIT_SHA1 = 0xBC
_EXPLICIT = 0xCC
_HASHES = {0x33: "sha1", 0x34: "sha256", 0x35: "sha512", 0x36: "sha384", 0x38: "sha224"}
"""Hash functions by the number that ISO/IEC 10118-3 gives them."""
_PLAIN_ECDSA = "0.4.0.127.0.7.1.1.4.1."
_PLAIN_HASHES = {"1": "sha1", "2": "sha224", "3": "sha256", "4": "sha384", "5": "sha512"}
"""ecdsa-plain-SHA... by the last arc of its object identifier (BSI TR-03111, 5.2.1.1)."""


@dataclass(frozen=True, slots=True)
class RsaKey:
    """An RSA key of DG15."""

    modulus: int
    exponent: int

    @property
    def size(self) -> int:
        """Bytes of the modulus, and of a signature."""
        return (self.modulus.bit_length() + 7) // 8


@dataclass(frozen=True, slots=True)
class EcKey:
    """An elliptic curve key of DG15; public is an uncompressed point."""

    curve: Curve
    public: bytes

    @property
    def size(self) -> int:
        """Bytes of a signature."""
        return 2 * ((self.curve.n.bit_length() + 7) // 8)


def run(link: CardLink, dg15: bytes, algorithm: str | None = None) -> None:
    """Challenge the chip and check its signature.

    The proof is worth something only when the signed list of hashes holds that of DG15.

    Args:
        link: The chip; its session stays as it is.
        dg15: The whole file with the public key.
        algorithm: The signature algorithm that DG14 names for an ECDSA key, if it names one.

    Raises:
        ChipError: The signature is wrong or refused (not_genuine), DG15 makes no sense
            (malformed), or its key is of a kind that is not known (not_supported).
    """
    key = public_key(dg15)
    challenge = secrets.token_bytes(CHALLENGE)
    answer = link.send(Command(0x88, 0x00, 0x00, challenge, max(key.size, SHORT_ANSWER)))
    if answer.status_word != SW.OK:
        raise ChipError("not_genuine", "Active Authentication refused", answer.status_word)
    verify(key, challenge, answer.data, algorithm)


def verify(
    key: RsaKey | EcKey, challenge: bytes, signature: bytes, algorithm: str | None = None
) -> None:
    """Check a signature over a challenge; as run, without the chip."""
    if isinstance(key, RsaKey):
        _verify_recovered(key, challenge, signature)
        return
    name = _hash_of(algorithm, key.curve)
    if not verify_plain(key.curve, key.public, name, challenge, signature):
        raise _no_proof()


def public_key(dg15: bytes) -> RsaKey | EcKey:
    """Read the key of DG15.

    Raises:
        ChipError: It is none (malformed), or neither RSA nor elliptic curve (not_supported).
    """
    info = parse_one(dg15, DG15_TAG)
    fields = parse(parse_one(info, _SEQUENCE))
    if [field.tag for field in fields] != [_SEQUENCE, _BIT_STRING]:
        raise ChipError("malformed", "no public key in DG15")
    algorithm = parse(fields[0].value)
    if algorithm and (algorithm[0].tag, algorithm[0].value) == (_OBJECT_IDENTIFIER, _RSA):
        return _rsa_key(fields[1].value)
    group, public = of_public_key_info(info)
    if not isinstance(group, EllipticGroup):
        raise ChipError("not_supported", "a key of an unknown kind in DG15")
    return EcKey(group.curve, public)


def _rsa_key(bits: bytes) -> RsaKey:
    numbers = parse(parse_one(bits[1:], _SEQUENCE))
    if bits[:1] != b"\0" or [number.tag for number in numbers] != [_INTEGER, _INTEGER]:
        raise ChipError("malformed", "no RSA key in DG15")
    modulus, exponent = (int.from_bytes(number.value, "big") for number in numbers)
    if modulus.bit_length() not in RSA_BITS:
        raise ChipError("not_supported", "an RSA key of unusable size in DG15")
    if not 3 <= exponent < modulus or not exponent & modulus & 1:
        raise ChipError("malformed", "an RSA key that is none in DG15")
    return RsaKey(modulus, exponent)


def _verify_recovered(key: RsaKey, challenge: bytes, signature: bytes) -> None:
    """Recover the message's first part from an RSA signature and check the whole message.

    The scheme allows either of two representatives, s and n - s (ISO/IEC 9796-2, 7.1); the one
    whose lowest half byte is C is meant.
    """
    number = int.from_bytes(signature, "big")
    if len(signature) != key.size or number >= key.modulus:
        raise _no_proof()
    recovered = pow(number, key.exponent, key.modulus)
    if recovered & 0x0F != 0x0C:
        recovered = key.modulus - recovered
    name, block = _without_trailer(recovered.to_bytes(key.size, "big"))
    length = hashlib.new(name, usedforsecurity=False).digest_size
    message = _recovered_message(block[:-length])
    digest = hashlib.new(name, message + challenge, usedforsecurity=False).digest()
    if not compare_digest(digest, block[-length:]):
        raise _no_proof()


def _without_trailer(block: bytes) -> tuple[str, bytes]:
    """Name the hash function that the trailer stands for, and cut the trailer off."""
    if block[-1] == _IMPLICIT_SHA1:
        return "sha1", block[:-1]
    if block[-1] == _EXPLICIT and block[-2] in _HASHES:
        return _HASHES[block[-2]], block[:-2]
    raise _no_proof()


def _recovered_message(head: bytes) -> bytes:
    """Cut header and padding off: 6A, or 6B BB ... BB BA before a shorter message.

    The header's third bit says that a part of the message, here the challenge, is not within.
    """
    if not head or head[0] not in (0x6A, 0x6B):
        raise _no_proof()
    if head[0] == 0x6A:
        return head[1:]
    padding = head[1:].lstrip(b"\xbb")
    if not padding or padding[0] != 0xBA:
        raise _no_proof()
    return padding[1:]


def _hash_of(algorithm: str | None, curve: Curve) -> str:
    """Name the hash function of an ECDSA signature: DG14 says it, else the curve's size does."""
    if algorithm is None:
        return hash_fitting(curve)
    if not algorithm.startswith(_PLAIN_ECDSA):
        raise ChipError("not_supported", "a signature algorithm for Active Authentication")
    name = _PLAIN_HASHES.get(algorithm.removeprefix(_PLAIN_ECDSA))
    if name is None:
        raise ChipError("not_supported", "a hash function for Active Authentication")
    return name


def _no_proof() -> ChipError:
    return ChipError("not_genuine", "Active Authentication: the signature is wrong")
