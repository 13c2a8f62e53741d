"""A country that issues cards: its authorities, a terminal of its own, and cards in memory."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hardware.simulation.chip import SimulatedChip, blank_chip
from hardware.smartcard.applet_profiles import JMRTD, STORE_DATA, AppletProfile, StoreData
from hardware.smartcard.card_data import prepare
from hardware.smartcard.card_writing import write_card
from hardware.smartcard.cv_certificate import READ_DG3, Chat, CvCertificate, Role, build
from hardware.smartcard.cv_key import CvPublicKey
from hardware.smartcard.lds import ChipContent
from hardware.smartcard.pki.keys import FileKey
from hardware.smartcard.pki.sod import DocumentSigner, build_card_security, build_sod
from hardware.smartcard.pki.trust_store import TrustStore
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.scp03_keys import FACTORY_TEST_KEYS
from hardware.smartcard.protocols.terminal_authentication import Terminal
from tests.support.chips import SERIAL, content

TODAY = date(2026, 11, 23)
CAN = "271828"
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2029, 12, 31)
AUTHORITY, NEXT_AUTHORITY = "UTCVCA00001", "UTCVCA00002"

Key = ec.EllipticCurvePrivateKey
AnyKey = Key | ec.EllipticCurvePublicKey


def new_key() -> Key:
    """A key on P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def cv_certificate(
    car: str,
    chr_: str,
    role: Role,
    key: AnyKey,
    signer: Key,
    expiry: date = LAST_DAY,
) -> CvCertificate:
    """Certify a key for reading fingers."""
    public = _public(key)
    return build(
        car=car,
        chr=chr_,
        role_and_rights=Chat(role, READ_DG3),
        public_key=CvPublicKey.of_key(public),
        effective=FIRST_DAY,
        expiry=expiry,
        sign=FileKey(signer).sign,
    )


def certificate(
    name: str, key: AnyKey, issuer: str, signer: Key, *, is_authority: bool, last_year: int = 2036
) -> bytes:
    """An X.509 certificate of a country's authority or of its document signer."""
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(_public(key))
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(last_year, 10, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(is_authority, 0 if is_authority else None), True)
        .add_extension(usage, True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(_public(key)), False)
        .add_extension(authority_key, False)
        .sign(signer, hashes.SHA256())
    )
    return made.public_bytes(Encoding.DER)


def _public(key: AnyKey) -> ec.EllipticCurvePublicKey:
    return key.public_key() if isinstance(key, ec.EllipticCurvePrivateKey) else key


def _name(common: str) -> x509.Name:
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, "UT")
    return x509.Name([country, x509.NameAttribute(NameOID.COMMON_NAME, common)])


@dataclass
class Country:
    """Keys and certificates of one country.

    Attributes:
        last_year: When its document signer's certificate ends.
    """

    last_year: int = 2036
    root: Key = field(default_factory=new_key)
    signer: Key = field(default_factory=new_key)
    authority: Key = field(default_factory=new_key)
    next_authority: Key = field(default_factory=new_key)
    verifier: Key = field(default_factory=new_key)
    station: Key = field(default_factory=new_key)

    def __post_init__(self) -> None:
        self.root_certificate = certificate("CSCA", self.root, "CSCA", self.root, is_authority=True)
        self.signer_certificate = certificate(
            "DS", self.signer, "CSCA", self.root, is_authority=False, last_year=self.last_year
        )
        self.trust = TrustStore([self.root_certificate])
        self.trust_point = cv_certificate(
            AUTHORITY, AUTHORITY, Role.AUTHORITY, self.authority, self.authority
        )
        self.link = cv_certificate(
            AUTHORITY, NEXT_AUTHORITY, Role.AUTHORITY, self.next_authority, self.authority
        )

    @property
    def document_signer(self) -> DocumentSigner:
        """Who signs its cards."""
        return DocumentSigner(self.signer_certificate, FileKey(self.signer))

    @property
    def without_signer(self) -> TrustStore:
        """The same trust, after its document signer was revoked."""
        signer = x509.load_der_x509_certificate(self.signer_certificate)
        day = datetime(2026, 11, 1, tzinfo=UTC)
        gone = x509.RevokedCertificateBuilder().serial_number(signer.serial_number)
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(signer.issuer)
            .last_update(day)
            .next_update(datetime(2027, 11, 1, tzinfo=UTC))
            .add_revoked_certificate(gone.revocation_date(day).build())
            .sign(self.root, hashes.SHA256())
        )
        return TrustStore([self.root_certificate], [made.public_bytes(Encoding.DER)])

    def terminal(self, *, after_link: bool = False, station: Key | None = None) -> Terminal:
        """An inspection system, certified by the first authority's key or by the next one."""
        signer, name = (
            (self.next_authority, NEXT_AUTHORITY) if after_link else (self.authority, AUTHORITY)
        )
        verifier = cv_certificate(name, "UTDV00001", Role.DOMESTIC_VERIFIER, self.verifier, signer)
        own = cv_certificate(
            "UTDV00001", "UTIS00001", Role.INSPECTION_SYSTEM, self.station, self.verifier
        )
        return Terminal((own, verifier, self.link), FileKey(station or self.station))

    def card(
        self,
        profile: AppletProfile = STORE_DATA,
        holder: ChipContent | None = None,
        can: str = CAN,
        sod: Callable[[bytes], bytes] = lambda made: made,
    ) -> dict[str, Any]:
        """The memory of a card that it issued."""
        chip = blank_chip(SERIAL, "store_data" if isinstance(profile, StoreData) else "jmrtd")
        data = prepare(
            holder or content(),
            can,
            profile.options,
            lambda groups: sod(build_sod(groups, self.document_signer)),
            lambda infos: build_card_security(infos, self.document_signer),
            (self.trust_point.encode(),),
            TODAY,
        )
        powered = SimulatedChip(chip, lambda: None)
        write_card(powered, data, FACTORY_TEST_KEYS, profile, None, powered.atr)
        return chip


@cache
def country() -> Country:
    """The country whose cards most tests read."""
    return Country()


@cache
def _issued(has_pace: bool) -> dict[str, Any]:
    return country().card(STORE_DATA if has_pace else JMRTD)


def issued(profile: AppletProfile = STORE_DATA) -> dict[str, Any]:
    """The memory of a card of that country, to be changed at will."""
    return deepcopy(_issued(profile is STORE_DATA))


def zone_password() -> Password:
    """What is printed on its cards as a zone."""
    return Password.from_mrz_text(content().mrz.text())
