"""Faces in ASN.1: the face image data of ISO/IEC 39794-5:2019, which DG2 may hold since 2021.

This is the binary (BER) form in the profile for travel documents: in DG2's 7F2E lies A1, and in it

    65 { A0 { 80 generation, 81 year },                      versionBlock
         A1 { 30 { 80 id,                                    representationBlocks
                   A1 { A0 { A0 { 80 image,                  base, 2D block, data
                                  A1 { A0 { 80 format },     image information
                                       A7 { 80 width, 81 height }, ... },
                                  A2 capture device } } },
                   A2 date, A3 quality, ... } } }

All tags are context-specific and implicit; a choice has a tag of its own around that of its
member. The layout follows what public readers take (gmrtd, JMRTD, a Dart reader), which agree; the
standard itself was not at hand, so what is optional beyond the image's size is neither written nor
understood. CBEFF's number for this format is 002A.
"""

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.images import ImageFormat, image_format
from hardware.smartcard.tlv import Tlv, build, find, parse, value_of

FORMAT_FACE_39794 = b"\x00\x2a"
BLOCK = 0x65
GENERATION, YEAR = 3, 2019
FORMATS = {ImageFormat.JPEG: 2, ImageFormat.JPEG_2000: 3}
"""imageDataFormat: jpeg, jpeg2000Lossy; 4 is jpeg2000Lossless, which bytes do not tell apart."""


def encode_face(image: bytes, width: int, height: int) -> bytes:
    """Return the value of 7F2E for one frontal portrait, JPEG or JPEG 2000.

    Raises:
        ValueError: The image is neither.
    """
    form = image_format(image)
    if form is None:
        raise ValueError("the portrait is neither JPEG nor JPEG 2000")
    size = build(0x80, integer(width)) + build(0x81, integer(height))
    information = build(0xA0, build(0x80, integer(FORMATS[form]))) + build(0xA7, size)
    picture = build(0x80, image) + build(0xA1, information)
    representation = build(0x80, integer(0)) + build(0xA1, build(0xA0, build(0xA0, picture)))
    version = build(0x80, integer(GENERATION)) + build(0x81, integer(YEAR))
    blocks = build(0xA0, version) + build(0xA1, build(0x30, representation))
    return build(0xA1, build(BLOCK, blocks))


def decode_faces(record: bytes) -> list[bytes]:
    """Return the images of all representations in the value of 7F2E, as they are there.

    Raises:
        ChipError: There is none, or one is neither JPEG nor JPEG 2000 (malformed).
    """
    outer = parse(record)
    inside = find(outer, 0xA1)
    blocks = find(parse(inside) if inside is not None else outer, BLOCK)
    if blocks is None:
        raise ChipError("malformed", "no face image data block")
    representations = parse(value_of(parse(blocks), 0xA1))
    images = [_image(element) for element in representations if element.tag == 0x30]
    found = [image for image in images if image is not None]
    if not found:
        raise ChipError("malformed", "a face image data block without a picture")
    return found


def integer(value: int) -> bytes:
    """Encode a number that is not negative as the content of a BER INTEGER."""
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def _image(representation: Tlv) -> bytes | None:
    """Return the picture of a representation; None for one that is no two-dimensional image."""
    at = representation.value
    for tag in (0xA1, 0xA0, 0xA0, 0x80):
        inside = find(parse(at), tag)
        if inside is None:
            return None
        at = inside
    if image_format(at) is None:
        raise ChipError("malformed", "a portrait that is neither JPEG nor JPEG 2000")
    return at
