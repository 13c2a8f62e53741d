"""DG2 in both formats, and the pictures in it."""

from io import BytesIO

from PIL import Image

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.face_39794 import decode_faces
from hardware.smartcard.face_record import FaceFormat, decode_portraits, encode_portraits
from hardware.smartcard.images import as_jpeg


def seeds() -> list[bytes]:
    """Both formats with JPEG and JPEG 2000, and a group with two faces."""
    pictures = []
    for coding in ("JPEG", "JPEG2000"):
        out = BytesIO()
        Image.new("RGB", (8, 8), (90, 120, 200)).save(out, coding)
        pictures.append(out.getvalue())
    made = [encode_portraits((one,), "F", form) for one in pictures for form in FaceFormat]
    return [*made, encode_portraits(tuple(pictures), "M", FaceFormat.ISO_19794_5)]


def fuzz_one(data: bytes) -> None:
    """Read the group, and show the first picture."""
    for read in (decode_faces, decode_portraits):
        try:
            read(data)
        except ChipError as error:
            assert error.reason == "malformed"  # noqa: PT017 (not a test function)
    try:
        portraits, _ = decode_portraits(data)
        as_jpeg(portraits[0])
    except ChipError:
        return
    assert all(portraits)
