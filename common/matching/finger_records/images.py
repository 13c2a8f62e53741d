"""The image of a finger as a record carries it: coded, with what is told about it."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Self

import numpy as np
import numpy.typing as npt

from common.matching.finger_records.coding import ImageCoding, decoded, encoded
from common.matching.finger_template import FingerPosition, RecordError

GreyImage = npt.NDArray[np.uint8]

MAX_PIXELS = 16_000_000
"""A whole hand at 1,000 dpi; beyond, a small record could fill the memory."""
LARGEST_SIDE = 0xFFFF
_COARSEST, _FINEST = 100, 2000


class Impression(Enum):
    """How the finger was laid on; the numbers are those of ISO/IEC 19794-4:2011 and 39794-4."""

    LIVE_PLAIN = 0
    LIVE_ROLLED = 1
    NOT_LIVE_PLAIN = 2
    NOT_LIVE_ROLLED = 3
    LATENT = 4
    SWIPED = 8
    CONTACTLESS = 24
    OTHER = 28
    UNKNOWN = 29

    @classmethod
    def of(cls, number: int) -> Self:
        """The impression with this number, or the one that comes next to it."""
        near = {5: 4, 6: 4, 7: 4, 25: 24, 41: 24, 42: 24}.get(number, number)
        return next((one for one in cls if one.value == near), cls.OTHER)


@dataclass(frozen=True, slots=True)
class FingerImage:
    """One image in a record. Its pixels stay coded until somebody asks for them.

    Attributes:
        data: The coded pixels. coding: What the record says of them.
        width: Pixels, as the record says; 0 where it leaves that to the coded image.
        height: The same.
        dpi: Pixels in an inch, in both directions.
        quality: 0 to 100; None where the record does not tell.
        view: Number among the images of this finger.
    """

    data: bytes = field(repr=False)
    coding: ImageCoding
    width: int
    height: int
    dpi: int = 500
    position: FingerPosition = FingerPosition.UNKNOWN
    impression: Impression = Impression.LIVE_PLAIN
    quality: int | None = None
    view: int = 0

    @classmethod
    def of(
        cls,
        pixels: GreyImage,
        coding: ImageCoding = ImageCoding.WSQ,
        *,
        dpi: int = 500,
        position: FingerPosition = FingerPosition.UNKNOWN,
        impression: Impression = Impression.LIVE_PLAIN,
        quality: int | None = None,
    ) -> Self:
        """Code the pixels, 8-bit grey levels in height x width.

        Raises:
            ValueError: Such an image, resolution or quality cannot be written.
        """
        if pixels.ndim != 2 or pixels.dtype != np.uint8 or pixels.size == 0:
            raise ValueError("a finger image is a two-dimensional array of 8-bit grey levels")
        height, width = pixels.shape
        image = cls(
            encoded(pixels, coding), coding, width, height, dpi, position, impression, quality
        )
        image.require_writable()
        return image

    def pixels(self) -> GreyImage:
        """Decode the image: 8-bit grey levels, height x width.

        Raises:
            RecordError: It is larger than MAX_PIXELS, damaged, or in no coding that is read.
        """
        if self.width * self.height > MAX_PIXELS:
            raise RecordError(f"{self.width} x {self.height} pixels are too many for a finger")
        return decoded(self.data, self.coding, (self.width, self.height), MAX_PIXELS)

    def require_writable(self) -> None:
        """Check what every record asks of an image.

        Raises:
            ValueError: Something is out of range; the message says what.
        """
        width, height = self.width, self.height
        if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
            raise ValueError(f"an image of {width} x {height} pixels is out of range")
        if width * height > MAX_PIXELS:
            raise ValueError(f"{width} x {height} pixels are too many for a finger")
        if not _COARSEST <= self.dpi <= _FINEST:
            raise ValueError(f"{self.dpi} dpi is no scanner's resolution")
        if self.quality is not None and not 0 <= self.quality <= 100:
            raise ValueError(f"a quality of {self.quality} is not 0 to 100")
        if not 0 <= self.view < 16:
            raise ValueError(f"view {self.view} is not 0 to 15")


def believed_dpi(horizontal: int, vertical: int, units_per_inch: float) -> int:
    """The resolution of a record whose pixels are square.

    Raises:
        RecordError: No scanner has it, or the two directions differ by more than a hundredth.
    """
    dpi = round(horizontal * units_per_inch)
    if not _COARSEST <= dpi <= _FINEST or abs(horizontal - vertical) * 100 > horizontal:
        raise RecordError(f"{horizontal} x {vertical} is no resolution of a finger image")
    return dpi
