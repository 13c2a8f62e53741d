"""Finger images in ASN.1: ISO/IEC 39794-4:2019, which DG3 may hold.

    64 { A0 { 80 generation, 81 year },                                  versionBlock
         A1 { 30 { A0 { 80 position }, A1 { 80 impression }, A2 { 80 coding }, 83 data,
                   [ A6 { 30 { A0 { 80 organization, 81 algorithm }, A1 { 80 score } } } ],
                   A7 { 80 samples, 81 unit (0 inch, 1 cm) }, ... }, ... } }

All tags are context-specific and implicit; a choice has a tag of its own around that of its member.
A code may also be spelt A1 { A0 { 80 code } }: an extension with its fall-back. The layout, the
codes of impressions and of codings are those of JMRTD (2025), a public reader and writer that names
ISO-IEC-39794-4-ed-1-v2, the module that ISO publishes; the module itself was not at hand. Not
verified there: the numbers of the ten fingers (taken to be those of 19794), that a generation of 3
and the year 2019 name the first edition (as part 5 has it), and that codings are all here.
Width and height are in the coded image alone.
"""

from collections.abc import Sequence

from common.matching.finger_records.coding import ImageCoding
from common.matching.finger_records.der import (
    SEQUENCE,
    children,
    elements,
    number,
    tagged,
    value,
)
from common.matching.finger_records.fir_2005 import quality_told
from common.matching.finger_records.images import FingerImage, Impression, believed_dpi
from common.matching.finger_records.minutiae import position_of
from common.matching.finger_template import RecordError

BLOCK = 0x64
WRAPPED = 0xA1
"""Around the block where it lies in a card (7F2E)."""
GENERATION, YEAR = 3, 2019
MAX_IMAGES = 255
_CODES = {
    ImageCoding.PGM: 0,
    ImageCoding.WSQ: 1,
    ImageCoding.JPEG_2000: 2,
    ImageCoding.JPEG_2000_LOSSLESS: 3,
    ImageCoding.PNG: 4,
}
_CODINGS = {code: coding for coding, code in _CODES.items()}
_NO_IMPRESSIONS = {Impression.NOT_LIVE_PLAIN, Impression.NOT_LIVE_ROLLED}
_PER_INCH = {0: 1.0, 1: 2.54}
_DEFAULT_DPI = 500
_UNKNOWN_VENDOR = 0x0103
"""What CBEFF's register calls a vendor that nobody names; from memory."""


def write(images: Sequence[FingerImage]) -> bytes:
    """A finger image data block with these images.

    Raises:
        ValueError: There is none, or one is out of range or in a coding that the standard has not.
    """
    if not 0 < len(images) <= MAX_IMAGES:
        raise ValueError(f"{len(images)} images are not 1 to {MAX_IMAGES}")
    version = tagged(0xA0, number(0x80, GENERATION), number(0x81, YEAR))
    blocks = tagged(0xA1, *(_representation(image) for image in images))
    return tagged(BLOCK, version, blocks)


def read(data: bytes) -> tuple[FingerImage, ...]:
    """Read the images of a block of anybody's, still coded; it may be wrapped as in a card.

    Bytes behind the block, elements that are not known, and images that are broken beside others
    are looked past.

    Raises:
        RecordError: It is no such block, or none of its images can be read.
    """
    tag, content = next(elements(data), (0, b""))
    if tag == WRAPPED:
        tag, content = next(elements(content), (0, b""))
    blocks = children(content).get(0xA1) if tag == BLOCK else None
    if blocks is None:
        raise RecordError("no ISO/IEC 39794-4 finger image data block")
    found: list[FingerImage] = []
    first_error = RecordError("the record holds no image")
    for place, inside in enumerate(_representations(blocks)[:MAX_IMAGES]):
        try:
            found.append(_image(inside))
        except RecordError as error:
            first_error = first_error if place else error
    if not found:
        raise first_error
    return tuple(found)


def _representation(image: FingerImage) -> bytes:
    image.require_writable()
    if image.coding not in _CODES:
        raise ValueError(f"ISO/IEC 39794-4 has no {image.coding.value}")
    if image.impression in _NO_IMPRESSIONS:
        raise ValueError(f"ISO/IEC 39794-4 has no impression that is {image.impression.name}")
    parts = [
        tagged(0xA0, number(0x80, image.position)),
        tagged(0xA1, number(0x80, image.impression.value)),
        tagged(0xA2, number(0x80, _CODES[image.coding])),
        tagged(0x83, image.data),
    ]
    if image.quality is not None:
        parts.append(tagged(0xA6, _quality(image.quality)))
    parts.append(tagged(0xA7, number(0x80, image.dpi), number(0x81, 0)))
    return tagged(SEQUENCE, *parts)


def _quality(score: int) -> bytes:
    algorithm = tagged(0xA0, number(0x80, _UNKNOWN_VENDOR), number(0x81, 1))
    return tagged(SEQUENCE, algorithm, tagged(0xA1, number(0x80, score)))


def _representations(blocks: bytes) -> list[bytes]:
    """The blocks of a SEQUENCE OF; JMRTD also takes a single one without its SEQUENCE."""
    found = list(elements(blocks))
    if found and found[0][0] == SEQUENCE:
        return [inside for tag, inside in found if tag == SEQUENCE]
    return [blocks]


def _image(inside: bytes) -> FingerImage:
    found = children(inside)
    data = found.get(0x83, b"")
    coding = _CODINGS.get(_code(found, 0xA2))
    if coding is None or not data:
        raise RecordError("the record has no image that is read")
    return FingerImage(
        data,
        coding,
        0,
        0,
        _dpi(found.get(0xA7)),
        position_of(_code(found, 0xA0)),
        Impression.of(_code(found, 0xA1)),
        _score(found.get(0xA6)),
    )


def _code(found: dict[int, bytes], tag: int) -> int:
    """The code under a choice, or the fall-back of its extension."""
    choice = children(found.get(tag, b""))
    if 0xA1 in choice:
        choice = children(children(choice[0xA1]).get(0xA0, b""))
    if 0x80 not in choice:
        raise RecordError("a code is missing")
    return value(choice[0x80])


def _dpi(rate: bytes | None) -> int:
    if rate is None:
        return _DEFAULT_DPI
    found = children(rate)
    samples, unit = value(found.get(0x80, b"")), value(found.get(0x81, b"\x00"))
    return believed_dpi(samples, samples, _PER_INCH.get(unit, 1.0))


def _score(qualities: bytes | None) -> int | None:
    """The first score; a block that does not make sense tells none."""
    if qualities is None:
        return None
    try:
        first = next(elements(qualities), (0, b""))[1]
        return quality_told(value(children(children(first).get(0xA1, b"")).get(0x80, b"")))
    except RecordError:
        return None
