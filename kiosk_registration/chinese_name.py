"""The Chinese name on the form: a character more or less, and the code of each."""

import re

from common.domain.chinese_codes import (
    LONGEST_NAME,
    NO_CODE,
    code_of,
    codes_for,
    fitting_codes,
)
from common.wire.shapes import Particulars

_CODE = re.compile(r"[0-9]{4,5}")


def with_codes(form: Particulars) -> Particulars:
    """Return the form with a code for each character: those it holds, else the table's."""
    codes = fitting_codes(form.chinese_name, form.chinese_codes)
    return form.model_copy(update={"chinese_codes": codes})


def with_character(form: Particulars, character: str) -> Particulars:
    """Return the form with one character more at the end of the name, if there is room."""
    if len(form.chinese_name) >= LONGEST_NAME or len(character) != 1:
        return form
    codes = [*with_codes(form).chinese_codes.split(), code_of(character) or NO_CODE]
    return _with(form, form.chinese_name + character, codes)


def without_last(form: Particulars) -> Particulars:
    """Return the form without the last character of the name."""
    return _with(form, form.chinese_name[:-1], with_codes(form).chinese_codes.split()[:-1])


def with_code(form: Particulars, place: int, code: str) -> Particulars:
    """Return the form with another code for the character at a place, counted from 0.

    Raises:
        ValueError: It is no code: four digits, and at most one more that tells the glyph.
    """
    codes = with_codes(form).chinese_codes.split()
    if _CODE.fullmatch(code) is None or not 0 <= place < len(codes):
        raise ValueError("chinese_codes")
    codes[place] = code
    return _with(form, form.chinese_name, codes)


def choices(form: Particulars, place: int) -> tuple[str, ...]:
    """Return the codes to choose from at a place: the table's, the one it has, and none."""
    has = with_codes(form).chinese_codes.split()[place]
    return tuple(dict.fromkeys((*codes_for(form.chinese_name[place]), has, NO_CODE)))


def _with(form: Particulars, name: str, codes: list[str]) -> Particulars:
    return form.model_copy(update={"chinese_name": name, "chinese_codes": " ".join(codes)})
