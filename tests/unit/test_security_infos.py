"""SecurityInfos are read as printed and as sold; what is unknown is passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols import pace
from hardware.smartcard.protocols.ciphers import Cipher
from hardware.smartcard.protocols.groups import of_public_key_info, standardized
from hardware.smartcard.protocols.security_infos import SecurityInfos, dotted, parse
from hardware.smartcard.tlv import build

H = bytes.fromhex
# BSI's German test card, EF.CardAccess: TA, CA with domain parameters, PACE, card info.
TEST_CARD = H(
    "318182300D060804007F00070202020201023012060A04007F000702020302020201020201413012060A04007F0007"
    "020204020202010202010D301C060904007F000702020302300C060704007F0007010202010D020141302B06080400"
    "7F0007020206161F655041202D2042447220476D6248202D20546573746B617274652076322E300449171541192880"
    "0A01B421FA07000000000000000000000000000000000000201010291010"
)[:133]
# ICAO Doc 9303-11, Appendix I
CHIP_KEY = H(
    "31643062060904007F0007020201023052300C060704007F0007010202010D034200041872709494399E7470A6431B"
    "E25E83EEE24FEA568C2ED28DB48E05DB3A610DC884D256A40E35EFCB59BF6753D3A489D28C7A4D973C2DA138A6E7A4"
    "A08F68E16F02010D"
)


def info(oid: str, *fields: bytes) -> bytes:
    return build(0x30, build(6, H(oid)) + b"".join(fields))


def number(value: int) -> bytes:
    return build(2, bytes((value,)))


def test_the_example_of_the_standard():
    # ICAO Doc 9303-11, Appendix G.1
    infos = parse(H("31143012060A04007F0007020204020202010202010D"))
    (found,) = infos.pace
    assert (found.version, found.parameter_id, found.mapping) == (2, 13, "GM")
    assert (found.key_agreement, found.cipher) == ("ECDH", Cipher.AES128)
    assert found.oid == H("04007F00070202040202")
    assert not found.is_ambiguous
    assert infos.der == {H("3012060A04007F0007020204020202010202010D")}
    assert infos.terminal_authentication is None
    assert infos.active_authentication is None


def test_a_card_as_sold():
    infos = parse(TEST_CARD)
    assert infos.terminal_authentication == 2
    (way,) = infos.chip_authentication
    assert (way.version, way.key_id, way.cipher, way.key_agreement) == (
        2,
        0x41,
        Cipher.AES128,
        "ECDH",
    )
    assert [found.parameter_id for found in infos.pace] == [13]
    assert len(infos.der) == 5


def test_a_chip_key_of_the_standard():
    (key,) = parse(CHIP_KEY).chip_keys
    assert key.key_id == 13
    group, public = of_public_key_info(key.spki)
    assert group == standardized(13)
    assert public[:5] == H("0418727094")


def test_data_group_14_holds_the_same_set():
    assert parse(build(0x6E, CHIP_KEY)) == parse(CHIP_KEY)


@pytest.mark.parametrize(
    ("arc", "mapping", "agreement"),
    [(1, "GM", "DH"), (2, "GM", "ECDH"), (3, "IM", "DH"), (4, "IM", "ECDH"), (6, "CAM", "ECDH")],
)
def test_every_kind_of_pace(arc, mapping, agreement):
    for cipher in Cipher:
        oid = f"04007F0007020204{arc:02X}{cipher.value:02X}"
        (found,) = parse(build(0x31, info(oid, number(2), number(0)))).pace
        assert (found.mapping, found.key_agreement, found.cipher) == (mapping, agreement, cipher)


def test_parameters_of_the_cards_own():
    curve = build(0x30, build(6, H("2A8648CE3D0201")) + build(6, H("2A8648CE3D030107")))
    told = info("04007F00070202040202", number(2), number(40)) + info(
        "04007F000702020402", curve, number(40)
    )
    (found,) = parse(build(0x31, told)).pace
    assert found.algorithm == curve
    assert pace.group_of(found) == standardized(12)
    (alone,) = parse(build(0x31, info("04007F00070202040202", number(2)))).pace
    assert alone.parameter_id is None
    with pytest.raises(ChipError, match="without domain parameters"):
        pace.group_of(alone)


def test_several_parameters_are_ambiguous():
    first = info("04007F00070202040202", number(2), number(12))
    same = info("04007F00070202040204", number(2), number(12))
    other = info("04007F00070202040202", number(2), number(13))
    assert [i.is_ambiguous for i in parse(build(0x31, first + same)).pace] == [False, False]
    assert [i.is_ambiguous for i in parse(build(0x31, first + other)).pace] == [True, True]


def test_active_authentication_tells_its_algorithm():
    algorithm = build(6, H("04007F00070101040103"))
    infos = parse(build(0x31, info("678108010105", number(1), algorithm)))
    assert infos.active_authentication == "0.4.0.127.0.7.1.1.4.1.3"
    for wrong in (info("678108010105", number(1)), info("678108010105", number(1), number(1))):
        with pytest.raises(ChipError, match="malformed"):
            parse(build(0x31, wrong))


def test_what_is_unknown_is_passed_over_but_kept_for_comparing():
    strange = (
        info("67810801010D", build(0x31, b""))
        + info("04007F0007020206", build(0x16, b"x"), build(4, b"y"))
        + info("04007F00070202040502", number(2), number(12))
        + info("04007F00070202040209", number(2), number(12))
        + info("04007F00070202030902", number(1))
        + info("2B0601", number(1))
    )
    infos = parse(build(0x31, strange))
    assert infos == SecurityInfos(der=infos.der)
    assert len(infos.der) == 6


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"\x30\x00",
        b"\x31\x80",
        b"\x31\x02\x30",
        build(0x31, build(2, b"\1")),
        build(0x31, build(0x30, b"")),
        build(0x31, build(0x30, build(6, b"\1"))),
        build(0x31, build(0x30, number(1) + number(1))),
        build(0x31, build(0x30, build(6, b"\1") + number(1) * 3)),
        build(0x31, info("04007F00070202040202", build(2, b""))),
        build(0x31, info("04007F00070202040202", number(0x80))),
        build(0x31, info("04007F00070202040202", build(2, b"\1" * 5))),
        build(0x31, info("04007F00070202040202", build(4, b"\2"))),
        build(0x31, info("04007F000702020102", number(2))),
        build(0x31, info("2B0601", number(1)) * 65),
        build(0x31, b"") + b"\0",
    ],
)
def test_what_is_no_security_information_is_malformed(wrong):
    with pytest.raises(ChipError, match="malformed"):
        parse(wrong)


def test_identifiers_in_dots():
    assert dotted(H("678108010105")) == "2.23.136.1.1.5"
    assert dotted(H("2A8648CE3D0201")) == "1.2.840.10045.2.1"
    for wrong in (b"", b"\x81", b"\1" * 33):
        with pytest.raises(ChipError, match="malformed"):
            dotted(wrong)


@given(st.binary(max_size=200))
def test_noise_is_malformed_or_read(noise):
    for told in (noise, build(0x31, noise), build(0x31, build(0x30, noise))):
        try:
            assert isinstance(parse(told), SecurityInfos)
        except ChipError as error:
            assert error.reason == "malformed"  # noqa: PT017


@given(at=st.integers(0, 132), value=st.integers(0, 255))
def test_one_other_byte_is_malformed_or_read(at, value):
    told = bytearray(TEST_CARD)
    told[at] = value
    try:
        for found in parse(bytes(told)).pace:
            pace.group_of(found)
    except ChipError as error:
        assert error.reason in ("malformed", "not_supported")  # noqa: PT017
