"""Active Authentication, the chip's side (ICAO Doc 9303-11 clause 6.1)."""

import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.keys import private_key
from hardware.simulation.chip.memory import GROUP_14
from hardware.simulation.chip.objects import inside
from hardware.simulation.chip.security_infos import active_authentication_hash
from hardware.simulation.chip.session import Session

NONCE = 8
HASHES: dict[int, hashes.HashAlgorithm] = {
    224: hashes.SHA224(),
    256: hashes.SHA256(),
    384: hashes.SHA384(),
    512: hashes.SHA512(),
}
STRONG_MODULUS = 2048
"""RSA keys from here on sign with SHA-256, shorter ones with SHA-1."""


def sign(session: Session, nonce: bytes) -> bytes:
    """INTERNAL AUTHENTICATE: sign the terminal's nonce.

    Raises:
        Refusal: 6985, the chip has no such key; 6700, the nonce is not eight bytes.
    """
    held = session.store.octets("signing_key")
    numbers = session.store.memory.get("signing_numbers", {})
    if held is None and len(numbers) != 2:
        raise Refusal(SW.NOT_NOW)
    if len(nonce) != NONCE:
        raise Refusal(SW.WRONG_LENGTH)
    if held is None:
        modulus, exponent = int(numbers["modulus"], 16), int(numbers["exponent"], 16)
        return _sign_with_exponent(session, modulus, exponent, nonce)
    key = private_key(held)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return _sign_on_curve(session, key, nonce)
    return _sign_with_primes(session, key, nonce)


def _sign_on_curve(session: Session, key: ec.EllipticCurvePrivateKey, nonce: bytes) -> bytes:
    """Plain ECDSA, with the hash that DG14 announces."""
    try:
        announced = active_authentication_hash(inside(session.store.files[GROUP_14], 0x6E))
    except (KeyError, Refusal):
        announced = None
    fitting = max((bits for bits in HASHES if bits <= key.curve.key_size), default=224)
    algorithm = HASHES[announced if announced in HASHES else fitting]
    r, s = decode_dss_signature(key.sign(nonce, ec.ECDSA(algorithm)))
    size = (key.curve.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def _sign_with_primes(session: Session, key: rsa.RSAPrivateKey, nonce: bytes) -> bytes:
    numbers = key.private_numbers()
    modulus = numbers.public_numbers.n
    message = _message(session, modulus, nonce, strong=key.key_size >= STRONG_MODULUS)
    by_p = pow(message, numbers.dmp1, numbers.p)
    by_q = pow(message, numbers.dmq1, numbers.q)
    signature = by_q + (by_p - by_q) * numbers.iqmp % numbers.p * numbers.q
    return signature.to_bytes(key.key_size // 8, "big")


def _sign_with_exponent(session: Session, modulus: int, exponent: int, nonce: bytes) -> bytes:
    """Sign as the JMRTD applet does, which is given no more than the exponent: with SHA-1."""
    message = _message(session, modulus, nonce, strong=False)
    return pow(message, exponent, modulus).to_bytes((modulus.bit_length() + 7) // 8, "big")


def _message(session: Session, modulus: int, nonce: bytes, *, strong: bool) -> int:
    """ISO 9796-2 digital signature scheme 1, partial recovery: 6A, M1, H(M1 M2), trailer."""
    trailer = b"\x34\xcc" if strong else b"\xbc"
    digest_size = 32 if strong else 20
    room = modulus.bit_length() // 8 - digest_size - len(trailer) - 1
    if room < 0:
        raise Refusal(SW.NOT_NOW)
    first = session.random.octets(room)
    if strong:
        digest = hashlib.sha256(first + nonce).digest()
    else:
        digest = hashlib.sha1(first + nonce, usedforsecurity=False).digest()
    return int.from_bytes(b"\x6a" + first + digest + trailer, "big")
