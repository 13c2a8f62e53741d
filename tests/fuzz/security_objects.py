"""EF.SOD and EF.CardSecurity: read, and judged without trust; nothing of a chip may raise there."""

from datetime import UTC, date, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.pki.keys import FileKey
from hardware.smartcard.pki.passive_authentication import verify
from hardware.smartcard.pki.sod import (
    DocumentSigner,
    SecurityObject,
    build_card_security,
    build_sod,
    parse_card_security,
)
from hardware.smartcard.pki.trust_store import TrustStore
from hardware.smartcard.security_info_data import Suite, chip_authentication_info, security_infos

DAY = date(2026, 11, 23)
KEY = ec.derive_private_key(7, ec.SECP256R1())
NAME = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "UT")])
CERTIFICATE = (
    x509.CertificateBuilder(NAME, NAME, KEY.public_key(), 1)
    .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
    .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
    .sign(KEY, hashes.SHA256())
    .public_bytes(Encoding.DER)
)
GROUPS = {1: b"zone", 2: b"portrait"}
TRUST = TrustStore([CERTIFICATE])


def seeds() -> list[bytes]:
    """One of each kind, signed."""
    signer = DocumentSigner(CERTIFICATE, FileKey(KEY))
    infos = security_infos([chip_authentication_info(Suite.AES_128)])
    return [
        build_sod(GROUPS, signer),
        build_sod(GROUPS, signer, datetime(2026, 5, 1, tzinfo=UTC), ("0108", "040000")),
        build_card_security(infos, signer),
        CERTIFICATE,
    ]


def fuzz_one(data: bytes) -> None:
    """Read it as both, judge it, and take it for a certificate to be trusted."""
    for parse in (SecurityObject.parse, parse_card_security):
        try:
            parse(data)
        except ChipError as error:
            assert error.reason in ("malformed", "not_supported")  # noqa: PT017 (not a test)
    verdict = verify(data, GROUPS, TRUST, DAY)
    assert verdict.outcome in ("verified", "failed", "no_trust_anchor")
    TrustStore([data])
