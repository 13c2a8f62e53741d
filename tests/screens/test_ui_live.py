"""The camera's pictures on their way to the screen."""

import threading

import numpy as np
import pytest
from PySide6.QtGui import QImage

from common.ui.gallery import settle
from common.ui.live import LiveFrames
from tests.support.parts import part_screen
from tests.support.qt import station_window


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> np.ndarray:
    pixels = np.zeros((480, 640, 3), np.uint8)
    pixels[:, :320] = left
    pixels[:, 320:] = right
    return pixels


def rgb(picture: QImage, x: int, y: int) -> tuple[int, int, int]:
    colour = picture.pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


def test_the_newest_picture_is_shown_in_its_colours(qapp):
    with station_window() as window:
        window.show(part_screen("live"))
        settle()
        work = threading.Thread(target=window.live.put, args=(halves((255, 0, 0), (0, 0, 255)),))
        work.start()
        work.join()
        settle(200)
        picture = window.picture()
        middle = 1080 // 2
        column = [rgb(picture, middle - 200, y) for y in range(400, 1700, 20)]
        assert (0, 0, 255) in column, "left is blue, given as blue, green, red"
        column = [rgb(picture, middle + 200, y) for y in range(400, 1700, 20)]
        assert (255, 0, 0) in column


def test_the_next_screen_starts_without_the_old_picture(qapp):
    with station_window() as window:
        window.show(part_screen("live"))
        window.live.put(halves((1, 2, 3), (4, 5, 6)))
        assert window.live.number == 1
        window.show(part_screen("live"))
        assert window.live.number == 0
        assert window.live.newest.isNull()


def test_more_than_twelve_a_second_are_passed_over(qapp, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("common.ui.live.time.monotonic", lambda: now[0])
    frames = LiveFrames()
    for _ in range(30):
        now[0] += 1 / 30
        frames.put(np.zeros((4, 4, 3), np.uint8))
    assert 8 <= frames.number <= 12


def test_a_large_picture_becomes_smaller(qapp):
    frames = LiveFrames()
    frames.put(np.zeros((1080, 1920, 3), np.uint8))
    assert (frames.newest.width(), frames.newest.height()) == (960, 540)


@pytest.mark.parametrize("width", [3, 5, 641])
def test_odd_widths_are_not_skewed(qapp, width):
    pixels = np.zeros((8, width, 3), np.uint8)
    pixels[:, -1] = (0, 255, 0)
    frames = LiveFrames()
    frames.put(pixels[:, :, :])
    assert rgb(frames.newest, width - 1, 7) == (0, 255, 0)
