"""Takes portraits: a live picture for the officer, a checked and cropped photograph on demand."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Event
from time import monotonic
from typing import Protocol

from common.domain.portrait import Finding
from common.matching.faces import (
    OF_THE_FRAME,
    FaceEngine,
    FaceImageError,
    check_portrait,
    crop_portrait,
    encode_portrait,
)
from hardware.camera.interface import Camera, Frame, Pixels
from hardware.core.errors import DeviceTimeoutError, RequestCancelledError
from hardware.core.keeper import Keeper

FRAME_TIMEOUT_S = 3.0
LOOK_EVERY_S = 0.25


class NoFaceError(Exception):
    """There is no face in the picture, or more than one."""


@dataclass(frozen=True, slots=True)
class Photograph:
    """A portrait and what the machine's check has to say about it; the officer decides.

    Attributes:
        jpeg: The portrait as the card will hold it: cut, and small enough for the chip.
        findings: The rules that it does not keep; empty for a good one.
    """

    jpeg: bytes
    findings: tuple[Finding, ...]


class PortraitJudge(Protocol):
    """What knows portraits; EngineJudge does."""

    def judge(self, picture: Pixels) -> Photograph:
        """Cut the portrait out of a camera's frame, and say what is wrong with it.

        Raises:
            NoFaceError: There is not exactly one face to judge.
        """
        ...


class EngineJudge:
    """Judges by the rules of common.matching.portrait_rules.

    The frame must hold one whole head, large enough; all else is measured on the portrait that is
    cut from it, so that where the head lies in the frame does not matter.
    """

    def __init__(self, engine: FaceEngine) -> None:
        self._engine = engine

    def judge(self, picture: Pixels) -> Photograph:
        """Cut the portrait out, judge it, and pack it into at most 20 kB."""
        frame = check_portrait(self._engine, picture)
        if len(frame.findings) == 1:
            raise NoFaceError
        try:
            portrait = crop_portrait(self._engine, picture)
        except FaceImageError as error:
            raise NoFaceError from error
        cut = check_portrait(self._engine, portrait)
        broken = [f for f in frame.broken if f.rule in OF_THE_FRAME]
        broken += [f for f in cut.broken if f.rule not in OF_THE_FRAME]
        return Photograph(encode_portrait(portrait), tuple(broken))


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
        return self._judge.judge(picture)

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
