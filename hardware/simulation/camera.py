"""A simulated network camera: it shows what is held before its lens, as motion JPEG over HTTP."""

import io
from collections.abc import Mapping
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from hardware.simulation.line import Connection
from hardware.simulation.papers import picture_in
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import ImpossibleError, World

BACKGROUND = (214, 214, 210)
MARGIN = 2
FRAME_S, SLOW_FRAME_S = 0.1, 1.0
"""Ten frames a second; one while the fault slow is on."""

JPEG_QUALITY = 85
BOUNDARY = b"frame"
MAX_REQUEST = 8192
WOBBLES = ((0, 0, 0), (1, 0, 2), (1, 1, -2), (0, 1, 3))
"""How a hand trembles and a lamp flickers: shift right, shift down, brightness. One frame each."""

DARKER = 25


class SimulatedCamera(SwitchedDevice):
    """Serves http://127.0.0.1:PORT/stream.

    Options: width, height (1280 x 720 by default); frame_s (0.1 by default); watches (a place of
    the world, such as "collection-1.form_collector.escrow": whatever lies there fills the scene).
    Verbs: show {png: picture in base64} or show {thing: id of a paper}, clear {}.
    Faults: unplugged; frozen (the connection stays, no frame comes); dark (the lamp is off);
    slow (one frame a second).
    """

    FAULTS = frozenset({UNPLUGGED, "frozen", "dark", "slow"})

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        del name  # a camera owns no place of the world
        super().__init__(port)
        self._world = world
        self._size = int(options.get("width", 1280)), int(options.get("height", 720))
        self._frame_s = float(options.get("frame_s", FRAME_S))
        self._watches = str(options.get("watches", ""))
        self._scene = Lock()
        self._held: Image.Image | None = None
        self._held_number = 0
        self._painted: tuple[object, ...] = ()
        self._pixels: npt.NDArray[np.uint8] = np.zeros((0, 0, 3), np.uint8)
        self._frames: dict[int, bytes] = {}

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Hold something before the lens, or take it away."""
        match verb:
            case "show" if "thing" in arguments:
                self._hold(self._picture_of(arguments["thing"]))
            case "show":
                self._hold(picture_in(arguments["png"]))
            case "clear":
                self._hold(None)
            case _:
                raise LookupError(f"nobody can {verb} a camera")
        return self.state()

    def state(self) -> dict[str, Any]:
        """Tell whether something is before the lens."""
        sees = self._held is not None or bool(self._watched())
        return {"kind": "mjpeg", "sees_something": sees, "faults": sorted(self.faults)}

    def serve(self, connection: Connection) -> None:
        """Answer one GET, with the stream or with 404."""
        request = b""
        while b"\r\n\r\n" not in request:
            received = connection.recv(MAX_REQUEST)
            request += received
            if not received or len(request) > MAX_REQUEST:
                return
        if not request.startswith(b"GET /stream"):
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nConnection: close\r\n"
            b"Content-Type: multipart/x-mixed-replace; boundary=" + BOUNDARY + b"\r\n\r\n"
        )
        number = 0
        while not self.ended.is_set():
            if "frozen" not in self.faults:
                jpeg = self._frame(number % len(WOBBLES))
                connection.sendall(
                    b"--" + BOUNDARY + b"\r\nContent-Type: image/jpeg\r\n"
                    b"Content-Length: " + str(len(jpeg)).encode() + b"\r\n\r\n" + jpeg + b"\r\n"
                )
                number += 1
            self.ended.wait(SLOW_FRAME_S if "slow" in self.faults else self._frame_s)

    def _hold(self, picture: Image.Image | None) -> None:
        with self._scene:
            self._held = picture
            self._held_number += 1

    def _picture_of(self, thing_id: str) -> Image.Image:
        name = self._world.get(thing_id).data.get("picture")
        if name is None:
            raise ImpossibleError("it has no picture")
        with Image.open(self._world.folder / name) as picture:
            return picture.convert("RGB")

    def _watched(self) -> str:
        """Return the id of the paper on top at the watched place, or nothing."""
        things = self._world.at(self._watches) if self._watches else []
        papers = [thing.id for thing in things if "picture" in thing.data]
        return papers[-1] if papers else ""

    def _frame(self, number: int) -> bytes:
        """Return one of the present scene's frames, each encoded once after the scene changed."""
        with self._scene:
            watched = "" if self._held is not None else self._watched()
            now = (self._held_number, watched, "dark" in self.faults)
            if now != self._painted:
                picture = self._picture_of(watched) if watched else self._held
                self._pixels = _paint(picture, self._size)
                self._frames.clear()
                self._painted = now
            if number not in self._frames:
                self._frames[number] = _seen(self._pixels, WOBBLES[number], is_dark=now[2])
            return self._frames[number]


def _paint(picture: Image.Image | None, size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Fit the picture into the scene; return its height x width x 3 red, green and blue."""
    scene = Image.new("RGB", size, BACKGROUND)
    if picture is not None:
        room = (size[0] - 2 * MARGIN, size[1] - 2 * MARGIN)
        fitted = ImageOps.contain(_on_white(picture), room, Image.Resampling.LANCZOS)
        scene.paste(fitted, ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2))
    return np.asarray(scene)


def _seen(scene: npt.NDArray[np.uint8], wobble: tuple[int, int, int], *, is_dark: bool) -> bytes:
    """Encode the scene as it is seen at one moment."""
    right, down, brighter = wobble
    shaken = np.roll(scene, (down, right), axis=(0, 1)).astype(np.int16)
    seen = np.clip(shaken + brighter, 0, 255).astype(np.uint8)
    if is_dark:
        seen = seen // DARKER
    jpeg = io.BytesIO()
    Image.fromarray(seen).save(jpeg, "JPEG", quality=JPEG_QUALITY)
    return jpeg.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """Lay a picture, transparent or not, on white paper."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture.convert("RGBA"))
    return paper.convert("RGB")
