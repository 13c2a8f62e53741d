"""DG11: what else is known of the holder: names in own characters, full date of birth, address.

ICAO Doc 9303-10, 4.7.11. A list of tags (5C), then the elements; other names lie in A0. Makers
differ in how they spell dates and texts, so reading takes what it understands of each.
"""

from dataclasses import dataclass
from datetime import date

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.tlv import Tlv, build, find, parse, parse_one

DG11_TAG = 0x6B
TAG_LIST, OTHER_NAMES, OTHER_NAME = 0x5C, 0xA0, 0x5F0F
NAME, NUMBER, BORN, PLACE, ADDRESS = 0x5F0E, 0x5F10, 0x5F2B, 0x5F11, 0x5F42
MAX_OTHER_NAMES = 100


@dataclass(frozen=True, slots=True, repr=False)
class PersonalDetails:
    """What DG11 says; empty texts and None are not there. It has no repr."""

    name: str = ""
    personal_number: str = ""
    born: date | None = None
    place_of_birth: str = ""
    address: str = ""
    other_names: tuple[str, ...] = ()


def encode_details(details: PersonalDetails) -> bytes:
    """Return DG11; texts in UTF-8, the date as eight digits."""
    texts = {
        NAME: details.name,
        NUMBER: details.personal_number,
        BORN: details.born.strftime("%Y%m%d") if details.born else "",
        PLACE: details.place_of_birth,
        ADDRESS: details.address,
    }
    if len(details.other_names) > MAX_OTHER_NAMES:
        raise ValueError("more other names than DG11 can count")
    elements = [(tag, text.encode()) for tag, text in texts.items() if text]
    tags = b"".join(tag.to_bytes(2, "big") for tag, _ in elements)
    body = b"".join(build(tag, text) for tag, text in elements)
    if details.other_names:
        names = b"".join(build(OTHER_NAME, name.encode()) for name in details.other_names)
        tags += bytes([OTHER_NAMES])
        body += build(OTHER_NAMES, build(0x02, bytes([len(details.other_names)])) + names)
    return build(DG11_TAG, build(TAG_LIST, tags) + body)


def decode_details(group: bytes) -> PersonalDetails:
    """Read DG11.

    Raises:
        ChipError: It is no such group (malformed).
    """
    elements = parse(parse_one(group, DG11_TAG))
    return PersonalDetails(
        _text(elements, NAME),
        _text(elements, NUMBER),
        _date(find(elements, BORN) or b""),
        _text(elements, PLACE),
        _text(elements, ADDRESS),
        _other_names(elements),
    )


def _other_names(elements: list[Tlv]) -> tuple[str, ...]:
    inside = find(elements, OTHER_NAMES)
    within = parse(inside) if inside is not None else elements
    names = [_readable(element.value) for element in within if element.tag == OTHER_NAME]
    return tuple(name for name in names if name)[:MAX_OTHER_NAMES]


def _text(elements: list[Tlv], tag: int) -> str:
    return _readable(find(elements, tag) or b"")


def _readable(value: bytes) -> str:
    """UTF-8 as the standard has it, or Latin-1 as early chips wrote it."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _date(value: bytes) -> date | None:
    """Read YYYYMMDD, as digits or packed in four bytes (BCD); an incomplete date is none."""
    digits = value.hex() if len(value) == 4 else value.decode("latin-1")
    if not digits:
        return None
    if len(digits) != 8 or not (digits.isascii() and digits.replace("<", "0").isdigit()):
        raise ChipError("malformed", "a date of birth that is none")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
