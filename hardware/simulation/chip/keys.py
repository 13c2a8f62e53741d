"""Private keys of a chip, as its memory keeps them: PKCS#8."""

from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.curves import Curve
from hardware.simulation.chip.groups import Group

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@lru_cache(maxsize=64)
def private_key(pkcs8: bytes) -> PrivateKey:
    """Read a key; 6A80 if it is none that a chip can use."""
    try:
        key = load_der_private_key(pkcs8, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Refusal(SW.WRONG_DATA) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise Refusal(SW.WRONG_DATA)
    return key


def curve_key(pkcs8: bytes | None) -> ec.EllipticCurvePrivateKey:
    """Read a key on a curve that the chip knows; 6A80 otherwise."""
    key = private_key(pkcs8 or b"")
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Refusal(SW.WRONG_DATA)
    Curve.named(key.curve.name)
    return key


def library_name(group: Group) -> str:
    """Return the library's name of a group that is a curve, or nothing."""
    return group.library.name if isinstance(group, Curve) else ""
