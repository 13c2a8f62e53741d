"""What every signature pad offers: it shows a picture and gives a signature as strokes."""

from dataclasses import dataclass
from threading import Event
from typing import Protocol, TypeAlias

from PIL import Image

from hardware.core.device import Device


@dataclass(frozen=True, slots=True)
class InkPoint:
    """Where the pen was while it touched.

    Attributes:
        x_mm: From the left edge of the writing surface.
        y_mm: From its upper edge, downwards.
        pressure: 0 to 1 of what the pad can feel.
        t_s: Seconds since the first point of the signature.
    """

    x_mm: float
    y_mm: float
    pressure: float
    t_s: float


Stroke: TypeAlias = tuple[InkPoint, ...]
"""From touching to lifting, one point at least."""


@dataclass(frozen=True, slots=True, repr=False)
class Signature:
    """One signature. It has no repr, for it is somebody's.

    Attributes:
        strokes: In the order of writing; one at least.
        width_mm, height_mm: The size of the writing surface.
        lost: How many reports of the pen are missing or made no sense; 0 for a whole signature.
    """

    strokes: tuple[Stroke, ...]
    width_mm: float
    height_mm: float
    lost: int


@dataclass(frozen=True, slots=True)
class PadScreen:
    """What lies under the writing surface; has_colour is False for black and white alone."""

    width_px: int
    height_px: int
    has_colour: bool


class SignaturePad(Device, Protocol):
    """A pad that shows the ink while the pen writes."""

    def screen(self) -> PadScreen:
        """Return the size of the screen.

        Raises:
            DeviceAbsentError: The pad is not open.
        """
        ...

    def begin(self, picture: Image.Image | None) -> None:
        """Show a picture, or nothing, and take ink from now on; what was written is forgotten.

        A picture of another size is fitted in, upright, on white.

        Raises:
            DeviceError: The pad did not take it.
        """
        ...

    def wait_for_signature(self, timeout_s: float, cancelled: Event) -> Signature:
        """Wait until somebody has signed and rested the pen.

        Ink of a wait that ended without a signature counts in the next, until begin or clear.

        Raises:
            DeviceTimeoutError: Nobody finished within timeout_s.
            RequestCancelledError: cancelled was set; the wait ends within a quarter of a second.
            DeviceAbsentError: The pad was unplugged or never opened.
        """
        ...

    def clear(self) -> None:
        """Empty the screen and forget what was written."""
        ...
