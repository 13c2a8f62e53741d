"""Looks at a face: a live picture for the person, several frames for a comparison."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from time import monotonic
from typing import Protocol

from common.matching.face_closeup import Closeup
from common.matching.face_engine import Embedding, FaceVerdict, verdict_of
from common.matching.face_finding import FoundFace
from common.matching.face_image import ColourImage, FaceImageError, read_image
from common.matching.liveness import (
    Challenge,
    ChallengeRun,
    LivenessHint,
    Moment,
    liveness_hint,
    moment_of,
)
from hardware.camera.interface import Camera, Pixels
from hardware.core.errors import DeviceAbsentError, RequestCancelledError
from hardware.core.keeper import Keeper

logger = logging.getLogger(__name__)

CHECK_TIMEOUT_S = 12.0
FRAME_TIMEOUT_S = 3.0
LOOK_EVERY_S = 0.25
FRAMES_PER_COMPARISON = 5
"""So many frames are looked at, even if the first is the person: a motion needs several."""
_MOST_MOMENTS = 60
SMALLEST_EYE_DISTANCE = 30.0
"""Pixels between the eyes below which a face is too far away to compare."""


class FaceJudge(Protocol):
    """What finds and compares faces; common.matching's FaceEngine does."""

    def find(self, image: ColourImage) -> tuple[FoundFace, ...]:
        """All faces, the largest first."""
        ...

    def closeup(self, image: ColourImage, face: FoundFace) -> Closeup:
        """The face cut out upright, with its mesh."""
        ...

    def embedding_of(self, closeup: Closeup) -> Embedding:
        """What makes the face this person's."""
        ...

    def eye_opening(self, closeup: Closeup) -> float:
        """How far the less open eye is open."""
        ...

    def compare(self, a: Embedding, b: Embedding) -> float:
        """How alike two embeddings are."""
        ...


@dataclass(frozen=True, slots=True)
class FaceCheck:
    """What one look at a face found; NO_FACE where nobody stood before the camera.

    Attributes:
        verdict: Of the best frame.
        score: The best frame's.
        liveness: What the motion of the face suggests. It is a hint for an officer and for the
            record; nothing is decided by it.
    """

    verdict: FaceVerdict
    score: float = 0.0
    liveness: LivenessHint = LivenessHint.UNSURE


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
        self,
        portrait_jpeg: bytes,
        cancelled: Event,
        timeout_s: float = CHECK_TIMEOUT_S,
        asked: Sequence[Challenge] = (),
        ask: Callable[[Challenge], None] = lambda _: None,
    ) -> FaceCheck:
        """Watch the person and compare frames with the portrait; the best one decides.

        Ends as soon as a frame accepts and all that was asked is done. A second face in the frame,
        or one too far away, is not compared.

        Args:
            portrait_jpeg: Of the person who should stand here.
            cancelled: Ends the check when set.
            timeout_s: How long to look at most.
            asked: What the person is to do, in this order; see liveness.challenges.
            ask: Called with each challenge when its turn comes, on the caller's thread.

        Raises:
            RequestCancelledError: cancelled was set. DeviceAbsentError: There are no pictures.
            DeviceTimeoutError: The camera is silent.
        """
        try:
            enrolled = self._enrolled(read_image(portrait_jpeg))
        except FaceImageError:
            enrolled = None
        if enrolled is None:
            return FaceCheck(FaceVerdict.NO_FACE)
        look = _Look(self._judge, enrolled, ChallengeRun(asked), ask)

        def watch(camera: Camera) -> None:
            self._check(camera, look, cancelled, timeout_s)

        try:
            self._camera.use(watch)
        except DeviceAbsentError:
            if look.has_seen:
                raise
            # Away and back while nobody looked: its old stream has ended, a new one is opened.
            self._camera.use(watch)
        found = look.result()
        logger.info("a face was checked: %s, %s", found.verdict.value, found.liveness.value)
        return found

    def _enrolled(self, portrait: ColourImage) -> Embedding | None:
        faces = self._judge.find(portrait)
        if not faces:
            return None
        return self._judge.embedding_of(self._judge.closeup(portrait, faces[0]))

    def _check(self, camera: Camera, look: "_Look", cancelled: Event, timeout_s: float) -> None:
        deadline = self._seconds() + timeout_s
        next_look = self._seconds()
        look.begin()
        while (now := self._seconds()) < deadline and not look.is_over:
            pixels = self._next(camera, cancelled)
            if now < next_look:
                continue
            next_look = now + LOOK_EVERY_S
            if face := self._one_near_face(pixels):
                look.see(pixels, face)

    def _one_near_face(self, pixels: Pixels) -> FoundFace | None:
        near = [f for f in self._judge.find(pixels) if f.eye_distance >= SMALLEST_EYE_DISTANCE]
        return near[0] if len(near) == 1 else None

    def _watch(self, camera: Camera, cancelled: Event) -> None:
        while not cancelled.is_set():
            self._next(camera, cancelled)

    def _next(self, camera: Camera, cancelled: Event) -> Pixels:
        if cancelled.is_set():
            raise RequestCancelledError("the caller stopped waiting")
        frame = camera.next_frame(FRAME_TIMEOUT_S, cancelled)
        self._show(frame.pixels)
        return frame.pixels


class _Look:
    """What one check has seen so far."""

    def __init__(
        self,
        judge: FaceJudge,
        enrolled: Embedding,
        run: ChallengeRun,
        ask: Callable[[Challenge], None],
    ) -> None:
        self._judge = judge
        self._enrolled = enrolled
        self._run = run
        self._ask = ask
        self._scores: list[float] = []
        self._moments: list[Moment] = []

    @property
    def is_over(self) -> bool:
        """Whether nothing more needs to be seen."""
        enough = len(self._scores) >= FRAMES_PER_COMPARISON and self._run.current is None
        return enough and verdict_of(max(self._scores)) is FaceVerdict.ACCEPT

    @property
    def has_seen(self) -> bool:
        """Whether a face was compared."""
        return bool(self._scores)

    def begin(self) -> None:
        """Ask for the first thing to do, if there is one."""
        if self._run.current:
            self._ask(self._run.current)

    def see(self, pixels: Pixels, face: FoundFace) -> None:
        """Look at the one face of a frame."""
        closeup = self._judge.closeup(pixels, face)
        embedding = self._judge.embedding_of(closeup)
        self._scores.append(self._judge.compare(self._enrolled, embedding))
        moment = moment_of(closeup, self._judge.eye_opening(closeup), embedding)
        self._moments = [*self._moments, moment][-_MOST_MOMENTS:]
        before = self._run.current
        self._run.see(moment)
        if self._run.current and self._run.current is not before:
            self._ask(self._run.current)

    def result(self) -> FaceCheck:
        """The best frame's verdict, and the hint of all."""
        if not self._scores:
            return FaceCheck(FaceVerdict.NO_FACE)
        best = max(self._scores)
        hint = liveness_hint(self._moments, did_all=self._run.did_all)
        return FaceCheck(verdict_of(best), best, hint)
