import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.matching.finger_records import fmr_2005
from common.matching.fingers import (
    FingerPosition,
    FingerTemplate,
    Minutia,
    MinutiaKind,
    RecordError,
)

TEMPLATE = FingerTemplate(
    minutiae=(
        Minutia(10, 20, 64, MinutiaKind.ENDING, 77),
        Minutia(299, 399, 255, MinutiaKind.BIFURCATION, 1),
    ),
    width=300,
    height=400,
    quality=58,
    position=FingerPosition.LEFT_THUMB,
)


def test_the_record_is_laid_out_as_the_standard_says():
    assert fmr_2005.write(TEMPLATE) == bytes.fromhex(
        "464d5200" "20323000"  # FMR, version 20
        "0000002a" "0000"  # 42 bytes, device unknown
        "012c" "0190" "00c5" "00c5"  # 300 x 400 pixels, 197 per cm
        "01" "00"  # one view
        "06" "00" "3a" "02"  # left thumb, live plain, quality 58, two minutiae
        "400a" "0014" "40" "4d"  # an ending at 10, 20
        "812b" "018f" "ff" "01"  # a bifurcation at 299, 399
        "0000"  # no extended data
    )  # fmt: skip


MINUTIAE = st.builds(
    Minutia,
    st.integers(0, 299),
    st.integers(0, 399),
    st.integers(0, 255),
    st.sampled_from(MinutiaKind),
    st.integers(0, 100),
)


@given(st.lists(MINUTIAE, max_size=255), st.integers(0, 100), st.sampled_from(FingerPosition))
def test_what_is_written_is_read_again(minutiae, quality, position):
    template = FingerTemplate(tuple(minutiae), 300, 400, quality, position)
    assert fmr_2005.read_own(fmr_2005.write(template)) == template


@given(st.binary(max_size=120))
def test_any_other_bytes_are_refused_with_one_error(data):
    with pytest.raises(RecordError):
        fmr_2005.read_own(data)


@given(st.integers(0, 41), st.integers(0, 255))
def test_a_changed_byte_gives_a_lawful_template_or_the_one_error(index, value):
    record = bytearray(fmr_2005.write(TEMPLATE))
    record[index] = value
    try:
        template = fmr_2005.read_own(bytes(record))
    except RecordError:
        return
    assert len(template.minutiae) == 2
    assert all(m.x < template.width and m.y < template.height for m in template.minutiae)
    assert 0 <= template.quality <= 100


@pytest.mark.parametrize("cut", [0, 10, 24, 27, 30, 41])
def test_a_record_cut_short_is_refused_even_if_its_length_says_so(cut):
    record = bytearray(fmr_2005.write(TEMPLATE)[:cut])
    if cut >= 12:
        record[8:12] = struct.pack(">I", cut)
    with pytest.raises(RecordError):
        fmr_2005.read_own(bytes(record))


def test_another_resolution_is_refused_because_distances_would_lie():
    record = bytearray(fmr_2005.write(TEMPLATE))
    record[18:20] = struct.pack(">H", 394)
    with pytest.raises(RecordError, match="500 dpi"):
        fmr_2005.read_own(bytes(record))
