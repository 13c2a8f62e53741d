"""The backend's own certificate authority: who a station is, and who the backend is to stations.

P-256 throughout (X.509, RFC 5280). The authority is made at the first start; its key lies in the
database, sealed by a key that derives from the master key, so that every process has the same one.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from sqlalchemy import insert, select

from backend import keys as sealing
from backend.schema.trust_tables import authority
from backend.transaction import Transaction

_LIFE = timedelta(days=3653)
# A station whose clock is a little behind must not find its new certificate in the future.
_BACKDATED = timedelta(minutes=5)
_BOUND_TO = "authority"


class CsrError(Exception):
    """A certificate request is malformed, of another kind of key, or does not prove its key."""


@dataclass(frozen=True, slots=True, repr=False)
class Authority:
    """The authority's certificate and key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        """The certificate as it travels."""
        return self.certificate.public_bytes(Encoding.DER)

    def station_certificate(
        self, key: ec.EllipticCurvePublicKey, station: str, now: datetime, days: int
    ) -> x509.Certificate:
        """Certify a station's key: its name is the subject, and urn:smartics:station:NAME."""
        names = [x509.UniformResourceIdentifier(f"urn:smartics:station:{station}")]
        usage = ExtendedKeyUsageOID.CLIENT_AUTH
        return self._certify(key, station, names, usage, now, now + timedelta(days=days))

    def server_certificate(
        self, key: ec.EllipticCurvePublicKey, hosts: Sequence[str], now: datetime, days: int
    ) -> x509.Certificate:
        """Certify the backend's own listener under its host names and addresses."""
        names = [_host(host) for host in hosts]
        usage = ExtendedKeyUsageOID.SERVER_AUTH
        return self._certify(key, hosts[0], names, usage, now, now + timedelta(days=days))

    def _certify(
        self,
        key: ec.EllipticCurvePublicKey,
        subject: str,
        names: Sequence[x509.GeneralName],
        usage: ObjectIdentifier,
        now: datetime,
        until: datetime,
    ) -> x509.Certificate:
        own = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        return (
            _builder(subject, now, min(until, self.certificate.not_valid_after_utc))
            .issuer_name(self.certificate.subject)
            .public_key(key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False
            )
            .sign(self.key, SHA256())
        )


def found(transaction: Transaction) -> Authority:
    """Return the authority, making it where there is none yet."""
    row = transaction.connection.execute(select(authority)).one_or_none()
    if row is not None:
        sealed = sealing.unseal(transaction.keys.trust, row.sealed_key, _BOUND_TO)
        key = cast(ec.EllipticCurvePrivateKey, load_der_private_key(sealed, None))
        return Authority(x509.load_der_x509_certificate(row.certificate), key)
    made = make(transaction.now)
    plain = made.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    transaction.connection.execute(
        insert(authority).values(
            one=1,
            certificate=made.der,
            sealed_key=sealing.seal(transaction.keys.trust, plain, _BOUND_TO),
            made_at=transaction.now,
        )
    )
    return made


def key_of_csr(csr: bytes, station: str) -> ec.EllipticCurvePublicKey:
    """Return the key that a PKCS #10 request (DER) asks a certificate for.

    Raises:
        CsrError: It is malformed, names another station, is not P-256, or is not signed by its key.
    """
    try:
        request = x509.load_der_x509_csr(csr)
        key = request.public_key()
        subject = [str(name.value) for name in request.subject]
        signed = request.is_signature_valid
    except Exception as error:
        raise CsrError("it is no certificate request") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise CsrError("the key must be P-256")
    if not signed or subject != [station]:
        raise CsrError("it does not prove its key, or names another station")
    return key


def make(now: datetime) -> Authority:
    """Make a new authority, good for ten years."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    subject = "smartics stations"
    certificate = (
        _builder(subject, now, now + _LIFE)
        .issuer_name(_name(subject))
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(own, critical=False)
        .sign(key, SHA256())
    )
    return Authority(certificate, key)


def _builder(subject: str, now: datetime, until: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(until)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
