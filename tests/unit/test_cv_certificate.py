"""Card-verifiable certificates: made, read back, checked; hostile ones end in ChipError."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.smartcard import tlv
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.cv_certificate import (
    READ_DG3,
    READ_DG4,
    Chat,
    CvCertificate,
    Role,
    build,
    decode_date,
    decode_reference,
    encode_date,
    encode_reference,
    verify_chain,
)
from hardware.smartcard.cv_key import CvPublicKey, SignatureAlgorithm

FROM, UNTIL, TODAY = date(2026, 1, 1), date(2026, 12, 31), date(2026, 6, 1)
HASHES = {256: hashes.SHA256(), 384: hashes.SHA384(), 512: hashes.SHA512(), 521: hashes.SHA512()}
CURVES = (
    ec.SECP256R1(),
    ec.SECP384R1(),
    ec.SECP521R1(),
    ec.BrainpoolP256R1(),
    ec.BrainpoolP512R1(),
)


def signs(key: ec.EllipticCurvePrivateKey) -> Callable[[bytes], bytes]:
    def sign(data: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(HASHES[key.curve.key_size])))
        size = (key.curve.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    return sign


def certificate(
    car: str,
    chr_: str,
    role: Role,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    effective: date = FROM,
    expiry: date = UNTIL,
) -> CvCertificate:
    return build(
        car=car,
        chr=chr_,
        role_and_rights=Chat(role, READ_DG3 | READ_DG4),
        public_key=CvPublicKey.of_key(key.public_key()),
        effective=effective,
        expiry=expiry,
        sign=signs(signer),
    )


ROOT_KEY, NEXT_KEY, VERIFIER_KEY, TERMINAL_KEY = (
    ec.generate_private_key(ec.SECP256R1()) for _ in range(4)
)
ROOT = certificate("UTCVCA00001", "UTCVCA00001", Role.AUTHORITY, ROOT_KEY, ROOT_KEY)
LINK = certificate("UTCVCA00001", "UTCVCA00002", Role.AUTHORITY, NEXT_KEY, ROOT_KEY)
VERIFIER = certificate("UTCVCA00002", "UTDV00001", Role.DOMESTIC_VERIFIER, VERIFIER_KEY, NEXT_KEY)
TERMINAL = certificate("UTDV00001", "UTIS00001", Role.INSPECTION_SYSTEM, TERMINAL_KEY, VERIFIER_KEY)


def test_a_certificate_is_read_as_it_was_made():
    for made in (ROOT, LINK, VERIFIER, TERMINAL):
        assert CvCertificate.parse(made.encode()) == made
    assert (TERMINAL.car, TERMINAL.chr) == ("UTDV00001", "UTIS00001")
    assert (TERMINAL.effective, TERMINAL.expiry) == (FROM, UNTIL)
    assert TERMINAL.may_read(READ_DG3)
    assert ROOT.is_self_signed
    assert not LINK.is_self_signed


def test_the_encoding_is_that_of_the_standard():
    """TR-03110-3, C.1: the elements in their order; D.3.3: only an authority says its curve."""
    elements = tlv.parse(tlv.parse_one(VERIFIER.body, 0x7F4E))
    assert [element.tag for element in elements] == [
        0x5F29, 0x42, 0x7F49, 0x5F20, 0x7F4C, 0x5F25, 0x5F24,
    ]  # fmt: skip
    assert tlv.value_of(elements, 0x7F4C).hex() == "060904007f000703010201530183"
    assert tlv.value_of(elements, 0x5F25).hex() == "020600010001"
    assert [element.tag for element in tlv.parse(elements[2].value)] == [0x06, 0x86]
    root = tlv.parse(tlv.value_of(tlv.parse(tlv.parse_one(ROOT.body, 0x7F4E)), 0x7F49))
    assert [element.tag for element in root] == [6, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87]
    assert root[0].value.hex() == "04007f00070202020203"


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_a_chain_holds_on_every_curve(curve):
    keys = [ec.generate_private_key(curve) for _ in range(3)]
    root = certificate("DECVCA00001", "DECVCA00001", Role.AUTHORITY, keys[0], keys[0])
    root = CvCertificate.parse(root.encode())
    verifier = certificate("DECVCA00001", "DEDV00001", Role.FOREIGN_VERIFIER, keys[1], keys[0])
    terminal = certificate("DEDV00001", "DEIS00001", Role.INSPECTION_SYSTEM, keys[2], keys[1])
    found = verify_chain((root, verifier, terminal)[1:], root, TODAY)
    assert found.is_key(keys[2].public_key())
    assert found.curve is not None
    assert found.curve.name == curve.name


def test_a_chain_over_a_link_holds():
    assert verify_chain((LINK, VERIFIER, TERMINAL), ROOT, TODAY).is_key(TERMINAL_KEY.public_key())


@pytest.mark.parametrize(
    "chain",
    [
        (VERIFIER, TERMINAL),
        (LINK, TERMINAL),
        (LINK, VERIFIER, replace(TERMINAL, signature=bytes(64))),
        (LINK, VERIFIER, replace(TERMINAL, signature=TERMINAL.signature[:-1])),
        (LINK, VERIFIER, replace(TERMINAL, signature=b"")),
        (LINK,) * 9,
        (certificate("UTCVCA00001", "UTIS00001", Role.INSPECTION_SYSTEM, NEXT_KEY, ROOT_KEY),),
        (certificate("UTCVCA00001", "UTDV00001", Role.DOMESTIC_VERIFIER, NEXT_KEY, NEXT_KEY),),
        (certificate("UTCVCA00001", "UTDV00001", Role.FOREIGN_VERIFIER, NEXT_KEY, ROOT_KEY,
                     FROM, date(2026, 5, 31)),),
        (certificate("UTCVCA00001", "UTDV00001", Role.FOREIGN_VERIFIER, NEXT_KEY, ROOT_KEY,
                     date(2026, 6, 2)),),
    ],
)  # fmt: skip
def test_a_chain_that_does_not_hold(chain):
    with pytest.raises(ChipError) as caught:
        verify_chain(chain, ROOT, TODAY)
    assert caught.value.reason == "untrusted"


def test_one_changed_bit_is_noticed():
    der = bytearray(TERMINAL.encode())
    for at in range(8, len(der)):
        changed = bytes(der[:at]) + bytes((der[at] ^ 1,)) + bytes(der[at + 1 :])
        with pytest.raises(ChipError):
            verify_chain((LINK, VERIFIER, CvCertificate.parse(changed)), ROOT, TODAY)


@pytest.mark.parametrize(
    ("algorithm", "scheme", "digest"),
    [
        (SignatureAlgorithm.RSA_V1_5_SHA256, padding.PKCS1v15(), hashes.SHA256()),
        (SignatureAlgorithm.RSA_V1_5_SHA512, padding.PKCS1v15(), hashes.SHA512()),
        (SignatureAlgorithm.RSA_PSS_SHA256, padding.PSS(padding.MGF1(hashes.SHA256()), 32),
         hashes.SHA256()),
        (SignatureAlgorithm.RSA_PSS_SHA512, padding.PSS(padding.MGF1(hashes.SHA512()), 64),
         hashes.SHA512()),
    ],
)  # fmt: skip
def test_rsa_keys(algorithm, scheme, digest):
    key = rsa.generate_private_key(65537, 2048)
    numbers = key.public_key().public_numbers()
    public = CvPublicKey(algorithm, modulus=numbers.n, exponent=numbers.e)
    made = build(
        car="FRCVCA00001",
        chr="FRCVCA00001",
        role_and_rights=Chat(Role.AUTHORITY, READ_DG3),
        public_key=public,
        effective=FROM,
        expiry=UNTIL,
        sign=lambda data: key.sign(data, scheme, digest),
    )
    verify_chain((made,), CvCertificate.parse(made.encode()), TODAY)
    with pytest.raises(ChipError, match="untrusted"):
        public.verify(made.body + b"\0", made.signature)


@pytest.mark.parametrize("name", ["", "ut", "UT00001", "UTCVCATOOLONG00001", "ÜTX00001"])
def test_names_that_are_none(name):
    with pytest.raises(ValueError, match="name"):
        encode_reference(name)
    with pytest.raises(ChipError, match="malformed"):
        decode_reference(name.encode("latin-1"))


def test_a_name_may_have_letters_of_latin_1():
    assert decode_reference(encode_reference("DEMÜNCHEN0000A")) == "DEMÜNCHEN0000A"


@pytest.mark.parametrize("digits", ["", "0206", "020613000001", "02060102000A", "020600020300"])
def test_days_that_are_none(digits):
    with pytest.raises(ChipError, match="malformed"):
        decode_date(bytes.fromhex(digits))


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_days_survive(day):
    assert decode_date(encode_date(day)) == day


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2100, 1, 1)])
def test_days_of_other_centuries(day):
    with pytest.raises(ValueError, match="century"):
        encode_date(day)


def test_what_cannot_be_made():
    with pytest.raises(ValueError, match="ends before"):
        certificate("UTA00001", "UTA00001", Role.AUTHORITY, ROOT_KEY, ROOT_KEY, UNTIL, FROM)
    with pytest.raises(ValueError, match="six bits"):
        Chat(Role.AUTHORITY, 0x40)
    with pytest.raises(ValueError, match="curve"):
        CvPublicKey.parse(VERIFIER.public_key.encode(with_curve=False)[3:]).encode(with_curve=True)


def test_other_terminals_and_curves_are_not_taken():
    with pytest.raises(ChipError, match="not_supported"):
        Chat.parse(bytes.fromhex("060904007F000703010202530100"))
    with pytest.raises(ChipError, match="malformed"):
        Chat.parse(bytes.fromhex("060904007F00070301020153020000"))
    encoded = ROOT.encode()
    order = encoded.index(bytes.fromhex("BCE6FAADA7179E84"))
    with pytest.raises(ChipError, match="not_supported"):
        CvCertificate.parse(encoded[:order] + b"\0" + encoded[order + 1 :])


def test_lengths_longer_than_they_need_be_are_not_taken():
    content = tlv.parse_one(TERMINAL.encode(), 0x7F21)
    long_form = b"\x7f\x21\x82" + len(content).to_bytes(2, "big") + content
    assert len(content) < 0x100
    with pytest.raises(ChipError, match="DER"):
        CvCertificate.parse(long_form)


def test_a_curve_has_cofactor_1():
    encoded = ROOT.public_key.encode(with_curve=True)
    assert encoded.endswith(b"\x87\x01\x01")
    with pytest.raises(ChipError, match="cofactor"):
        CvPublicKey.parse(tlv.parse_one(encoded[:-1] + b"\x04", 0x7F49))


def _outcome(der: bytes) -> None:
    try:
        CvCertificate.parse(der)
    except ChipError:
        return


@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_chip_error(der):
    _outcome(der)
    _outcome(tlv.build(0x7F21, der))
    _outcome(tlv.build(0x7F21, tlv.build(0x7F4E, der) + tlv.build(0x5F37, b"")))


@settings(max_examples=300)
@given(st.sampled_from((ROOT, VERIFIER)), st.data())
def test_damaged_certificates_end_in_a_chip_error(whole, data):
    der = whole.encode()
    at = data.draw(st.integers(0, len(der) - 1))
    length = data.draw(st.integers(0, 20))
    _outcome(der[:at] + data.draw(st.binary(max_size=20)) + der[at + length :])
