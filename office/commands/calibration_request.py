"""What a calibration is asked for."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What the captures show."""

    FINGER = "finger"
    FACE = "face"


class FingerEngine(StrEnum):
    """Who finds the minutiae and who pairs them."""

    BEST = "best"
    NBIS = "nbis"
    BOZORTH3 = "bozorth3"


FACE_ENGINE = "face"


@dataclass(frozen=True)
class Request:
    """What a calibration is asked for.

    Attributes:
        folders: Where the captures are.
        kind: What they show.
        dpi: The resolution of finger pictures.
        engines: Names of what is measured.
        rates: The false match rates to find thresholds for, falling.
        strangers_across: Subjects of different folders are different people.
        count_failures: A pair with a capture that could not be used counts as missed.
        most_strangers: So many pairs of strangers at most, drawn by lot; None compares all.
        processes: How many work at once.
    """

    folders: list[Path]
    kind: Kind
    dpi: int
    engines: list[str]
    rates: list[float]
    strangers_across: bool
    count_failures: bool
    most_strangers: int | None
    processes: int
