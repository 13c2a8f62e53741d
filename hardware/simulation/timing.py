"""How long the motions of simulated devices take."""

from enum import StrEnum


class Timing(StrEnum):
    """What the option timing of a bench says to every device that moves something."""

    INSTANT = "instant"
    """No time: for tests, and for days that are played through."""
    REALISTIC = "realistic"
    """The time of real motors and chips."""
