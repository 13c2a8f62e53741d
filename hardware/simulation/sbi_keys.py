"""The made-up authorities, devices and chips of simulated SBI devices, and what they sign.

One set of keys for a process: RSA keys take long to make. None of them protects anything.
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

AUTHORITY_DAYS, LEAF_DAYS = 3650, 30
"""Device keys change every thirty days, as the specification recommends."""


@lru_cache
def key(owner: str) -> rsa.RSAPrivateKey:
    """Return the key of an owner; anybody's is made when first asked for."""
    del owner  # it only tells the keys apart, in the cache
    return rsa.generate_private_key(65537, 2048)


@lru_cache
def authority(domain: str, day: datetime) -> x509.Certificate:
    """Return the self-signed certificate of an authority, made for this day."""
    name = _name(f"Invented {domain} authority")
    return (
        _builder(name, name, domain, day, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .sign(key(domain), hashes.SHA256())
    )


@lru_cache
def leaf(owner: str, issuer: str, day: datetime, *, is_expired: bool) -> x509.Certificate:
    """Return the certificate of a device or chip, by an authority."""
    since = day - timedelta(days=2 * LEAF_DAYS) if is_expired else day
    return (
        _builder(_name(f"Invented {issuer} authority"), _name(owner), owner, since, LEAF_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key(issuer), hashes.SHA256())
    )


def publish(folder: Path, now: datetime) -> None:
    """Write the authorities where a station looks for those it believes."""
    for domain in ("device", "ftm"):
        (folder / domain).mkdir(parents=True, exist_ok=True)
        pem = authority(domain, day_of(now)).public_bytes(Encoding.PEM)
        (folder / domain / "invented.pem").write_bytes(pem)


def signed(payload: Mapping[str, Any], certificate: x509.Certificate, signer: str) -> str:
    """Return a compact JWS (RFC 7515) in RS256 with the certificate in x5c."""
    x5c = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    head = unpadded(json.dumps({"alg": "RS256", "typ": "JWT", "x5c": [x5c]}).encode())
    body = head + "." + unpadded(json.dumps(payload).encode())
    signature = key(signer).sign(body.encode(), padding.PKCS1v15(), hashes.SHA256())
    return body + "." + unpadded(signature)


def unpadded(data: bytes) -> str:
    """Return base64url without its padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def day_of(now: datetime) -> datetime:
    """Return yesterday's midnight, so that a certificate is valid whatever the time zone."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
        days=1
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Invented Devices"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(
    issuer: x509.Name, subject: x509.Name, owner: str, since: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(key(owner).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=days))
    )
