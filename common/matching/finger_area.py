"""Where in a picture the finger lies, and whether what lies there has ridges."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

GreyImage = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_WINDOW = (17, 17)
_MIN_CONTRAST = 12.0
_DARK = 80.0
_SPECK_PX = 15
_SHARE_OF_LARGEST = 0.1
_MARGIN_PX = 16

_BLOCK = 32
_HALF_BLOCK = 16
_FEWEST_BLOCKS = 4
_PERIODS_PX = (5.0, 16.0)
"""From the finest ridges of a child to the widest of a big thumb, at 500 dpi."""

LEAST_RIDGES = 0.45
"""What has a smaller share of ridges is most likely no finger."""


@dataclass(frozen=True)
class FingerArea:
    """What of the picture is finger.

    Attributes:
        mask: (H, W), true where the finger lies.
        mean: (H, W), the grey level around each pixel.
        spread: (H, W), the standard deviation around each pixel.
    """

    mask: Flags
    mean: Floats
    spread: Floats

    def box(self) -> tuple[slice, slice]:
        """Rows and columns that hold all that may be finger, with a margin; all if there is none.

        The minutiae network takes time for every pixel that it looks at.
        """
        opened = cv2.morphologyEx(
            self.mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((_SPECK_PX, _SPECK_PX), np.uint8)
        )
        _, _, parts, _ = cv2.connectedComponentsWithStats(opened)
        height, width = self.mask.shape
        parts = np.asarray(parts)[1:]
        if not len(parts):
            return slice(0, height), slice(0, width)
        kept = parts[parts[:, 4] >= _SHARE_OF_LARGEST * parts[:, 4].max()]
        left, top, wide, high = kept[:, :4].T
        rows = slice(
            max(0, int(top.min()) - _MARGIN_PX),
            min(height, int((top + high).max()) + _MARGIN_PX),
        )
        columns = slice(
            max(0, int(left.min()) - _MARGIN_PX),
            min(width, int((left + wide).max()) + _MARGIN_PX),
        )
        return rows, columns


def find_area(image: GreyImage) -> FingerArea:
    """A block with local contrast is finger; so is a dark smear, as a soaked finger makes one."""
    grey = image.astype(np.float32)
    mean = np.asarray(cv2.blur(grey, _WINDOW), np.float32)
    square = np.asarray(cv2.blur(grey * grey, _WINDOW), np.float32)
    spread = np.sqrt(np.maximum(square - mean * mean, 0))
    return FingerArea((spread > _MIN_CONTRAST) | (mean < _DARK), mean, spread)


def ridge_share(image: GreyImage, area: FingerArea) -> float:
    """How much of the picture's detail has the period of ridges, 0..1; the median of its blocks.

    Detail of a photograph lies in long periods, that of noise in short ones.
    """
    blocks = _blocks(image, area.mask)
    if len(blocks) < _FEWEST_BLOCKS:
        return 0.0
    window = np.outer(np.hanning(_BLOCK), np.hanning(_BLOCK))
    centred = (blocks - blocks.mean(axis=(1, 2), keepdims=True)) * window
    power = np.abs(np.fft.rfft2(centred)) ** 2
    down, across = np.meshgrid(np.fft.fftfreq(_BLOCK), np.fft.rfftfreq(_BLOCK), indexing="ij")
    frequency = np.hypot(down, across)
    shortest, longest = _PERIODS_PX
    of_ridges = (frequency >= 1 / longest) & (frequency <= 1 / shortest)
    everything = power[:, frequency > 0].sum(axis=1)
    return float(np.median(power[:, of_ridges].sum(axis=1) / np.maximum(everything, 1e-6)))


def _blocks(image: GreyImage, mask: Flags) -> npt.NDArray[np.float64]:
    """Overlapping blocks (n, 32, 32) whose middle is finger."""
    height, width = image.shape
    found = [
        image[top : top + _BLOCK, left : left + _BLOCK]
        for top in range(0, height - _BLOCK + 1, _HALF_BLOCK)
        for left in range(0, width - _BLOCK + 1, _HALF_BLOCK)
        if mask[top + _HALF_BLOCK, left + _HALF_BLOCK]
    ]
    return np.array(found, np.float64).reshape(-1, _BLOCK, _BLOCK)
