"""Looks at a face: a live picture for the person, several frames for a comparison."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from time import monotonic
from typing import Protocol

from common.matching.face_engine import FaceComparison, FaceVerdict
from common.matching.face_finding import FoundFace
from common.matching.face_image import ColourImage, FaceImageError, read_image
from hardware.camera.interface import Camera, Pixels
from hardware.core.errors import RequestCancelledError
from hardware.core.keeper import Keeper

CHECK_TIMEOUT_S = 12.0
FRAME_TIMEOUT_S = 3.0
LOOK_EVERY_S = 0.25
FRAMES_PER_COMPARISON = 5
SMALLEST_EYE_DISTANCE = 30.0
"""Pixels between the eyes below which a face is too far away to compare."""


class FaceJudge(Protocol):
    """What finds and compares faces; common.matching's FaceEngine does."""

    def find(self, image: ColourImage) -> tuple[FoundFace, ...]:
        """All faces, the largest first."""
        ...

    def verify(self, live_frames: Sequence[ColourImage], portrait: ColourImage) -> FaceComparison:
        """Compare the largest face of each frame with the portrait's."""
        ...


@dataclass(frozen=True, slots=True)
class FaceCheck:
    """What one look at a face found; NO_FACE where nobody stood before the camera."""

    verdict: FaceVerdict
    score: float = 0.0


class FaceDesk:
    """One camera before which a person stands.

    Args:
        camera: The camera.
        judge: Finds and compares faces.
        show: Gets every frame, for the live picture; called on the caller's thread.
        seconds: A clock that only runs forward.
    """

    def __init__(
        self,
        camera: Keeper[Camera],
        judge: FaceJudge,
        show: Callable[[Pixels], None],
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._camera = camera
        self._judge = judge
        self._show = show
        self._seconds = seconds

    def watch(self, cancelled: Event) -> None:
        """Show the live picture until cancelled is set.

        Raises:
            DeviceAbsentError: The camera gives no pictures.
        """
        try:
            self._camera.use(lambda camera: self._watch(camera, cancelled))
        except RequestCancelledError:
            return

    def take(self, cancelled: Event) -> Pixels:
        """Return the next frame, and show it.

        Raises:
            RequestCancelledError: cancelled was set. DeviceAbsentError: There are no pictures.
            DeviceTimeoutError: The camera is silent.
        """
        return self._camera.use(lambda camera: self._next(camera, cancelled))

    def check(
        self, portrait_jpeg: bytes, cancelled: Event, timeout_s: float = CHECK_TIMEOUT_S
    ) -> FaceCheck:
        """Watch the person and compare several frames with the portrait; the best one decides.

        Ends as soon as a comparison accepts. A second face in the frame, or one too far away, is
        not compared.

        Raises:
            RequestCancelledError: cancelled was set. DeviceAbsentError: There are no pictures.
            DeviceTimeoutError: The camera is silent.
        """
        try:
            portrait = read_image(portrait_jpeg)
        except FaceImageError:
            return FaceCheck(FaceVerdict.NO_FACE)
        return self._camera.use(lambda camera: self._check(camera, portrait, cancelled, timeout_s))

    def _check(
        self, camera: Camera, portrait: ColourImage, cancelled: Event, timeout_s: float
    ) -> FaceCheck:
        best = FaceCheck(FaceVerdict.NO_FACE)
        usable: list[Pixels] = []
        deadline = self._seconds() + timeout_s
        next_look = self._seconds()
        while (now := self._seconds()) < deadline:
            pixels = self._next(camera, cancelled)
            if now < next_look:
                continue
            next_look = now + LOOK_EVERY_S
            if self._one_near_face(pixels):
                usable.append(pixels)
            if len(usable) == FRAMES_PER_COMPARISON:
                best = self._better(best, usable, portrait)
                if best.verdict is FaceVerdict.ACCEPT:
                    return best
                usable.clear()
        return self._better(best, usable, portrait) if usable else best

    def _better(
        self, best: FaceCheck, frames: Sequence[Pixels], portrait: ColourImage
    ) -> FaceCheck:
        found = self._judge.verify(frames, portrait)
        if found.verdict is FaceVerdict.NO_FACE:
            return best
        if best.verdict is FaceVerdict.NO_FACE or found.score > best.score:
            return FaceCheck(found.verdict, found.score)
        return best

    def _one_near_face(self, pixels: Pixels) -> bool:
        near = [f for f in self._judge.find(pixels) if f.eye_distance >= SMALLEST_EYE_DISTANCE]
        return len(near) == 1

    def _watch(self, camera: Camera, cancelled: Event) -> None:
        while not cancelled.is_set():
            self._next(camera, cancelled)

    def _next(self, camera: Camera, cancelled: Event) -> Pixels:
        if cancelled.is_set():
            raise RequestCancelledError("the caller stopped waiting")
        frame = camera.next_frame(FRAME_TIMEOUT_S, cancelled)
        self._show(frame.pixels)
        return frame.pixels
