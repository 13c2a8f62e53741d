"""Faces in ASN.1, checked against bytes put together by hand from the standard's layout."""

import pytest

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.face_39794 import decode_faces, encode_face, integer
from hardware.smartcard.lds import DG2, FaceFormat, decode, encode
from hardware.smartcard.tlv import build, parse, parse_one, value_of
from tests.support.chips import content, jpeg

PICTURE = bytes.fromhex("FFD8FFD9")
BY_HAND = bytes.fromhex(
    "A13E 653C A007 8001 03 8102 07E3"
    "A131 302F 8001 00 A12A A028 A026"
    "8004 FFD8FFD9 A11E A003 8001 02"
    "A103 8001 00 A303 8001 01 A708 8002 0190 8102 0200 A903 8001 02"
)
"""With kind of image, attempts at compression and colour space, which we do not write."""


def test_a_record_by_hand_is_read():
    outer = parse_one(BY_HAND, 0xA1)
    assert len(outer) == len(BY_HAND) - 2
    assert decode_faces(BY_HAND) == [PICTURE]
    assert decode_faces(outer) == [PICTURE]


def test_a_record_is_written_as_by_hand():
    made = encode_face(PICTURE, 400, 512)
    block = parse(parse_one(parse_one(made, 0xA1), 0x65))
    assert value_of(block, 0xA0).hex() == "800103810207e3"
    by_hand = bytes.fromhex(
        "A12F 652D A007 8001 03 8102 07E3"
        "A122 3020 8001 00 A11B A019 A017"
        "8004 FFD8FFD9 A10F A003 8001 02"
        "A708 8002 0190 8102 0200"
    )
    assert made == by_hand


def test_the_group_names_the_format():
    holder = content(face_format=FaceFormat.ISO_39794_5)
    files = encode(holder)
    template = parse(value_of(parse(parse_one(parse_one(files[DG2], 0x75), 0x7F61)), 0x7F60))
    assert value_of(template, 0xA1).hex() == "80020101810102820100870201018802002a"
    assert value_of(template, 0x7F2E)[:1] == b"\xa1"
    assert decode(files) == holder


def test_several_representations_are_read():
    representation = BY_HAND[15:]
    assert representation[0] == 0x30
    second = representation.replace(PICTURE, PICTURE[:-1] + b"\xda")
    blocks = build(0xA1, representation + second)
    record = build(0xA1, build(0x65, bytes.fromhex("a007800103810207e3") + blocks))
    assert decode_faces(record) == [PICTURE, PICTURE[:-1] + b"\xda"]


@pytest.mark.parametrize(
    "record",
    [
        b"",
        build(0xA1, b""),
        build(0xA1, build(0x65, b"")),
        build(0xA1, build(0x65, build(0xA1, b""))),
        build(0xA1, build(0x65, build(0xA1, build(0x30, build(0x80, b"\x00"))))),
        BY_HAND.replace(PICTURE, b"GIF8"),
        BY_HAND[:-1],
    ],
)
def test_records_without_a_picture_are_malformed(record):
    with pytest.raises(ChipError, match="malformed"):
        decode_faces(record)


def test_integers_are_never_negative():
    found = {value: integer(value).hex() for value in (0, 1, 127, 128, 255, 256, 32768)}
    assert list(found.values()) == ["00", "01", "7f", "0080", "00ff", "0100", "008000"]


def test_other_images_are_not_written():
    with pytest.raises(ValueError, match="neither"):
        encode_face(b"GIF89a", 1, 1)
    assert decode_faces(encode_face(jpeg(), 48, 64)) == [jpeg()]
