"""Minutiae in the records of 2005 and 2011, checked against bytes put together by hand."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.matching.finger_records import fmr_2005, fmr_2011
from common.matching.finger_records.reading import (
    RecordKind,
    is_record,
    kind_of,
    read_record,
    read_template,
    read_templates,
)
from common.matching.finger_template import (
    ExtendedData,
    FingerPosition,
    FingerTemplate,
    ImageObservation,
    Minutia,
    MinutiaKind,
    RecordError,
)

TEMPLATE = FingerTemplate(
    (
        Minutia(10, 20, 64, MinutiaKind.ENDING, 77),
        Minutia(299, 399, 255, MinutiaKind.BIFURCATION, 0),
    ),
    300,
    400,
    58,
    FingerPosition.LEFT_THUMB,
    extended=(ExtendedData(0x0102, b"map"),),
)

BY_HAND_2005 = bytes.fromhex(
    "464d5200 20323000"  # FMR, version 20
    "00000031 0000"  # 49 bytes, device unknown
    "012c 0190 00c5 00c5"  # 300 x 400 pixels, 197 per cm
    "01 00"  # one view
    "06 00 3a 02"  # left thumb, live plain, quality 58, two minutiae
    "400a 0014 40 4d"  # an ending at 10, 20
    "812b 018f ff 00"  # a bifurcation at 299, 399, quality not reported
    "0007 0102 0007 6d6170"  # extended data: a maker's own block, length with its head
)

BY_HAND_2011 = bytes.fromhex(
    "464d5200 30333000"  # FMR, version 030
    "00000049 0001 00"  # 73 bytes, one representation, no certificates
    "0000003a"  # 58 bytes
    "ffff ff ff ff ff ff ffff"  # no date
    "00 0000 0000"  # device unknown
    "01 3a 0000 0000"  # one quality block: 58
    "06 00"  # left thumb, first view
    "00c5 00c5 00 012c 0190"  # 197 per cm, live plain, 300 x 400 pixels
    "60 02"  # six bytes a minutia, endings at bifurcations of the valley; two minutiae
    "400a 0014 40 4d"
    "812b 018f ff fe"  # quality not reported
    "0007 0102 0007 6d6170"
)


def _view(position: int = 1, more: bytes = b"\0\0", quality: int = 50) -> bytes:
    """One minutia of a view in the record of 2005."""
    return bytes([position, 0, quality, 1]) + bytes.fromhex("400a 0014 40 4d") + more


def _record(
    *views: bytes,
    count: int | None = None,
    size: tuple[int, int] = (300, 400),
    resolution: tuple[int, int] = (197, 197),
    length: int | None = None,
) -> bytes:
    body = struct.pack(">HHHHH", 0, *size, *resolution)
    body += bytes([len(views) if count is None else count, 0]) + b"".join(views)
    return b"FMR\0 20\0" + struct.pack(">I", length or 12 + len(body)) + body


def test_the_records_are_laid_out_as_the_standards_say():
    assert fmr_2005.write(TEMPLATE) == BY_HAND_2005
    assert fmr_2011.write(TEMPLATE) == BY_HAND_2011


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (BY_HAND_2005, RecordKind.MINUTIAE_2005),
        (BY_HAND_2011, RecordKind.MINUTIAE_2011),
    ],
)
def test_records_by_hand_are_told_apart_and_read(record, kind):
    assert kind_of(record) is kind
    assert read_template(record) == TEMPLATE
    (view,) = read_record(record).views
    assert (view.size, view.dpi, view.impression, view.dropped) == ((300, 400), 500, 0, 0)


MINUTIAE = st.builds(
    Minutia,
    st.integers(0, 299),
    st.integers(0, 399),
    st.integers(0, 255),
    st.sampled_from(MinutiaKind),
    st.integers(0, 100),
)
KINDS = st.integers(1, 3) | st.builds(
    lambda high, low: high << 8 | low, st.integers(1, 255), st.integers(1, 255)
)
TEMPLATES = st.builds(
    FingerTemplate,
    st.lists(MINUTIAE, max_size=255).map(tuple),
    st.just(300),
    st.just(400),
    st.integers(0, 100),
    st.sampled_from(FingerPosition),
    extended=st.lists(st.builds(ExtendedData, KINDS, st.binary(max_size=300)), max_size=4).map(
        tuple
    ),
)


@given(TEMPLATES)
def test_what_is_written_is_read_again(template):
    assert fmr_2005.read_own(fmr_2005.write(template)) == template
    assert read_template(fmr_2005.write(template)) == template
    assert read_template(fmr_2011.write(template)) == template


def test_a_template_stays_a_value():
    same = FingerTemplate(
        TEMPLATE.minutiae,
        300,
        400,
        58,
        FingerPosition.LEFT_THUMB,
        ImageObservation(1, 2, 3),
        TEMPLATE.extended,
    )
    assert (same, hash(same)) == (TEMPLATE, hash(TEMPLATE))
    assert FingerTemplate((), 300, 400, 0) != FingerTemplate(
        (), 300, 400, 0, extended=(ExtendedData(1, b""),)
    )


@pytest.mark.parametrize("write", [fmr_2005.write, fmr_2011.write])
@pytest.mark.parametrize(
    ("template", "words"),
    [
        (FingerTemplate((), 0, 400, 0), "0 x 400 pixels"),
        (FingerTemplate((), 300, 0x4000, 0), "300 x 16384 pixels"),
        (FingerTemplate((), 300, 400, 101), "quality"),
        (FingerTemplate((), 300, 400, 0, 11), "11"),  # type: ignore[arg-type]
        (FingerTemplate((Minutia(300, 0, 0, MinutiaKind.ENDING, 1),), 300, 400, 0), "minutia"),
        (FingerTemplate((Minutia(0, -1, 0, MinutiaKind.ENDING, 1),), 300, 400, 0), "minutia"),
        (FingerTemplate((Minutia(0, 0, 256, MinutiaKind.ENDING, 1),), 300, 400, 0), "minutia"),
        (FingerTemplate((Minutia(0, 0, 0, 3, 1),), 300, 400, 0), "3"),  # type: ignore[arg-type]
        (FingerTemplate((TEMPLATE.minutiae[0],) * 256, 300, 400, 0), "256 minutiae"),
        (FingerTemplate((), 300, 400, 0, extended=(ExtendedData(0, b""),)), "type 0"),
        (FingerTemplate((), 300, 400, 0, extended=(ExtendedData(0x0100, b""),)), "type 256"),
        (FingerTemplate((), 300, 400, 0, extended=(ExtendedData(4, b""),)), "type 4"),
        (FingerTemplate((), 300, 400, 0, extended=(ExtendedData(257, bytes(65532)),)), "65536"),
    ],
)
def test_what_a_record_cannot_hold_is_not_written(write, template, words):
    with pytest.raises(ValueError, match=words):
        write(template)


def test_our_own_reader_stays_strict():
    for wrong in (
        BY_HAND_2011,
        BY_HAND_2005 + b"\0",
        BY_HAND_2005[:11] + b"\x30" + BY_HAND_2005[12:],
        BY_HAND_2005.replace(b"\x00\x07\x01\x02\x00\x07", b"\x00\x07\x01\x02\x00\x09"),
        _record(_view(), _view(2)),
        _record(_view(quality=101)),
        _record(_view(11)),
    ):
        with pytest.raises(RecordError):
            fmr_2005.read_own(wrong)


def test_a_finger_is_found_among_several_by_its_position():
    record = _record(_view(3), _view(7), _view(8))
    assert [one.position for one in read_templates(record)] == [3, 7, 8]
    assert read_template(record).position == 3
    assert read_template(record, FingerPosition.LEFT_INDEX).position == 7
    assert read_template(record, FingerPosition.RIGHT_LITTLE).position == 3


def test_another_resolution_is_scaled_to_ours():
    found = read_template(_record(_view(), size=(600, 800), resolution=(394, 394)))
    assert (found.width, found.height) == (300, 400)
    assert found.minutiae[0][:3] == (5, 10, 64)
    (view,) = read_record(_record(_view(), size=(600, 800), resolution=(394, 394))).views
    assert (view.size, view.dpi) == ((600, 800), 1001)


def test_an_angle_in_pixels_that_are_not_square_is_turned():
    view = bytes([1, 0, 50, 1]) + bytes.fromhex("400a 0014 20 4d 0000")  # 45 degrees
    found = read_template(_record(view, resolution=(394, 197)))
    assert found.minutiae[0].angle == 45  # atan2(2, 1) is 63.4 degrees
    assert found.width == 150


@pytest.mark.parametrize(
    "record",
    [
        _record(_view()) + b"left over",
        _record(_view(), length=9999),
        _record(_view(), count=9),
        _record(_view(), _view()[:9]),
        _record(_view(more=b"\0\x09\0\1\0\x09ab")),
        _record(_view(more=b"\0\x05\0\1\0\x09a")),
        _record(_view(more=b"")),
        _record(_view()).replace(b" 20\0", b"020\0"),
        _record(_view()).replace(b"\x40\x0a\x00\x14", b"\x40\x0a\xc0\x14"),
        _record(_view())[:12] + b"\xff\xff" + _record(_view())[14:],
    ],
    ids=[
        *("left over", "long", "fewer views", "second cut", "extended cut"),
        *("extended wrong", "no extended", "version", "reserved bits", "device"),
    ],
)
def test_what_is_wrong_but_harmless_is_looked_past(record):
    (found,) = read_templates(record)
    assert found.minutiae == (Minutia(10, 20, 64, MinutiaKind.ENDING, 77),)
    assert (found.quality, found.extended) == (50, ())


def test_extended_data_of_either_count_is_read():
    for length in (b"\x00\x07", b"\x00\x03"):
        record = _record(_view(more=b"\x00\x07\x01\x02" + length + b"map"))
        assert read_template(record).extended == (ExtendedData(0x0102, b"map"),)
        assert fmr_2005.read_own(record).extended == (ExtendedData(0x0102, b"map"),)


@pytest.mark.parametrize(
    ("told", "believed"), [(0, 0), (100, 100), (101, 100), (253, 100), (254, 0), (255, 0)]
)
def test_qualities_out_of_range_are_clamped_or_not_reported(told, believed):
    record = _record(_view(quality=told).replace(b"\x40\x4d", bytes([0x40, told])))
    found = read_template(record)
    assert (found.quality, found.minutiae[0].quality) == (believed, believed)


def test_minutiae_outside_of_the_image_are_dropped():
    view = bytes([1, 0, 50, 3]) + bytes.fromhex("412c00144001 400a00144001 c00a00144001 0000")
    (found,) = read_record(_record(view)).views
    assert [(m.x, m.y) for m in found.template.minutiae] == [(10, 20)]
    assert found.dropped == 2


def test_minutiae_of_five_bytes_certificates_and_a_wrong_length_are_read():
    head = BY_HAND_2011[:14] + b"\x01"
    body = BY_HAND_2011[19:33] + b"\x00" + b"\x02" + b"\0\1\2" * 2  # no quality; two certificates
    body += BY_HAND_2011[39:50] + b"\x50\x01" + bytes.fromhex("400a 0014 40 0000")
    for length in (len(body) + 4, 5, 999_999):
        (found,) = read_templates(head + struct.pack(">I", length) + body)
        assert found.minutiae == (Minutia(10, 20, 64, MinutiaKind.ENDING, 0),)
        assert (found.quality, found.position) == (0, FingerPosition.LEFT_THUMB)


def test_a_second_view_of_a_record_of_2011_is_read():
    two = BY_HAND_2011[:12] + b"\x00\x02\x00" + BY_HAND_2011[15:] * 2
    assert read_templates(two) == (TEMPLATE, TEMPLATE)
    assert read_templates(two[:-20]) == (TEMPLATE,)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (b"", "no finger record"),
        (b"FMR\0 25\0" + bytes(40), "unknown version"),
        (b"FIR\0999\0" + bytes(40), "unknown version"),
        (BY_HAND_2005[:20], "inside its head"),
        (BY_HAND_2005[:30], "inside its 2 minutiae"),
        (_record(_view(), count=0), "no finger"),
        (_record(_view(), size=(0, 400)), "side of 0"),
        (_record(_view(), resolution=(0, 0)), "resolution"),
        (_record(_view(), resolution=(5000, 197)), "resolution"),
        (_record(_view(), size=(65535, 400), resolution=(100, 197)), "side of 65535"),
        (b"FMR\0 20\0\x00\x1e\0\1" + bytes(40), "ANSI"),
        (b"FMR\0 20\0\0\0\0\x00\x00\x9c\0\1" + bytes(40), "ANSI"),
        (BY_HAND_2011[:20], "inside its representation"),
        (BY_HAND_2011.replace(b"\x60\x02", b"\x70\x02"), "minutiae of 7 bytes"),
        (BY_HAND_2011[:12] + b"\0\0" + BY_HAND_2011[14:], "no finger"),
        (bytes.fromhex("6204a0020000"), "39794-2"),
    ],
)
def test_what_cannot_be_believed_is_refused_with_words(record, words):
    with pytest.raises(RecordError, match=words):
        read_template(record)
    assert is_record(record) == (record != b"")


@given(st.binary(max_size=200))
def test_other_bytes_are_refused_with_one_error(data):
    with pytest.raises(RecordError):
        read_record(data)


@given(st.sampled_from([BY_HAND_2005, BY_HAND_2011]), st.integers(0, 72), st.integers(0, 255))
def test_a_changed_byte_gives_lawful_templates_or_the_one_error(record, index, value):
    changed = bytearray(record)
    changed[index % len(record)] = value
    try:
        found = read_templates(bytes(changed))
    except RecordError:
        return
    for template in found:
        assert read_template(fmr_2005.write(template)).minutiae == template.minutiae
