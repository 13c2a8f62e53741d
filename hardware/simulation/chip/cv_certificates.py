"""Card-verifiable certificates as a chip reads them (ICAO Doc 9303-12 7.2, BSI TR-03110-3 C, D)."""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.curve_numbers import CURVE_NUMBERS
from hardware.simulation.chip.curves import Curve
from hardware.simulation.chip.objects import by_tag, decode, encode

CERTIFICATE, BODY, SIGNATURE = 0x7F21, 0x7F4E, 0x5F37
PROFILE, AUTHORITY, PUBLIC_KEY, HOLDER = 0x5F29, 0x42, 0x7F49, 0x5F20
TEMPLATE, EFFECTIVE, EXPIRY = 0x7F4C, 0x5F25, 0x5F24
IDENTIFIER, DISCRETIONARY = 0x06, 0x53
INSPECTION_SYSTEM = bytes.fromhex("04007F000703010201")
"""id-IS, 0.4.0.127.0.7.3.1.2.1."""
TERMINAL_AUTHENTICATION = bytes.fromhex("04007F000702020202")
"""id-TA with arc 1 RSA, 2 ECDSA to follow, then the algorithm."""
CVCA, DOMESTIC, FOREIGN, TERMINAL = 0xC0, 0x80, 0x40, 0x00
ROLE, RIGHTS = 0xC0, 0x3F
RSA_ALGORITHMS: dict[int, tuple[bool, hashes.HashAlgorithm]] = {
    2: (False, hashes.SHA256()),
    4: (True, hashes.SHA256()),
    5: (False, hashes.SHA512()),
    6: (True, hashes.SHA512()),
}
"""id-TA-RSA-*: whether PSS, and the hash; those with SHA-1 are not taken."""
CURVE_ALGORITHMS: dict[int, hashes.HashAlgorithm] = {
    2: hashes.SHA224(),
    3: hashes.SHA256(),
    4: hashes.SHA384(),
    5: hashes.SHA512(),
}


@dataclass(frozen=True, slots=True, repr=False)
class PublicKey:
    """A public key with the only algorithm it may be used in."""

    identifier: bytes
    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Tell whether the signature over data is this key's."""
        try:
            if isinstance(self.key, rsa.RSAPublicKey):
                is_pss, algorithm = RSA_ALGORITHMS[self.identifier[-1]]
                scheme: padding.PSS | padding.PKCS1v15 = padding.PKCS1v15()
                if is_pss:
                    scheme = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
                self.key.verify(signature, data, scheme, algorithm)
            else:
                half = (self.key.curve.key_size + 7) // 8
                if len(signature) != 2 * half:
                    return False
                r, s = (
                    int.from_bytes(part, "big") for part in (signature[:half], signature[half:])
                )
                algorithm = CURVE_ALGORITHMS[self.identifier[-1]]
                self.key.verify(encode_dss_signature(r, s), data, ec.ECDSA(algorithm))
        except (InvalidSignature, KeyError):
            return False
        return True


@dataclass(frozen=True, slots=True, repr=False)
class CvCertificate:
    """What a certificate says. Dates are six digits, YYMMDD, as they are compared.

    Attributes:
        key: None if it leaves its curve to the authority's certificate.
    """

    encoded: bytes
    body: bytes
    signature: bytes
    authority: bytes
    holder: bytes
    role: int
    rights: int
    effective: str
    expiry: str
    public_object: bytes

    @classmethod
    def parse(cls, encoded: bytes) -> "CvCertificate":
        """Read a certificate, or the body and signature inside one; 6A80 if it is none."""
        parts = decode(encoded)
        if len(parts) == 1 and parts[0].tag == CERTIFICATE:
            parts = decode(parts[0].value)
        if not parts or parts[0].tag != BODY or len(parts) > 2:
            raise Refusal(SW.WRONG_DATA)
        body = encode(BODY, parts[0].value)
        signature = parts[1].value if len(parts) == 2 and parts[1].tag == SIGNATURE else b""
        fields = by_tag(parts[0].value)
        needed = (PROFILE, AUTHORITY, PUBLIC_KEY, HOLDER, TEMPLATE, EFFECTIVE, EXPIRY)
        if any(tag not in fields for tag in needed) or fields[PROFILE] != b"\x00":
            raise Refusal(SW.WRONG_DATA)
        template = by_tag(fields[TEMPLATE])
        rights = template.get(DISCRETIONARY, b"")
        if template.get(IDENTIFIER) != INSPECTION_SYSTEM or len(rights) != 1:
            raise Refusal(SW.WRONG_DATA)
        return cls(
            encode(CERTIFICATE, body + (encode(SIGNATURE, signature) if signature else b"")),
            body,
            signature,
            fields[AUTHORITY],
            fields[HOLDER],
            rights[0] & ROLE,
            rights[0] & RIGHTS,
            _date(fields[EFFECTIVE]),
            _date(fields[EXPIRY]),
            fields[PUBLIC_KEY],
        )

    def public_key(self, inherited: ec.EllipticCurve | None = None) -> PublicKey:
        """Return the key; a curve that it does not tell is its authority's.

        Raises:
            Refusal: 6A80, the key or its algorithm is not one that the chip can use.
        """
        parts = by_tag(self.public_object)
        identifier = parts.get(IDENTIFIER, b"")
        if len(identifier) != 10 or identifier[:8] != TERMINAL_AUTHENTICATION[:8]:
            raise Refusal(SW.WRONG_DATA)
        try:
            if identifier[8] == 1 and identifier[9] in RSA_ALGORITHMS:
                numbers = rsa.RSAPublicNumbers(_number(parts, 0x82), _number(parts, 0x81))
                if not 1024 <= numbers.n.bit_length() <= 4096:
                    raise Refusal(SW.WRONG_DATA)
                return PublicKey(identifier, numbers.public_key())
            if identifier[8] == 2 and identifier[9] in CURVE_ALGORITHMS:
                curve = curve_told(parts) or inherited
                if curve is None:
                    raise Refusal(SW.WRONG_DATA)
                return PublicKey(
                    identifier,
                    ec.EllipticCurvePublicKey.from_encoded_point(curve, parts.get(0x86, b"")),
                )
        except ValueError:
            raise Refusal(SW.WRONG_DATA) from None
        raise Refusal(SW.WRONG_DATA)


def _number(parts: dict[int, bytes], tag: int) -> int:
    return int.from_bytes(parts.get(tag, b""), "big")


def curve_told(parts: dict[int, bytes]) -> ec.EllipticCurve | None:
    """Find the curve whose numbers a key tells; None if it tells none."""
    if 0x81 not in parts:
        return None
    point = parts.get(0x84, b"")
    half = (len(point) + 1) // 2
    told = tuple(_number(parts, tag) for tag in (0x81, 0x82, 0x83))
    told += (int.from_bytes(point[1:half], "big"), int.from_bytes(point[half:], "big"))
    told += (_number(parts, 0x85),)
    for name, numbers in CURVE_NUMBERS.items():
        if told == tuple(int(number, 16) for number in numbers):
            return Curve.named(name).library
    raise Refusal(SW.WRONG_DATA)


def _date(digits: bytes) -> str:
    """Read six digits, one in each byte."""
    if len(digits) != 6 or max(digits) > 9:
        raise Refusal(SW.WRONG_DATA)
    return "".join(map(str, digits))
