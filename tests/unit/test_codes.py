"""Reading printed codes, and cutting a camera's stream into pictures."""

import io

import numpy as np
import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from hardware.camera import codes, mjpeg_splitter
from hardware.camera.codes import Code, Symbology, read_codes
from hardware.camera.mjpeg_splitter import MjpegSplitter


def qr(text: str, box: int = 6) -> Image.Image:
    return qrcode.make(text, box_size=box).get_image().convert("L")


def test_a_code_is_read_from_grey_colour_and_image() -> None:
    picture = qr("APPOINTMENT:A042")
    grey = np.asarray(picture)
    for seen in (picture, grey, np.dstack([grey, grey, grey])):
        assert read_codes(seen) == (Code("APPOINTMENT:A042", Symbology.QR),)


def test_a_turned_and_blurred_code_is_read() -> None:
    scene = Image.new("L", (640, 480), 200)
    scene.paste(qr("TAG:7").rotate(20, expand=True, fillcolor=200), (100, 60))
    assert read_codes(scene.filter(ImageFilter.GaussianBlur(1.5)))[0].text == "TAG:7"


def test_two_codes_are_both_read() -> None:
    scene = Image.new("L", (700, 350), 255)
    scene.paste(qr("LEFT"), (10, 40))
    scene.paste(qr("RIGHT"), (380, 40))
    assert {code.text for code in read_codes(scene)} == {"LEFT", "RIGHT"}


def test_chinese_text_survives() -> None:
    assert read_codes(qr("樣本 OFFICE-九龍"))[0].text == "樣本 OFFICE-九龍"


def spoilt_by(sigma: float, noise: float) -> np.ndarray:
    """A code of 21 modules, 6 pixels each, out of focus and noisy."""
    soft = qr("TAG:7").filter(ImageFilter.GaussianBlur(sigma))
    noisy = np.asarray(soft, np.float64) * 0.4 + 60
    noisy += np.random.default_rng(5).normal(0, noise, noisy.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("sigma", "noise", "helps"), [(3.1, 1.0, 1), (2.4, 18.0, 0)])
def test_a_code_that_is_not_read_at_once_is_looked_at_again(
    sigma: float, noise: float, helps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = spoilt_by(sigma, noise)
    assert read_codes(picture) == (Code("TAG:7", Symbology.QR),)
    monkeypatch.setattr(codes, "RETRIES", (codes.RETRIES[1 - helps],))
    assert read_codes(picture) == ()


def test_a_micro_code_is_no_code_of_ours() -> None:
    """Its redundancy is so poor that one is found in noise now and then."""
    micro = zxingcpp.create_barcode("74564", zxingcpp.MicroQRCode).to_image(scale=8)
    assert read_codes(np.pad(np.asarray(micro), 40, constant_values=255)) == ()


def test_an_empty_picture_has_no_codes() -> None:
    assert read_codes(np.full((200, 200), 255, np.uint8)) == ()


def test_bar_codes_are_read_only_when_asked_for() -> None:
    bars = zxingcpp.create_barcode("SHELF-12", zxingcpp.Code128).to_image(scale=3)
    scene = np.full((200, 500), 255, np.uint8)
    pixels = np.asarray(bars)
    scene[40 : 40 + pixels.shape[0], 40 : 40 + pixels.shape[1]] = pixels
    assert read_codes(scene) == ()
    found = read_codes(scene, (Symbology.QR, Symbology.CODE_128))
    assert found == (Code("SHELF-12", Symbology.CODE_128),)


def jpeg(colour: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, "JPEG")
    return data.getvalue()


RED, BLUE = jpeg("red"), jpeg("blue")


def part(picture: bytes, header: str = "Content-Length: {}\r\n") -> bytes:
    return b"--b\r\n" + header.format(len(picture)).encode() + b"\r\n" + picture + b"\r\n"


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize("header", ["Content-Length: {}\r\n", "Content-Type: image/jpeg\r\n", ""])
def test_pictures_come_out_however_they_arrive(size: int, header: str) -> None:
    stream = part(RED, header) + part(BLUE, header)
    splitter = MjpegSplitter()
    found = []
    for start in range(0, len(stream), size):
        found += splitter.feed(stream[start : start + size])
    assert found == [RED, BLUE]


def test_pictures_without_any_frame_come_out() -> None:
    assert MjpegSplitter().feed(RED + BLUE) == [RED, BLUE]


def test_a_wrong_length_costs_only_its_neighbours() -> None:
    wrong = part(RED, "Content-Length: 50\r\n")
    good = [part(BLUE)] * 3
    assert MjpegSplitter().feed(wrong + b"".join(good))[-1] == BLUE


def test_a_half_picture_is_dropped() -> None:
    assert MjpegSplitter().feed(part(RED[:200]) + part(BLUE)) == [BLUE]


def test_endless_headers_and_pictures_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mjpeg_splitter, "MAX_JPEG", 5000)
    splitter = MjpegSplitter()
    splitter.feed(b"--b\r\nX: " + b"x" * 100_000)
    assert len(splitter._buffer) < 100
    splitter.feed(b"\r\n\r\n\xff\xd8" + b"x" * 10_000)
    assert len(splitter._buffer) < 100
    assert splitter.feed(b"\r\n" + part(BLUE)) == [BLUE]
    huge = b"--b\r\nContent-Length: 999999999\r\n\r\n"
    assert splitter.feed(huge + BLUE) == [BLUE]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.one_of(st.binary(max_size=300), st.sampled_from([RED, part(BLUE), b"\r\n\r\n"])))
)
def test_noise_never_upsets_the_splitter(pieces: list[bytes]) -> None:
    splitter = MjpegSplitter()
    for piece in pieces:
        for picture in splitter.feed(piece):
            assert picture[:2] == b"\xff\xd8"


@pytest.mark.parametrize("light", [10, 200])
def test_a_weak_code_is_read_and_a_bare_surface_is_not_searched(
    light: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = np.asarray(qr("a weak code"), np.float32) / 255
    surface = np.full((720, 1280), light, np.float32)
    noise = np.random.default_rng(1).normal(0, 1.5, surface.shape).astype(np.float32)
    rows, columns = code.shape
    surface[100 : 100 + rows, 200 : 200 + columns] += 12 * (code - 0.5)
    weak = np.clip(surface + noise, 0, 255).astype(np.uint8)
    assert [found.text for found in read_codes(weak)] == ["a weak code"]
    bare = np.clip(light + noise, 0, 255).astype(np.uint8)
    monkeypatch.setattr(codes, "_read", lambda *_: pytest.fail("searched"))
    assert read_codes(bare) == ()
