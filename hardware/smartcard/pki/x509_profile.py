"""Certificates and revocation lists as ICAO 9303-12 (7.1) describes them, built and signed."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hardware.smartcard.pki import der
from hardware.smartcard.pki.keys import SigningKey, curve_of

DOCUMENT_TYPE_LIST = x509.ObjectIdentifier("2.23.136.1.1.6.2")


@dataclass(frozen=True, slots=True)
class Period:
    """When a certificate is valid, and until when its private key may sign."""

    begins: datetime
    ends: datetime
    key_ends: datetime

    @classmethod
    def of(cls, begins: datetime, key_life: timedelta, further: timedelta) -> "Period":
        """The key's life, and how much longer what it signed must be verifiable."""
        begins = begins.replace(microsecond=0)
        return cls(begins, begins + key_life + further, begins + key_life)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs: the name and the key of an authority.

    Attributes:
        state: The three letters of the issuing state in the machine-readable zone.
        crl_address: Where the world finds the CRL.
    """

    name: x509.Name
    key: SigningKey
    state: str
    crl_address: str


def authority_name(country: str, organisation: str, common_name: str) -> x509.Name:
    """A name with the country in capitals, as PrintableString where X.520 demands it."""
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, country.upper())]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    parts.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name))
    return x509.Name(parts)


def csca(issuer: Issuer, key: SigningKey, serial: int, period: Period) -> bytes:
    """A CSCA certificate for key: self-signed where it is the issuer's own, else a link."""
    constraints = x509.BasicConstraints(ca=True, path_length=0)
    usage = _usage(key_cert_sign=True, crl_sign=True)
    built = (
        _common(issuer, issuer.name, key, serial, period)
        .add_extension(constraints, critical=True)
        .add_extension(usage, critical=True)
    )
    return _signed(built, issuer)


def document_signer(
    issuer: Issuer,
    subject: x509.Name,
    key: SigningKey,
    serial: int,
    period: Period,
    document_types: Iterable[str],
) -> bytes:
    """A document signer's certificate; document_types as the zone spells them: ID, P, AC ..."""
    kinds = der.sequence(der.integer(0), der.set_of(der.printable(kind) for kind in document_types))
    built = (
        _common(issuer, subject, key, serial, period)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.UnrecognizedExtension(DOCUMENT_TYPE_LIST, kinds), critical=False)
    )
    return _signed(built, issuer)


def revocation_list(
    issuer: Issuer,
    number: int,
    revoked: Iterable[tuple[int, datetime]],
    made: datetime,
    next_due: datetime,
) -> bytes:
    """A CRL with the serial numbers and times of what was revoked.

    The reasons stay in the register: 9303-12 wants no extensions in a CRL's entries.
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.name)
        .last_update(made.replace(microsecond=0))
        .next_update(next_due.replace(microsecond=0))
        .add_extension(_key_id(issuer.key), critical=False)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for serial, moment in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(serial)
            .revocation_date(moment.replace(microsecond=0))
            .build()
        )
    key = _BuilderKey(issuer.key)
    made_list = builder.sign(key, curve_of(key.curve.name)[1])  # type: ignore[arg-type] # SHA-2
    return made_list.public_bytes(Encoding.DER)


def officer_certificate(key: SigningKey, officer_id: str, period: Period) -> bytes:
    """Make the certificate of an officer's card (DER), signed with the card's own key.

    It proves that the card holds the key, and names the officer by the id alone. It is trusted
    because a supervisor binds it to the officer, not for who signed it.
    """
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, officer_id)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(period.begins)
        .not_valid_after(period.ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
    )
    chosen = _BuilderKey(key)
    signed = builder.sign(chosen, curve_of(chosen.curve.name)[1])  # type: ignore[arg-type] # SHA-2
    return signed.public_bytes(Encoding.DER)


def _common(
    issuer: Issuer, subject: x509.Name, key: SigningKey, serial: int, period: Period
) -> x509.CertificateBuilder:
    place = _state_name(issuer.state)
    address = x509.DistributionPoint(
        [x509.UniformResourceIdentifier(issuer.crl_address)], None, None, None
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.name)
        .public_key(key.public_key)
        .serial_number(serial)
        .not_valid_before(period.begins)
        .not_valid_after(period.ends)
        .add_extension(_key_id(issuer.key), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key), critical=False)
        .add_extension(x509.PrivateKeyUsagePeriod(period.begins, period.key_ends), critical=False)
        .add_extension(x509.SubjectAlternativeName([place]), critical=False)
        .add_extension(x509.IssuerAlternativeName([place]), critical=False)
        .add_extension(x509.CRLDistributionPoints([address]), critical=False)
    )


def _state_name(state: str) -> x509.DirectoryName:
    """The issuing state as subject and issuer alternative names tell it (9303-12, 7.1.1.2)."""
    return x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.LOCALITY_NAME, state)]))


def _key_id(key: SigningKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key)


def _usage(**allowed: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in names})


def _signed(builder: x509.CertificateBuilder, issuer: Issuer) -> bytes:
    key = _BuilderKey(issuer.key)
    signed = builder.sign(key, curve_of(key.curve.name)[1])  # type: ignore[arg-type] # SHA-2
    return signed.public_bytes(Encoding.DER)


class _BuilderKey(ec.EllipticCurvePrivateKey):
    """Lets the builders of `cryptography` sign with a key that never leaves its store."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._key.public_key

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._key.public_key.curve

    @property
    def key_size(self) -> int:
        return self.curve.key_size

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        wanted = curve_of(self.curve.name)[1].name
        if getattr(signature_algorithm.algorithm, "name", "") != wanted:
            raise ValueError(f"this key signs with {wanted} alone")
        signature = self._key.sign(bytes(data))
        half = len(signature) // 2
        r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
        return encode_dss_signature(r, s)

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> bytes:
        raise NotImplementedError

    def private_numbers(self) -> ec.EllipticCurvePrivateNumbers:
        raise NotImplementedError

    def private_bytes(self, *_: Any) -> bytes:
        raise NotImplementedError

    def __copy__(self) -> "_BuilderKey":
        return _BuilderKey(self._key)

    def __deepcopy__(self, memo: dict[int, Any]) -> "_BuilderKey":
        return copy(self)
