"""How many parts a text message is cut into: each is paid for, and may arrive alone.

3GPP TS 23.038 6.2.1 (the letters of GSM-7) and TS 23.040 9.2.3.24.1 (parts lose six bytes to a
header). A text with any other letter goes as UCS-2.
"""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_WHOLE_GSM, _PART_GSM = 160, 153
_WHOLE_UCS2, _PART_UCS2 = 70, 67


def segments(text: str) -> int:
    """Return the number of parts that a text is sent in."""
    letters = set(text)
    if letters <= _BASIC | _EXTENDED:
        widths = [2 if letter in _EXTENDED else 1 for letter in text]
        return _parts(widths, _WHOLE_GSM, _PART_GSM)
    widths = [2 if ord(letter) > 0xFFFF else 1 for letter in text]
    return _parts(widths, _WHOLE_UCS2, _PART_UCS2)


def _parts(widths: list[int], whole: int, part: int) -> int:
    if sum(widths) <= whole:
        return 1
    count, room = 1, part
    for width in widths:
        # A letter of two units is not torn apart.
        if width > room:
            count, room = count + 1, part
        room -= width
    return count
