"""Takes fingers from the scanner, compares them with those on a card, and keeps the time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event
from time import monotonic

import numpy as np

from common.domain.finger_ladder import FINGER_WORK_S
from common.matching.finger_enrolment import Capture, capture
from common.matching.fingers import (
    FingerAdvice,
    FingerImageError,
    FingerPosition,
    FingerTemplate,
    advice,
    extract,
    verify,
)
from hardware.core.errors import DeviceTimeoutError
from hardware.core.keeper import Keeper
from hardware.fingerprint.interface import FingerImage, FingerprintScanner

FINGER_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class FingerCheck:
    """What one try of one finger found.

    Attributes:
        matched: The finger is the enrolled one.
        score: How alike they are; 0 where nothing could be compared.
        advice: What would make the next try better; None where nobody put a finger.
        template: The finger just given; None where there is none to keep.
        used_s: Seconds since begin().
    """

    matched: bool
    score: float = 0.0
    advice: FingerAdvice | None = None
    template: FingerTemplate | None = None
    used_s: float = 0.0

    @property
    def quality(self) -> int:
        """NFIQ 2; 0 where there is no finger."""
        return 0 if self.template is None else self.template.quality


@dataclass(frozen=True, slots=True)
class FingerCapture:
    """What one capture for an enrolment brought; capture None: nothing that could be kept."""

    capture: Capture | None
    advice: FingerAdvice | None = None
    used_s: float = 0.0


class FingerDesk:
    """One scanner. One try is one touch: the finger is lifted before the next counts.

    Args:
        scanner: The scanner.
        seconds: A clock that only runs forward.
    """

    def __init__(
        self, scanner: Keeper[FingerprintScanner], seconds: Callable[[], float] = monotonic
    ) -> None:
        self._scanner = scanner
        self._seconds = seconds
        self._begun = seconds()
        self._may_rest = False

    def begin(self) -> None:
        """Begin with another person: from now on the time for fingers runs."""
        self._begun = self._seconds()

    @property
    def used_s(self) -> float:
        """Seconds since begin()."""
        return self._seconds() - self._begun

    def take(
        self,
        position: int,
        earlier: Sequence[Capture],
        known: Sequence[FingerTemplate] | None,
        cancelled: Event,
    ) -> FingerCapture:
        """Take one finger to enrol it, and compare it with its captures so far.

        Args:
            position: Which finger it is said to be.
            earlier: The captures before this one.
            known: What is known to be the person's; None where an officer looks on.
            cancelled: Ends the wait.

        Raises:
            RequestCancelledError: cancelled was set. DeviceAbsentError: There is no scanner.
        """
        image = self._touch(cancelled)
        if image is None:
            return FingerCapture(None, None, self.used_s)
        template = _template(image)
        if template is None or not template.minutiae:
            return FingerCapture(None, FingerAdvice.NOT_A_FINGER, self.used_s)
        template = replace(template, position=FingerPosition(position))
        taken = capture(template, earlier, known)
        return FingerCapture(taken, advice(template), self.used_s)

    def check(
        self,
        enrolled: Sequence[tuple[int, FingerTemplate]],
        position: int,
        cancelled: Event,
    ) -> FingerCheck:
        """Take one finger and compare it with the enrolled impressions of that position.

        The best of them decides. Raises as take does.
        """
        image = self._touch(cancelled)
        if image is None:
            return FingerCheck(matched=False, used_s=self.used_s)
        template = _template(image)
        if template is None:
            found = FingerCheck(matched=False, advice=FingerAdvice.NOT_A_FINGER)
            return replace(found, used_s=self.used_s)
        template = replace(template, position=FingerPosition(position))
        likeness = verify(template, [t for where, t in enrolled if where == position])
        return FingerCheck(
            likeness.matched, likeness.score, advice(template), template, self.used_s
        )

    def _touch(self, cancelled: Event) -> FingerImage | None:
        return self._scanner.use(lambda scanner: self._touch_of(scanner, cancelled))

    def _touch_of(self, scanner: FingerprintScanner, cancelled: Event) -> FingerImage | None:
        try:
            if self._may_rest:
                scanner.wait_lifted(self._patience_s(), cancelled)
                self._may_rest = False
            image = scanner.capture(self._patience_s(), cancelled)
        except DeviceTimeoutError:
            return None
        self._may_rest = True
        return image

    def _patience_s(self) -> float:
        """How long to wait for a touch: never beyond the time for fingers."""
        return max(0.0, min(FINGER_TIMEOUT_S, FINGER_WORK_S - self.used_s))


def _template(image: FingerImage) -> FingerTemplate | None:
    pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    try:
        return extract(pixels, image.dots_per_inch)
    except FingerImageError:
        return None
