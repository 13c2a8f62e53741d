"""What lies before a simulated SBI device, and how its stream shows it, whole or broken."""

import io
from threading import Lock

from PIL import Image, ImageDraw, ImageOps

from hardware.simulation.sbi_http import BOUNDARY

SCENE = (640, 480)
GROUND, MARK = (210, 210, 205), (200, 0, 0)
JPEG_QUALITY = 80


class Scene:
    """Pictures by the place where they lie: a finger's name, or nothing for any."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._shown: dict[str, Image.Image] = {}

    def put(self, place: str, picture: Image.Image) -> None:
        """Put a picture at a place."""
        with self._lock:
            self._shown.pop(place, None)  # so that it comes last
            self._shown[place] = picture

    def clear(self) -> None:
        """Take all away."""
        with self._lock:
            self._shown.clear()

    def newest(self) -> Image.Image | None:
        """Return what was put there last."""
        with self._lock:
            return next(reversed(self._shown.values()), None)

    def pictures(self, names: tuple[str, ...]) -> list[Image.Image] | None:
        """Return what lies there for each name; None where one is missing."""
        with self._lock:
            found = [self._shown.get(name, self._shown.get("")) for name in names]
        return None if None in found else [one for one in found if one is not None]


def preview(picture: Image.Image | None, quality: float) -> bytes:
    """Return as JPEG what the device sees, with its judgement drawn into it."""
    scene = Image.new("RGB", SCENE, GROUND)
    if picture is not None:
        fitted = ImageOps.contain(picture.convert("RGB"), SCENE)
        scene.paste(fitted, ((SCENE[0] - fitted.width) // 2, (SCENE[1] - fitted.height) // 2))
        ImageDraw.Draw(scene).text((8, 8), f"{quality:.0f}", fill=MARK)
    jpeg = io.BytesIO()
    scene.save(jpeg, "JPEG", quality=JPEG_QUALITY)
    return jpeg.getvalue()


def whole_part(jpeg: bytes) -> bytes:
    """Return one frame as the stream carries it."""
    return _part(jpeg, len(jpeg))


def half_part(jpeg: bytes, *, tells_truth: bool) -> bytes:
    """Return half a frame, which says how long it is, or how long it should be."""
    half = jpeg[: len(jpeg) // 2]
    return _part(half, len(half) if tells_truth else len(jpeg))


def torn_part(jpeg: bytes) -> bytes:
    """Return a frame up to the middle of its picture."""
    part = whole_part(jpeg)
    return part[: len(part) - len(jpeg) // 2]


def _part(jpeg: bytes, length: int) -> bytes:
    head = (
        f"{BOUNDARY}\r\nAccess-Control-Allow-Origin:*\r\nContent-Type:image/jpeg\r\n"
        f"Content-Length:{length}\r\n\r\n"
    )
    return head.encode() + jpeg + b"\r\n\r\n"
