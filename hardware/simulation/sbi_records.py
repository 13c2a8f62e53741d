"""The ISO records that simulated SBI devices give: 19794-4:2011 and 19794-5:2011."""

import io
import struct

from PIL import Image

POSITIONS = {
    f"{side} {finger}": number
    for side, first in (("Right", 1), ("Left", 6))
    for number, finger in enumerate(
        ("Thumb", "IndexFinger", "MiddleFinger", "RingFinger", "LittleFinger"), first
    )
}
DOTS_PER_INCH = 500
UNTOLD_DATE = b"\xff" * 9
LOSSLESS = 5
FACE_LOSSLESS = 2
"""Image data type of a face: 0 JPEG, 1 JPEG 2000 with loss, 2 without, 3 PNG."""


def finger_record(picture: Image.Image, finger: str, quality: int) -> bytes:
    """Return a record with one grey image at 500 dpi, in JPEG 2000 without loss."""
    coded = jpeg_2000(picture)
    image = struct.pack(
        ">BBBHHHHBBBHHI",
        *(POSITIONS.get(finger, 0), 0, 1),
        *(DOTS_PER_INCH,) * 4,
        *(8, LOSSLESS, 0, picture.width, picture.height, len(coded)),
    )
    body = _representation(quality, image + coded)
    return struct.pack(">4s4sIHBB", b"FIR\0", b"020\0", 16 + len(body), 1, 0, 1) + body


def face_record(picture: Image.Image, quality: int) -> bytes:
    """Return a record with one colour image, in JPEG 2000 without loss."""
    coded = jpeg_2000(picture)
    # No landmarks; sex, eyes, hair, height, properties, expression and pose untold.
    facial = struct.pack(">HBBBB3sH3s3s", 0, 0, 0, 0, 0, bytes(3), 0, bytes(3), bytes(3))
    image = struct.pack(
        ">BBHHBHBBI", 1, FACE_LOSSLESS, picture.width, picture.height, 0, 0, 0, 1, len(coded)
    )
    body = _representation(quality, facial + image + coded)
    return struct.pack(">4s4sIHBH", b"FAC\0", b"030\0", 17 + len(body), 1, 0, 1) + body


def jpeg_2000(picture: Image.Image) -> bytes:
    """Code a picture without loss."""
    coded = io.BytesIO()
    picture.save(coded, "JPEG2000", irreversible=False)
    return coded.getvalue()


def _representation(quality: int, body: bytes) -> bytes:
    """Length, date, technology, vendor, type, and one score; then what belongs to the modality."""
    length = 19 + 5 + len(body)
    head = struct.pack(">I9sBHHB", length, UNTOLD_DATE, 0, 0, 0, 1)
    return head + struct.pack(">BHH", quality, 0, 0) + body
