"""Images in finger records, checked against bytes put together by hand."""

import struct
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from asn1crypto import core
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from common.matching.finger_records import fir_2005, fir_2011, image_39794_4, wsq
from common.matching.finger_records.coding import ImageCoding
from common.matching.finger_records.images import FingerImage, Impression
from common.matching.finger_records.reading import RecordKind, kind_of, read_record, read_template
from common.matching.finger_template import FingerPosition, RecordError
from hardware.simulation.people import person

PIXELS = np.arange(12, dtype=np.uint8).reshape(3, 4)
RIDGES = person(0).finger(2, 1)[100:228, 80:208].copy()

FIR_2005 = bytes.fromhex(
    "46495200 30313000"  # FIR, version 010
    "00000000003a"  # 58 bytes
    "0000 001e"  # device unknown; level 30
    "01 01 01f4 01f4 01f4 01f4"  # one finger, in inches, 500 scanned and kept
    "08 00 0000"  # 8 bits, raw
    "0000001a 07 01 00 3a 00 0004 0003 00"  # 26 bytes, left index, quality 58, plain, 4 x 3
    "000102030405060708090a0b"
)
FIR_2011 = bytes.fromhex(
    "46495200 30323000"  # FIR, version 020
    "0000004a 0001 00 01"  # 74 bytes, one representation, not certified, one finger
    "0000003a"  # 58 bytes
    "ffff ff ff ff ff ff ffff 00 0000 0000"  # no date, device unknown
    "01 3a 0000 0000"  # quality 58
    "07 00 01 01f4 01f4 01f4 01f4"  # left index, first, in inches, 500
    "08 00 00 0004 0003"  # 8 bits, raw, live plain, 4 x 3
    "0000000c 000102030405060708090a0b"
)
PGM = b"P5\n4 3\n255\n" + bytes(range(12))
QUALITY = bytes.fromhex("a610 300e a007 80020103 810101 a103 80013a")
RATE = bytes.fromhex("a707 800201f4 810100")


def _by_hand_39794(more: bytes = QUALITY + RATE, position: bytes = b"\x80\x01\x07") -> bytes:
    def element(tag: int, value: bytes) -> bytes:
        return bytes([tag, len(value)]) + value

    inside = element(0xA0, position) + bytes.fromhex("a103800100 a203800100")
    inside += element(0x83, PGM) + more
    version = bytes.fromhex("a007 800103 810207e3")
    return element(0x64, version + element(0xA1, element(0x30, inside)))


def _image(coding: ImageCoding = ImageCoding.RAW, pixels=PIXELS) -> FingerImage:
    return FingerImage.of(pixels, coding, position=FingerPosition.LEFT_INDEX, quality=58)


def test_the_records_are_laid_out_as_the_standards_say():
    assert fir_2005.write([_image()]) == FIR_2005
    assert fir_2011.write([_image()]) == FIR_2011
    assert image_39794_4.write([_image(ImageCoding.PGM)]) == _by_hand_39794()


@pytest.mark.parametrize(
    ("record", "kind", "size"),
    [
        (FIR_2005, RecordKind.IMAGES_2005, (4, 3)),
        (FIR_2011, RecordKind.IMAGES_2011, (4, 3)),
        (_by_hand_39794(), RecordKind.IMAGES_39794, (0, 0)),
        (bytes([0xA1, len(_by_hand_39794())]) + _by_hand_39794(), RecordKind.IMAGES_39794, (0, 0)),
    ],
    ids=["2005", "2011", "39794", "39794 wrapped"],
)
def test_records_by_hand_are_told_apart_and_read(record, kind, size):
    assert kind_of(record) is kind
    (image,) = read_record(record).images
    assert (image.width, image.height) == size
    assert (image.dpi, image.position, image.quality) == (500, FingerPosition.LEFT_INDEX, 58)
    assert image.impression is Impression.LIVE_PLAIN
    assert np.array_equal(image.pixels(), PIXELS)


def test_a_record_of_a_certified_scanner_with_its_time_is_read():
    record = bytes.fromhex(
        "46495200 30323000 00000057 0001 01 01"  # certified
        "00000047"  # 71 bytes
        "07e6 05 1f 0c 22 38 0064"  # 31 May 2022, 12:34:56.1
        "09 00c8 0001"  # a technology, a vendor, a type
        "02 50 0010 0001 4b 0011 0002"  # two quality blocks: 80, 75
        "02 000301 000402"  # two certificates
        "0a 01 02 00c5 00c5 00c5 00c5"  # left little, second, in centimetres, 197
        "08 00 01 0004 0003"  # 8 bits, raw, live rolled, 4 x 3
        "0000000c 000102030405060708090a0b"
        "0003 0006 6869"  # a comment
    )
    (image,) = read_record(record).images
    assert (image.position, image.view, image.dpi) == (FingerPosition.LEFT_LITTLE, 1, 500)
    assert (image.quality, image.impression) == (80, Impression.LIVE_ROLLED)
    assert np.array_equal(image.pixels(), PIXELS)


class Version(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012 (the library's way)
        ("generation", core.Integer, {"implicit": 0}),
        ("year", core.Integer, {"implicit": 1}),
    ]


class Code(core.Sequence):  # type: ignore[misc]
    _fields = [("code", core.Integer, {"implicit": 0})]  # noqa: RUF012


class Rate(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("samples", core.Integer, {"implicit": 0}),
        ("unit", core.Integer, {"implicit": 1}),
    ]


class Quality(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("algorithm", Rate, {"implicit": 0}),
        ("score", Code, {"implicit": 1}),
    ]


class Qualities(core.SequenceOf):  # type: ignore[misc]
    _child_spec = Quality


class Representation(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("position", Code, {"implicit": 0}),
        ("impression", Code, {"implicit": 1}),
        ("format", Code, {"implicit": 2}),
        ("data", core.OctetString, {"implicit": 3}),
        ("qualities", Qualities, {"implicit": 6, "optional": True}),
        ("rate", Rate, {"implicit": 7, "optional": True}),
    ]


class Representations(core.SequenceOf):  # type: ignore[misc]
    _child_spec = Representation


class Block(core.Sequence):  # type: ignore[misc]
    class_ = 1
    tag = 4
    _fields = [  # noqa: RUF012
        ("version", Version, {"implicit": 0}),
        ("representations", Representations, {"implicit": 1}),
    ]


def test_another_der_library_reads_what_is_written():
    made = [_image(ImageCoding.PNG), _image(ImageCoding.JPEG_2000, RIDGES)]
    record = image_39794_4.write(made)
    block = Block.load(record, strict=True)
    assert block["version"].native == {"generation": 3, "year": 2019}
    first, second = block["representations"]
    assert first["format"].native == {"code": 4}
    assert second["format"].native == {"code": 2}
    assert first["data"].native == made[0].data
    assert first["qualities"].native[0]["score"] == {"code": 58}
    assert second["rate"].native == {"samples": 500, "unit": 0}
    assert block.dump(force=True) == record
    assert read_record(record).images[1].data == made[1].data


@pytest.mark.parametrize(
    ("write", "coding"),
    [
        (write, coding)
        for write in (fir_2005.write, fir_2011.write, image_39794_4.write)
        for coding in (ImageCoding.PNG, ImageCoding.JPEG_2000_LOSSLESS)
    ],
)
def test_what_is_written_without_loss_is_read_again(write, coding):
    images = [
        FingerImage.of(RIDGES[: 90 + n], coding, dpi=500, position=FingerPosition(n + 1))
        for n in range(3)
    ]
    found = read_record(write(images)).images
    assert [one.position for one in found] == [1, 2, 3]
    assert [one.quality for one in found] == [None] * 3
    for image, again in zip(images, found, strict=True):
        assert again.data == image.data
        assert np.array_equal(again.pixels(), RIDGES[: image.height])


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 40),
            st.integers(1, 40),
            st.sampled_from(FingerPosition),
            st.sampled_from(Impression),
            st.none() | st.integers(0, 100),
        ),
        min_size=1,
        max_size=4,
    ),
    st.integers(100, 2000),
)
def test_everything_that_is_told_of_an_image_comes_back(shapes, dpi):
    images = [
        FingerImage.of(
            np.full((height, width), 7, np.uint8),
            ImageCoding.RAW,
            dpi=dpi,
            position=position,
            impression=impression,
            quality=quality,
        )
        for width, height, position, impression, quality in shapes
    ]
    assert read_record(fir_2011.write(images)).images == tuple(images)
    old = [one for one in images if one.impression.value < Impression.OTHER.value]
    if old:
        assert read_record(fir_2005.write(old)).images == tuple(old)


def test_ridges_survive_lossy_codings():
    for coding in (ImageCoding.WSQ, ImageCoding.JPEG_2000):
        (found,) = read_record(fir_2005.write([_image(coding, RIDGES)])).images
        assert len(found.data) < RIDGES.size / 6
        difference = found.pixels().astype(int) - RIDGES
        assert found.pixels().shape == RIDGES.shape
        assert np.sqrt((difference**2).mean()) < 20


def test_a_bare_wsq_file_is_a_record_too():
    data = wsq.encoded(RIDGES)
    assert wsq.told_dpi(data) == 500
    assert wsq.told_dpi(data.replace(b"PPI 500", b"PPI 508")) == 508
    assert wsq.told_dpi(data.replace(b"PPI 500", b"QQI 500")) is None
    (found,) = read_record(data).images
    assert (found.width, found.height, found.dpi) == (128, 128, 500)


@pytest.mark.parametrize("hurt", [slice(200, 204), slice(-900, -880)])
def test_a_damaged_wsq_image_kills_no_more_than_its_own_process(hurt):
    data = bytearray(wsq.encoded(RIDGES))
    data[hurt] = bytes(len(data[hurt]))
    image = FingerImage(bytes(data), ImageCoding.WSQ, 128, 128)
    try:
        assert image.pixels().shape == (128, 128)
    except RecordError as error:
        assert "damaged" in str(error)  # noqa: PT017 (either may be)


def test_a_wsq_image_that_takes_too_long_is_given_up(monkeypatch):
    image = FingerImage.of(RIDGES, ImageCoding.WSQ)
    monkeypatch.setattr(wsq, "TIME_LIMIT_S", 0)
    with pytest.raises(RecordError, match="too long"):
        image.pixels()


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xa0",
        b"\xff\xa0\xff\xa2\x00\x11",
        b"\xff\xa0\xff\xa1",
        b"\xff\xa0\x00\x00\x00\x00",
        b"\xff\xa0" + bytes.fromhex("ffa2001100ff00400040") * 2,
    ],
)
def test_a_wsq_image_without_one_frame_is_refused(data):
    with pytest.raises(RecordError, match="WSQ"):
        read_record(data)


def _png(width: int, height: int, mode: str = "L") -> bytes:
    out = BytesIO()
    Image.new(mode, (width, height)).save(out, "PNG")
    return out.getvalue()


def _png_that_says(width: int, height: int) -> bytes:
    import zlib  # noqa: PLC0415

    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunk


@pytest.mark.parametrize(
    ("data", "size", "words"),
    [
        (b"", (65535, 65535), "too many"),
        (_png_that_says(65535, 65535), (10, 10), "too many|damaged"),
        (_png(5000, 4000), (10, 10), "too many"),
        (
            wsq.encoded(RIDGES).replace(b"\0\xff\0\x80\0\x80", b"\0\xff\xff\xff\xff\xff"),
            (9, 9),
            "no",
        ),
        (_png(20, 20)[:50], (20, 20), "damaged"),
        (_png(20, 20, "I;16"), (20, 20), "8 bits"),
        (b"\xff\xd8\xff\xe0" + bytes(20), (20, 20), "JPEG image is damaged"),
        (b"abc", (4, 3), "3 bytes"),
        (b"abc", (0, 0), "no image"),
    ],
)
def test_hostile_and_damaged_images_are_refused_before_they_take_memory(data, size, words):
    with pytest.raises(RecordError, match=words):
        FingerImage(data, ImageCoding.PNG, *size).pixels()


def test_the_first_bytes_say_how_an_image_is_coded():
    png = FingerImage.of(PIXELS, ImageCoding.PNG).data
    assert np.array_equal(FingerImage(png, ImageCoding.WSQ, 9, 9).pixels(), PIXELS)
    raw = np.full((3, 4), 255, np.uint8)
    raw[0, 1] = 0xA0  # begins as WSQ does
    assert np.array_equal(FingerImage.of(raw, ImageCoding.RAW).pixels(), raw)
    long = FingerImage(bytes(range(20)), ImageCoding.RAW, 4, 3)
    assert np.array_equal(long.pixels(), PIXELS)


def test_jpeg_is_read_and_never_written():
    out = BytesIO()
    Image.fromarray(RIDGES).save(out, "JPEG", quality=95)
    assert FingerImage(out.getvalue(), ImageCoding.JPEG, 128, 128).pixels().shape == (128, 128)
    with pytest.raises(ValueError, match="ridges"):
        FingerImage.of(RIDGES, ImageCoding.JPEG)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pixels": np.zeros((3, 4, 3), np.uint8)}, "two-dimensional"),
        ({"pixels": np.zeros((0, 4), np.uint8)}, "two-dimensional"),
        ({"pixels": np.zeros((3, 4), np.uint16)}, "two-dimensional"),
        ({"pixels": np.zeros((1, 65536), np.uint8)}, "out of range"),
        ({"pixels": np.zeros((4001, 4000), np.uint8)}, "too many"),
        ({"dpi": 99}, "dpi"),
        ({"quality": 101}, "quality"),
        ({"coding": ImageCoding.WSQ}, "64 x 64"),
    ],
)
def test_what_no_record_can_hold_is_not_written(change, words):
    values = {"pixels": PIXELS, "coding": ImageCoding.RAW} | change
    with pytest.raises(ValueError, match=words):
        FingerImage.of(**values)


def test_what_one_record_cannot_hold_is_not_written():
    with pytest.raises(ValueError, match="PGM"):
        fir_2005.write([_image(ImageCoding.PGM)])
    with pytest.raises(ValueError, match="PGM"):
        fir_2011.write([_image(ImageCoding.PGM)])
    with pytest.raises(ValueError, match="raw"):
        image_39794_4.write([_image()])
    with pytest.raises(ValueError, match="one coding"):
        fir_2005.write([_image(), _image(ImageCoding.PNG)])
    with pytest.raises(ValueError, match="UNKNOWN"):
        fir_2005.write([replace(_image(), impression=Impression.UNKNOWN)])
    with pytest.raises(ValueError, match="NOT_LIVE"):
        image_39794_4.write(
            [replace(_image(ImageCoding.PNG), impression=Impression.NOT_LIVE_ROLLED)]
        )
    for module in (fir_2005, fir_2011, image_39794_4):
        with pytest.raises(ValueError, match="0 images"):
            module.write([])


@pytest.mark.parametrize(
    "record",
    [
        FIR_2005 + b"xx",
        FIR_2005[:8] + bytes(6) + FIR_2005[14:],
        FIR_2005[:18] + b"\x09" + FIR_2005[19:],
        FIR_2005[:32] + b"\0\0\xff\xff" + FIR_2005[36:],
        FIR_2005[:19] + bytes.fromhex("02 00c5 00c5 00c5 00c5") + FIR_2005[28:],
        FIR_2005[:29] + b"\x01" + FIR_2005[30:],
        FIR_2005 + FIR_2005[32:46],
        FIR_2011 + b"xx",
        FIR_2011[:8] + bytes(4) + FIR_2011[12:],
        FIR_2011[:16] + bytes(4) + FIR_2011[20:],
        FIR_2011[:12] + b"\x00\x09" + FIR_2011[14:],
        FIR_2011[:58] + b"\0\0\xff\xff" + FIR_2011[62:],
        _by_hand_39794() + b"xx",
        _by_hand_39794(QUALITY + RATE + b"\xaf\x02ab"),
        _by_hand_39794(QUALITY + bytes.fromhex("a707 800200c5 810101")),
        _by_hand_39794(QUALITY),
        _by_hand_39794(position=b"\xa1\x05\xa0\x03\x80\x01\x07"),
    ],
)
def test_what_is_wrong_but_harmless_is_looked_past(record):
    (image,) = read_record(record).images
    assert (image.dpi, image.position, image.quality) == (500, 7, 58)
    assert np.array_equal(image.pixels(), PIXELS)


def test_a_single_representation_without_its_sequence_is_read():
    whole = _by_hand_39794()
    bare = whole[11:]  # behind the block's head and its version
    assert bare[:1] + bare[2:3] == b"\xa1\x30"
    inside = bare[4:]
    blocks = bytes([0xA1, len(inside)]) + inside
    record = bytes([0x64, 9 + len(blocks)]) + whole[2:11] + blocks
    assert read_record(record).images == read_record(whole).images


def test_an_image_in_asn1_that_makes_no_sense_is_left_out_beside_one_that_does():
    whole = _by_hand_39794(b"")
    good, bad = whole[13:], b"\x30\x02\x83\x00"
    assert good[0] == 0x30
    for blocks in (good + bad, bad + good):
        body = whole[2:11] + bytes([0xA1, len(blocks)]) + blocks
        assert read_record(bytes([0x64, len(body)]) + body).images == read_record(whole).images


def test_untold_and_failed_qualities_are_none():
    for quality in (254, 255, 101):
        record = FIR_2005[:39] + bytes([quality]) + FIR_2005[40:]
        assert read_record(record).images[0].quality is None
        record = FIR_2011[:35] + bytes([quality]) + FIR_2011[36:]
        assert read_record(record).images[0].quality is None
    assert read_record(_by_hand_39794(RATE)).images[0].quality is None
    assert read_record(_by_hand_39794(b"\xa6\x02\x30\x00")).images[0].quality is None


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (FIR_2005[:30], "inside its head"),
        (FIR_2005[:40], "inside its image's head"),
        (FIR_2005[:46], "no image behind"),
        (FIR_2005[:19] + b"\x03" + FIR_2005[20:], "unit"),
        (FIR_2005[:24] + bytes(4) + FIR_2005[28:], "resolution"),
        (FIR_2005[:24] + b"\x01\xf4\x03\xe8" + FIR_2005[28:], "resolution"),
        (FIR_2005[:28] + b"\x04" + FIR_2005[29:], "4 bits"),
        (FIR_2005[:29] + b"\x09" + FIR_2005[30:], "no coding"),
        (FIR_2011[:30], "inside its representation"),
        (FIR_2011[:12] + b"\0\0" + FIR_2011[14:], "no image"),
        (b"\x64\x09\xa0\x07\x80\x01\x03\x81\x02\x07\xe3", "39794-4"),
        (b"\x64\x0b\xa0\x07\x80\x01\x03\x81\x02\x07\xe3\xa1\x00", "code is missing|no image"),
        (_by_hand_39794(position=b""), "code is missing"),
        (_by_hand_39794(position=b"\x80\x01\xff"), "number"),
        (_by_hand_39794().replace(b"\xa2\x03\x80\x01\x00", b"\xa2\x03\x80\x01\x09"), "no image"),
    ],
)
def test_what_cannot_be_believed_is_refused_with_words(record, words):
    with pytest.raises(RecordError, match=words):
        read_record(record)


@pytest.mark.parametrize(
    ("number", "impression"),
    [
        (0, Impression.LIVE_PLAIN),
        (7, Impression.LATENT),
        (9, Impression.CONTACTLESS),
        (200, Impression.OTHER),
    ],
)
def test_impressions_of_2005_have_numbers_of_their_own(number, impression):
    record = FIR_2005[:40] + bytes([number]) + FIR_2005[41:]
    assert read_record(record).images[0].impression is impression


@pytest.mark.parametrize(
    ("number", "impression"),
    [
        (1, Impression.LIVE_ROLLED),
        (6, Impression.LATENT),
        (9, Impression.OTHER),
        (42, Impression.CONTACTLESS),
        (29, Impression.UNKNOWN),
    ],
)
def test_impressions_of_2011_are_the_nearest(number, impression):
    record = FIR_2011[:53] + bytes([number]) + FIR_2011[54:]
    assert read_record(record).images[0].impression is impression


def test_an_image_is_no_template():
    with pytest.raises(RecordError, match="images"):
        read_template(FIR_2005)


@given(st.sampled_from([FIR_2005, FIR_2011, _by_hand_39794()]), st.integers(0, 99), st.binary())
def test_changed_bytes_give_an_image_or_the_one_error(record, index, more):
    at = index % len(record)
    try:
        images = read_record(record[:at] + more + record[at + len(more) :]).images
        for image in images:
            assert image.pixels().ndim == 2
    except RecordError:
        return
