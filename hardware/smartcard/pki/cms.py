"""CMS SignedData (RFC 5652) as security objects, EF.CardSecurity and master lists use it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.pki import der
from hardware.smartcard.pki.algorithms import (
    ECDSA_OIDS,
    HASH_OIDS,
    HASHES,
    digest,
    is_signed_by,
    read_hash,
)
from hardware.smartcard.pki.certificate import Certificate, Name, read_name
from hardware.smartcard.pki.der import Element, Fields, oid_content
from hardware.smartcard.pki.keys import SigningKey, curve_of

SIGNED_DATA = "1.2.840.113549.1.7.2"
_CONTENT_TYPE, _MESSAGE_DIGEST, _SIGNING_TIME = (
    f"1.2.840.113549.1.9.{number}" for number in (3, 4, 5)
)
_MOST_SIGNERS = _MOST_CERTIFICATES = 4


class SignatureError(ChipError):
    """The content is not what was signed, or not signed by who it says."""

    def __init__(self, detail: str) -> None:
        super().__init__("untrusted", detail)


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """One signature.

    Attributes:
        issuer: With serial, which certificate signed; None where key_id says it.
        attributes: The signed attributes' values by the content of their identifiers.
        attributes_element: The same as they stand in the message.
    """

    issuer: Name | None
    serial: int | None
    key_id: bytes | None
    hash_algorithm: hashes.HashAlgorithm
    attributes: dict[bytes, Element]
    attributes_element: Element
    algorithm: Element
    signature: bytes

    @property
    def signing_time(self) -> datetime | None:
        """When it was signed, if it says so."""
        value = self.attributes.get(oid_content(_SIGNING_TIME))
        return None if value is None else der.read_time(value)

    def speaks_of(self, certificate: Certificate) -> bool:
        """Whether this signature names that certificate."""
        if self.key_id is not None:
            return certificate.subject_key_id == self.key_id
        return certificate.serial == self.serial and certificate.issuer == self.issuer


@dataclass(frozen=True, slots=True)
class SignedData:
    """A signed message, read but not verified.

    Attributes:
        content_type: The content of the identifier of what is signed.
        certificates: The certificates that it brings along, as they stand.
    """

    content_type: bytes
    content: bytes
    certificates: tuple[bytes, ...]
    signers: tuple[SignerInfo, ...]

    @classmethod
    def parse(cls, data: bytes) -> "SignedData":
        """Read a ContentInfo.

        Raises:
            ChipError: malformed, or not_supported for an unknown hash.
        """
        outer = Fields(der.first(data, der.SEQUENCE))
        if outer.take(der.OID).content != oid_content(SIGNED_DATA):
            raise der.malformed("no signed data")
        fields = Fields(_explicit(outer.take(0xA0)))
        fields.take(der.INTEGER)
        offered = fields.take(der.SET).children()
        kind, content = _read_content(fields.take(der.SEQUENCE))
        brought = fields.maybe(0xA0)
        fields.maybe(0xA1)
        certificates = tuple(
            part.raw for part in (brought.children() if brought else ()) if part.tag == der.SEQUENCE
        )
        signers = fields.take(der.SET).children()[:_MOST_SIGNERS]
        return cls(
            kind, content, certificates, tuple(_read_signer(signer, offered) for signer in signers)
        )

    def own_certificates(self, signer: SignerInfo) -> list[Certificate]:
        """What it brings along and can be read; who the signature names comes first."""
        found: list[tuple[bool, int, Certificate]] = []
        for raw in self.certificates[:_MOST_CERTIFICATES]:
            try:
                certificate = Certificate(raw)
                found.append((not signer.speaks_of(certificate), len(found), certificate))
            except ChipError:
                continue
        return [certificate for _, _, certificate in sorted(found)]

    def check_digest(self, signer: SignerInfo) -> None:
        """Check that the signed attributes are about this content.

        Raises:
            SignatureError: They are not.
        """
        kind = signer.attributes.get(oid_content(_CONTENT_TYPE))
        value = signer.attributes.get(oid_content(_MESSAGE_DIGEST))
        if kind is None or value is None:
            raise der.malformed("signed attributes without content type and message digest")
        if der.expect(kind, der.OID).content != self.content_type:
            raise SignatureError("signed as another kind of content")
        wanted = der.read_octets(value)
        if not compare_digest(
            wanted, digest(_fitting(signer.hash_algorithm, wanted), self.content)
        ):
            raise SignatureError("the content is not what was signed")

    def signed_by(
        self, signer: SignerInfo, candidates: Iterable[Certificate]
    ) -> Certificate | None:
        """The first certificate whose key made this signature.

        Raises:
            ChipError: not_supported, where none did and one of them cannot be judged.
        """
        trouble: ChipError | None = None
        for certificate in candidates:
            try:
                if _is_signed(signer, certificate):
                    return certificate
            except ChipError as error:
                trouble = error
        if trouble is not None:
            raise trouble
        return None


def build(
    content_type: str,
    content: bytes,
    certificates: Sequence[Certificate],
    key: SigningKey,
    signing_time: datetime | None = None,
) -> bytes:
    """Sign content with the key of the first certificate (RFC 5652, version 3, DER).

    Raises:
        KeyStoreError: The key cannot be used.
    """
    name = curve_of(key.public_key.curve.name)[1].name
    algorithm = der.sequence(der.oid(HASH_OIDS[name]))
    hashed = digest(HASHES[oid_content(HASH_OIDS[name])], content)
    attributes = [
        _attribute(_CONTENT_TYPE, der.oid(content_type)),
        _attribute(_MESSAGE_DIGEST, der.octets(hashed)),
    ]
    if signing_time is not None:
        attributes.append(_attribute(_SIGNING_TIME, der.utc_time(signing_time)))
    signed = der.set_of(attributes)
    signer = certificates[0]
    signer_info = der.sequence(
        der.integer(1),
        der.sequence(signer.issuer_der, der.integer(signer.serial)),
        algorithm,
        b"\xa0" + signed[1:],
        der.sequence(der.oid(ECDSA_OIDS[name])),
        der.octets(_ecdsa_value(key.sign(signed))),
    )
    signed_data = der.sequence(
        der.integer(3),
        der.set_of([algorithm]),
        der.sequence(der.oid(content_type), der.element(0xA0, der.octets(content))),
        der.element(0xA0, *sorted(certificate.der for certificate in certificates)),
        der.set_of([signer_info]),
    )
    return der.sequence(der.oid(SIGNED_DATA), der.element(0xA0, signed_data))


def _ecdsa_value(signature: bytes) -> bytes:
    half = len(signature) // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    return encode_dss_signature(r, s)


def _attribute(kind: str, value: bytes) -> bytes:
    return der.sequence(der.oid(kind), der.set_of([value]))


def _explicit(wrapped: Element) -> Element:
    inner = wrapped.children()
    if len(inner) != 1:
        raise der.malformed("an explicit tag around several things")
    return inner[0]


def _read_content(info: Element) -> tuple[bytes, bytes]:
    fields = Fields(info)
    kind = fields.take(der.OID).content
    return kind, der.read_octets(_explicit(fields.take(0xA0)))


def _read_signer(info: Element, offered: list[Element]) -> SignerInfo:
    fields = Fields(info)
    fields.take(der.INTEGER)
    identifier = fields.take(der.SEQUENCE, 0x80, 0xA0)
    issuer, serial, key_id = None, None, None
    if identifier.tag == der.SEQUENCE:
        named = Fields(identifier)
        issuer = read_name(named.take(der.SEQUENCE))
        serial = der.read_integer(named.take())
    elif identifier.tag == 0x80:
        key_id = identifier.content
    else:
        key_id = der.read_octets(_explicit(identifier))
    algorithm = _read_digest_algorithm(fields.take(der.SEQUENCE), offered)
    attributes = fields.take(0xA0)
    return SignerInfo(
        issuer,
        serial,
        key_id,
        algorithm,
        _read_attributes(attributes),
        attributes,
        fields.take(der.SEQUENCE),
        der.read_octets(fields.take()),
    )


def _read_digest_algorithm(named: Element, offered: list[Element]) -> hashes.HashAlgorithm:
    """The signer's hash; some real signers name their signature algorithm there instead."""
    try:
        return read_hash(named)
    except ChipError:
        for other in offered:
            return read_hash(other)
        raise


def _read_attributes(attributes: Element) -> dict[bytes, Element]:
    found: dict[bytes, Element] = {}
    for attribute in attributes.children():
        fields = Fields(attribute)
        kind = fields.take(der.OID).content
        values = fields.take(der.SET).children()
        if kind in found or len(values) != 1:
            raise der.malformed("a signed attribute that is not there once")
        found[kind] = values[0]
    return found


def _fitting(named: hashes.HashAlgorithm, hashed: bytes) -> hashes.HashAlgorithm:
    """The hash whose length this is: real signers exist that name one and use another."""
    if named.digest_size == len(hashed):
        return named
    found = next((other for other in HASHES.values() if other.digest_size == len(hashed)), None)
    if found is None:
        raise der.malformed("a digest of impossible length")
    return found


def _is_signed(signer: SignerInfo, certificate: Certificate) -> bool:
    """Whether the signature is over the attributes as a SET (RFC 5652, 5.4).

    The standard signs them in the order of DER; some real signers sign them as they stand.
    """
    standing = b"\x31" + signer.attributes_element.raw[1:]
    ordered = der.set_of(part.raw for part in signer.attributes_element.children())
    key, fallback = certificate.public_key, signer.hash_algorithm
    return any(
        is_signed_by(key, signer.algorithm, signer.signature, signed, fallback)
        for signed in dict.fromkeys((standing, ordered))
    )
