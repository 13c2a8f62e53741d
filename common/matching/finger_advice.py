"""What a visitor should do so that the next impression is better."""

from enum import Enum

from common.matching.finger_template import FingerTemplate, ImageObservation

GOOD_QUALITY = 30
"""NFIQ 2 from which an impression is worth enrolling; below, say why and take another."""

_LEAST_COVER = 0.35
_TOO_DARK = 85.0
_DARK = 105.0
_BRIGHT = 190.0
_FAINT = 28.0


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
    """The advice for one impression; GOOD when its quality is good enough to keep."""
    seen = template.observation
    if template.quality >= GOOD_QUALITY:
        return FingerAdvice.GOOD
    if seen is None:
        return FingerAdvice.PRESS_HARDER
    return _for_poor_image(seen, has_ridges=bool(template.minutiae))


def _for_poor_image(seen: ImageObservation, *, has_ridges: bool) -> FingerAdvice:
    if seen.foreground == 0 or (not has_ridges and seen.brightness >= _TOO_DARK):
        return FingerAdvice.NOT_A_FINGER
    if seen.foreground < _LEAST_COVER:
        return FingerAdvice.MOVE_TO_MIDDLE
    if seen.brightness < _TOO_DARK:
        return FingerAdvice.TOO_WET
    if seen.brightness < _DARK:
        return FingerAdvice.PRESS_LIGHTER
    if seen.brightness > _BRIGHT:
        return FingerAdvice.TOO_DRY
    return FingerAdvice.PRESS_HARDER
