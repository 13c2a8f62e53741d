"""Takes fingers from the scanner, and compares them with those on a card."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event

import numpy as np

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
    """

    matched: bool
    score: float = 0.0
    advice: FingerAdvice | None = None
    template: FingerTemplate | None = None


class FingerDesk:
    """One scanner. One try is one touch: the finger is lifted before the next counts."""

    def __init__(self, scanner: Keeper[FingerprintScanner]) -> None:
        self._scanner = scanner
        self._may_rest = False

    def capture(
        self, cancelled: Event, tell_advice: Callable[[FingerAdvice], None]
    ) -> FingerTemplate | None:
        """Take one finger, and say what its impression is like.

        Returns None when nobody put a finger there in FINGER_TIMEOUT_S, or none could be seen.

        Raises:
            RequestCancelledError: cancelled was set. DeviceAbsentError: There is no scanner.
        """
        image = self._touch(cancelled)
        if image is None:
            return None
        template = _template(image)
        tell_advice(FingerAdvice.NOT_A_FINGER if template is None else advice(template))
        return template

    def check(
        self,
        enrolled: Sequence[tuple[int, FingerTemplate]],
        position: int,
        cancelled: Event,
    ) -> FingerCheck:
        """Take one finger and compare it with the enrolled impressions of that position.

        Raises as capture does.
        """
        image = self._touch(cancelled)
        if image is None:
            return FingerCheck(matched=False)
        template = _template(image)
        if template is None:
            return FingerCheck(matched=False, advice=FingerAdvice.NOT_A_FINGER)
        template = replace(template, position=FingerPosition(position))
        found = verify(template, [t for where, t in enrolled if where == position])
        return FingerCheck(found.matched, found.score, advice(template), template)

    def _touch(self, cancelled: Event) -> FingerImage | None:
        return self._scanner.use(lambda scanner: self._touch_of(scanner, cancelled))

    def _touch_of(self, scanner: FingerprintScanner, cancelled: Event) -> FingerImage | None:
        try:
            if self._may_rest:
                scanner.wait_lifted(FINGER_TIMEOUT_S, cancelled)
                self._may_rest = False
            image = scanner.capture(FINGER_TIMEOUT_S, cancelled)
        except DeviceTimeoutError:
            return None
        self._may_rest = True
        return image


def _template(image: FingerImage) -> FingerTemplate | None:
    pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    try:
        return extract(pixels, image.dots_per_inch)
    except FingerImageError:
        return None
