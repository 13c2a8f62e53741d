"""A hand at libfprint's own virtual scanner: it speaks on the socket that FP_VIRTUAL_IMAGE names.

Two numbers in the machine's own order, and perhaps pixels: width and height; or a negative first
one, a command (libfprint, drivers/virtual-image.c).
"""

import socket
import struct
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import numpy as np
from numpy.typing import NDArray

RETRY, ERROR, AUTOMATIC, FINGER, REMOVED = -1, -2, -3, -4, -5
LOOK_EVERY_S = 0.02


class VirtualFinger:
    """A finger that touches the glass again and again until it is lifted.

    Attributes:
        present: What lies there; the scanner is offered it whenever it listens.
    """

    def __init__(self, address: Path) -> None:
        self._address = str(address)
        self._offer = b""
        self._ended = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def place(self, pixels: NDArray[np.uint8]) -> None:
        height, width = pixels.shape
        self._offer = struct.pack("ii", width, height) + pixels.tobytes()

    def lift(self) -> None:
        self._offer = b""

    def command(self, number: int, value: int) -> None:
        """Have the scanner do something whenever it listens, until lift()."""
        self._offer = struct.pack("ii", number, value)

    def _run(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            if self._offer:
                with suppress(OSError):
                    self._touch(self._offer)

    def _touch(self, offer: bytes) -> None:
        """Touch once; the connection stays for a while, or the scanner would not read it."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(0.5)
            line.connect(self._address)
            line.sendall(offer)
            self._ended.wait(0.1)
