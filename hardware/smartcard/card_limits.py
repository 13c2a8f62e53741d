"""How long a card's commands and answers may be, as it announces it itself.

Sources: ISO 7816-3, 8.2 (answer to reset); ISO 7816-4, 12.1 (historical bytes, card
capabilities); ICAO Doc 9303-10, 3.11.1 (EF.ATR/INFO, extended length information 7F66).
"""

from dataclasses import dataclass

from hardware.smartcard.apdu import LONG_ANSWER, LONG_DATA, SHORT_ANSWER, SHORT_DATA
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.tlv import Tlv, read_head

EXTENDED_LENGTH_INFORMATION = 0x7F66
CAPABILITIES = 0x47
_COMPACT_CAPABILITIES = 7
_EXTENDED = 0x40
_TOLD_IN_FILE = 0x20
_COMPACT_HEADS = (0x00, 0x80)
"""Category indicators of historical bytes in compact TLV: with a status at the end, without."""
_COMMAND_FRAME = 9
"""Header and length fields around the data of an extended command."""
_SHORTEST = 256


@dataclass(frozen=True, slots=True)
class Limits:
    """The longest data field of a command and of an answer.

    Attributes:
        command: 255 where the card takes short commands only.
        answer: 256 where the card takes short commands only.
        are_in_file: Whether EF.ATR/INFO may say more.
    """

    command: int = SHORT_DATA
    answer: int = SHORT_ANSWER
    are_in_file: bool = True


def of_atr(atr: bytes) -> Limits:
    """Read what the historical bytes announce. What cannot be read announces nothing."""
    history = _historical_bytes(atr)
    if history[:1] and history[0] in _COMPACT_HEADS:
        at = 1
        while at < len(history):
            tag, size = history[at] >> 4, history[at] & 0x0F
            if tag == _COMPACT_CAPABILITIES and size == 3:
                return _of_capabilities(history[at + 1 : at + 4], Limits())
            at += 1 + size
    return Limits()


def of_atr_info(content: bytes, before: Limits) -> Limits:
    """Read what EF.ATR/INFO announces: a row of data objects, perhaps cut short.

    Args:
        content: The file, or its beginning.
        before: What was known before; holds for what the file does not tell.
    """
    found = {element.tag: element.value for element in _elements(content)}
    limits = _of_capabilities(found.get(CAPABILITIES, b""), before)
    told = [e.value for e in _elements(found.get(EXTENDED_LENGTH_INFORMATION, b"")) if e.tag == 2]
    if len(told) == 2:
        command, answer = (int.from_bytes(value, "big") for value in told)
        if command > _SHORTEST and answer > _SHORTEST:
            return Limits(
                min(command - _COMMAND_FRAME, LONG_DATA), min(answer - 2, LONG_ANSWER), False
            )
    return Limits(limits.command, limits.answer, False)


def _of_capabilities(value: bytes, before: Limits) -> Limits:
    """Take the third software function byte of the card capabilities."""
    if len(value) != 3:
        return before
    if not value[2] & _EXTENDED:
        return Limits(are_in_file=False)
    return Limits(LONG_DATA, LONG_ANSWER, bool(value[2] & _TOLD_IN_FILE))


def _historical_bytes(atr: bytes) -> bytes:
    if len(atr) < 2:
        return b""
    at, offers = 2, atr[1] >> 4
    while True:
        at += (offers & 7).bit_count()
        if not offers & 8:
            break
        if at >= len(atr):
            return b""
        offers = atr[at] >> 4
        at += 1
    return atr[at : at + (atr[1] & 0x0F)]


def _elements(content: bytes) -> list[Tlv]:
    """Cut off whole elements as long as there are any."""
    found: list[Tlv] = []
    at = 0
    while at < len(content):
        try:
            tag, length, head = read_head(content[at : at + 8])
        except ChipError:
            break
        if at + head + length > len(content):
            break
        found.append(Tlv(tag, content[at + head : at + head + length]))
        at += head + length
    return found
