"""The words of SBI for what is captured: types, fingers, slaps."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any


class BioType(StrEnum):
    """What a device captures."""

    FINGER = "Finger"
    FACE = "Face"


UNKNOWN = "UNKNOWN"
FINGERS = {
    "Right Thumb": 1,
    "Right IndexFinger": 2,
    "Right MiddleFinger": 3,
    "Right RingFinger": 4,
    "Right LittleFinger": 5,
    "Left Thumb": 6,
    "Left IndexFinger": 7,
    "Left MiddleFinger": 8,
    "Left RingFinger": 9,
    "Left LittleFinger": 10,
}
"""bioSubType, and the position in ISO/IEC 19794-4."""


class Slap(IntEnum):
    """What is laid on a slap scanner at once; the number is deviceSubId."""

    LEFT = 1
    RIGHT = 2
    THUMBS = 3

    @property
    def fingers(self) -> tuple[str, ...]:
        """The fingers of it, by their names in SBI."""
        if self is Slap.THUMBS:
            return ("Left Thumb", "Right Thumb")
        side = "Left" if self is Slap.LEFT else "Right"
        return tuple(name for name in FINGERS if name.startswith(side) and "Thumb" not in name)


def slap_of(finger: str) -> Slap:
    """Return the slap that a finger belongs to; ValueError for no finger."""
    for slap in Slap:
        if finger in slap.fingers:
            return slap
    raise ValueError(f"{finger!r} is no finger's name; there are {', '.join(FINGERS)}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one capture shall bring.

    Attributes:
        sub_types: The fingers, or UNKNOWN; empty for a face.
        exceptions: The fingers that the slap lacks, or that are not wanted.
        device_sub_id: Which part of the device; "0" where it has but one.
        score: The quality from 0 to 100 at which the device shall not wait any longer.
    """

    type: BioType
    sub_types: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    device_sub_id: str = "0"
    score: int = 60

    @property
    def count(self) -> int:
        """How many images are wanted."""
        return max(1, len(self.sub_types))

    def as_request(self, device_id: str, previous: str) -> dict[str, Any]:
        """Return the element of bio in a request; all numbers are texts, as the schema asks."""
        return {
            "type": self.type.value,
            "count": str(self.count),
            "bioSubType": list(self.sub_types),
            "exception": list(self.exceptions),
            "requestedScore": str(self.score),
            "deviceId": device_id,
            "deviceSubId": self.device_sub_id,
            "previousHash": previous,
        }
