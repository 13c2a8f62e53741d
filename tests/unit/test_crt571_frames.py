"""CRT-571 frames: the manual's bytes, any fragmentation, and noise that breaks nothing."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.smartcard.crt571_frames import Reply, ReplyDecoder, Sign, command_frame

SUCCESS = bytes.fromhex("F2000010503033323230433537315F56312E303003E4")
FAILURE = bytes.fromhex("F20000054E3233313003BA")
FAILURE_OF_OLD_UNITS = bytes.fromhex("F2000005453233313003B1")
TRICKY = bytes.fromhex("F200000A503139323230F203069003F4")
"""Its data hold F2, 03 and 06, which end and begin nothing inside a frame."""

EXPECTED = [
    Sign.ACK,
    Reply(b"\x30\x33", "220", "", b"C571_V1.00"),
    Reply(b"\x32\x33", "", "10", b""),
    Reply(b"\x32\x33", "", "10", b""),
    Reply(b"\x31\x39", "220", "", b"\xf2\x03\x06\x90"),
    Sign.NAK,
    Sign.EOT,
]
STREAM = b"\x06" + SUCCESS + FAILURE + FAILURE_OF_OLD_UNITS + TRICKY + b"\x15\x04"


@pytest.mark.parametrize(
    ("request_", "data", "printed"),
    [
        ("3130", "", "F200000343313003B0"),
        ("3033", "", "F200000343303303B2"),
        ("3231", "", "F200000343323103B2"),
        ("3230", "", "F200000343323003B3"),
        ("3233", "", "F200000343323303B0"),
        ("3330", "", "F200000343333003B2"),
        ("3331", "", "F200000343333103B3"),
        ("5130", "33", "F20000044351303303E4"),
    ],
)
def test_commands_are_those_of_the_manual(request_, data, printed):
    frame = command_frame(bytes.fromhex(request_), bytes.fromhex(data))
    assert frame.hex().upper() == printed


@given(st.lists(st.integers(1, len(STREAM) - 1), max_size=8))
def test_a_stream_may_arrive_in_any_pieces(cuts):
    decoder = ReplyDecoder()
    edges = [0, *sorted(cuts), len(STREAM)]
    found = []
    for start, end in pairwise(edges):
        found += decoder.feed(STREAM[start:end])
    assert found == EXPECTED
    assert not decoder.inside_frame


def test_reading_what_is_wanted_never_reads_past_a_frame():
    decoder = ReplyDecoder()
    found: list[Sign | Reply] = []
    at = 0
    while at < len(STREAM):
        step = decoder.feed(STREAM[at : (at := at + decoder.wanted)])
        assert len(step) <= 1
        found += step
    assert found == EXPECTED


@pytest.mark.parametrize("at", range(1, len(SUCCESS)))
def test_no_flipped_bit_goes_unnoticed(at):
    hurt = SUCCESS[:at] + bytes([SUCCESS[at] ^ 0x10]) + SUCCESS[at + 1 :]
    found = ReplyDecoder().feed(hurt + bytes(40))
    assert not any(isinstance(message, Reply) for message in found)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_decoder(data):
    decoder = ReplyDecoder()
    decoder.feed(data)
    assert decoder.wanted >= 1
    decoder.reset()
    assert decoder.feed(STREAM) == EXPECTED


@given(st.binary(max_size=50))
def test_noise_without_a_frame_start_is_only_noise(noise):
    quiet = bytes(byte for byte in noise if byte not in (0xF2, 0x06, 0x15, 0x04))
    assert ReplyDecoder().feed(quiet + STREAM) == EXPECTED


def test_a_length_that_cannot_be_is_garbled():
    assert ReplyDecoder().feed(b"\xf2\x00\xff\xff")[0] is Sign.GARBLED
    assert ReplyDecoder().feed(b"\xf2\x00\x00\x00\x03\xf1") == [Sign.GARBLED]
