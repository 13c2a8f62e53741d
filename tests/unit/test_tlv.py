"""BER-TLV: heads, broken elements, and no bytes that break the parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.tlv import Tlv, build, find, parse, parse_one, read_head, value_of


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


@given(st.integers(0x01, 0x1E), st.binary(max_size=70_000))
def test_what_is_built_is_parsed(tag, value):
    assert parse_one(build(tag, value), tag) == value


def test_the_first_of_a_kind_is_found():
    elements = parse(bytes.fromhex("02010102010A"))
    assert find(elements, 0x02) == b"\x01"
    assert find(elements, 0x03) is None


def test_what_is_too_long_for_a_chip_is_not_built():
    with pytest.raises(ValueError, match="too long"):
        build(0x04, bytes(1 << 24))


@given(st.binary(max_size=12))
def test_a_head_is_inside_the_data(data):
    try:
        _, _, size = read_head(data)
    except ChipError:
        return
    assert 2 <= size <= len(data)
