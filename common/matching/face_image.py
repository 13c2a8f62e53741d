"""Pictures that faces are looked for in: decoded from bytes, checked, and no larger than needed."""

import warnings
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

ColourImage = npt.NDArray[np.uint8]
"""Height x width x 3: blue, green, red."""

Affine = npt.NDArray[np.float64]
"""2 x 3: where a point of one picture lies in another."""

MAX_PIXELS = 100_000_000
WORKING_SIDE = 2000
_REDUCED = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4}
_MOST_REDUCED = cv2.IMREAD_REDUCED_COLOR_8


class FaceImageError(ValueError):
    """The bytes or pixels are no picture a face could be looked for in."""


def read_image(data: bytes) -> ColourImage:
    """Decode a JPEG, JPEG 2000, PNG, BMP, TIFF or PGM, turned the way its camera was held.

    The size is read before the pixels, and a large JPEG is decoded at a half, quarter or eighth.

    Raises:
        FaceImageError: The bytes are damaged, no picture, or absurdly large.
    """
    pixels = np.frombuffer(data, dtype=np.uint8)
    try:
        image = cv2.imdecode(pixels, _reading(data)) if pixels.size else None
    except cv2.error as error:
        raise FaceImageError("the picture cannot be decoded") from error
    if image is None:
        raise FaceImageError("the bytes are no picture")
    return checked(np.asarray(image, dtype=np.uint8))


def checked(image: ColourImage) -> ColourImage:
    """The picture as blue, green, red with sides of at most 2000 pixels.

    Raises:
        FaceImageError: Not an 8-bit picture, or absurdly large.
    """
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or image.size == 0:
        raise FaceImageError("a picture is an array of 8-bit pixels")
    if image.shape[0] * image.shape[1] > MAX_PIXELS:
        raise FaceImageError("the picture is larger than any camera's")
    if image.ndim == 2:
        image = np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    if image.shape[2] != 3:
        raise FaceImageError("a picture has three colours")
    scale = WORKING_SIDE / max(image.shape[:2])
    return np.ascontiguousarray(image) if scale >= 1 else scaled(image, scale)


def scaled(image: ColourImage, scale: float) -> ColourImage:
    """The picture made smaller by means of areas, or larger by cubic interpolation."""
    size = tuple(max(1, round(side * scale)) for side in image.shape[1::-1])
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=method), np.uint8)


def warped(image: ColourImage, place: Affine, size: tuple[int, int]) -> ColourImage:
    """Cut out of a picture; what lies beyond its edge repeats the edge.

    Args:
        image: The picture.
        place: Where a point of the picture comes to lie in the cut.
        size: Width and height of the cut.
    """
    scale = float(np.sqrt(abs(np.linalg.det(place[:, :2]))))
    if scale < 0.5:
        # A warp takes four pixels for one: first the picture is made about as coarse as the cut.
        image = scaled(image, 2 * scale)
        place = np.column_stack([place[:, :2] / (2 * scale), place[:, 2]])
    method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_LINEAR
    cut = cv2.warpAffine(image, place, size, flags=method, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8)


def moved(points: npt.NDArray[np.float64], place: Affine) -> npt.NDArray[np.float64]:
    """Where points (n x 2) come to lie."""
    return np.asarray(points @ place[:, :2].T + place[:, 2], np.float64)


def _reading(data: bytes) -> int:
    """How OpenCV shall decode: whole, or at the largest reduction that still is large enough."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the limit is our own
            with Image.open(BytesIO(data)) as head:
                sides, form = head.size, head.format
    except Image.DecompressionBombError:
        raise FaceImageError("the picture is larger than any camera's") from None
    except Exception:  # readers raise whatever damage makes them trip over
        return cv2.IMREAD_COLOR
    if sides[0] * sides[1] > MAX_PIXELS:
        raise FaceImageError("the picture is larger than any camera's")
    spare = max(sides) // WORKING_SIDE
    if form != "JPEG" or spare < 2:
        return cv2.IMREAD_COLOR
    return _MOST_REDUCED if spare >= 8 else _REDUCED[4 if spare >= 4 else 2]
