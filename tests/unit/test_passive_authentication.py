"""Passive authentication: whom it believes, and what it finds wrong."""

import hashlib
import shutil
import subprocess
from datetime import date, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.smartcard.pki import der
from hardware.smartcard.pki.certificate import Certificate
from hardware.smartcard.pki.cms import build
from hardware.smartcard.pki.passive_authentication import (
    PassiveVerdict,
    verify,
    verify_card_security,
)
from hardware.smartcard.pki.sod import (
    DocumentSigner,
    SecurityObject,
    build_card_security,
    build_sod,
)
from hardware.smartcard.pki.trust_store import TrustStore
from tests.support.pki import (
    GROUPS,
    NOW,
    Subject,
    foreign_sod,
    key_usage,
    lds_object,
    new_authority,
    self_made,
)

TODAY = NOW.date()
SHA = {"sha1": hashes.SHA1(), "sha224": hashes.SHA224(), "sha256": hashes.SHA256()}  # noqa: S303 (old documents)
SHA |= {"sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
INFOS = der.set_of([der.sequence(der.oid("0.4.0.127.0.7.2.2.2"), der.integer(1))])


@cache
def ec_key(which: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def country() -> Subject:
    return self_made(ec_key("csca"), is_authority=True, name="csca")


@cache
def signer() -> Subject:
    return self_made(ec_key("signer"), country())


def ecdsa(data: bytes) -> bytes:
    return ec_key("signer").sign(data, ec.ECDSA(hashes.SHA256()))


def trust(*certificates: bytes) -> TrustStore:
    return TrustStore([country().certificate, *certificates])


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An authority, a document signer, what is published, and a signed document."""
    folder = tmp_path_factory.mktemp("office")
    authority = new_authority(folder)
    authority.issue_document_signer(NOW)
    authority.publish(folder / "trust", NOW)
    made = authority.document_signer(NOW)
    return made, TrustStore.from_folder(folder / "trust"), build_sod(GROUPS, made, NOW)


def test_our_own_document_is_believed(office):
    made, trusted, sod = office
    verdict = verify(sod, GROUPS, trusted, TODAY)
    assert verdict == PassiveVerdict(
        "verified", "", frozenset(GROUPS), verdict.signer_serial, "UT", NOW
    )
    assert (
        int(verdict.signer_serial, 16)
        == x509.load_der_x509_certificate(made.certificate).serial_number
    )
    by_file = {0x0100 + number: content for number, content in GROUPS.items()}
    assert verify(sod, by_file, trusted, TODAY).outcome == "verified"
    assert verify(sod, {}, trusted, TODAY).outcome == "verified"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command here")
def test_openssl_believes_it_too(office, tmp_path):
    _, trusted, sod = office
    (tmp_path / "sod").write_bytes(der.first(sod, 0x77).content)
    anchors = [x509.load_der_x509_certificate(one.der) for one in trusted]
    pem = b"".join(one.public_bytes(Encoding.PEM) for one in anchors)
    (tmp_path / "cas").write_bytes(pem)
    words = "openssl cms -verify -inform der -in sod -CAfile cas -purpose any -out content"
    words += f" -attime {int(NOW.timestamp()) + 60}"
    subprocess.run(words.split(), cwd=tmp_path, check=True, capture_output=True)
    found = SecurityObject.parse(sod)
    assert (tmp_path / "content").read_bytes() == found.signed.content
    assert found.hashes[1] == hashlib.sha256(GROUPS[1]).digest()


def test_versions_can_be_signed_too(office):
    made, trusted, _ = office
    sod = build_sod(GROUPS, made, lds_version=("0108", "040000"))
    assert SecurityObject.parse(sod).lds_version == ("0108", "040000")
    assert verify(sod, GROUPS, trusted, TODAY).outcome == "verified"


def test_an_altered_group_is_found(office):
    _, trusted, sod = office
    for number in GROUPS:
        changed = GROUPS | {number: GROUPS[number] + b"\0"}
        verdict = verify(sod, changed, trusted, TODAY)
        assert (verdict.outcome, verdict.reason) == ("failed", "altered")
        # Also where nobody vouches for the signer.
        assert verify(sod, changed, None, TODAY).reason == "altered"


def test_a_group_that_is_not_signed_is_found(office):
    _, trusted, sod = office
    assert verify(sod, GROUPS | {11: b"k\0"}, trusted, TODAY).reason == "unsigned_group"
    with pytest.raises(ValueError, match="no data group"):
        verify(sod, {0x011D: sod}, trusted, TODAY)


def test_a_stranger_is_told_from_a_forger():
    stranger = self_made(ec_key("stranger"), is_authority=True, name="csca")
    one = self_made(ec_key("signer"), stranger)
    # The name of a known authority, and a key that is not known here.
    assert verify(foreign_sod(one, ecdsa), GROUPS, trust(), TODAY).outcome == "no_trust_anchor"
    assert verify(foreign_sod(one, ecdsa), GROUPS, None, TODAY) == PassiveVerdict(
        "no_trust_anchor", "", frozenset(GROUPS), verify_serial(one), "UT"
    )
    # The key identifier of a known authority, and not its signature.
    forged = bytearray(signer().certificate)
    forged[-1] ^= 1
    forger = Subject(bytes(forged), signer().key)
    verdict = verify(foreign_sod(forger, ecdsa), GROUPS, trust(), TODAY)
    assert (verdict.outcome, verdict.reason) == ("failed", "bad_signature")


def verify_serial(subject: Subject) -> str:
    return f"{x509.load_der_x509_certificate(subject.certificate).serial_number:X}"


@pytest.mark.parametrize("name", SHA)
def test_every_hash_with_ecdsa_and_both_rsa_schemes(name):
    algorithm = SHA[name]
    sod = foreign_sod(
        signer(),
        lambda data: ec_key("signer").sign(data, ec.ECDSA(algorithm)),
        hash_name=name,
        signature={"algorithm": f"{name}_ecdsa"},
    )
    assert verify(sod, GROUPS, trust(), TODAY).outcome == "verified"
    one = self_made(rsa_key(), country())
    pkcs1 = foreign_sod(
        one,
        lambda data: rsa_key().sign(data, padding.PKCS1v15(), algorithm),
        hash_name=name,
        signature={"algorithm": f"{name}_rsa"},
    )
    pss = foreign_sod(
        one,
        lambda data: rsa_key().sign(
            data, padding.PSS(padding.MGF1(algorithm), algorithm.digest_size), algorithm
        ),
        hash_name=name,
        signature={
            "algorithm": "rsassa_pss",
            "parameters": {
                "hash_algorithm": {"algorithm": name},
                "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": name}},
                "salt_length": algorithm.digest_size,
            },
        },
    )
    for sod in (pkcs1, pss):
        assert verify(sod, GROUPS, trust(), TODAY).outcome == "verified"
        assert verify(sod, GROUPS | {1: b"other"}, trust(), TODAY).reason == "altered"


def test_an_authority_that_signs_with_pss():
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    csca = self_made(rsa_key(), is_authority=True, name="csca", rsa_padding=pss)
    one = self_made(ec_key("signer"), csca, rsa_padding=pss)
    trusted = TrustStore([csca.certificate])
    assert verify(foreign_sod(one, ecdsa), GROUPS, trusted, TODAY).outcome == "verified"


def plain(data: bytes) -> bytes:
    return b"".join(part.to_bytes(32, "big") for part in decode_dss_signature(ecdsa(data)))


@pytest.mark.parametrize(
    "oddity",
    [
        {"by_key_id": True},
        {"attributes_as_they_stand": True},
        {"digest_name": "sha512"},  # names one hash, used another
        {"signature": {"algorithm": "1.2.840.10045.2.1"}},  # the key's identifier
    ],
    ids=lambda oddity: next(iter(oddity)),
)
def test_oddities_of_real_documents(oddity):
    sign = ecdsa
    if "digest_name" in oddity:
        oddity |= {"signature": {"algorithm": "sha256_ecdsa"}}
    verdict = verify(foreign_sod(signer(), sign, **oddity), GROUPS, trust(), TODAY)
    assert verdict.outcome == "verified"


def test_rsa_named_by_its_key_takes_the_digests_hash():
    one = self_made(rsa_key(), country())
    sod = foreign_sod(
        one,
        lambda data: rsa_key().sign(data, padding.PKCS1v15(), hashes.SHA256()),
        signature={"algorithm": "rsassa_pkcs1v15"},
    )
    assert verify(sod, GROUPS, trust(), TODAY).outcome == "verified"


def test_plain_ecdsa_signatures():
    signature = {"algorithm": "0.4.0.127.0.7.1.1.4.1.3"}
    sod = foreign_sod(signer(), plain, signature=signature)
    assert verify(sod, GROUPS, trust(), TODAY).outcome == "verified"


@pytest.mark.parametrize("by_key_id", [False, True])
def test_the_signers_certificate_may_lie_in_the_trust_folder(by_key_id):
    sod = foreign_sod(signer(), ecdsa, has_certificate=False, by_key_id=by_key_id)
    assert verify(sod, GROUPS, trust(signer().certificate), TODAY).outcome == "verified"
    assert verify(sod, GROUPS, trust(), TODAY).reason == "bad_signature"


def test_other_certificates_in_the_document_do_no_harm():
    other = self_made(ec_key("other"), country()).certificate
    sod = foreign_sod(signer(), ecdsa, certificates=[other, country().certificate])
    assert verify(sod, GROUPS, trust(), TODAY).outcome == "verified"


def test_an_authority_does_not_sign_documents_and_others_only_if_they_may():
    sod = foreign_sod(country(), lambda data: ec_key("csca").sign(data, ec.ECDSA(hashes.SHA256())))
    assert verify(sod, GROUPS, trust(), TODAY).reason == "malformed"
    reader = self_made(ec_key("signer"), country(), usage=key_usage(key_agreement=True))
    assert verify(foreign_sod(reader, ecdsa), GROUPS, trust(), TODAY).reason == "malformed"
    # A document signer is no authority over document signers.
    below = self_made(ec_key("other"), signer())
    sod = foreign_sod(below, lambda data: ec_key("other").sign(data, ec.ECDSA(hashes.SHA256())))
    verdict = verify(sod, GROUPS, trust(signer().certificate), TODAY)
    assert verdict.outcome == "no_trust_anchor"


def test_an_authority_that_may_not_sign_certificates_counts_for_nothing():
    weak = self_made(ec_key("csca"), is_authority=True, name="csca", usage=key_usage(crl_sign=True))
    trusted = TrustStore([weak.certificate])
    assert len(trusted) == 0
    one = self_made(ec_key("signer"), weak)
    assert verify(foreign_sod(one, ecdsa), GROUPS, trusted, TODAY).outcome == "no_trust_anchor"


def test_validity_of_signer_and_authority():
    begins, ends = NOW - timedelta(days=30), NOW + timedelta(days=3650)
    sod = foreign_sod(signer(), ecdsa)
    for day, reason in (
        (begins.date(), ""),
        (begins.date() - timedelta(days=1), ""),  # an office east of Greenwich
        (begins.date() - timedelta(days=2), "expired"),
        (ends.date(), ""),
        (ends.date() + timedelta(days=1), "expired"),
    ):
        assert verify(sod, GROUPS, trust(), day).reason == reason
    brief = self_made(ec_key("csca"), is_authority=True, name="csca", ends=NOW + timedelta(days=5))
    trusted = TrustStore([brief.certificate])
    assert verify(sod, GROUPS, trusted, TODAY).outcome == "verified"
    assert verify(sod, GROUPS, trusted, TODAY + timedelta(days=6)).reason == "expired"


def test_a_stated_time_of_signing_counts(office):
    made, trusted, _ = office
    before = build_sod(GROUPS, made, NOW - timedelta(days=3))
    assert verify(before, GROUPS, trusted, TODAY).reason == "expired"
    late = build_sod(GROUPS, made, NOW + timedelta(days=200))
    verdict = verify(late, GROUPS, trusted, TODAY)
    assert (verdict.outcome, verdict.notes) == ("verified", ("outside_key_period",))


def test_revocation_and_old_lists(tmp_path):
    authority = new_authority(tmp_path)
    issued = authority.issue_document_signer(NOW)
    sod = build_sod(GROUPS, authority.document_signer(NOW), NOW)
    folder = tmp_path / "trust"
    authority.publish(folder, NOW)
    (crl,) = folder.glob("*.crl")
    in_spring = date(2027, 4, 1)
    verdict = verify(sod, GROUPS, TrustStore.from_folder(folder), in_spring)
    assert (verdict.outcome, verdict.notes) == ("verified", ("crl_outdated",))
    old = crl.read_bytes()
    crl.unlink()
    assert verify(sod, GROUPS, TrustStore.from_folder(folder), TODAY).notes == ("crl_missing",)
    authority.revoke(int(issued.reference, 16), "key_compromise", NOW)
    authority.publish(folder, NOW + timedelta(hours=1))
    # The newest list counts, whatever else lies there.
    (folder / "old.crl").write_bytes(old)
    verdict = verify(sod, GROUPS, TrustStore.from_folder(folder), TODAY)
    assert (verdict.outcome, verdict.reason) == ("failed", "revoked")
    # A list that its issuer did not sign counts for nothing.
    forged = bytearray(crl.read_bytes())
    forged[-1] ^= 1
    crl.write_bytes(forged)
    assert verify(sod, GROUPS, TrustStore.from_folder(folder), TODAY).outcome == "verified"


def test_roll_over_is_bridged_by_the_link_certificate(tmp_path):
    authority = new_authority(tmp_path)
    (first,) = authority.issued("csca")
    authority.roll_over_csca(NOW)
    authority.issue_document_signer(NOW)
    sod = build_sod(GROUPS, authority.document_signer(NOW))
    assert verify(sod, GROUPS, TrustStore([first.content]), TODAY).outcome == "no_trust_anchor"
    (link,) = authority.issued("csca_link")
    trusted = TrustStore([first.content, link.content])
    assert verify(sod, GROUPS, trusted, TODAY).outcome == "verified"
    # A link without the anchor that signed it leads nowhere.
    assert verify(sod, GROUPS, TrustStore([link.content]), TODAY).outcome == "no_trust_anchor"


def test_card_security_is_verified_like_a_document(office):
    made, trusted, sod = office
    content = build_card_security(INFOS, made)
    verdict, infos = verify_card_security(content, trusted, TODAY)
    assert (verdict.outcome, infos) == ("verified", INFOS)
    assert verify_card_security(content, None, TODAY)[0].outcome == "no_trust_anchor"
    changed = content.replace(INFOS, INFOS[:-1] + b"\x02")
    verdict, infos = verify_card_security(changed, trusted, TODAY)
    assert (verdict.reason, infos) == ("bad_signature", b"")
    # One is not taken for the other.
    assert verify_card_security(der.first(sod, 0x77).content, trusted, TODAY)[0].reason
    assert verify(der.element(0x77, content), {}, trusted, TODAY).reason == "malformed"
    other = build("2.23.136.1.1.1", INFOS, [Certificate(made.certificate)], made.key)
    assert verify_card_security(other, trusted, TODAY)[0].reason == "malformed"


def test_a_changed_hash_list_is_not_what_was_signed(office):
    _, trusted, sod = office
    genuine = hashlib.sha256(GROUPS[1]).digest()
    changed = sod.replace(genuine, hashlib.sha256(b"mine").digest())
    verdict = verify(changed, GROUPS | {1: b"mine"}, trusted, TODAY)
    assert (verdict.outcome, verdict.reason) == ("failed", "bad_signature")


def test_an_authority_of_another_name_is_not_the_issuer():
    """Its key identifier and signature fit, its name does not."""
    renamed = self_made(country().key, is_authority=True, name="renamed")
    trusted = TrustStore([renamed.certificate])
    sod = foreign_sod(signer(), ecdsa)
    assert verify(sod, GROUPS, trusted, TODAY).outcome == "no_trust_anchor"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"signed_type": "2.23.136.1.1.2"}, "bad_signature"),
        ({"content_type": "2.23.136.1.1.2", "signed_type": "2.23.136.1.1.2"}, "malformed"),
        ({"has_second_digest": True}, "malformed"),
        ({"lds": lds_object([(1, b"one"), (1, GROUPS[1])])}, "malformed"),
        ({"lds": lds_object([(17, b"one")])}, "malformed"),
        ({"lds": lds_object([(-1, b"one")])}, "malformed"),
        ({"lds": b"\x30\x00"}, "malformed"),
    ],
)
def test_a_message_that_says_two_things_is_not_believed(changes, reason):
    verdict = verify(foreign_sod(signer(), ecdsa, **changes), GROUPS, trust(), TODAY)
    assert (verdict.outcome, verdict.reason) == ("failed", reason)


def test_a_list_counts_only_by_an_authority_that_may_sign_lists(tmp_path):
    weak = self_made(
        ec_key("csca"), is_authority=True, name="csca", usage=key_usage(key_cert_sign=True)
    )
    name = x509.load_der_x509_certificate(weak.certificate).subject
    serial = x509.load_der_x509_certificate(signer().certificate).serial_number
    entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW).build()
    made = (
        x509.CertificateRevocationListBuilder(name, NOW, NOW + timedelta(days=90), [], [entry])
        .sign(ec_key("csca"), hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
    sod = foreign_sod(signer(), ecdsa)
    for authority, reason in ((country(), "revoked"), (weak, "")):
        trusted = TrustStore([authority.certificate], [made])
        assert verify(sod, GROUPS, trusted, TODAY).reason == reason


def test_a_key_must_belong_to_its_certificate(office):
    made, _, _ = office
    with pytest.raises(ValueError, match="another key"):
        DocumentSigner(signer().certificate, made.key)


@pytest.mark.parametrize("groups", [{}, {17: b""}, {0x011D: b""}, {1: b"a", 0x0101: b"a"}])
def test_what_is_no_data_group_is_not_signed(office, groups):
    with pytest.raises(ValueError, match=r"data group|at least one"):
        build_sod(groups, office[0])


HOSTILE = {
    "nothing": b"",
    "a tag": b"\x77",
    "huge": b"\x77\x84\xff\xff\xff\xff",
    "endless": b"\x77\x80" + b"\x30\x80" * 5000,
    "nested": b"",
    "no content": der.element(0x77, der.sequence(der.oid("1.2.840.113549.1.7.2"))),
    "zeros": bytes(10_000),
    "many": der.element(0x77, der.sequence(b"\x05\x00" * 100_000)),
}
for _ in range(200):
    HOSTILE["nested"] = der.sequence(HOSTILE["nested"])
HOSTILE["nested"] = der.element(0x77, HOSTILE["nested"])


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_hostile_documents_are_malformed(content):
    assert verify(content, {}, trust(), TODAY) == PassiveVerdict("failed", "malformed")
    assert verify_card_security(content, trust(), TODAY)[0].outcome == "failed"


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_mutation_of_a_document_is_believed_or_raises(data):
    sod = bytearray(good_sod())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(sod) - 1))
        kind = data.draw(st.sampled_from(["change", "insert", "cut"]))
        if kind == "change":
            sod[at] = data.draw(st.integers(0, 255))
        elif kind == "insert":
            sod[at:at] = data.draw(st.binary(min_size=1, max_size=4))
        else:
            del sod[at : at + data.draw(st.integers(1, 4))]
    verdict = verify(bytes(sod), {}, trust(), TODAY)
    if verdict.outcome == "verified":
        # Only what no signature covers may differ: what is signed is the same.
        parsed = SecurityObject.parse(bytes(sod))
        assert parsed.hashes == SecurityObject.parse(good_sod()).hashes


@cache
def good_sod() -> bytes:
    return foreign_sod(signer(), ecdsa)


@given(st.binary(max_size=300))
def test_any_bytes_get_a_verdict(content):
    assert verify(der.element(0x77, content), {}, None, TODAY).outcome == "failed"
