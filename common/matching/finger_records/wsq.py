"""WSQ, the FBI's coding of finger images (IAFIS-IC-0110), through the code of the package wsq.

That package is NIST's code as an extension. It codes at 0.75 bit a pixel, which is about 15:1. Its
decoder spoils the memory where an image is damaged: eight runs over 300 images with a few changed
bytes all ended with the death of the process. So an image is decoded in a process of its own, which
may die. The extension is called without the package around it, a plugin that changes Pillow for
everybody.
"""

import re
import threading
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection

import _wsq
import numpy as np
import numpy.typing as npt

from common.matching.finger_records import wsq_process
from common.matching.finger_template import RecordError

GreyImage = npt.NDArray[np.uint8]

MAGIC = b"\xff\xa0"
SMALLEST_SIDE = 64
"""Smaller images come back with wrong grey levels, or not at all."""
TIME_LIMIT_S = 20.0
_END, _FRAME, _BLOCK, _COMMENT = 0xFFA1, 0xFFA2, 0xFFA3, 0xFFA8
_HEADS = range(0xFFA2, 0xFFA9)
_AFTER_BLOCK = re.compile(rb"\xff[\xa1-\xa8]")
_BITS_A_PIXEL = 0.75

_lock = threading.Lock()
"""The code underneath keeps its tables in globals."""


def encoded(pixels: GreyImage) -> bytes:
    """Code 8-bit grey levels, height x width.

    Raises:
        ValueError: A side has fewer than 64 pixels, or there is next to nothing in the image.
    """
    height, width = pixels.shape
    if min(height, width) < SMALLEST_SIDE:
        raise ValueError(f"WSQ takes {SMALLEST_SIDE} x {SMALLEST_SIDE} pixels at least")
    with _lock:
        try:
            return bytes(_wsq.compress(pixels.tobytes(), height, width, _BITS_A_PIXEL))
        except Exception as error:
            raise ValueError(f"the image cannot be coded as WSQ ({error})") from error


def decoded(data: bytes, most_pixels: int) -> GreyImage:
    """Decode an image, in a process of its own.

    Raises:
        RecordError: It is damaged, has more pixels than most_pixels, or takes too long.
    """
    width, height = size_of(data)
    if not 0 < width * height <= most_pixels:
        raise RecordError(f"{width} x {height} pixels are no finger")
    pixels = _decoded_elsewhere(data, width * height)
    if len(pixels) != width * height:
        raise RecordError("the WSQ image is damaged")
    return np.frombuffer(pixels, np.uint8).reshape(height, width)


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height as the frame says them.

    Raises:
        RecordError: It has not one frame, as a WSQ image has.
    """
    sizes = [data[at + 6 : at + 10] for at in _segments(data, _FRAME)]
    if len(sizes) != 1 or len(sizes[0]) != 4:
        raise RecordError("no WSQ image, or a damaged one")
    return int.from_bytes(sizes[0][2:], "big"), int.from_bytes(sizes[0][:2], "big")


def told_dpi(data: bytes) -> int | None:
    """The resolution that a comment of the image tells (NISTCOM's PPI).

    Raises:
        RecordError: It is no WSQ image.
    """
    for at in _segments(data, _COMMENT):
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        told = re.search(rb"^PPI (\d{2,4})\s*$", data[at + 4 : end], re.MULTILINE)
        if told:
            return int(told[1])
    return None


def _segments(data: bytes, wanted: int) -> Iterator[int]:
    """Where the segments of a kind begin, with their marker."""
    at = len(MAGIC)
    while (marker := int.from_bytes(data[at : at + 2], "big")) != _END:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker not in _HEADS or length < 2:
            raise RecordError("no WSQ image, or a damaged one")
        if marker == wanted:
            yield at
        at += 2 + length
        if marker == _BLOCK:
            found = _AFTER_BLOCK.search(data, at)
            at = found.start() if found else len(data)


def _decoded_elsewhere(data: bytes, most: int) -> bytes:
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=wsq_process.decode_into, args=(sender, data), daemon=True)
    with receiver:
        try:
            process.start()
        except OSError as error:
            raise RecordError("there is no process to decode the WSQ image in") from error
        finally:
            sender.close()
        try:
            return _received(receiver, most)
        finally:
            process.kill()
            process.join()
            process.close()


def _received(receiver: Connection, most: int) -> bytes:
    try:
        if receiver.poll(TIME_LIMIT_S):
            return receiver.recv_bytes(most)
    except (EOFError, OSError):
        raise RecordError("the WSQ image is damaged") from None
    raise RecordError("the WSQ image takes too long to decode")
