"""How the pixels of a finger image are coded: raw, PNG, JPEG 2000, JPEG, PGM, and WSQ."""

import warnings
from enum import Enum
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image

from common.matching.finger_records import wsq
from common.matching.finger_template import RecordError

GreyImage = npt.NDArray[np.uint8]

_PILLOW = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\x00\x00\x00\x0cjP  \r\n\x87\n": "JPEG2000",
    b"\xff\x4f\xff\x51": "JPEG2000",
    b"\xff\xd8\xff": "JPEG",
    b"P5": "PPM",
}
"""What the first bytes of a coded image say, and Pillow's word for it."""
_DEEP = {"I", "I;16", "I;16B", "I;16L", "F"}


class ImageCoding(Enum):
    """The codings of ISO/IEC 19794-4 and 39794-4; a value is its plain name."""

    RAW = "raw"
    WSQ = "WSQ"
    JPEG = "JPEG"
    JPEG_2000 = "JPEG 2000"
    JPEG_2000_LOSSLESS = "JPEG 2000 without loss"
    PNG = "PNG"
    PGM = "PGM"


def encoded(pixels: GreyImage, coding: ImageCoding) -> bytes:
    """Code 8-bit grey levels, height x width; JPEG 2000 at 15:1, WSQ at 0.75 bit a pixel.

    Raises:
        ValueError: JPEG, which is only read: its blocks break ridges. Or what wsq.encoded raises.
    """
    if coding is ImageCoding.RAW:
        return pixels.tobytes()
    if coding is ImageCoding.WSQ:
        return wsq.encoded(pixels)
    out = BytesIO()
    picture = Image.fromarray(pixels)
    match coding:
        case ImageCoding.PNG:
            picture.save(out, "PNG")
        case ImageCoding.PGM:
            picture.save(out, "PPM")
        case ImageCoding.JPEG_2000:
            picture.save(out, "JPEG2000", irreversible=True, quality_layers=[15])
        case ImageCoding.JPEG_2000_LOSSLESS:
            picture.save(out, "JPEG2000")
        case ImageCoding.JPEG:
            raise ValueError("JPEG is not written: its blocks break ridges")
    return out.getvalue()


def decoded(data: bytes, coding: ImageCoding, size: tuple[int, int], most_pixels: int) -> GreyImage:
    """Decode an image to 8-bit grey levels, height x width.

    The first bytes say how it is coded, since records name codings wrongly; only as many raw pixels
    as there should be are never taken for another coding. A coded image has its own size, whatever
    its record says.

    Args:
        data: The coded image.
        coding: What its record calls it.
        size: Width and height as the record says them; needed where the pixels are raw.
        most_pixels: An image that says that it has more is refused before it is decoded.

    Raises:
        RecordError: It is too large, damaged, or in no coding that is read.
    """
    width, height = size
    is_raw = coding is ImageCoding.RAW and len(data) == width * height
    if not is_raw and data.startswith(wsq.MAGIC):
        return wsq.decoded(data, most_pixels)
    names = () if is_raw else (name for magic, name in _PILLOW.items() if data.startswith(magic))
    for name in names:
        return _decoded_by_pillow(data, name, most_pixels)
    if not 0 < width * height <= min(len(data), most_pixels):
        raise RecordError(f"{len(data)} bytes are no image of {width} x {height} pixels")
    return np.frombuffer(data, np.uint8, width * height).reshape(height, width)


def _decoded_by_pillow(data: bytes, name: str, most_pixels: int) -> GreyImage:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # whatever matters becomes an error of ours
        try:
            picture = Image.open(BytesIO(data), formats=[name])
        except Exception as error:  # readers raise whatever damaged bytes make them trip over
            raise RecordError(f"the {name} image is damaged") from error
        if picture.width * picture.height > most_pixels:
            raise RecordError(f"{picture.width} x {picture.height} pixels are too many")
        if picture.mode in _DEEP:
            raise RecordError("the image has more than 8 bits a pixel")
        try:
            return np.asarray(picture.convert("L"), dtype=np.uint8)
        except Exception as error:  # as above
            raise RecordError(f"the {name} image is damaged") from error
