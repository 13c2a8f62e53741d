"""Public keys and signatures as real certificates and security objects spell them.

What `cryptography` does not load by itself is read here: elliptic curves with explicit parameters
(a fifth of the world's CSCA certificates), RSASSA-PSS with its parameters, ECDSA in plain format.
"""

from hashlib import sha256
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.pki import der
from hardware.smartcard.pki.der import Element, Fields, oid_content

PublicKey: TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

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
_NAMED_CURVES: dict[bytes, ec.EllipticCurve] = {
    oid_content("1.2.840.10045.3.1.1"): ec.SECP192R1(),
    oid_content("1.3.132.0.33"): ec.SECP224R1(),
    oid_content("1.2.840.10045.3.1.7"): ec.SECP256R1(),
    oid_content("1.3.132.0.34"): ec.SECP384R1(),
    oid_content("1.3.132.0.35"): ec.SECP521R1(),
    oid_content("1.3.36.3.3.2.8.1.1.7"): ec.BrainpoolP256R1(),
    oid_content("1.3.36.3.3.2.8.1.1.11"): ec.BrainpoolP384R1(),
    oid_content("1.3.36.3.3.2.8.1.1.13"): ec.BrainpoolP512R1(),
}
# SHA-256 of "p|a|b|x of G|n" in hexadecimal, from SEC 2 and RFC 5639. A curve is believed to be a
# named one only when all of it agrees; the certificate's own generator is never calculated with.
_CURVES_BY_PARAMETERS: dict[str, ec.EllipticCurve] = {
    "f71f7826f9151b2435642816efce9c20d903cecacd99ccf6a3d250c92321a1ef": ec.SECP192R1(),
    "fbff94c2dcffc781936a7147cb13b923695e8c893a8e10ab0ed2c76dcc897675": ec.SECP224R1(),
    "d04ee9a0a09628d992b53c843a88782f63badf6b73a522ef5009ff66d14d3dd1": ec.SECP256R1(),
    "c9c49ea2b1377c1949499b0ac13ac6d6b7ace3a4ee837c66420a43a8566f3d24": ec.SECP384R1(),
    "be3ece089a06ec0ea843c2699124f0be2d97d356b0d75a0041372f3069d543be": ec.SECP521R1(),
    "b53a7e95aad23f27488d2524fb97c4d1ab9240a928dd339687dbdc7f1f998bf2": ec.BrainpoolP256R1(),
    "b0d0586acc0dcdfde8a7700d56b2ffa5b0227ebbaa57b600d02741d7eabddd24": ec.BrainpoolP384R1(),
    "64cba9fbda289ee883681f07e4daa5fb350e2967faa52aad6ed50c24555eae3b": ec.BrainpoolP512R1(),
}


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
            curve = _read_curve(algorithm.take())
            return ec.EllipticCurvePublicKey.from_encoded_point(curve, bits)
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
        key.verify(_as_der(signature, scheme), signed, ec.ECDSA(algorithm))
    except (InvalidSignature, ValueError):
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


def _read_curve(parameters: Element) -> ec.EllipticCurve:
    if parameters.tag == der.OID:
        found = _NAMED_CURVES.get(parameters.content)
    else:
        found = _CURVES_BY_PARAMETERS.get(_fingerprint(parameters))
    if found is None:
        raise _unsupported("a curve")
    return found


def _fingerprint(parameters: Element) -> str:
    """Explicit ECParameters (X9.62): version, field, curve a b [seed], base G, order n [, h]."""
    fields = Fields(der.expect(parameters, der.SEQUENCE))
    fields.take(der.INTEGER)
    field = Fields(fields.take(der.SEQUENCE))
    if field.take(der.OID).content != _PRIME_FIELD:
        raise _unsupported("a curve over a binary field")
    prime = der.read_integer(field.take())
    curve = Fields(fields.take(der.SEQUENCE))
    a, b = (int.from_bytes(der.read_octets(curve.take()), "big") for _ in range(2))
    base = der.read_octets(fields.take())
    size = (prime.bit_length() + 7) // 8
    x = int.from_bytes(base[1 : 1 + size], "big")
    order = der.read_integer(fields.take())
    text = "|".join(f"{value:x}" for value in (prime, a, b, x, order))
    return sha256(text.encode()).hexdigest()


def _unsupported(what: str) -> ChipError:
    return ChipError("not_supported", f"{what} that documents do not use")
