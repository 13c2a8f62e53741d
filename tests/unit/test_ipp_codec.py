"""IPP messages as bytes: those of the standard, whatever can be written, and what is none."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.printer.ipp_codec import (
    Group,
    IppFormatError,
    Message,
    Tag,
    Value,
    decode,
    encode,
)
from hardware.printer.ipp_words import reasons
from hardware.printer.reasons import HINDERS, Reason, fault, in_words

# RFC 8010, appendix A.1 (Print-Job request), byte by byte as its table prints it.
PRINT_JOB = b"".join(
    (
        bytes.fromhex("0101 0002 00000001 01"),
        b"\x47\x00\x12attributes-charset\x00\x05utf-8",
        b"\x48\x00\x1battributes-natural-language\x00\x05en-us",
        b"\x45\x00\x0bprinter-uri\x00\x2cipp://printer.example.com/ipp/print/pinetree",
        b"\x42\x00\x08job-name\x00\x06foobar",
        b"\x22\x00\x16ipp-attribute-fidelity\x00\x01\x01",
        b"\x02",
        b"\x21\x00\x06copies\x00\x04\x00\x00\x00\x14",
        b"\x44\x00\x05sides\x00\x13two-sided-long-edge",
        b"\x03%!PDF...",
    )
)
# RFC 8010, section 3.1.6, figure of a collection: media-col of 210 by 297 mm, blue.
COLLECTION = b"".join(
    (
        bytes.fromhex("0101 0000 00000007 04"),
        b"\x34\x00\x09media-col\x00\x00",
        b"\x4a\x00\x00\x00\x0bmedia-color\x44\x00\x00\x00\x04blue",
        b"\x4a\x00\x00\x00\x0amedia-size\x34\x00\x00\x00\x00",
        b"\x4a\x00\x00\x00\x0bx-dimension\x21\x00\x00\x00\x04\x00\x00\x52\x08",
        b"\x4a\x00\x00\x00\x0by-dimension\x21\x00\x00\x00\x04\x00\x00\x74\x04",
        b"\x37\x00\x00\x00\x00\x37\x00\x00\x00\x00\x03",
    )
)


def test_the_request_of_the_standard_is_read_and_written() -> None:
    message = decode(PRINT_JOB)
    assert (message.version, message.code, message.request_id) == ((1, 1), 2, 1)
    operation = message.group(Group.OPERATION)
    assert operation["job-name"] == (Value(Tag.NAME, "foobar"),)
    assert operation["ipp-attribute-fidelity"] == (Value(Tag.BOOLEAN, True),)
    assert message.group(Group.JOB)["copies"] == (Value(Tag.INTEGER, 20),)
    assert message.group(Group.PRINTER) == {}
    assert message.data == b"%!PDF..."
    assert encode(message) == PRINT_JOB


def test_a_collection_is_read_and_written() -> None:
    message = decode(COLLECTION)
    (media,) = message.group(Group.PRINTER)["media-col"]
    assert media.content == (
        ("media-color", (Value(Tag.KEYWORD, "blue"),)),
        (
            "media-size",
            (
                Value(
                    Tag.COLLECTION,
                    (
                        ("x-dimension", (Value(Tag.INTEGER, 21000),)),
                        ("y-dimension", (Value(Tag.INTEGER, 29700),)),
                    ),
                ),
            ),
        ),
    )
    assert encode(message) == COLLECTION


def test_several_values_and_several_groups_of_a_kind() -> None:
    data = (
        bytes.fromhex("0101 0000 00000007 02")
        + b"\x44\x00\x01a\x00\x01x\x44\x00\x00\x00\x01y"
        + b"\x02\x21\x00\x06job-id\x00\x04\x00\x00\x00\x09\x03"
    )
    first, second = decode(data).all_of(Group.JOB)
    assert first == {"a": (Value(Tag.KEYWORD, "x"), Value(Tag.KEYWORD, "y"))}
    assert second == {"job-id": (Value(Tag.INTEGER, 9),)}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("0101000000000001", "shorter"),
        ("0101000000000001 01", "ends in"),
        ("0101000000000001 21000161000400000001 03", "stands in no group"),
        ("0101000000000001 01 210000000400000001 03", "without a name"),
        ("0101000000000001 01 2100016100020001 03", "four bytes"),
        ("0101000000000001 01 22000161000102 03", "0 or 1"),
        ("0101000000000001 01 4400016100ff61 03", "ends in"),
        ("0101000000000001 01 3400016100003700000000", "ends in"),
        ("0101000000000001 01 340001610000 03", "does not end"),
        ("0101000000000001 01 340001610000 2100000004000000013700000000 03", "member's name"),
        ("0101000000000001 01 370001610000 03", "outside"),
        ("0101000000000001 01 340001610000" + "4a000000016134000000" * 20, "does not|deep|ends"),
    ],
)
def test_what_is_no_message_is_refused(data: str, why: str) -> None:
    with pytest.raises(IppFormatError, match=why):
        decode(bytes.fromhex(data))


def test_deep_and_endless_messages_are_refused() -> None:
    head = bytes.fromhex("0101000000000001 01 340001610000")
    with pytest.raises(IppFormatError, match="deep"):
        decode(head + bytes.fromhex("4a000000016134000000 00") * 100)
    with pytest.raises(IppFormatError, match="more than"):
        decode(bytes.fromhex("0101000000000001 01") + b"\x44\x00\x01a\x00\x00" * 5000 + b"\x03")


texts = st.text("ab-é文\0", max_size=8)
plain = st.one_of(
    st.builds(Value, st.just(Tag.INTEGER), st.integers(-(2**31), 2**31 - 1)),
    st.builds(Value, st.just(Tag.ENUM), st.integers(-(2**31), 2**31 - 1)),
    st.builds(Value, st.just(Tag.BOOLEAN), st.booleans()),
    st.builds(Value, st.sampled_from([Tag.TEXT, Tag.NAME, Tag.KEYWORD, Tag.URI]), texts),
    st.builds(Value, st.sampled_from([Tag.OCTETS, Tag.DATE_TIME]), st.binary(max_size=20)),
)
values = st.recursive(
    plain,
    lambda inner: st.builds(
        Value,
        st.just(Tag.COLLECTION),
        st.lists(
            st.tuples(texts, st.lists(inner, min_size=1, max_size=2).map(tuple)), max_size=3
        ).map(tuple),
    ),
    max_leaves=4,
)
attributes = st.dictionaries(
    st.text("abc-xyz", min_size=1, max_size=8),
    st.lists(values, min_size=1, max_size=2).map(tuple),
    max_size=3,
)
messages = st.builds(
    Message,
    st.integers(0, 0xFFFF),
    st.integers(0, 2**32 - 1),
    st.lists(st.tuples(st.sampled_from([1, 2, 4, 5]), attributes), max_size=2).map(tuple),
    st.binary(max_size=40),
)


@given(messages)
def test_what_is_written_is_read_back(message: Message) -> None:
    assert decode(encode(message)) == message


@given(st.binary(max_size=200))
def test_noise_is_read_or_refused(data: bytes) -> None:
    with suppress(IppFormatError):
        decode(b"\x01\x01\x00\x00\x00\x00\x00\x01" + data)


def test_values_that_cannot_be_written_are_refused() -> None:
    def written(value: Value) -> bytes:
        return encode(Message(0, 1, ((Group.JOB, {"a": (value,)}),)))

    with pytest.raises(ValueError, match="longer"):
        written(Value(Tag.TEXT, "x" * 40_000))
    with pytest.raises(ValueError, match="no value of tag"):
        written(Value(Tag.TEXT, 7))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["none"], set()),
        (["media-empty-error", "media-low-warning"], {Reason.PAPER_OUT, Reason.PAPER_LOW}),
        (["media-empty"], {Reason.PAPER_OUT}),
        (["door-open-report", "toner-empty-error"], {Reason.COVER_OPEN, Reason.TONER_OUT}),
        (["cups-waiting-for-job-completed", "connecting-to-device"], set()),
        (["fuser-under-temp-error"], {Reason.OTHER}),
        (["fuser-under-temp-warning"], set()),
    ],
)
def test_the_printers_words_become_ours(words: list[str], expected: set[Reason]) -> None:
    assert reasons(words) == expected


def test_every_reason_has_a_sentence_and_those_that_hinder_an_error() -> None:
    for reason in Reason:
        assert in_words({reason})
        assert (fault({reason}) is not None) is (reason in HINDERS)
    assert in_words({Reason.PAPER_LOW, Reason.PAPER_JAM}) == "the paper is jammed, the paper is low"
    error = fault({Reason.OFFLINE, Reason.PAPER_OUT}, "72")
    assert error is not None
    assert (error.reason, error.code) == ("empty", "72")
