"""The simulated ticket printer's reading of ESC/POS, against bytes written by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.camera.codes import read_codes
from hardware.simulation.escpos_page import EscposPage
from hardware.simulation.escpos_parser import EscposParser


def paint(data: bytes, width: int = 576) -> EscposPage:
    page = EscposPage(width)
    for command in EscposParser().feed(data):
        page.do(command)
    return page


def dark(page: EscposPage) -> np.ndarray:
    picture = page.picture()
    assert picture is not None
    return ~np.asarray(picture)


RASTER = bytes.fromhex("1d763000 0200 0300") + bytes.fromhex("ff00 8001 00ff")


def test_a_raster_is_painted_dot_by_dot() -> None:
    dots = dark(paint(RASTER))
    assert dots.shape == (3, 576)
    expected = np.zeros((3, 16), bool)
    expected[0, :8], expected[1, 0], expected[1, 15], expected[2, 8:] = True, True, True, True
    assert np.array_equal(dots[:, :16], expected)
    assert not dots[:, 16:].any()


def test_bands_and_feeds_lie_below_one_another() -> None:
    dots = dark(paint(RASTER + b"\x1bJ\x05" + RASTER + b"\x1bd\x02"))
    assert dots.shape == (3 + 5 + 3 + 60, 576)
    assert dots[8, :8].all()
    assert not dots[3:8].any()
    assert not dots[11:].any()


@pytest.mark.parametrize(("align", "left"), [(0, 0), (1, 280), (2, 560)])
def test_alignment(align: int, left: int) -> None:
    dots = dark(paint(b"\x1ba" + bytes([align]) + RASTER))
    assert dots[0].nonzero()[0].tolist() == list(range(left, left + 8))


def test_text_is_painted_and_a_blank_strip_is_no_slip() -> None:
    assert dark(paint(b"\x1b@HELLO\n")).any()
    assert paint(b"\x1b@\n\n\x1bd\x03").picture() is None


def test_a_native_code_can_be_read() -> None:
    stored = b"TKT:A042"
    page = paint(
        bytes.fromhex("1d286b 0400 31413200 1d286b 0300 314306 1d286b 0300 314530")
        + bytes.fromhex("1d286b 0b00 315030") + stored
        + bytes.fromhex("1ba01 1d286b 0300 315130".replace("1ba01", "1b6101"))
        + b"\x1bd\x02"
    )  # fmt: skip
    picture = page.picture()
    assert picture is not None
    assert [code.text for code in read_codes(picture)] == ["TKT:A042"]


COMMANDS = (
    b"\x1b@", b"\x10\x04\x01", b"TEXT\n", RASTER, b"\x1dV\x00", b"\x1dVA\x10", b"\x1dr\x01",
    b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", b"\x1da\xff", b"\x10\x05\x02",
)  # fmt: skip


@given(st.lists(st.sampled_from(COMMANDS)), st.integers(1, 9))
def test_the_cutting_of_the_stream_does_not_matter(sent: list[bytes], size: int) -> None:
    stream = b"".join(sent)
    whole = [c for c in EscposParser().feed(stream) if c.name != "text"]
    parser = EscposParser()
    pieces = [
        command
        for start in range(0, len(stream), size)
        for command in parser.feed(stream[start : start + size])
        if command.name != "text"
    ]
    assert pieces == whole
    assert len(whole) == len(sent)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=60), st.sampled_from(COMMANDS)), max_size=12))
def test_noise_never_upsets_the_printer(pieces: list[bytes]) -> None:
    page = EscposPage(576)
    parser = EscposParser()
    for piece in pieces:
        for command in parser.feed(piece):
            assert page.needs(command) >= 0
            page.do(command)
    page.picture()
