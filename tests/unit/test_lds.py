"""Chip files: what is encoded is decoded again, and no bytes break the decoder."""

from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.images import as_jpeg
from hardware.smartcard.lds import (
    DG1,
    DG2,
    DG3,
    DG11,
    DG12,
    DG14,
    DG15,
    EF_COM,
    EF_SOD,
    ChipContent,
    FaceFormat,
    FingerRecord,
    OtherFinger,
    common_file,
    decode,
    encode,
    files_listed,
    framed,
)
from hardware.smartcard.tlv import build, parse, parse_one, value_of
from tests.support.chips import content, jpeg, minutiae

WHOLE = content()
FILES = encode(WHOLE)


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
    "record",
    [
        FACE + b"\x00",
        FACE[:8] + b"\x00\x00\x00\x99" + FACE[12:],
        FACE[:35] + b"\x01" + FACE[36:],
        FACE[:17] + b"\x2c\x00\x01" + FACE[20:34] + bytes(8) + FACE[34:],
    ],
)
def test_face_records_of_careless_makers_are_read(record):
    assert decode({**FILES, DG2: _portrait(record)}).portrait_jpeg == b"\xff\xd8\xff\xd9"


def test_several_faces_and_several_templates_are_read():
    two = FACE[:12] + b"\x00\x02" + FACE[14:] + FACE[14:-1] + b"\xda"
    assert decode({**FILES, DG2: _portrait(two)}).further_portraits == (b"\xff\xd8\xff\xda",)
    several = content(further_portraits=(jpeg(30, 40), jpeg(20, 30)))
    assert decode(encode(several)) == several


def jpeg_2000(width: int = 48, height: int = 64, *, bare: bool = False) -> bytes:
    out = BytesIO()
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    picture.save(out, "JPEG2000", no_jp2=bare)
    return out.getvalue()


@pytest.mark.parametrize("form", list(FaceFormat))
@pytest.mark.parametrize("bare", [True, False])
def test_jpeg_2000_portraits_stay_as_they_are_and_can_be_shown(form, bare):
    holder = content(portrait_jpeg=jpeg_2000(bare=bare), face_format=form)
    found = decode(encode(holder))
    assert found == holder
    assert found.portrait_is_jpeg2000
    with Image.open(BytesIO(found.shown_portrait()), formats=["JPEG"]) as shown:
        assert shown.size == (48, 64)
    assert WHOLE.shown_portrait() == WHOLE.portrait_jpeg
    assert not WHOLE.portrait_is_jpeg2000


def test_a_broken_jpeg_2000_is_malformed_when_shown():
    whole = jpeg_2000()
    for broken in (whole[:40], whole[:120], whole[:30] + bytes(60)):
        with pytest.raises(ChipError, match="malformed"):
            as_jpeg(broken)


def test_a_record_in_the_constructed_wrapper_is_read():
    header = bytes.fromhex("80020101")
    template = build(0x7F60, build(0xA1, header) + build(0x7F2E, FACE))
    group = build(0x75, build(0x7F61, bytes.fromhex("020101") + template))
    assert decode({**FILES, DG2: group}).portrait_jpeg == b"\xff\xd8\xff\xd9"


def test_finger_images_of_others_are_kept_as_they_are():
    others = (
        OtherFinger(2, b"\x00\x07", b"FIR\x00010\x00whatever"),
        OtherFinger(0, b"\x00\x28", build(0xA1, b""), is_constructed=True),
    )
    holder = content(finger_images=others)
    assert decode(encode(holder)) == holder
    empty = build(0x63, build(0x7F61, b"\x02\x01\x00") + build(0x53, bytes(8)))
    assert decode({**FILES, DG3: empty}).fingers == ()


def test_records_are_framed_by_what_they_are():
    image, block = b"FIR\x00010\x00whatever", build(0x64, b"whatever")
    assert framed(1, minutiae(1)) == FingerRecord(1, minutiae(1))
    assert framed(2, image) == OtherFinger(2, b"\x00\x07", image)
    assert framed(7, block) == OtherFinger(7, b"\x00\x28", build(0xA1, block), True)
    holder = content(fingers=(), finger_images=(framed(2, image), framed(7, block)))
    templates = parse(parse_one(parse_one(encode(holder)[DG3], 0x63), 0x7F61))[1:]
    first, second = (parse(element.value) for element in templates)
    assert value_of(parse(value_of(first, 0xA1)), 0x88).hex() == "0007"
    assert value_of(first, 0x5F2E) == image
    assert value_of(parse(value_of(second, 0xA1)), 0x88).hex() == "0028"
    assert value_of(second, 0x7F2E) == build(0xA1, block)
    for other in (b"FMR\x00030\x00", b"FIR\x00020\x00", b"\x89PNG"):
        with pytest.raises(ValueError, match="DG3"):
            framed(1, other)


def test_minutiae_of_2011_are_somebody_elses():
    for form in (b"\x00\x01", b"\x00\x1d"):
        others = (OtherFinger(3, form, b"FMR\x00030\x00whatever"),)
        assert decode(encode(content(finger_images=others))).finger_images == others
    broken = encode(content(finger_images=(OtherFinger(3, b"\x00\x01", b"whatever"),)))
    with pytest.raises(ChipError, match="malformed"):
        decode(broken)


def _details(*elements: tuple[int, bytes]) -> ChipContent:
    body = b"".join(build(tag, value) for tag, value in elements)
    return decode({**FILES, DG11: build(0x6B, build(0x5C, b"") + body)})


def test_details_as_other_makers_spell_them():
    assert _details((0x5F2B, bytes.fromhex("19610701"))).mrz.date_of_birth.year == 1961
    assert _details((0x5F2B, b"19610000")).mrz.date_of_birth.year == 1961
    assert _details((0x5F11, b"Z\xfcrich")).place_of_birth == "Zürich"
    assert _details((0x5F0F, "別名".encode())).other_names == ("別名",)
    assert _details().chinese_name == ""
    with pytest.raises(ChipError, match="malformed"):
        _details((0x5F2B, b"1961070"))
    named = content(other_names=("CHAN<<DAVID", "別名"))
    assert decode(encode(named)) == named


def test_files_of_others_are_tolerated():
    more = {DG12: b"whatever", DG14: b"", DG15: b"", EF_SOD: b"\x00"}
    assert decode({**FILES, **more}) == WHOLE
    alone = {key: data for key, data in FILES.items() if key in (DG1, DG2)}
    assert decode(alone).personal_number == ""
    zone = decode({DG1: FILES[DG1]}, portrait_is_needed=False)
    assert zone.portrait_jpeg == b""
    assert files_listed(common_file((DG1, DG2, DG14))) == (DG1, DG2, DG14)


def test_a_passport_is_read():
    zone = (
        b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    )
    files = {**FILES, DG1: build(0x61, build(0x5F1F, zone)), DG11: build(0x6B, b"")}
    assert decode(files).mrz.form == "TD3"


@pytest.mark.parametrize(
    "group",
    [
        _portrait(b"FIR" + FACE[3:], form="0007"),
        _portrait(FACE, count="02"),
        _portrait(b"FAX" + FACE[3:]),
        _portrait(FACE[:4] + b"020\x00" + FACE[8:]),
        _portrait(FACE[:12] + b"\x00\x00" + FACE[14:]),
        _portrait(FACE[:17] + b"\x25" + FACE[18:]),
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
    with pytest.raises(ValueError, match="position"):
        framed(0, b"FIR\x00010\x00whatever")


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
