"""An issuing authority in a folder: what it issues, for how long, and after a power cut."""

import sqlite3
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtensionOID

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.cv_certificate import (
    READ_DG3,
    READ_DG4,
    CvCertificate,
    Role,
    verify_chain,
)
from hardware.smartcard.pki.authority import Authority, Lifetimes
from hardware.smartcard.pki.cv_authority import load_terminal
from hardware.smartcard.pki.document_signers import load_document_signer
from hardware.smartcard.pki.keys import (
    P256,
    P384,
    FolderKeyStore,
    KeyStoreError,
    make_secret_file,
    secret_from,
)
from hardware.smartcard.pki.passive_authentication import verify
from hardware.smartcard.pki.register import AuthorityError, Issued, Register, RegisterError
from hardware.smartcard.pki.sod import build_sod
from hardware.smartcard.pki.trust_store import TrustStore
from tests.support.pki import GROUPS, HAS_SOFTHSM, NOW, folder_keys, new_authority, soft_token


def certificate(issued: Issued) -> x509.Certificate:
    return x509.load_der_x509_certificate(issued.content)


def days(count: float) -> timedelta:
    return timedelta(days=count)


@pytest.mark.parametrize("curve", [P256, P384])
def test_a_csca_is_as_9303_12_wants_it(tmp_path, curve):
    authority = new_authority(tmp_path, "HK", state="HKG", organisation="Office", curve=curve)
    (issued,) = authority.issued("csca")
    made = certificate(issued)
    made.verify_directly_issued_by(made)
    assert made.version is x509.Version.v3
    assert made.subject.rfc4514_string() == "CN=CSCA HKG,O=Office,C=HK"
    assert made.subject == made.issuer
    key = made.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == curve
    found = made.extensions
    constraints = found.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical
    assert constraints.value == x509.BasicConstraints(ca=True, path_length=0)
    usage = found.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.key_cert_sign
    assert usage.value.crl_sign
    assert not usage.value.digital_signature
    own = found.get_extension_for_class(x509.SubjectKeyIdentifier).value
    above = found.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    assert own.digest == above.key_identifier
    period = found.get_extension_for_class(x509.PrivateKeyUsagePeriod).value
    assert period.not_after is not None
    assert made.not_valid_before_utc == NOW
    assert issued.key_ends == NOW + days(5 * 365)
    assert made.not_valid_after_utc == issued.ends > issued.key_ends + days(3652)
    assert made.serial_number == int(issued.reference, 16)
    subject = found.get_extension_for_class(x509.SubjectAlternativeName).value
    issuer = found.get_extension_for_class(x509.IssuerAlternativeName).value
    for name in (*subject, *issuer):
        assert name.value.rfc4514_string() == "L=HKG"
    assert len(list(subject)) == len(list(issuer)) == 1


def test_a_document_signer_is_as_9303_12_wants_it(tmp_path):
    authority = new_authority(tmp_path)
    issued = authority.issue_document_signer(NOW, document_types=("ID", "AC"))
    made = certificate(issued)
    made.verify_directly_issued_by(certificate(authority.issued("csca")[0]))
    found = made.extensions
    usage = found.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.key_cert_sign
    with pytest.raises(x509.ExtensionNotFound):
        found.get_extension_for_oid(ExtensionOID.BASIC_CONSTRAINTS)
    kinds = found.get_extension_for_oid(x509.ObjectIdentifier("2.23.136.1.1.6.2"))
    assert not kinds.critical
    assert kinds.value.public_bytes() == bytes.fromhex("300D020100 3108 13024143 13024944")
    assert issued.key_ends == NOW + days(90)
    assert issued.ends > issued.key_ends + days(3652)
    assert made.subject.rfc4514_string().endswith("C=UT")


def test_roll_over_makes_a_key_and_a_link(tmp_path):
    authority = new_authority(tmp_path)
    new = authority.roll_over_csca(NOW + days(4 * 365))
    old, same = (certificate(one) for one in authority.issued("csca"))
    (link,) = (certificate(one) for one in authority.issued("csca_link"))
    assert same == certificate(new)
    assert link.public_key() == same.public_key() != old.public_key()
    link.verify_directly_issued_by(old)
    same.verify_directly_issued_by(same)
    assert len({old.serial_number, same.serial_number, link.serial_number}) == 3
    signer = certificate(authority.issue_document_signer(NOW + days(4 * 365)))
    signer.verify_directly_issued_by(same)


def test_the_revoked_list_grows_and_counts(tmp_path):
    authority = new_authority(tmp_path)
    one, two = (authority.issue_document_signer(NOW) for _ in range(2))
    serial = int(one.reference, 16)
    assert authority.revoke(serial, "key_compromise", NOW)
    assert not authority.revoke(serial, "superseded", NOW + days(1))
    assert [(found.serial, found.reason) for found in authority.revoked()] == [
        (serial, "key_compromise")
    ]
    for number in (1, 2):
        (name,) = (
            name for name in authority.publish(tmp_path / "out", NOW) if name.endswith(".crl")
        )
        made = x509.load_der_x509_crl((tmp_path / "out" / name).read_bytes())
        assert made.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == number
    assert made.is_signature_valid(certificate(authority.issued("csca")[0]).public_key())  # type: ignore[arg-type]
    assert [entry.serial_number for entry in made] == [serial]
    assert made.next_update_utc == NOW + days(90)
    with pytest.raises(AuthorityError, match="reason is one of"):
        authority.revoke(int(two.reference, 16), "because", NOW)
    with pytest.raises(RegisterError, match="no certificate"):
        authority.revoke(4711, "superseded", NOW)


def test_the_newest_signer_signs_until_its_key_ends_or_is_revoked(tmp_path):
    authority = new_authority(tmp_path)
    with pytest.raises(AuthorityError, match="issue one"):
        authority.document_signer(NOW)
    first = authority.issue_document_signer(NOW)
    second = authority.issue_document_signer(NOW + days(60))
    assert authority.document_signer(NOW + days(1)).certificate == first.content
    assert authority.document_signer(NOW + days(61)).certificate == second.content
    authority.revoke(int(second.reference, 16), "key_compromise", NOW)
    assert authority.document_signer(NOW + days(61)).certificate == first.content
    with pytest.raises(AuthorityError, match="issue one"):
        authority.document_signer(NOW + days(91))


def test_a_key_that_has_ended_signs_no_more(tmp_path):
    authority = new_authority(tmp_path)
    late = NOW + days(5 * 365 + 1)
    with pytest.raises(AuthorityError, match="roll it over"):
        authority.issue_document_signer(late)
    with pytest.raises(AuthorityError, match="roll it over"):
        authority.issue_terminal("GATE1", tmp_path / "gate", folder_keys(tmp_path / "gate"), late)
    authority.roll_over_csca(late)
    authority.issue_document_signer(late)


def test_a_station_signs_with_a_key_of_its_own(tmp_path):
    authority = new_authority(tmp_path)
    station = tmp_path / "booth"
    authority.issue_document_signer(NOW, folder_keys(station), station)
    newer = authority.issue_document_signer(NOW + days(30), folder_keys(station), station)
    assert not any(one.startswith("signer") for one in folder_keys(tmp_path / "keys").labels())
    keys = folder_keys(station)
    signer = load_document_signer(station, keys, NOW + days(31))
    assert signer.certificate == newer.content
    assert load_document_signer(station, keys, NOW + days(1)).certificate != newer.content
    authority.publish(tmp_path / "trust", NOW)
    trust = TrustStore.from_folder(tmp_path / "trust")
    verdict = verify(build_sod(GROUPS, signer), GROUPS, trust, (NOW + days(31)).date())
    assert verdict.outcome == "verified"
    with pytest.raises(KeyStoreError, match="may sign now"):
        load_document_signer(station, keys, NOW + days(400))
    (station / "other.cer").write_bytes(b"\x30\x00")
    with pytest.raises(KeyStoreError, match="no certificate"):
        load_document_signer(station, keys, NOW)


def test_a_terminal_reads_cards_old_and_new(tmp_path):
    authority = new_authority(tmp_path, "HK")
    (oldest,) = authority.cvca_certificates()
    authority.roll_over_cvca(NOW + days(365))
    authority.roll_over_cvca(NOW + days(700))
    later = NOW + days(701)
    gate = tmp_path / "gate"
    issued = authority.issue_terminal("GATE1", gate, folder_keys(gate), later)
    terminal = load_terminal(gate, folder_keys(gate))
    assert issued.reference == "HKGATE100001"
    newest, middle = (CvCertificate.parse(one) for one in authority.cvca_certificates())
    assert (newest.chr, middle.chr) == ("HKCVCA00003", "HKCVCA00002")
    lengths = []
    for trust_point in (CvCertificate.parse(oldest), middle, newest):
        chain = terminal.chain_from(trust_point.chr, later.date())
        lengths.append(len(chain))
        # A card's own day may still be that of a link; here all of them hold.
        key = verify_chain(chain, trust_point, later.date())
        assert key.is_key(terminal.key.public_key)
        assert chain[-1].role is Role.INSPECTION_SYSTEM
        assert chain[-1].may_read(READ_DG3)
        assert not chain[-1].may_read(READ_DG4)
    assert lengths == [4, 3, 2]


def test_terminals_get_new_certificates_before_the_old_ones_end(tmp_path):
    authority = new_authority(tmp_path, "HK")
    gate = tmp_path / "gate"
    first = authority.issue_terminal("GATE1", gate, folder_keys(gate), NOW)
    again = authority.issue_terminal("GATE1", gate, folder_keys(gate), NOW + days(20))
    other = authority.issue_terminal("GATE2", gate, folder_keys(gate), NOW + days(80))
    assert [one.reference for one in (first, again, other)] == [
        "HKGATE100001",
        "HKGATE100002",
        "HKGATE200001",
    ]
    # One verifier for the first two; a new one where a terminal would end with it.
    assert len(authority.issued("verifier")) == 2
    terminal = load_terminal(gate, folder_keys(gate))
    newest = CvCertificate.parse(other.content)
    assert terminal.certificates[-1] == newest
    assert newest.expiry == (NOW + days(80 + 31)).date()
    for name in ("", "TOO-BAD", "ABCDEFGHIJ", "CVCA", "DV", "gate"):
        with pytest.raises(AuthorityError, match="name"):
            authority.issue_terminal(name, gate, folder_keys(gate), NOW)


def test_a_terminals_folder_without_its_key_is_told(tmp_path):
    authority = new_authority(tmp_path)
    gate = tmp_path / "gate"
    with pytest.raises(KeyStoreError, match="no terminal"):
        load_terminal(gate, folder_keys(gate))
    issued = authority.issue_terminal("GATE1", gate, folder_keys(gate), NOW)
    keys = folder_keys(gate)
    keys.destroy(issued.reference)
    with pytest.raises(KeyStoreError, match="no key"):
        load_terminal(gate, keys)
    keys.generate(issued.reference, P256)
    with pytest.raises(KeyStoreError, match="does not belong"):
        load_terminal(gate, keys)
    (gate / "other.cvcert").write_bytes(b"\x7f\x21\x00")
    with pytest.raises(KeyStoreError, match="no CV certificate"):
        load_terminal(gate, keys)


def test_a_key_left_by_a_power_cut_is_taken(tmp_path):
    authority = new_authority(tmp_path)
    gate = tmp_path / "gate"
    left = folder_keys(gate).generate("UTGATE100001", P256)
    authority.issue_terminal("GATE1", gate, folder_keys(gate), NOW)
    assert load_terminal(gate, folder_keys(gate)).key.public_key == left.public_key


def test_an_authority_is_found_again_and_never_founded_twice(tmp_path):
    new_authority(tmp_path).issue_document_signer(NOW)
    again = Authority(tmp_path / "authority", folder_keys(tmp_path / "keys"))
    assert [one.kind for one in again.issued()] == ["csca", "cvca", "document_signer"]
    again.document_signer(NOW)
    before = folder_keys(tmp_path / "keys").labels()
    with pytest.raises(RegisterError, match="already"):
        new_authority(tmp_path)
    assert folder_keys(tmp_path / "keys").labels() == before
    with pytest.raises(RegisterError, match="create one"):
        Authority(tmp_path / "elsewhere", folder_keys(tmp_path / "keys"))


@pytest.mark.parametrize(
    ("country", "settings"),
    [("hk", {}), ("HKG", {}), ("HK", {"state": "HKG1"}), ("HK", {"mnemonic": "DV"})],
)
def test_names_are_checked_before_anything_is_made(tmp_path, country, settings):
    with pytest.raises(AuthorityError):
        new_authority(tmp_path, country, **settings)
    assert list(tmp_path.iterdir()) == []


def test_lifetimes_can_be_others(tmp_path):
    keys = folder_keys(tmp_path / "keys")
    life = Lifetimes(csca_key=100, signer_key=10, document=50, crl=3)
    authority = Authority.create(tmp_path, "UT", keys, NOW, curve=P256, lifetimes=life)
    (csca,) = authority.issued("csca")
    assert (csca.key_ends, csca.ends) == (NOW + days(100), NOW + days(160))
    signer = authority.issue_document_signer(NOW)
    assert (signer.key_ends, signer.ends) == (NOW + days(10), NOW + days(60))


def test_a_number_is_never_used_twice(tmp_path):
    authority = new_authority(tmp_path)
    (csca,) = authority.issued("csca")
    register = Register.open(tmp_path / "authority" / "register.sqlite")
    for kind in ("csca", "document_signer"):
        with pytest.raises(RegisterError, match="used before"):
            register.add(Issued(kind, csca.reference, "", "", NOW, NOW, NOW, b""))
    # All or none.
    fresh = Issued("document_signer", "4711", "", "", NOW, NOW, NOW, b"")
    with pytest.raises(RegisterError):
        register.add(fresh, csca)
    assert register.issued("document_signer") == []
    register.add_list(1, NOW, b"")
    with pytest.raises(RegisterError, match="try again"):
        register.add_list(1, NOW, b"")


def test_a_register_of_another_version_or_none_is_told(tmp_path):
    new_authority(tmp_path)
    file = tmp_path / "authority" / "register.sqlite"
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA user_version = 9")
    database.close()
    with pytest.raises(RegisterError, match="version"):
        Register.open(file)
    file.write_bytes(b"no database" * 100)
    with pytest.raises(RegisterError, match="cannot be used"):
        Register.open(file)
    # What a power cut left of a founding does not stand in the way.
    file.write_bytes(b"")
    assert not Register.is_made(file)
    new_authority(tmp_path)


KILLED = """
    import os, sys
    from pathlib import Path
    from hardware.smartcard.pki import register
    from tests.support.pki import folder_keys, NOW
    from hardware.smartcard.pki.authority import Authority

    def die(*_):
        os._exit(9)

    folder = Path(sys.argv[1])
    authority = Authority(folder / "authority", folder_keys(folder / "keys"))
    register._insert = die
    authority.issue_document_signer(NOW)
"""


def test_killed_before_the_register_knows_nothing_was_issued(tmp_path):
    authority = new_authority(tmp_path)
    words = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path)]
    root = Path(__file__).parents[2]
    assert subprocess.run(words, cwd=root, check=False).returncode == 9
    assert authority.issued("document_signer") == []
    issued = authority.issue_document_signer(NOW)
    assert authority.document_signer(NOW).certificate == issued.content


@pytest.mark.skipif(not HAS_SOFTHSM, reason="SoftHSM is not installed")
def test_a_whole_authority_on_a_token(tmp_path):
    with soft_token(tmp_path) as keys:
        authority = Authority.create(tmp_path / "authority", "UT", keys, NOW)
        authority.roll_over_csca(NOW)
        authority.issue_document_signer(NOW)
        gate = tmp_path / "gate"
        authority.issue_terminal("GATE1", gate, keys, NOW)
        authority.publish(tmp_path / "trust", NOW)
        trust = TrustStore.from_folder(tmp_path / "trust")
        sod = build_sod(GROUPS, authority.document_signer(NOW), NOW)
        assert verify(sod, GROUPS, trust, NOW.date()).outcome == "verified"
        assert load_terminal(gate, keys).key.public_key.curve.name == P384
    assert not list(tmp_path.rglob("*.pem"))


def test_keys_in_files_are_encrypted_and_private(tmp_path):
    keys = folder_keys(tmp_path)
    keys.generate("a", P256)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    with pytest.raises(KeyStoreError, match="another passphrase"):
        FolderKeyStore(tmp_path, lambda: "another one of good length").open("a")
    with pytest.raises(KeyStoreError, match="shorter than 16"):
        FolderKeyStore(tmp_path, lambda: "short").open("a")
    file.write_bytes(b"-----BEGIN nothing")
    with pytest.raises(KeyStoreError, match="damaged"):
        keys.open("a")


def test_secrets_come_from_private_files_or_the_keyring(tmp_path, monkeypatch):
    file = tmp_path / "secret"
    make_secret_file(file)
    made = file.read_text()
    make_secret_file(file)
    assert file.read_text() == made
    assert len(secret_from("file:secret", tmp_path)()) == 64
    file.chmod(0o640)
    with pytest.raises(KeyStoreError, match="chmod 600"):
        secret_from("file:secret", tmp_path)()
    file.chmod(0o600)
    file.write_text("\n")
    with pytest.raises(KeyStoreError, match="empty"):
        secret_from("file:secret", tmp_path)()
    with pytest.raises(KeyStoreError, match="cannot be read"):
        secret_from("file:none", tmp_path)()
    for broken in ("", "secret", "file:", "keyring:", "keyring:a", "env:X"):
        with pytest.raises(KeyStoreError, match="given as"):
            secret_from(broken, tmp_path)
    kept = {("smartics", "pki"): "from the keyring"}
    monkeypatch.setattr("keyring.get_password", lambda service, name: kept.get((service, name)))
    assert secret_from("keyring:smartics/pki", tmp_path)() == "from the keyring"
    with pytest.raises(KeyStoreError, match="holds nothing"):
        secret_from("keyring:smartics/other", tmp_path)()


def test_a_card_refuses_a_terminal_after_its_time(tmp_path):
    authority = new_authority(tmp_path)
    gate = tmp_path / "gate"
    authority.issue_terminal("GATE1", gate, folder_keys(gate), NOW)
    terminal = load_terminal(gate, folder_keys(gate))
    (point,) = authority.cvca_certificates()
    trust_point = CvCertificate.parse(point)
    chain = terminal.chain_from(trust_point.chr, NOW.date())
    with pytest.raises(ChipError) as error:
        verify_chain(chain, trust_point, (NOW + days(32)).date())
    assert error.value.reason == "untrusted"
