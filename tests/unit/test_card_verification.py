"""From content to a card that a stranger's reader believes, and each way to fail."""

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hardware.simulation.chip import SimulatedChip, blank_chip
from hardware.smartcard import tlv
from hardware.smartcard.applet_profiles import JMRTD, STORE_DATA, AppletProfile, StoreData
from hardware.smartcard.card_data import CardOptions, WrittenCard
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.cv_certificate import READ_DG3, Chat, CvCertificate, Role, build
from hardware.smartcard.cv_key import CvPublicKey
from hardware.smartcard.lds import FaceFormat
from hardware.smartcard.personalisation import personalise, verify_personalised
from hardware.smartcard.pki.keys import FileKey
from hardware.smartcard.pki.sod import DocumentSigner
from hardware.smartcard.pki.trust_store import TrustStore
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.scp03_keys import FACTORY_TEST_KEYS
from hardware.smartcard.protocols.terminal_authentication import Terminal
from tests.support.chips import SERIAL, content, jpeg

TODAY = date(2026, 11, 23)
FROM, UNTIL = TODAY - timedelta(days=30), TODAY + timedelta(days=300)
CAN = "123456"
HOLDER = content(portrait_jpeg=jpeg(300, 400))
PASSWORDS = [Password.can(CAN), Password.from_mrz_text(HOLDER.mrz.text())]
ZONE = PASSWORDS[1:]


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, by: str, signing: ec.EllipticCurvePrivateKey
) -> bytes:
    names = [
        x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "UT"),
                x509.NameAttribute(NameOID.COMMON_NAME, common),
            ]
        )
        for common in (name, by)
    ]
    is_authority = name == by
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    usage |= {"key_cert_sign": is_authority, "crl_sign": is_authority}
    built = (
        x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.combine(FROM, datetime.min.time(), UTC))
        .not_valid_after(datetime.combine(UNTIL, datetime.min.time(), UTC))
        .add_extension(x509.KeyUsage(digital_signature=not is_authority, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()),
            critical=False,
        )
    )
    if is_authority:
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        built = built.add_extension(constraints, critical=True)
    return built.sign(signing, hashes.SHA256()).public_bytes(Encoding.DER)


def _cv(name: str, key: ec.EllipticCurvePrivateKey, by: str, signing: FileKey, role: Role):
    return build(
        car=by,
        chr=name,
        role_and_rights=Chat(role, READ_DG3),
        public_key=CvPublicKey.of_key(key.public_key()),
        effective=FROM,
        expiry=UNTIL,
        sign=signing.sign,
    )


class Country:
    """An invented country's authorities, made anew for each run of the tests."""

    def __init__(self) -> None:
        root, signer = _key(), _key()
        self.anchor = _certificate("CSCA", root, "CSCA", root)
        self.signer = DocumentSigner(_certificate("DS", signer, "CSCA", root), FileKey(signer))
        self.trust = TrustStore([self.anchor])
        authority, verifier, terminal = _key(), _key(), _key()
        signing = FileKey(authority)
        self.trust_point = _cv("UTCVCA00001", authority, "UTCVCA00001", signing, Role.AUTHORITY)
        chain = (
            _cv("UTDV00001", verifier, "UTCVCA00001", signing, Role.DOMESTIC_VERIFIER),
            _cv("UTIS00001", terminal, "UTDV00001", FileKey(verifier), Role.INSPECTION_SYSTEM),
        )
        self.terminal = Terminal(chain, FileKey(terminal))

    @property
    def trust_points(self) -> tuple[bytes, ...]:
        return (_encoded(self.trust_point),)


def _encoded(certificate: CvCertificate) -> bytes:
    return tlv.build(0x7F21, certificate.body + tlv.build(0x5F37, certificate.signature))


HOME, ABROAD = Country(), Country()


def _personalised(
    profile: AppletProfile = STORE_DATA, applet: str = "store_data", **changes: Any
) -> tuple[dict[str, Any], WrittenCard]:
    memory = blank_chip(SERIAL, applet)
    chip = SimulatedChip(memory, lambda: None)
    values: dict[str, Any] = {
        "content": HOLDER,
        "password_can": CAN,
        "signer": HOME.signer,
        "cvca": HOME.trust_points,
        "card_keys": FACTORY_TEST_KEYS,
        "profile": profile,
        "today": TODAY,
        "atr": chip.atr,
    }
    return memory, personalise(chip, **(values | changes))


def _verify(memory: dict[str, Any], **changes: Any) -> None:
    chip = SimulatedChip(memory, lambda: None)
    values: dict[str, Any] = {
        "content": HOLDER,
        "passwords": PASSWORDS,
        "trust": HOME.trust,
        "terminal": HOME.terminal,
        "today": TODAY,
        "atr": chip.atr,
    }
    verify_personalised(chip, **(values | changes))


MADE, WRITTEN = _personalised()


def _fresh() -> dict[str, Any]:
    return copy.deepcopy(MADE)


@pytest.mark.parametrize(
    "options",
    [
        CardOptions(),
        CardOptions(mapping_proof=False),
        CardOptions(active_authentication=True),
        CardOptions(mapping_proof=False, active_authentication=True),
    ],
)
def test_a_card_with_pace_is_believed(options):
    profile = StoreData(options)
    memory, written = _personalised(profile)
    _verify(memory, profile=profile, written=written)


def test_a_card_with_the_open_applet_is_believed():
    memory, written = _personalised(JMRTD, "jmrtd")
    _verify(memory, profile=JMRTD, written=written, passwords=ZONE)


def test_a_card_without_fingers_needs_no_authority():
    holder = replace(HOLDER, fingers=(), face_format=FaceFormat.ISO_39794_5)
    memory, written = _personalised(content=holder, cvca=())
    _verify(memory, content=holder, terminal=None, written=written)


def test_without_a_terminal_the_fingers_stay_unread():
    _verify(_fresh(), terminal=None, written=WRITTEN)
    _verify(_fresh(), passwords=ZONE)


def _other_file(name: str) -> Callable[[dict[str, Any]], None]:
    def change(memory: dict[str, Any]) -> None:
        data = bytearray.fromhex(memory["files"][name])
        data[-1] ^= 1
        memory["files"][name] = data.hex()

    return change


def _other_agreement_key(memory: dict[str, Any]) -> None:
    other, _ = _personalised()
    memory["agreement_keys"] = other["agreement_keys"]


def _other_mapping_key(memory: dict[str, Any]) -> None:
    other, _ = _personalised()
    memory["mapping_key"] = other["mapping_key"]


def _open_fingers(memory: dict[str, Any]) -> None:
    memory["fingers_open"] = True


def _no_trust_points(memory: dict[str, Any]) -> None:
    memory["trust_points"] = []


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        (_other_file("0101"), {"untrusted", "malformed"}),
        (_other_file("0102"), {"untrusted"}),
        (_other_file("0103"), {"untrusted", "malformed"}),
        (_other_file("010B"), {"untrusted"}),
        (_other_file("011D"), {"untrusted", "malformed"}),
        (_other_agreement_key, {"not_genuine"}),
        (_other_mapping_key, {"not_genuine"}),
        (_open_fingers, {"mismatch"}),
        (_no_trust_points, {"mismatch"}),
        (lambda memory: memory["passwords"].update(can="654321"), {"wrong_password"}),
        (lambda memory: memory["passwords"].update(mrz="X" * 24), {"wrong_password"}),
    ],
)
def test_a_card_that_is_not_as_it_should_be(change, reasons):
    memory = _fresh()
    change(memory)
    with pytest.raises(ChipError) as error:
        _verify(memory, written=WRITTEN)
    assert error.value.reason in reasons


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"trust": ABROAD.trust}, "untrusted"),
        ({"terminal": ABROAD.terminal}, "mismatch"),
        ({"today": UNTIL + timedelta(days=2)}, "untrusted"),
        ({"profile": JMRTD}, "mismatch"),
        ({"content": content()}, "mismatch"),
        ({"written": replace(WRITTEN, files={**WRITTEN.files, 0x011D: "00"})}, "mismatch"),
        (
            {"written": replace(WRITTEN, master_files={**WRITTEN.master_files, 0x011C: "00"})},
            "mismatch",
        ),
    ],
)
def test_a_check_that_expects_something_else(changes, reason):
    with pytest.raises(ChipError) as error:
        _verify(_fresh(), **changes)
    assert error.value.reason == reason


def test_digests_are_all_that_is_kept():
    assert set(WRITTEN.files) >= {0x0101, 0x0102, 0x0103, 0x010B, 0x010E, 0x011D, 0x011E}
    assert all(len(digest) == 64 for digest in WRITTEN.files.values())
