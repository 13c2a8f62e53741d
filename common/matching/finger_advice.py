"""What a visitor should do so that the next impression is better."""

from enum import Enum

from common.matching.finger_area import LEAST_RIDGES
from common.matching.finger_template import FingerTemplate, ImageObservation

GOOD_QUALITY = 30
"""NFIQ 2 from which an impression is worth enrolling; below, say why and take another."""

_SPECK = 0.03
_LIFELESS = 2.0
"""Mean local deviation below which a dark picture is a dead sensor's, not a soaked finger's."""
_LEAST_COVER = 0.35
_TOO_DARK = 85.0
_DARK = 105.0
_BRIGHT = 190.0
_FAINT = 205.0


class FingerAdvice(Enum):
    """One plain thing to do; the screens find the words."""

    GOOD = "good"
    PRESS_HARDER = "press_harder"
    PRESS_LIGHTER = "press_lighter"
    TOO_DRY = "too_dry"
    TOO_WET = "too_wet"
    MOVE_TO_MIDDLE = "move_to_middle"
    NOT_A_FINGER = "not_a_finger"


def advice(template: FingerTemplate) -> FingerAdvice:
    """The advice for one impression; GOOD when it is worth keeping as it is."""
    seen = template.observation
    if seen is None:
        good = template.quality >= GOOD_QUALITY
        return FingerAdvice.GOOD if good else FingerAdvice.PRESS_HARDER
    if seen.foreground < _SPECK or seen.contrast < _LIFELESS:
        return FingerAdvice.NOT_A_FINGER
    if seen.foreground < _LEAST_COVER:
        # Little skin: faint when it hardly touches, strong when it lies at the edge of the glass.
        faint = seen.brightness > _FAINT
        return FingerAdvice.PRESS_HARDER if faint else FingerAdvice.MOVE_TO_MIDDLE
    if not template.minutiae and seen.brightness >= _TOO_DARK and seen.ridges < LEAST_RIDGES:
        return FingerAdvice.NOT_A_FINGER
    if template.quality >= GOOD_QUALITY:
        return FingerAdvice.GOOD
    return _for_poor_image(seen)


def _for_poor_image(seen: ImageObservation) -> FingerAdvice:
    if seen.brightness < _TOO_DARK:
        return FingerAdvice.TOO_WET
    if seen.brightness < _DARK:
        return FingerAdvice.PRESS_LIGHTER
    if seen.brightness > _BRIGHT:
        return FingerAdvice.TOO_DRY
    return FingerAdvice.PRESS_HARDER
