"""What a portrait or a code needs of a camera, said to OpenCV and read back from it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Protocol

import cv2
import numpy as np

from hardware.camera.interface import Pixels

AUTO = "auto"
CLOSE_ENOUGH = 0.02
"""A value that is read back within two in a hundred was taken; rates come back as fractions."""

TURNS = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


class Backend(StrEnum):
    """Through what OpenCV reaches a camera; values as in station.toml."""

    ANY = "any"
    V4L2 = "v4l2"
    MSMF = "msmf"
    DSHOW = "dshow"
    AVFOUNDATION = "avfoundation"
    FFMPEG = "ffmpeg"

    @property
    def number(self) -> int:
        """OpenCV's number of it."""
        return int(getattr(cv2, f"CAP_{self.name}"))


EXPOSURE_BY_HAND = {Backend.V4L2: 1.0, Backend.DSHOW: 0.25, Backend.MSMF: 0.25}
EXPOSURE_BY_CAMERA = {Backend.V4L2: 3.0, Backend.DSHOW: 0.75, Backend.MSMF: 0.75}
"""CAP_PROP_AUTO_EXPOSURE: over V4L2 it is V4L2_CID_EXPOSURE_AUTO itself (1 manual, 3 aperture
priority); the others split at one half. Backends without a row are told 0 and 1."""


class Capture(Protocol):
    """As much of cv2.VideoCapture as is used."""

    def isOpened(self) -> bool:  # noqa: N802 (OpenCV's name)
        """Tell whether it gives frames."""
        ...

    def read(self) -> tuple[bool, Any]:
        """Wait for the next frame."""
        ...

    def get(self, propId: int, /) -> float:  # noqa: N803
        """Return a property; 0 or -1 where there is none."""
        ...

    def set(self, propId: int, value: float, /) -> bool:  # noqa: N803
        """Set a property; tells whether the backend took it, which not all drivers do honestly."""
        ...

    def release(self) -> None:
        """Close it."""
        ...


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """None leaves a setting as the camera has it.

    Attributes:
        width: Of the camera's own picture in pixels, before it is turned.
        height: Likewise.
        fps: Frames a second.
        exposure: "auto", or a time in the backend's own unit: 100 microseconds over V4L2, a power
            of two of seconds elsewhere.
        white_balance: "auto", or a temperature in kelvin.
        focus: "auto", or a distance in the camera's own unit.
        gain: In the camera's own unit.
        rotate: Degrees clockwise by which the picture is turned: 0, 90, 180 or 270.
        mirror: Whether left and right change places, after turning, as people know themselves.
    """

    width: int | None = None
    height: int | None = None
    fps: float | None = None
    exposure: float | str | None = None
    white_balance: float | str | None = None
    focus: float | str | None = None
    gain: float | None = None
    rotate: int = 0
    mirror: bool = False

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> "CameraSettings":
        """Read the settings among the options of station.toml.

        Raises:
            ValueError: One is out of its range; the message names it.
        """
        given = {field.name: options[field.name] for field in fields(cls) if field.name in options}
        for name, value in given.items():
            _check(name, value)
        return cls(**given)

    def applied(self, capture: Capture, backend: Backend) -> tuple[str, ...]:
        """Tell the camera, read back, and return what it did not take, as name=what it has."""
        wanted = _wanted(self, backend)
        # All first, then all read: a size that one setting changes, a later one may change back.
        taken = {name: capture.set(number, value) for name, number, value in wanted}
        return tuple(
            f"{name}={_shown(capture.get(number))}"
            for name, number, value in wanted
            if not (taken[name] and _is_close(capture.get(number), value))
        )

    def turned(self, pixels: Pixels) -> Pixels:
        """Turn and mirror a picture."""
        if self.rotate:
            pixels = np.asarray(cv2.rotate(pixels, TURNS[self.rotate]), np.uint8)
        return np.asarray(cv2.flip(pixels, 1), np.uint8) if self.mirror else pixels


NAMES = frozenset(field.name for field in fields(CameraSettings))
_WITH_AUTO = frozenset({"exposure", "white_balance", "focus"})


def _check(name: str, value: Any) -> None:
    match name:
        case "rotate":
            is_good = value in {0, *TURNS} and not isinstance(value, bool)
        case "mirror":
            is_good = isinstance(value, bool)
        case _:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            is_good = is_number or (name in _WITH_AUTO and value == AUTO)
            if name in {"width", "height", "fps"}:
                is_good = is_good and value > 0
    if not is_good:
        raise ValueError(f"{name} = {value!r} is no setting of a camera")


def _wanted(settings: CameraSettings, backend: Backend) -> list[tuple[str, int, float]]:
    """List name, property and value in the order in which cameras want to be told."""
    wanted = [
        (name, number, float(value))
        for name, number, value in (
            ("width", cv2.CAP_PROP_FRAME_WIDTH, settings.width),
            ("height", cv2.CAP_PROP_FRAME_HEIGHT, settings.height),
            ("fps", cv2.CAP_PROP_FPS, settings.fps),
        )
        if value is not None
    ]
    by_hand = EXPOSURE_BY_HAND.get(backend, 0.0)
    by_camera = EXPOSURE_BY_CAMERA.get(backend, 1.0)
    for name, switch, number, value, off, on in (
        (
            "exposure",
            cv2.CAP_PROP_AUTO_EXPOSURE,
            cv2.CAP_PROP_EXPOSURE,
            settings.exposure,
            by_hand,
            by_camera,
        ),
        (
            "white_balance",
            cv2.CAP_PROP_AUTO_WB,
            cv2.CAP_PROP_WB_TEMPERATURE,
            settings.white_balance,
            0.0,
            1.0,
        ),
        ("focus", cv2.CAP_PROP_AUTOFOCUS, cv2.CAP_PROP_FOCUS, settings.focus, 0.0, 1.0),
    ):
        if value is not None:
            # A value is refused while the camera still chooses it: the switch goes first.
            wanted.append((f"{name}_auto", switch, on if value == AUTO else off))
            if value != AUTO:
                wanted.append((name, number, float(value)))
    if settings.gain is not None:
        wanted.append(("gain", cv2.CAP_PROP_GAIN, float(settings.gain)))
    return wanted


def _is_close(has: float, wanted: float) -> bool:
    return abs(has - wanted) <= CLOSE_ENOUGH * max(abs(wanted), 1.0)


def _shown(value: float) -> str:
    return f"{value:.4g}"
