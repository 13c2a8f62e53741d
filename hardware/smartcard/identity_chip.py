"""The identity chip's application in verbs: read, read the serial number, personalise, verify."""

from hardware.smartcard.apdu import SW, Response, command, exchange
from hardware.smartcard.chip_errors import ChipError, ChipMismatchError
from hardware.smartcard.interface import Chip
from hardware.smartcard.lds import (
    EF_COM,
    FILE_NAMES,
    FILE_TAGS,
    ChipContent,
    decode,
    encode,
    files_listed,
)
from hardware.smartcard.tlv import read_head

APPLICATION = bytes.fromhex("A0000002471001")
PRODUCTION_RECORD = bytes.fromhex("9F7F2A")
"""Tag and length of the card production life cycle data (GlobalPlatform CPLC)."""

READ_SIZES = (256, 192, 128, 64)
"""What is asked for at a time; a reader or chip that finds it too long answers 6700."""
HEAD = 4
"""Bytes that hold the tag and the length of any file up to MAX_FILE."""
WRITE_SIZE = 223
PLAIN_OFFSETS = 0x8000
"""READ BINARY's own offset ends here; beyond, the offset travels as data (instruction B1)."""
MAX_FILE = 0xFFFF


def read_chip(chip: Chip) -> ChipContent:
    """Read all files that we know and understand them.

    Raises:
        ChipError: The card is no identity card, refuses, or does not make sense.
        DeviceError: The reader or the contact failed.
    """
    _select_application(chip)
    listed = files_listed(_read_file(chip, EF_COM))
    return decode({identifier: _read_file(chip, identifier) for identifier in listed})


def read_serial(chip: Chip) -> str:
    """Return the chip's own number, the same for its whole life: 16 hexadecimal digits.

    It is made of the date, serial and batch number that the chip's maker burnt in.
    """
    answer = exchange(chip, command(0xCA, 0x9F, 0x7F, expected=256, cla=0x80))
    record = answer.require_ok("the production record")
    if len(record) != 45 or not record.startswith(PRODUCTION_RECORD):
        raise ChipError("malformed", "not a production record")
    return record[13:21].hex().upper()


def personalise(chip: Chip, content: ChipContent) -> None:
    """Write a chip and lock it for ever. After a power cut on the way it can be begun again.

    Raises:
        ChipError: reason already_personalised for a chip that is locked.
    """
    files = encode(content)
    _select_application(chip)
    for identifier, data in files.items():
        _create(chip, identifier, len(data))
        _select_file(chip, identifier)
        for offset in range(0, len(data), WRITE_SIZE):
            piece = data[offset : offset + WRITE_SIZE]
            answer = exchange(chip, command(0xD6, offset >> 8, offset & 0xFF, piece))
            answer.require_ok(f"writing {FILE_NAMES[identifier]}")
    exchange(chip, command(0xDA, 0xDE, 0xAD)).require_ok("locking")


def verify(chip: Chip, content: ChipContent) -> None:
    """Read the chip back and compare every byte with what content should have become.

    Raises:
        ChipMismatchError: A file is absent or says something else.
    """
    _select_application(chip)
    for identifier, data in encode(content).items():
        try:
            found = _read_file(chip, identifier)
        except ChipError as error:
            if error.reason in ("no_file", "malformed"):
                raise ChipMismatchError(FILE_NAMES[identifier]) from error
            raise
        if found != data:
            raise ChipMismatchError(FILE_NAMES[identifier])


def _select_application(chip: Chip) -> None:
    exchange(chip, command(0xA4, 0x04, 0x0C, APPLICATION)).require_ok("the identity application")


def _select_file(chip: Chip, identifier: int) -> None:
    answer = exchange(chip, command(0xA4, 0x02, 0x0C, identifier.to_bytes(2, "big")))
    answer.require_ok(FILE_NAMES[identifier])


def _create(chip: Chip, identifier: int, size: int) -> None:
    if size > PLAIN_OFFSETS:
        raise ValueError(f"{FILE_NAMES[identifier]} of {size} bytes cannot be written")
    place = b"\x63\x04" + size.to_bytes(2, "big") + identifier.to_bytes(2, "big")
    answer = exchange(chip, command(0xE0, 0x00, 0x00, place))
    if answer.status_word == SW.CONDITIONS_NOT_SATISFIED:
        raise ChipError("already_personalised", "", answer.status_word)
    if answer.status_word != SW.FILE_EXISTS:  # left by an attempt that a power cut ended
        answer.require_ok(f"creating {FILE_NAMES[identifier]}")


def _read_file(chip: Chip, identifier: int) -> bytes:
    """Read one file, as long as its own first element says that it is."""
    _select_file(chip, identifier)
    answer = _read(chip, 0, HEAD)
    data = answer.data
    if answer.status_word != SW.END_OF_FILE:
        answer.require_ok(FILE_NAMES[identifier])
    if len(data) != HEAD:
        raise ChipError("malformed", f"{FILE_NAMES[identifier]} is cut short")
    tag, length, head = read_head(data)
    if tag != FILE_TAGS[identifier] or head + length > MAX_FILE:
        raise ChipError("malformed", f"{FILE_NAMES[identifier]} is something else")
    sizes = list(READ_SIZES)
    total = head + length
    while len(data) < total:
        asked = min(sizes[0], total - len(data))
        answer = _read(chip, len(data), asked)
        if answer.status_word == SW.WRONG_LENGTH and len(sizes) > 1:
            del sizes[0]
            continue
        if answer.status_word != SW.END_OF_FILE:
            answer.require_ok(FILE_NAMES[identifier])
        if not 0 < len(answer.data) <= asked:
            raise ChipError("malformed", f"{FILE_NAMES[identifier]} ends early")
        data += answer.data
    return data[:total]


def _read(chip: Chip, offset: int, count: int) -> Response:
    if offset + count <= PLAIN_OFFSETS:
        return exchange(chip, command(0xB0, offset >> 8, offset & 0xFF, expected=count))
    place = b"\x54\x02" + offset.to_bytes(2, "big")
    answer = exchange(chip, command(0xB1, 0x00, 0x00, place, expected=min(count + 4, 256)))
    if answer.status_word not in (SW.OK, SW.END_OF_FILE):
        return answer
    tag, length, head = read_head(answer.data + bytes(8))
    if tag != 0x53 or head + length != len(answer.data):
        raise ChipError("malformed", "not the data that were asked for")
    return Response(answer.data[head:], answer.status_word)
