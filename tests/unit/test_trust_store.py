"""The trust store: what it reads from a folder, whom it believes, and what it leaves out."""

import hashlib
import logging
from base64 import encodebytes
from datetime import timedelta
from functools import cache

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.pki import der
from hardware.smartcard.pki.algorithms import is_signed_by, read_public_key
from hardware.smartcard.pki.certificate import Certificate
from hardware.smartcard.pki.passive_authentication import verify
from hardware.smartcard.pki.trust_store import TrustStore
from hardware.smartcard.protocols.curves import CURVES, Curve
from hardware.smartcard.protocols.elliptic import EllipticGroup
from hardware.smartcard.protocols.plain_points import multiply
from tests.support.pki import (
    GROUPS,
    NOW,
    Subject,
    explicit_key,
    foreign_sod,
    key_usage,
    master_list,
    new_authority,
    self_made,
    with_public_key,
)

TODAY = NOW.date()
NAMES = [curve.name for curve in CURVES]


@cache
def ec_key(which: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def csca(name: str = "csca") -> Subject:
    return self_made(ec_key(name), is_authority=True, name=name)


def ecdsa(which: str, data: bytes) -> bytes:
    return ec_key(which).sign(data, ec.ECDSA(hashes.SHA256()))


def document(issuer: Subject) -> bytes:
    return foreign_sod(self_made(ec_key("signer"), issuer), lambda data: ecdsa("signer", data))


def pem(kind: str, content: bytes) -> bytes:
    body = encodebytes(content).decode()
    return f"Subject: someone\n-----BEGIN {kind}-----\n{body}-----END {kind}-----\n".encode()


def test_files_are_told_by_their_content(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "a.txt").write_bytes(csca("a").certificate)
    both = pem("CERTIFICATE", csca("b").certificate) + pem("CERTIFICATE", csca("c").certificate)
    (tmp_path / "below" / "b").write_bytes(both)
    (tmp_path / ".d.cer").write_bytes(csca("d").certificate)
    (tmp_path / "e.cvcert").write_bytes(b"\x7f\x21\x00")
    found = TrustStore.from_folder(tmp_path)
    assert len(found) == 3
    assert found.notes == []
    for name in ("a", "b", "c"):
        assert verify(document(csca(name)), GROUPS, found, TODAY).outcome == "verified"


def test_what_cannot_be_read_is_told_once_and_never_fatal(tmp_path, caplog):
    (tmp_path / "good.cer").write_bytes(csca().certificate)
    (tmp_path / "again.cer").write_bytes(csca().certificate)
    (tmp_path / "words.txt").write_text("no certificate")
    (tmp_path / "empty").touch()
    (tmp_path / "half.cer").write_bytes(csca().certificate[:200])
    (tmp_path / "bad.pem").write_text("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n")
    (tmp_path / "bad.ml").write_bytes(der.sequence(der.oid("1.2.840.113549.1.7.2"), b"\x05\x00"))
    with caplog.at_level(logging.WARNING):
        found = TrustStore.from_folder(tmp_path)
    assert len(found) == 1
    assert sorted(note.split()[0] for note in found.notes) == [
        "bad.ml",
        "bad.pem",
        "empty",
        "half.cer",
        "words.txt",
    ]
    assert len(caplog.records) == len(found.notes)
    assert verify(document(csca()), GROUPS, found, TODAY).outcome == "verified"
    assert len(TrustStore.from_folder(tmp_path / "nowhere")) == 0


def test_an_anchor_must_have_signed_itself():
    forged = bytearray(csca().certificate)
    forged[-1] ^= 1
    found = TrustStore([bytes(forged)])
    assert not any(found.is_trusted(one) for one in found)
    assert verify(document(csca()), GROUPS, found, TODAY).outcome == "no_trust_anchor"


def test_a_chain_of_links_is_followed_as_far_as_it_is_whole(tmp_path):
    authority = new_authority(tmp_path)
    for year in range(1, 8):
        authority.roll_over_csca(NOW + timedelta(days=365 * year))
    anchors = authority.issued("csca")
    links = [one.content for one in authority.issued("csca_link")]
    del links[4]
    found = TrustStore([anchors[0].content, *links[::-1]])
    trusted = {one.der for one in found if found.is_trusted(one)}
    assert trusted == {anchors[0].content, *links[:4]}


def test_links_in_a_circle_lead_nowhere():
    one, two = ec_key("one"), ec_key("two")
    first = self_made(one, is_authority=True, name="one")
    second = self_made(two, is_authority=True, name="two")
    to_second = self_made(two, Subject(first.certificate, one), is_authority=True, name="two")
    to_first = self_made(one, Subject(second.certificate, two), is_authority=True, name="one")
    found = TrustStore([to_first.certificate, to_second.certificate])
    assert not any(found.is_trusted(authority) for authority in found)


@pytest.mark.parametrize("has_key_ids", [True, False])
def test_issuers_are_found_by_key_identifier_or_by_name(has_key_ids):
    own = self_made(ec_key("csca"), is_authority=True, has_key_ids=has_key_ids, name="csca")
    other = self_made(ec_key("other"), is_authority=True, has_key_ids=has_key_ids, name="csca")
    found = TrustStore([other.certificate, own.certificate])
    signer = self_made(ec_key("signer"), own, has_key_ids=has_key_ids)
    issuers = found.issuers_of(Certificate(signer.certificate))
    assert len(issuers) == 2
    if has_key_ids:
        assert issuers[0].der == own.certificate
    sod = foreign_sod(signer, lambda data: ecdsa("signer", data))
    assert verify(sod, GROUPS, found, TODAY).outcome == "verified"


def test_names_are_compared_without_case_blanks_and_encoding():
    """The issuer's name as the document signer spells it, in another string type and case."""
    signer = self_made(ec_key("signer"), csca())
    spelt = csca_name(0x0C, "csca")
    other = csca_name(0x13, " CSCA ")
    assert spelt in signer.certificate
    changed = signer.certificate.replace(spelt, other, 1)
    assert (
        Certificate(fixed_lengths(changed, signer)).issuer
        == Certificate(csca().certificate).subject
    )


def csca_name(tag: int, text: str) -> bytes:
    value = der.element(tag, text.encode())
    return der.element(der.SET, der.sequence(der.oid("2.5.4.3"), value))


def fixed_lengths(changed: bytes, signer: Subject) -> bytes:
    """The certificate built up again around the replaced name."""
    parts = Certificate(signer.certificate)
    fields = parts.signed_part.children()
    body = [field.raw for field in fields]
    body[3] = der.sequence(
        *(
            part.raw.replace(csca_name(0x0C, "csca"), csca_name(0x13, " CSCA "))
            for part in fields[3].children()
        )
    )
    outer = der.first(signer.certificate, der.SEQUENCE).children()
    assert changed != signer.certificate
    return der.sequence(der.sequence(*body), outer[1].raw, outer[2].raw)


class PlainSigner:
    """ECDSA with plain integers, for curves that no package here signs on."""

    def __init__(self, curve: Curve) -> None:
        self.curve = curve
        self._private = 0x1234567 % curve.n
        point = multiply(curve, self._private, (curve.x, curve.y))
        assert point is not None
        self.point = EllipticGroup(curve).encode(point)

    def sign(self, data: bytes) -> bytes:
        curve = self.curve
        number = int.from_bytes(hashlib.sha256(data).digest(), "big")
        number >>= max(256 - curve.n.bit_length(), 0)
        nonce = int.from_bytes(hashlib.sha512(data).digest(), "big") % curve.n
        point = multiply(curve, nonce, (curve.x, curve.y))
        assert point is not None
        r = point[0] % curve.n
        return encode_dss_signature(
            r, pow(nonce, -1, curve.n) * (number + r * self._private) % curve.n
        )


@pytest.mark.parametrize("name", NAMES)
def test_authorities_that_spell_their_curve_out(name):
    curve = next(curve for curve in CURVES if curve.name == name)
    own = PlainSigner(curve)
    for is_compressed in (False, True):
        spki = explicit_key(curve, own.point, is_compressed=is_compressed)
        made = with_public_key(csca("x").certificate, spki, own.sign)
        # Its key identifiers are another key's, which is no more than a hint.
        found = TrustStore([made])
        assert len(found) == 1
        assert all(found.is_trusted(one) for one in found)
        spoilt = bytearray(made)
        spoilt[-1] ^= 1
        store = TrustStore([bytes(spoilt)])
        assert not any(store.is_trusted(one) for one in store)


def test_a_curve_with_a_generator_of_its_own_is_not_taken():
    """The certificate's numbers are never calculated with (CVE-2020-0601)."""
    curve = next(curve for curve in CURVES if curve.name == "secp256r1")
    own = PlainSigner(curve)
    twisted = explicit_key(curve, own.point).replace(
        curve.x.to_bytes(32, "big"), own.point[1:33], 1
    )
    with pytest.raises(ChipError, match="curve"):
        read_public_key(twisted)


@pytest.mark.parametrize(
    "spki",
    [
        b"",
        der.sequence(der.sequence(der.oid("1.2.3")), der.element(3, b"\0\0")),
        der.sequence(der.sequence(der.oid("1.2.840.10045.2.1"), der.oid("1.2.3")), b"\x03\x01\0"),
        der.sequence(
            der.sequence(der.oid("1.2.840.10045.2.1"), der.oid("1.2.840.10045.3.1.7")),
            der.element(3, b"\0\x04" + bytes(64)),
        ),
        der.sequence(
            der.sequence(der.oid("1.2.840.113549.1.1.1"), b"\x05\0"),
            der.element(3, b"\0", der.sequence(der.integer(-5), der.integer(3))),
        ),
        der.sequence(
            der.sequence(der.oid("1.2.840.113549.1.1.1"), b"\x05\0"),
            der.element(3, b"\0", der.sequence(der.integer(1 << 20_000), der.integer(3))),
        ),
    ],
)
def test_keys_that_are_none(spki):
    with pytest.raises(ChipError):
        read_public_key(spki)


def test_a_signature_of_another_kind_than_the_key():
    rsa_identifier = der.first(der.sequence(der.oid("1.2.840.113549.1.1.11"), b"\x05\0"), 0x30)
    assert not is_signed_by(ec_key("a").public_key(), rsa_identifier, b"\0" * 64, b"data")
    unknown = der.first(der.sequence(der.oid("1.2.3")), 0x30)
    with pytest.raises(ChipError) as error:
        is_signed_by(ec_key("a").public_key(), unknown, b"", b"")
    assert error.value.reason == "not_supported"
    r, s = decode_dss_signature(ecdsa("a", b"data"))
    plain = der.first(der.sequence(der.oid("0.4.0.127.0.7.1.1.4.1.3")), 0x30)
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert is_signed_by(ec_key("a").public_key(), plain, signature, b"data")
    assert not is_signed_by(ec_key("a").public_key(), plain, signature[::-1], b"data")


def listed(tmp_path, *, brings_anchor: bool = True) -> tuple[Subject, Subject]:
    """A master list of two foreign countries, signed under the anchor "maker"."""
    maker = csca("maker")
    signer = self_made(ec_key("list"), maker, name="list signer")
    brought = [signer.certificate, *([maker.certificate] if brings_anchor else [])]
    content = master_list([csca("a").certificate, csca("b").certificate], signer, brought)
    (tmp_path / "world.ml").write_bytes(content)
    return maker, signer


def test_a_master_list_brings_authorities(tmp_path):
    maker, _ = listed(tmp_path)
    found = TrustStore.from_folder(tmp_path)
    assert len(found) == 2
    assert verify(document(csca("a")), GROUPS, found, TODAY).outcome == "verified"
    (note,) = found.notes
    assert "nobody here vouches" in note
    assert "UT" in note
    (tmp_path / "maker.cer").write_bytes(maker.certificate)
    found = TrustStore.from_folder(tmp_path)
    assert len(found) == 3
    assert found.notes == []


def test_a_changed_master_list_brings_nobody(tmp_path):
    listed(tmp_path)
    content = (tmp_path / "world.ml").read_bytes()
    (tmp_path / "world.ml").write_bytes(content.replace(csca("b").certificate[-8:], bytes(8)))
    found = TrustStore.from_folder(tmp_path)
    assert len(found) == 0
    (note,) = found.notes
    assert "not what was signed" in note


def test_a_master_list_by_who_may_not_sign_brings_nobody(tmp_path):
    signer = self_made(ec_key("list"), csca("maker"), usage=key_usage(key_agreement=True))
    content = master_list([csca("a").certificate], signer, [signer.certificate])
    (tmp_path / "world.ml").write_bytes(content)
    found = TrustStore.from_folder(tmp_path)
    assert len(found) == 0
    assert len(found.notes) == 1


def test_a_bad_certificate_in_a_list_is_left_out_alone(tmp_path):
    maker = csca("maker")
    signer = self_made(ec_key("list"), maker, name="list signer")
    broken = der.sequence(der.sequence(der.integer(1)))
    content = master_list([csca("a").certificate, broken], signer, [signer.certificate])
    (tmp_path / "world.ml").write_bytes(content)
    (tmp_path / "maker.cer").write_bytes(maker.certificate)
    found = TrustStore.from_folder(tmp_path)
    assert len(found) == 2
    assert len(found.notes) == 1
