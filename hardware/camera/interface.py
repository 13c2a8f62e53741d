"""What every camera offers: a stream of frames of which the newest counts."""

from dataclasses import dataclass
from threading import Event
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hardware.core.device import Device

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture: height x width x 3, blue-green-red, 8 bits; number counts up by one a frame."""

    pixels: Pixels
    number: int


class Camera(Device, Protocol):
    """A camera whose stream runs while it is open."""

    def next_frame(self, timeout_s: float, cancelled: Event) -> Frame:
        """Return a frame that was not returned before; older ones in between are dropped.

        Raises:
            DeviceTimeoutError: None came. RequestCancelledError: cancelled was set.
            DeviceAbsentError: The stream broke; open() starts it again.
        """
        ...
