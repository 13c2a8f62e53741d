"""Chip files: what is encoded is decoded again, and no bytes break the decoder."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.lds import (
    DG1,
    DG2,
    DG3,
    DG11,
    EF_COM,
    FingerRecord,
    decode,
    encode,
    files_listed,
)
from hardware.smartcard.tlv import Tlv, build, parse, parse_one, value_of
from tests.support.chips import content, jpeg, minutiae

WHOLE = content()
FILES = encode(WHOLE)


@pytest.mark.parametrize(
    ("tag", "size", "head"),
    [(0x61, 5, "6105"), (0x5F1F, 0x80, "5F1F8180"), (0x7F61, 0x1234, "7F61821234")],
)
def test_tlv_heads(tag, size, head):
    built = build(tag, bytes(size))
    assert built[:-size].hex().upper() == head
    assert parse(built) == [Tlv(tag, bytes(size))]


@pytest.mark.parametrize(
    "data",
    ["61", "6105AA", "618000", "6184000000010A", "5F", "5FFFFFFF1F01AA", "618101", "6101AA00"],
)
def test_broken_tlv_is_malformed(data):
    with pytest.raises(ChipError, match="malformed"):
        parse(bytes.fromhex(data))


def test_an_element_must_be_there_once():
    twice = parse(bytes.fromhex("02010102010A"))
    with pytest.raises(ChipError):
        value_of(twice, 0x02)
    with pytest.raises(ChipError):
        value_of(twice, 0x03)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_tlv_parser(data):
    try:
        elements = parse(data)
    except ChipError:
        return
    assert sum(len(element.value) for element in elements) <= len(data)


def test_a_person_comes_back_whole():
    assert decode(FILES) == WHOLE


@pytest.mark.parametrize(
    "some",
    [
        {"fingers": ()},
        {"chinese_name": "", "address": ""},
        {"personal_number": "", "place_of_birth": ""},
        {"portrait_jpeg": jpeg(400, 500)},
        {"fingers": tuple(FingerRecord(finger, minutiae(finger, 60)) for finger in range(1, 11))},
    ],
)
def test_what_is_not_there_stays_away(some):
    files = encode(content(**some))
    assert decode(files) == content(**some)
    assert (DG3 in files) == bool(content(**some).fingers)
    assert set(files_listed(files[EF_COM])) == set(files) - {EF_COM}


def test_the_layout_is_that_of_the_standard():
    assert FILES[EF_COM].hex() == "60165f0104303130375f36063034303030305c046175636b"
    assert FILES[DG1][:5].hex() == "615d5f1f5a"
    face = parse_one(parse_one(FILES[DG2], 0x75), 0x7F61)
    assert face[:3] == b"\x02\x01\x01"
    template = parse(value_of(parse(face), 0x7F60))
    assert value_of(template, 0xA1).hex() == "800201018101028201008702010188020008"
    record = value_of(template, 0x5F2E)
    assert record[:8] == b"FAC\x00010\x00"
    assert record[8:14] == len(record).to_bytes(4, "big") + b"\x00\x01"
    assert record[14:18] == (len(record) - 14).to_bytes(4, "big")
    assert record[20] == 1
    assert record[36:40] == bytes([0, 48, 0, 64])
    assert record[46:] == WHOLE.portrait_jpeg


def test_fingers_are_named_as_iso_7816_11_names_them():
    group = parse(parse_one(parse_one(FILES[DG3], 0x63), 0x7F61))
    headers = [parse(value_of(parse(element.value), 0xA1)) for element in group[1:]]
    assert [value_of(header, 0x82) for header in headers] == [b"\x05", b"\x06"]
    little = encode(content(fingers=(FingerRecord(10, minutiae(10)),)))
    assert decode(little).fingers[0].position == 10


def test_the_full_date_of_birth_decides_the_century():
    child = content(mrz=replace(WHOLE.mrz, date_of_birth=WHOLE.mrz.date_of_birth.replace(2030)))
    assert decode(encode(child)).mrz.date_of_birth.year == 2030


@pytest.mark.parametrize("missing", [DG1, DG2])
def test_a_chip_without_zone_or_portrait_is_malformed(missing):
    with pytest.raises(ChipError, match="malformed"):
        decode({key: data for key, data in FILES.items() if key != missing})


def _portrait(record: bytes, *, form: str = "0008", count: str = "01") -> bytes:
    header = bytes.fromhex("8002010181010282010087020101" + "8802" + form)
    template = build(0x7F60, build(0xA1, header) + build(0x5F2E, record))
    return build(0x75, build(0x7F61, bytes.fromhex("0201" + count) + template))


FACE = (
    b"FAC\x00010\x00"
    + bytes.fromhex("000000320001000000240000" + 28 // 2 * "00")
    + bytes.fromhex("010000300040010200000000")
    + b"\xff\xd8\xff\xd9"
)


def test_a_face_record_by_hand():
    assert decode({**FILES, DG2: _portrait(FACE)}).portrait_jpeg == b"\xff\xd8\xff\xd9"


@pytest.mark.parametrize(
    "group",
    [
        _portrait(FACE, form="0007"),
        _portrait(FACE, count="02"),
        _portrait(b"FAX" + FACE[3:]),
        _portrait(FACE[:4] + b"020\x00" + FACE[8:]),
        _portrait(FACE + b"\x00"),
        _portrait(FACE[:12] + b"\x00\x00" + FACE[14:]),
        _portrait(FACE[:17] + b"\x25" + FACE[18:]),
        _portrait(FACE[:35] + b"\x01" + FACE[36:]),
        _portrait(FACE[:-4] + b"\x89PNG"),
        _portrait(FACE[:40]),
        build(0x75, build(0x7F61, b"\x02\x01\x00")),
    ],
)
def test_a_portrait_that_is_none(group):
    with pytest.raises(ChipError, match="malformed"):
        decode({**FILES, DG2: group})


def test_wrong_values_are_not_encoded():
    with pytest.raises(ValueError, match="JPEG"):
        encode(content(portrait_jpeg=b"GIF89a"))
    with pytest.raises(ValueError, match="19794-2"):
        FingerRecord(1, minutiae(1) + b"\x00")
    with pytest.raises(ValueError, match="position"):
        FingerRecord(11, minutiae(1))


@given(
    st.sampled_from([DG1, DG2, DG3, DG11]),
    st.integers(0, 400),
    st.binary(min_size=1, max_size=4),
)
def test_no_damage_breaks_the_decoder(group, at, damage):
    data = FILES[group]
    at %= len(data)
    hurt = {**FILES, group: data[:at] + damage + data[at + len(damage) :]}
    reason = "malformed"
    try:
        decode(hurt)
    except ChipError as error:
        reason = error.reason
    assert reason == "malformed"


@given(st.binary(max_size=200), st.sampled_from([DG1, DG2, DG3, DG11]))
def test_no_bytes_break_the_decoder(data, group):
    with pytest.raises(ChipError):
        decode({**FILES, group: data})
