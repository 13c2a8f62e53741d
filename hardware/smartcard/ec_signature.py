"""Checking ECDSA signatures as chips write them: plain r|s, on any curve that a chip may have.

Sources: BSI TR-03111, 4.2.1 (ECDSA) and 5.2.1 (plain format). Checking needs no secrets, so the
curves that the cryptography package lacks are calculated with plain integers.
"""

import hashlib
from functools import cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols.curves import CURVES, Curve
from hardware.smartcard.protocols.elliptic import EllipticGroup
from hardware.smartcard.protocols.plain_points import Point, add, multiply

_KNOWN: tuple[ec.EllipticCurve, ...] = (
    ec.SECP192R1(),
    ec.SECP224R1(),
    ec.SECP256R1(),
    ec.SECP384R1(),
    ec.SECP521R1(),
    ec.BrainpoolP256R1(),
    ec.BrainpoolP384R1(),
    ec.BrainpoolP512R1(),
)
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 (old documents are signed with it)
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_FITTING = ((512, "sha512"), (384, "sha384"), (256, "sha256"), (224, "sha224"), (0, "sha1"))


def curve_named(name: str) -> Curve:
    """Find a curve by the name that SEC 2, RFC 5639 and the cryptography package share.

    Raises:
        ChipError: It is not known (reason not_supported).
    """
    for curve in CURVES:
        if curve.name == name:
            return curve
    raise ChipError("not_supported", "an unknown curve")


def curve_with(p: int, a: int, b: int, base: bytes, n: int) -> Curve:
    """Find the curve that has these numbers. Others are not trusted to be sound.

    Raises:
        ChipError: None has (reason not_supported).
    """
    for curve in CURVES:
        if (p, a, b, n) == (curve.p, curve.a, curve.b, curve.n):
            if base == EllipticGroup(curve).encode((curve.x, curve.y)):
                return curve
            break
    raise ChipError("not_supported", "a curve of its own")


def hash_fitting(curve: Curve) -> str:
    """Name the hash function as strong as a curve, which is not longer than its order."""
    return next(name for bits, name in _FITTING if curve.n.bit_length() >= bits)


def verify_plain(
    curve: Curve, public: bytes, hash_name: str, message: bytes, signature: bytes
) -> bool:
    """Tell whether r|s, of equal lengths, is a signature over message.

    Args:
        curve: Of the key.
        public: The key, an uncompressed point.
        hash_name: sha1, sha224, sha256, sha384 or sha512.
        message: What was signed, not yet hashed.
        signature: r|s.

    Raises:
        ChipError: The key is none (reason malformed).
    """
    point = EllipticGroup(curve).decode(public)
    half = len(signature) // 2
    if len(signature) % 2 or half != (curve.n.bit_length() + 7) // 8:
        return False
    r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    if not 0 < r < curve.n or not 0 < s < curve.n:
        return False
    digest = hashlib.new(hash_name, message, usedforsecurity=False).digest()
    known = package_curve(curve.name)
    if known is None:
        return _verify_with_integers(curve, point, digest, r, s)
    try:
        key = ec.EllipticCurvePublicNumbers(*point, known).public_key()
        algorithm = ec.ECDSA(Prehashed(_HASHES[hash_name]))
        key.verify(encode_dss_signature(r, s), digest, algorithm)
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, ValueError):  # left out of this machine's OpenSSL
        return _verify_with_integers(curve, point, digest, r, s)
    return True


@cache
def package_curve(name: str) -> ec.EllipticCurve | None:
    """Find what the cryptography package calls a curve; None where it has none."""
    return next((known for known in _KNOWN if known.name == name), None)


def _verify_with_integers(curve: Curve, public: Point, digest: bytes, r: int, s: int) -> bool:
    bits = curve.n.bit_length()
    number = int.from_bytes(digest, "big") >> max(8 * len(digest) - bits, 0)
    inverse = pow(s, -1, curve.n)
    one = multiply(curve, number * inverse % curve.n, (curve.x, curve.y))
    other = multiply(curve, r * inverse % curve.n, public)
    total = _sum(curve, one, other)
    return total is not None and total[0] % curve.n == r


def _sum(curve: Curve, one: Point | None, other: Point | None) -> Point | None:
    """Add two points; None is the point at infinity."""
    if one is None or other is None:
        return one or other
    if one[0] != other[0]:
        return add(curve, one, other)
    return multiply(curve, 2, one) if one == other else None
