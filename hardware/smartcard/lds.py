"""The files of an identity chip (ICAO LDS1): from what they say to bytes, and back.

Our chips hold EF.COM, DG1 (the machine-readable zone), DG2 (portrait), DG3 (finger minutiae; ICAO
itself would keep images there) and DG11 (name in characters, personal number, full date of birth,
place of birth, address); DG14, EF.SOD and the master file's are made when a card is personalised.
Chips of others are read as far as they say the same. What is printed of these values is nothing:
they are somebody's, so they have no repr.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.face_record import FaceFormat, decode_portraits, encode_portraits
from hardware.smartcard.finger_groups import (
    FingerRecord,
    OtherFinger,
    decode_fingers,
    encode_fingers,
    framed,
)
from hardware.smartcard.images import ImageFormat, as_jpeg, image_format
from hardware.smartcard.mrz import Mrz
from hardware.smartcard.personal_details import PersonalDetails, decode_details, encode_details
from hardware.smartcard.tlv import build, parse, parse_one, value_of

__all__ = [
    "ChipContent",
    "FaceFormat",
    "FingerRecord",
    "OtherFinger",
    "common_file",
    "decode",
    "encode",
    "files_listed",
    "framed",
    "zone_of",
]

EF_COM, EF_SOD = 0x011E, 0x011D
DG1, DG2, DG3, DG4, DG5, DG6, DG7, DG8, DG9, DG10, DG11, DG12, DG13, DG14, DG15, DG16 = range(
    0x0101, 0x0111
)
CARD_ACCESS, CARD_SECURITY, ATR_INFO = 0x011C, 0x011D, 0x2F01
"""Files of the master file. EF.CardSecurity has EF.SOD's identifier, in another folder."""

_GROUP_TAGS = bytes.fromhex("6175637665666768696A6B6C6D6E6F70")
FILE_NAMES = {EF_COM: "EF.COM", EF_SOD: "EF.SOD"} | {
    DG1 + number: f"DG{number + 1}" for number in range(16)
}
FILE_TAGS = {EF_COM: 0x60, EF_SOD: 0x77} | {
    DG1 + number: tag for number, tag in enumerate(_GROUP_TAGS)
}
UNDERSTOOD = (DG1, DG2, DG3, DG11)
"""The groups that ChipContent is made of."""

LDS_VERSION, UNICODE_VERSION = b"0107", b"040000"
ZONE = 0x5F1F


@dataclass(frozen=True, slots=True, repr=False)
class ChipContent:
    """All that an identity chip says. Texts that are empty are not on the chip.

    Attributes:
        portrait_jpeg: The first portrait's bytes as they are on the chip: JPEG, or JPEG 2000 on
            chips of others (portrait_is_jpeg2000).
        further_portraits: What else DG2 holds. face_format: How DG2 spells faces.
        finger_images: Fingers in DG3 that are not minutiae of 2005, kept as they are.
    """

    mrz: Mrz
    portrait_jpeg: bytes
    fingers: tuple[FingerRecord, ...] = ()
    chinese_name: str = ""
    personal_number: str = ""
    place_of_birth: str = ""
    address: str = ""
    other_names: tuple[str, ...] = ()
    further_portraits: tuple[bytes, ...] = ()
    face_format: FaceFormat = FaceFormat.ISO_19794_5
    finger_images: tuple[OtherFinger, ...] = ()

    @property
    def portrait_is_jpeg2000(self) -> bool:
        """Whether the portrait's bytes are JPEG 2000."""
        return image_format(self.portrait_jpeg) is ImageFormat.JPEG_2000

    @property
    def has_fingers(self) -> bool:
        """Whether there is a DG3, in whatever format."""
        return bool(self.fingers or self.finger_images)

    def shown_portrait(self) -> bytes:
        """Return the portrait as JPEG, for programs that show it.

        Raises:
            ChipError: It is a JPEG 2000 that cannot be decoded (malformed).
        """
        return as_jpeg(self.portrait_jpeg)


def encode(content: ChipContent) -> dict[int, bytes]:
    """Return the files by identifier, in the order in which a chip is written.

    Raises:
        ValueError: A portrait is neither JPEG nor JPEG 2000.
    """
    portraits = (content.portrait_jpeg, *content.further_portraits)
    groups = {DG1: build(0x61, build(ZONE, content.mrz.text().encode("ascii")))}
    groups[DG2] = encode_portraits(portraits, content.mrz.sex, content.face_format)
    if content.has_fingers:
        groups[DG3] = encode_fingers(content.fingers, content.finger_images)
    groups[DG11] = encode_details(
        PersonalDetails(
            content.chinese_name,
            content.personal_number,
            content.mrz.date_of_birth if content.mrz.birth_is_exact else None,
            content.place_of_birth,
            content.address,
            content.other_names,
        )
    )
    return {EF_COM: common_file(tuple(groups)), **groups}


def common_file(groups: tuple[int, ...]) -> bytes:
    """Return EF.COM, which lists the groups with these identifiers (9303-10, 4.6.1)."""
    tags = bytes(FILE_TAGS[identifier] for identifier in groups)
    common = build(0x5F01, LDS_VERSION) + build(0x5F36, UNICODE_VERSION) + build(0x5C, tags)
    return build(0x60, common)


def files_listed(common: bytes) -> tuple[int, ...]:
    """Return which groups EF.COM lists; tags that are no group's are nobody's concern.

    Nothing vouches for EF.COM: what counts is the list in EF.SOD.
    """
    tags = value_of(parse(parse_one(common, 0x60)), 0x5C)
    return tuple(group for group in range(DG1, DG16 + 1) if FILE_TAGS[group] in tags)


def decode(files: Mapping[int, bytes], *, portrait_is_needed: bool = True) -> ChipContent:
    """Understand the files of a chip. All but DG1 and DG2 may be absent; others are not looked at.

    Args:
        files: By file identifier in the application.
        portrait_is_needed: Whether a chip without DG2 is an error; else its portrait is empty.

    Raises:
        ChipError: A file is missing or does not say what it should (reason malformed).
    """
    if DG1 not in files or (portrait_is_needed and DG2 not in files):
        raise ChipError("malformed", "no zone or no portrait")
    details = decode_details(files[DG11]) if DG11 in files else PersonalDetails()
    zone = zone_of(files[DG1])
    no_portrait: tuple[tuple[bytes, ...], FaceFormat] = ((b"",), FaceFormat.ISO_19794_5)
    portraits, form = decode_portraits(files[DG2]) if DG2 in files else no_portrait
    fingers, images = decode_fingers(files[DG3]) if DG3 in files else ((), ())
    return ChipContent(
        Mrz.parse(zone, details.born),
        portraits[0],
        fingers,
        details.name,
        details.personal_number,
        details.place_of_birth,
        details.address,
        details.other_names,
        portraits[1:],
        form,
        images,
    )


def zone_of(group: bytes) -> str:
    """Return the text of DG1: 90, 72 or 88 characters on sound chips, without line breaks.

    Raises:
        ChipError: There is none (malformed).
    """
    return value_of(parse(parse_one(group, FILE_TAGS[DG1])), ZONE).decode("latin-1")
