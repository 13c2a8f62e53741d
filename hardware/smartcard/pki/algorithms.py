"""Public keys and signatures as real certificates and security objects spell them.

What `cryptography` does not load by itself is read here: elliptic curves with explicit parameters
(a fifth of the world's CSCA certificates), RSASSA-PSS with its parameters, ECDSA in plain format.
"""

from dataclasses import dataclass
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.ec_signature import verify_plain
from hardware.smartcard.pki import der
from hardware.smartcard.pki.der import Element, Fields, oid_content
from hardware.smartcard.protocols.curves import CURVES, Curve
from hardware.smartcard.protocols.elliptic import EllipticGroup

HASHES: dict[bytes, hashes.HashAlgorithm] = {
    oid_content("1.3.14.3.2.26"): hashes.SHA1(),  # noqa: S303 (old documents are signed with it)
    oid_content("2.16.840.1.101.3.4.2.4"): hashes.SHA224(),
    oid_content("2.16.840.1.101.3.4.2.1"): hashes.SHA256(),
    oid_content("2.16.840.1.101.3.4.2.2"): hashes.SHA384(),
    oid_content("2.16.840.1.101.3.4.2.3"): hashes.SHA512(),
}
HASH_OIDS = {
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
}
ECDSA_OIDS = {"sha256": "1.2.840.10045.4.3.2", "sha384": "1.2.840.10045.4.3.3"}

_SHA1, _SHA224, _SHA256, _SHA384, _SHA512 = HASHES.values()
_PLAIN, _DER, _PKCS1, _PSS = "plain", "der", "pkcs1", "pss"
# The scheme, and the hash where the identifier fixes it.
_SIGNATURES: dict[bytes, tuple[str, hashes.HashAlgorithm | None]] = {
    oid_content(dotted): meaning
    for dotted, meaning in {
        "1.2.840.113549.1.1.1": (_PKCS1, None),
        "1.2.840.113549.1.1.5": (_PKCS1, _SHA1),
        "1.2.840.113549.1.1.14": (_PKCS1, _SHA224),
        "1.2.840.113549.1.1.11": (_PKCS1, _SHA256),
        "1.2.840.113549.1.1.12": (_PKCS1, _SHA384),
        "1.2.840.113549.1.1.13": (_PKCS1, _SHA512),
        "1.2.840.113549.1.1.10": (_PSS, None),
        "1.2.840.10045.2.1": (_DER, None),  # the key's identifier in the signature's place
        "1.2.840.10045.4.1": (_DER, _SHA1),
        "1.2.840.10045.4.3.1": (_DER, _SHA224),
        "1.2.840.10045.4.3.2": (_DER, _SHA256),
        "1.2.840.10045.4.3.3": (_DER, _SHA384),
        "1.2.840.10045.4.3.4": (_DER, _SHA512),
        "0.4.0.127.0.7.1.1.4.1.1": (_PLAIN, _SHA1),
        "0.4.0.127.0.7.1.1.4.1.2": (_PLAIN, _SHA224),
        "0.4.0.127.0.7.1.1.4.1.3": (_PLAIN, _SHA256),
        "0.4.0.127.0.7.1.1.4.1.4": (_PLAIN, _SHA384),
        "0.4.0.127.0.7.1.1.4.1.5": (_PLAIN, _SHA512),
    }.items()
}
_RSA_KEYS = (oid_content("1.2.840.113549.1.1.1"), oid_content("1.2.840.113549.1.1.10"))
_EC_KEYS = (oid_content("1.2.840.10045.2.1"), oid_content("1.3.132.1.12"))
_PRIME_FIELD = oid_content("1.2.840.10045.1.1")
_CURVES_BY_OID = {curve.oid: curve for curve in CURVES}
_PACKAGE_CURVES: dict[str, ec.EllipticCurve] = {
    curve.name: curve
    for curve in (
        ec.SECP192R1(), ec.SECP224R1(), ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1(),
        ec.BrainpoolP256R1(), ec.BrainpoolP384R1(), ec.BrainpoolP512R1(),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlainKey:
    """A key on a curve that `cryptography` lacks, such as brainpoolP224r1."""

    curve: Curve
    point: bytes


PublicKey: TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | PlainKey


def digest(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    """The hash of data."""
    running = hashes.Hash(algorithm)
    running.update(data)
    return running.finalize()


def read_hash(identifier: Element) -> hashes.HashAlgorithm:
    """The hash that an AlgorithmIdentifier names.

    Raises:
        ChipError: malformed, or not_supported for one that documents do not use.
    """
    found = HASHES.get(Fields(der.expect(identifier, der.SEQUENCE)).take(der.OID).content)
    if found is None:
        raise _unsupported("a hash algorithm")
    return found


def read_public_key(spki: bytes) -> PublicKey:
    """Load a SubjectPublicKeyInfo.

    Raises:
        ChipError: malformed, or not_supported for a kind or curve that `cryptography` lacks.
    """
    fields = Fields(der.first(spki, der.SEQUENCE))
    algorithm = Fields(fields.take(der.SEQUENCE))
    bits = der.read_bits(fields.take(der.BIT_STRING))
    kind = algorithm.take(der.OID).content
    try:
        if kind in _RSA_KEYS:
            numbers = Fields(der.first(bits, der.SEQUENCE))
            modulus, exponent = (der.read_integer(numbers.take()) for _ in range(2))
            return rsa.RSAPublicNumbers(exponent, modulus).public_key()
        if kind in _EC_KEYS:
            return _elliptic_key(_read_curve(algorithm.take()), bits)
    except (ValueError, OverflowError):
        raise der.malformed("a public key that is none") from None
    except UnsupportedAlgorithm:
        raise _unsupported("a curve") from None
    raise _unsupported("a kind of public key")


def is_signed_by(
    key: PublicKey,
    identifier: Element,
    signature: bytes,
    signed: bytes,
    fallback: hashes.HashAlgorithm | None = None,
) -> bool:
    """Whether signature is the key's over signed.

    identifier is the AlgorithmIdentifier of the signature; fallback the hash where that names none,
    as in CMS.

    Raises:
        ChipError: malformed, or not_supported for an algorithm that documents do not use.
    """
    fields = Fields(der.expect(identifier, der.SEQUENCE))
    scheme, algorithm = _SIGNATURES.get(fields.take(der.OID).content, ("", None))
    if not scheme:
        raise _unsupported("a signature algorithm")
    algorithm = algorithm or fallback
    try:
        if isinstance(key, rsa.RSAPublicKey):
            if scheme == _PSS:
                filling, algorithm = _read_pss(fields.maybe(der.SEQUENCE))
                key.verify(signature, signed, filling, algorithm)
                return True
            if scheme != _PKCS1 or algorithm is None:
                return False
            key.verify(signature, signed, padding.PKCS1v15(), algorithm)
            return True
        if scheme not in (_DER, _PLAIN) or algorithm is None:
            return False
        if isinstance(key, PlainKey):
            plain = _as_plain(signature, scheme, key.curve)
            return verify_plain(key.curve, key.point, algorithm.name, signed, plain)
        key.verify(_as_der(signature, scheme), signed, ec.ECDSA(algorithm))
    except (InvalidSignature, ValueError, OverflowError):
        return False
    except UnsupportedAlgorithm:
        raise _unsupported("a signature algorithm") from None
    return True


def _as_der(signature: bytes, scheme: str) -> bytes:
    if scheme == _DER:
        return signature
    half = len(signature) // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    return encode_dss_signature(r, s)


def _as_plain(signature: bytes, scheme: str, curve: Curve) -> bytes:
    if scheme == _PLAIN:
        return signature
    r, s = decode_dss_signature(signature)
    size = (curve.n.bit_length() + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def _read_pss(parameters: Element | None) -> tuple[padding.PSS, hashes.HashAlgorithm]:
    """RSASSA-PSS-params (RFC 4055, 3.1); what is left out has the default of SHA-1 and 20."""
    algorithm: hashes.HashAlgorithm = _SHA1
    mask: hashes.HashAlgorithm = _SHA1
    salt = 20
    for part in parameters.children() if parameters else ():
        inner = Fields(part).take()
        if part.tag == 0xA0:
            algorithm = read_hash(inner)
        elif part.tag == 0xA1:
            generator = Fields(inner)
            generator.take(der.OID)
            mask = read_hash(generator.take())
        elif part.tag == 0xA2:
            salt = der.read_integer(inner)
    if not 0 <= salt <= 512:
        raise der.malformed("a PSS salt of impossible length")
    return padding.PSS(padding.MGF1(mask), salt), algorithm


def _elliptic_key(curve: Curve, point: bytes) -> PublicKey:
    known = _PACKAGE_CURVES.get(curve.name)
    if known is not None:
        return ec.EllipticCurvePublicKey.from_encoded_point(known, point)
    EllipticGroup(curve).decode(point)
    return PlainKey(curve, point)


def _read_curve(parameters: Element) -> Curve:
    """Named or explicit. Calculations use our own numbers, never a certificate's generator."""
    if parameters.tag == der.OID:
        found = _CURVES_BY_OID.get(parameters.content)
        if found is None:
            raise _unsupported("a curve")
        return found
    fields = Fields(der.expect(parameters, der.SEQUENCE))
    fields.take(der.INTEGER)
    field = Fields(fields.take(der.SEQUENCE))
    if field.take(der.OID).content != _PRIME_FIELD:
        raise _unsupported("a curve over a binary field")
    prime = der.read_integer(field.take())
    curve = Fields(fields.take(der.SEQUENCE))
    a, b = (int.from_bytes(der.read_octets(curve.take()), "big") for _ in range(2))
    base = der.read_octets(fields.take())
    return _curve_with(prime, a, b, base, der.read_integer(fields.take()))


def _curve_with(p: int, a: int, b: int, base: bytes, n: int) -> Curve:
    """The known curve with these numbers; its generator may be compressed."""
    for curve in CURVES:
        if (p, a, b, n) == (curve.p, curve.a, curve.b, curve.n):
            x, y = (value.to_bytes(curve.size, "big") for value in (curve.x, curve.y))
            if base in (b"\x04" + x + y, bytes([2 + curve.y % 2]) + x):
                return curve
    raise _unsupported("a curve")


def _unsupported(what: str) -> ChipError:
    return ChipError("not_supported", f"{what} that documents do not use")
