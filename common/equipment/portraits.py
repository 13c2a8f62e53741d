"""Takes portraits: a live picture for the officer, a checked and cropped photograph on demand."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Event
from time import monotonic
from typing import Protocol

from common.matching.faces import (
    FaceEngine,
    FaceImageError,
    check_portrait,
    crop_portrait,
    encode_jpeg,
)
from hardware.camera.interface import Camera, Frame, Pixels
from hardware.core.errors import DeviceTimeoutError, RequestCancelledError
from hardware.core.keeper import Keeper

FRAME_TIMEOUT_S = 3.0
LOOK_EVERY_S = 0.25
_CUT_RIGHT = frozenset({"head_size", "centred", "eye_line"})


class NoFaceError(Exception):
    """There is no face in the picture, or more than one."""


class PortraitJudge(Protocol):
    """What knows portraits; EngineJudge does."""

    def findings(self, picture: Pixels) -> tuple[str, ...]:
        """Name the rules that the picture does not keep.

        Raises:
            NoFaceError: There is not exactly one face to judge.
        """
        ...

    def crop(self, picture: Pixels) -> bytes:
        """Return the portrait as a JPEG that fits the card's chip.

        Raises:
            NoFaceError: There is not exactly one face to crop.
        """
        ...


class EngineJudge:
    """Judges by the rules of common.matching.portraits.

    Where the head lies in the whole picture does not matter, since the portrait is cut around it.
    """

    def __init__(self, engine: FaceEngine) -> None:
        self._engine = engine

    def findings(self, picture: Pixels) -> tuple[str, ...]:
        """Name the rules that the picture does not keep."""
        broken = [f.rule for f in check_portrait(self._engine, picture).findings if not f.ok]
        if "one_face" in broken:
            raise NoFaceError
        return tuple(rule for rule in broken if rule not in _CUT_RIGHT)

    def crop(self, picture: Pixels) -> bytes:
        """Return the portrait as a JPEG of at most 20 kB."""
        try:
            return encode_jpeg(crop_portrait(self._engine, picture))
        except FaceImageError as error:
            raise NoFaceError from error


@dataclass(frozen=True, slots=True)
class Photograph:
    """A portrait and what the machine's check has to say about it; the officer decides."""

    jpeg: bytes
    findings: tuple[str, ...]


class PortraitDesk:
    """One camera before the applicant.

    watch() and take() may run on two threads: while one watches, the other takes the next frame.
    """

    def __init__(self, camera: Keeper[Camera], judge: PortraitJudge) -> None:
        self._camera = camera
        self._judge = judge
        self._came = Condition()
        self._newest: Frame | None = None

    def watch(self, show: Callable[[Pixels], None], cancelled: Event) -> None:
        """Show the live picture until cancelled is set.

        Raises:
            DeviceAbsentError: The camera gives no pictures.
            DeviceTimeoutError: The camera is silent.
        """
        try:
            self._camera.use(lambda camera: self._watch(camera, show, cancelled))
        except RequestCancelledError:
            return
        finally:
            with self._came:
                self._newest = None

    def take(self, timeout_s: float, cancelled: Event) -> Photograph:
        """Take the next frame that is watched; check and crop it.

        Raises:
            DeviceTimeoutError: No frame came. RequestCancelledError: cancelled was set.
            NoFaceError: There is not exactly one face in it.
        """
        picture = self._next(timeout_s, cancelled)
        findings = self._judge.findings(picture)
        return Photograph(self._judge.crop(picture), findings)

    def _watch(self, camera: Camera, show: Callable[[Pixels], None], cancelled: Event) -> None:
        while not cancelled.is_set():
            frame = camera.next_frame(FRAME_TIMEOUT_S, cancelled)
            show(frame.pixels)
            with self._came:
                self._newest = frame
                self._came.notify_all()

    def _next(self, timeout_s: float, cancelled: Event) -> Pixels:
        deadline = monotonic() + timeout_s
        with self._came:
            # A frame from before the shutter was pressed does not count.
            self._newest = None
            while self._newest is None:
                left_s = deadline - monotonic()
                if cancelled.is_set():
                    raise RequestCancelledError("the caller stopped waiting")
                if left_s <= 0:
                    raise DeviceTimeoutError(f"no picture within {timeout_s} s")
                self._came.wait(min(left_s, LOOK_EVERY_S))
            return self._newest.pixels
