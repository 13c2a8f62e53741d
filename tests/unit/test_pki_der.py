"""BER and DER: what is read, what is written, what is refused."""

from datetime import UTC, datetime

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.pki import der


@given(st.integers(-(1 << 200), 1 << 200))
def test_integers_as_asn1crypto_writes_them(value):
    written = der.integer(value)
    assert written == core.Integer(value).dump()
    assert der.read_integer(der.first(written, der.INTEGER)) == value


@pytest.mark.parametrize("dotted", ["2.23.136.1.1.1", "1.2.840.113549.1.7.2", "0.4.0.127.0.7"])
def test_identifiers_as_asn1crypto_writes_them(dotted):
    assert der.oid(dotted) == core.ObjectIdentifier(dotted).dump()


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_what_is_written_is_read_again(parts):
    found = der.first(der.sequence(*(der.octets(part) for part in parts)), der.SEQUENCE)
    assert [der.read_octets(part) for part in found.children()] == parts


@pytest.mark.parametrize(
    ("tag", "text", "moment"),
    [
        (0x17, "261123040000Z", datetime(2026, 11, 23, 4, 0, tzinfo=UTC)),
        (0x17, "2611230400Z", datetime(2026, 11, 23, 4, 0, tzinfo=UTC)),
        (0x17, "500101000000Z", datetime(1950, 1, 1, tzinfo=UTC)),
        (0x17, "261123040000+0800", datetime(2026, 11, 22, 20, 0, tzinfo=UTC)),
        (0x18, "20511123040000Z", datetime(2051, 11, 23, 4, 0, tzinfo=UTC)),
        (0x18, "20511123040000.25Z", datetime(2051, 11, 23, 4, 0, tzinfo=UTC)),
        (0x18, "20511123040000-0130", datetime(2051, 11, 23, 5, 30, tzinfo=UTC)),
    ],
)
def test_times(tag, text, moment):
    assert der.read_time(der.first(der.element(tag, text.encode()), tag)) == moment


@pytest.mark.parametrize(
    "text", ["", "Z", "26", "261340000000Z", "26112304000Z", "261123040000?", "99999999999999999Z"]
)
def test_times_that_are_none(text):
    for tag in (0x17, 0x18):
        with pytest.raises(ChipError):
            der.read_time(der.Element(tag, text.encode(), b""))


@given(st.text(max_size=24) | st.from_regex(r"[0-9]{0,16}[Z+.-]?[0-9]{0,5}", fullmatch=True))
def test_no_text_breaks_the_clock(text):
    try:
        der.read_time(der.Element(0x18, text.encode(), b""))
    except ChipError as error:
        assert error.reason == "malformed"  # noqa: PT017 (both ways are right)


def test_times_are_written_as_cms_wants_them():
    assert der.utc_time(datetime(2049, 12, 31, tzinfo=UTC))[0] == der.UTC_TIME
    assert der.utc_time(datetime(2050, 1, 1, tzinfo=UTC))[0] == der.GENERALIZED_TIME


def test_lengths_without_end_and_strings_in_pieces():
    content = b"\x30\x80\x24\x80\x04\x02ab\x04\x01c\x00\x00\x02\x01\x05\x00\x00"
    found = der.first(content + b"more", der.SEQUENCE)
    assert found.raw == content
    octets, number = found.children()
    assert der.read_octets(octets) == b"abc"
    assert der.read_integer(number) == 5


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x30",
        b"\x30\x02\x05",
        b"\x30\x80\x05\x00",
        b"\x04\x80\x00\x00",
        b"\x30\x85\x01\x00\x00\x00\x00",
        b"\x30\x82\x01",
        b"\x3f\x81\x01\x00",
        b"\x30\x80" * 5000,
    ],
)
def test_what_is_refused(content):
    with pytest.raises(ChipError) as error:
        der.first(content, der.SEQUENCE).children()
    assert error.value.reason == "malformed"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    try:
        assert b"".join(found.raw for found in der.elements(content)) == content
    except ChipError as error:
        assert error.reason == "malformed"  # noqa: PT017 (both ways are right)
