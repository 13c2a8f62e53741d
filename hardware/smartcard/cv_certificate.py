"""Card-verifiable certificates: what a terminal shows a chip before it may read fingerprints.

Source: BSI TR-03110-3, appendices C (authorisation) and D (objects, encoding, keys). A chain goes
from the country's authority (CVCA) over a document verifier (DV) to the inspection system (IS).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Self

from hardware.smartcard import tlv
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.cv_key import CvPublicKey
from hardware.smartcard.tlv import Tlv, parse, parse_one, value_of

CERTIFICATE, BODY, SIGNATURE = 0x7F21, 0x7F4E, 0x5F37
PROFILE, AUTHORITY, HOLDER = 0x5F29, 0x42, 0x5F20
PUBLIC_KEY, AUTHORISATION, EXTENSIONS = 0x7F49, 0x7F4C, 0x65
EFFECTIVE, EXPIRY = 0x5F25, 0x5F24
OBJECT_IDENTIFIER, DISCRETIONARY = 0x06, 0x53

ID_IS = bytes.fromhex("04007F000703010201")
"""id-IS, 0.4.0.127.0.7.3.1.2.1: the terminal type of inspection systems (C.4.1)."""
READ_DG3, READ_DG4 = 0x01, 0x02
"""Rights: fingerprints and irises."""
LONGEST = 4096
LONGEST_CHAIN = 8
_MANDATORY = frozenset({PROFILE, AUTHORITY, PUBLIC_KEY, HOLDER, AUTHORISATION, EFFECTIVE, EXPIRY})
_REFERENCE = re.compile(r"[A-Z]{2}[\x20-\x7E\xA0-\xFF]{1,9}[A-Z0-9]{5}")


class Role(IntEnum):
    """Whose certificate it is (TR-03110-3, C.4.1)."""

    INSPECTION_SYSTEM = 0
    FOREIGN_VERIFIER = 1
    DOMESTIC_VERIFIER = 2
    AUTHORITY = 3


_MAY_SIGN = {
    Role.AUTHORITY: (Role.AUTHORITY, Role.DOMESTIC_VERIFIER, Role.FOREIGN_VERIFIER),
    Role.DOMESTIC_VERIFIER: (Role.INSPECTION_SYSTEM,),
    Role.FOREIGN_VERIFIER: (Role.INSPECTION_SYSTEM,),
    Role.INSPECTION_SYSTEM: (),
}


@dataclass(frozen=True, slots=True)
class Chat:
    """Certificate Holder Authorisation Template of an inspection system.

    Attributes:
        role: Whose certificate it is.
        rights: The low six bits; READ_DG3 and READ_DG4 are the ones that are defined.
    """

    role: Role
    rights: int

    def __post_init__(self) -> None:
        if not 0 <= self.rights < 0x40:
            raise ValueError("rights are six bits")

    def encode(self) -> bytes:
        """Return the whole data object 7F4C, as PACE and certificates carry it."""
        discretionary = bytes((self.role << 6 | self.rights,))
        value = tlv.build(OBJECT_IDENTIFIER, ID_IS) + tlv.build(DISCRETIONARY, discretionary)
        return tlv.build(AUTHORISATION, value)

    @classmethod
    def parse(cls, value: bytes) -> Self:
        """Read the value of a data object 7F4C.

        Raises:
            ChipError: It is none (malformed), or of another terminal type (not_supported).
        """
        elements = parse(value)
        if value_of(elements, OBJECT_IDENTIFIER) != ID_IS:
            raise ChipError("not_supported", "a certificate of another terminal type")
        discretionary = value_of(elements, DISCRETIONARY)
        if len(discretionary) != 1:
            raise ChipError("malformed", "an authorisation of another size")
        return cls(Role(discretionary[0] >> 6), discretionary[0] & 0x3F)


@dataclass(frozen=True, slots=True)
class CvCertificate:
    """One certificate. What it says of itself is believed only after verify_chain.

    Attributes:
        car: Certification Authority Reference, the name of the key that signed it.
        chr: Certificate Holder Reference, the name of the key in it.
        role_and_rights: Its CHAT.
        public_key: The holder's key; only an authority's says its curve.
        effective: First day, as its maker wrote it.
        expiry: Last day.
        body: The signed object 7F4E, whole.
        signature: Over body; plain r|s for ECDSA.
    """

    car: str
    chr: str
    role_and_rights: Chat
    public_key: CvPublicKey
    effective: date
    expiry: date
    body: bytes
    signature: bytes

    @classmethod
    def parse(cls, der: bytes) -> Self:
        """Read a certificate (7F21).

        Raises:
            ChipError: It is none (malformed), or of a kind that is not used here (not_supported).
        """
        if len(der) > LONGEST:
            raise ChipError("malformed", "a certificate longer than any")
        parts = parse(parse_one(der, CERTIFICATE))
        if [part.tag for part in parts] != [BODY, SIGNATURE]:
            raise ChipError("malformed", "not a certificate's body and signature")
        found = cls._of_body(parts[0].value, parts[1].value)
        if found.encode() != der:
            raise ChipError("malformed", "a certificate in another encoding than DER")
        return found

    @classmethod
    def _of_body(cls, content: bytes, signature: bytes) -> Self:
        elements = parse(content)
        _require_elements(elements)
        if value_of(elements, PROFILE) != b"\x00":
            raise ChipError("not_supported", "another version of certificate")
        return cls(
            car=decode_reference(value_of(elements, AUTHORITY)),
            chr=decode_reference(value_of(elements, HOLDER)),
            role_and_rights=Chat.parse(value_of(elements, AUTHORISATION)),
            public_key=CvPublicKey.parse(value_of(elements, PUBLIC_KEY)),
            effective=decode_date(value_of(elements, EFFECTIVE)),
            expiry=decode_date(value_of(elements, EXPIRY)),
            body=tlv.build(BODY, content),
            signature=signature,
        )

    def encode(self) -> bytes:
        """Return the whole certificate (7F21)."""
        return tlv.build(CERTIFICATE, self.body + tlv.build(SIGNATURE, self.signature))

    @property
    def is_self_signed(self) -> bool:
        """Whether holder and authority are one: a trust point."""
        return self.car == self.chr

    @property
    def role(self) -> Role:
        """Whose certificate it is."""
        return self.role_and_rights.role

    def may_read(self, right: int) -> bool:
        """Whether the certificate by itself grants READ_DG3 or READ_DG4."""
        return bool(self.role_and_rights.rights & right)


def build(
    *,
    car: str,
    chr: str,
    role_and_rights: Chat,
    public_key: CvPublicKey,
    effective: date,
    expiry: date,
    sign: Callable[[bytes], bytes],
) -> CvCertificate:
    """Make and sign a certificate.

    Args:
        car: Name of the signing key: country (2), mnemonic (1 to 9), sequence number (5).
        chr: Name of the certified key.
        role_and_rights: What its holder is and may do.
        public_key: Of an authority with its curve, else without (TR-03110-3, D.3.3).
        effective: First day.
        expiry: Last day, not before the first.
        sign: Signs bytes with the key that car names; plain r|s for ECDSA.

    Raises:
        ValueError: A name or a date cannot be written down.
    """
    if expiry < effective:
        raise ValueError("a certificate that ends before it begins")
    is_authority = role_and_rights.role is Role.AUTHORITY
    body = tlv.build(
        BODY,
        tlv.build(PROFILE, b"\x00")
        + tlv.build(AUTHORITY, encode_reference(car))
        + public_key.encode(with_curve=is_authority)
        + tlv.build(HOLDER, encode_reference(chr))
        + role_and_rights.encode()
        + tlv.build(EFFECTIVE, encode_date(effective))
        + tlv.build(EXPIRY, encode_date(expiry)),
    )
    return CvCertificate.parse(tlv.build(CERTIFICATE, body + tlv.build(SIGNATURE, sign(body))))


def verify_chain(
    chain: Sequence[CvCertificate], trust_point: CvCertificate, on: date
) -> CvPublicKey:
    """Check each certificate against the one before it, the first against the trust point.

    Returns:
        The last certificate's key, with the curve that it inherits.

    Raises:
        ChipError: A link does not hold (reason untrusted).
    """
    if len(chain) > LONGEST_CHAIN:
        raise ChipError("untrusted", "a chain longer than any")
    issuer, key = trust_point, trust_point.public_key
    for certificate in chain:
        if certificate.car != issuer.chr or certificate.role not in _MAY_SIGN[issuer.role]:
            raise ChipError("untrusted", "a certificate by the wrong authority")
        if not certificate.effective <= on <= certificate.expiry:
            raise ChipError("untrusted", "a certificate out of its time")
        key.verify(certificate.body, certificate.signature)
        key = certificate.public_key.with_curve_of(key)
        issuer = certificate
    return key


def encode_reference(name: str) -> bytes:
    """Spell a key's name as CAR and CHR carry it.

    Raises:
        ValueError: It is not country (2), mnemonic (1 to 9) and sequence number (5).
    """
    if not _REFERENCE.fullmatch(name):
        raise ValueError("a key's name is country, mnemonic and five digits or capitals")
    return name.encode("latin-1")


def decode_reference(value: bytes) -> str:
    """Read a key's name.

    Raises:
        ChipError: It is none (reason malformed).
    """
    name = value.decode("latin-1")
    if not _REFERENCE.fullmatch(name):
        raise ChipError("malformed", "not a key's name")
    return name


def encode_date(day: date) -> bytes:
    """Spell a day as six unpacked digits, YYMMDD of this century (TR-03110-3, D.2.1.3)."""
    if not 2000 <= day.year <= 2099:
        raise ValueError("a certificate's day is of this century")
    return bytes(int(digit) for digit in f"{day:%y%m%d}")


def decode_date(value: bytes) -> date:
    """Read six unpacked digits.

    Raises:
        ChipError: They are no day (reason malformed).
    """
    if len(value) != 6 or max(value) > 9:
        raise ChipError("malformed", "not a day in unpacked digits")
    year, month, day = (value[at] * 10 + value[at + 1] for at in (0, 2, 4))
    try:
        return date(2000 + year, month, day)
    except ValueError:
        raise ChipError("malformed", "not a day") from None


def _require_elements(elements: list[Tlv]) -> None:
    tags = [element.tag for element in elements]
    unknown = set(tags) - _MANDATORY - {EXTENSIONS}
    if unknown or not set(tags) >= _MANDATORY or len(tags) != len(set(tags)):
        raise ChipError("malformed", "a certificate with other elements")
