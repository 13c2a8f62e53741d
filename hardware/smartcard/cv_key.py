"""Public keys in card-verifiable certificates, and what they sign with.

Source: BSI TR-03110-3, A.6.3 and A.6.4 (algorithms) and D.3 (encoding).
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from hardware.smartcard import tlv
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.ec_signature import (
    curve_named,
    curve_with,
    hash_fitting,
    verify_plain,
)
from hardware.smartcard.protocols.curves import Curve
from hardware.smartcard.protocols.elliptic import EllipticGroup

PUBLIC_KEY, OBJECT_IDENTIFIER = 0x7F49, 0x06
MODULUS, EXPONENT = 0x81, 0x82
PRIME, FIRST, SECOND, BASE, ORDER, POINT, COFACTOR = 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87
_CURVE_TAGS = {PRIME, FIRST, SECOND, BASE, ORDER, COFACTOR}
_ID_TA = bytes.fromhex("04007F0007020202")
_RSA, _ECDSA = 1, 2
_RSA_BITS = range(1024, 8193)
_SHA1 = hashes.SHA1()  # noqa: S303 (the standard still names it)
_RSA_HASHES: tuple[hashes.HashAlgorithm, ...] = (
    _SHA1, hashes.SHA256(), _SHA1, hashes.SHA256(), hashes.SHA512(), hashes.SHA512(),
)  # fmt: skip
_ECDSA_HASHES = ("sha1", "sha224", "sha256", "sha384", "sha512")


class SignatureAlgorithm(Enum):
    """id-TA-RSA-... and id-TA-ECDSA-..., by the last two arcs of their object identifiers."""

    RSA_V1_5_SHA1 = (_RSA, 1)
    RSA_V1_5_SHA256 = (_RSA, 2)
    RSA_PSS_SHA1 = (_RSA, 3)
    RSA_PSS_SHA256 = (_RSA, 4)
    RSA_V1_5_SHA512 = (_RSA, 5)
    RSA_PSS_SHA512 = (_RSA, 6)
    ECDSA_SHA1 = (_ECDSA, 1)
    ECDSA_SHA224 = (_ECDSA, 2)
    ECDSA_SHA256 = (_ECDSA, 3)
    ECDSA_SHA384 = (_ECDSA, 4)
    ECDSA_SHA512 = (_ECDSA, 5)

    @property
    def oid(self) -> bytes:
        """The content octets of its object identifier."""
        return _ID_TA + bytes(self.value)

    @property
    def is_rsa(self) -> bool:
        """Whether it is one of id-TA-RSA."""
        return self.value[0] == _RSA


_ALGORITHMS = {algorithm.oid: algorithm for algorithm in SignatureAlgorithm}


@dataclass(frozen=True, slots=True)
class CvPublicKey:
    """One public key.

    Attributes:
        algorithm: How it signs, hash function included.
        point: Of an elliptic curve key, uncompressed; else empty.
        curve: Where it is said; verifiers' and terminals' keys inherit it from their authority.
        modulus: Of an RSA key; else 0.
        exponent: Of an RSA key; else 0.
    """

    algorithm: SignatureAlgorithm
    point: bytes = b""
    curve: Curve | None = None
    modulus: int = 0
    exponent: int = 0

    @classmethod
    def of_key(cls, key: ec.EllipticCurvePublicKey) -> Self:
        """Take an elliptic curve key, which is to sign with the hash as strong as its curve.

        Raises:
            ChipError: Its curve is none of the standardized ones (reason not_supported).
        """
        curve = curve_named(key.curve.name)
        numbers = key.public_numbers()
        algorithm = SignatureAlgorithm[f"ECDSA_{hash_fitting(curve).upper()}"]
        return cls(algorithm, EllipticGroup(curve).encode((numbers.x, numbers.y)), curve)

    @classmethod
    def parse(cls, value: bytes) -> Self:
        """Read the value of a data object 7F49.

        Raises:
            ChipError: It is no key (malformed), or of a kind that is not used here
                (not_supported).
        """
        elements = tlv.parse(value)
        algorithm = _ALGORITHMS.get(tlv.value_of(elements, OBJECT_IDENTIFIER))
        if algorithm is None:
            raise ChipError("not_supported", "an unknown signature algorithm")
        if algorithm.is_rsa:
            modulus, exponent = (
                int.from_bytes(tlv.value_of(elements, tag), "big") for tag in (MODULUS, EXPONENT)
            )
            if modulus.bit_length() not in _RSA_BITS or not 3 <= exponent < modulus:
                raise ChipError("not_supported", "an RSA key of unusable size")
            return cls(algorithm, modulus=modulus, exponent=exponent)
        point = tlv.value_of(elements, POINT)
        curve = _parse_curve(elements)
        if curve is not None:
            EllipticGroup(curve).check(point)
        return cls(algorithm, point, curve)

    def encode(self, *, with_curve: bool) -> bytes:
        """Return the whole data object 7F49.

        Args:
            with_curve: Whether an elliptic curve key says its curve, as authorities' do.

        Raises:
            ValueError: The curve is asked for but not known.
        """
        value = tlv.build(OBJECT_IDENTIFIER, self.algorithm.oid)
        if self.algorithm.is_rsa:
            value += tlv.build(MODULUS, _unsigned(self.modulus))
            value += tlv.build(EXPONENT, _unsigned(self.exponent))
        elif with_curve:
            if self.curve is None:
                raise ValueError("an authority's key needs its curve")
            value += _encode_curve(self.curve, self.point)
        else:
            value += tlv.build(POINT, self.point)
        return tlv.build(PUBLIC_KEY, value)

    def with_curve_of(self, issuer: "CvPublicKey") -> "CvPublicKey":
        """Return the key with its issuer's curve where it says none itself.

        Raises:
            ChipError: It is not on that curve (reason malformed).
        """
        if self.algorithm.is_rsa or self.curve is not None or issuer.curve is None:
            return self
        EllipticGroup(issuer.curve).check(self.point)
        return replace(self, curve=issuer.curve)

    def is_key(self, key: ec.EllipticCurvePublicKey) -> bool:
        """Tell whether this is that key, in whatever way it says its curve."""
        return not self.algorithm.is_rsa and self.point == CvPublicKey.of_key(key).point

    def verify(self, data: bytes, signature: bytes) -> None:
        """Check a signature by this key.

        Raises:
            ChipError: It is wrong, or the key has no curve (reason untrusted).
        """
        if self.algorithm.is_rsa:
            is_right = self._verify_rsa(data, signature)
        else:
            if self.curve is None:
                raise ChipError("untrusted", "a key without a curve")
            name = _ECDSA_HASHES[self.algorithm.value[1] - 1]
            is_right = verify_plain(self.curve, self.point, name, data, signature)
        if not is_right:
            raise ChipError("untrusted", "a certificate's signature is wrong")

    def _verify_rsa(self, data: bytes, signature: bytes) -> bool:
        arc = self.algorithm.value[1]
        algorithm = _RSA_HASHES[arc - 1]
        is_pss = "PSS" in self.algorithm.name
        scheme = (
            padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
            if is_pss
            else padding.PKCS1v15()
        )
        try:
            key = rsa.RSAPublicNumbers(self.exponent, self.modulus).public_key()
            key.verify(signature, data, scheme, algorithm)
        except (InvalidSignature, UnsupportedAlgorithm, ValueError):
            return False
        return True


def _parse_curve(elements: list[tlv.Tlv]) -> Curve | None:
    """Read the domain parameters; all are there or none."""
    if not _CURVE_TAGS & {element.tag for element in elements}:
        return None
    prime, first, second, order = (
        int.from_bytes(tlv.value_of(elements, tag), "big") for tag in (PRIME, FIRST, SECOND, ORDER)
    )
    if int.from_bytes(tlv.value_of(elements, COFACTOR), "big") != 1:
        raise ChipError("not_supported", "a curve with a cofactor")
    return curve_with(prime, first, second, tlv.value_of(elements, BASE), order)


def _encode_curve(curve: Curve, point: bytes) -> bytes:
    size = curve.size
    values = (
        (PRIME, curve.p.to_bytes(size, "big")),
        (FIRST, curve.a.to_bytes(size, "big")),
        (SECOND, curve.b.to_bytes(size, "big")),
        (BASE, EllipticGroup(curve).encode((curve.x, curve.y))),
        (ORDER, _unsigned(curve.n)),
        (POINT, point),
        (COFACTOR, b"\x01"),
    )
    return b"".join(tlv.build(tag, value) for tag, value in values)


def _unsigned(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")
