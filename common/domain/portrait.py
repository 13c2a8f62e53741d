"""The rules that a card's portrait keeps, and what was found about one photograph."""

from dataclasses import dataclass
from enum import StrEnum


class PortraitRule(StrEnum):
    """One thing that can be wrong with a portrait (ISO/IEC 39794-5, annex D; ICAO 9303-3)."""

    ONE_FACE = "one_face"
    WHOLE_HEAD = "whole_head"
    HEAD_SIZE = "head_size"
    CENTRED = "centred"
    EYE_LINE = "eye_line"
    EYE_DISTANCE = "eye_distance"
    UPRIGHT = "upright"
    FACING = "facing"
    CHIN_LEVEL = "chin_level"
    EYES_OPEN = "eyes_open"
    MOUTH_CLOSED = "mouth_closed"
    SHARPNESS = "sharpness"
    BRIGHTNESS = "brightness"
    UNDER_EXPOSURE = "under_exposure"
    OVER_EXPOSURE = "over_exposure"
    CONTRAST = "contrast"
    EVEN_LIGHT = "even_light"
    NATURAL_COLOUR = "natural_colour"
    RED_EYE = "red_eye"
    BACKGROUND_PLAIN = "background_plain"
    BACKGROUND_LIGHT = "background_light"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule of a portrait: what was measured, what is allowed, and whether it holds.

    Attributes:
        rule: Which rule.
        value: What was measured, in `unit`.
        limit: What is allowed: "low..high", ends included.
        ok: Whether the value is within the limit.
        unit: Of the value: "px", "deg", "grey", "bit", or a share of something.
    """

    rule: PortraitRule
    value: float
    limit: str
    ok: bool
    unit: str = ""


@dataclass(frozen=True, slots=True)
class PortraitCheck:
    """All findings about one photograph."""

    findings: tuple[Finding, ...]

    @property
    def acceptable(self) -> bool:
        """Whether every rule holds."""
        return all(finding.ok for finding in self.findings)

    @property
    def broken(self) -> tuple[Finding, ...]:
        """The findings that do not hold."""
        return tuple(finding for finding in self.findings if not finding.ok)
