"""Fonts for characters of names that the usual font has no shape for.

Pillow draws an empty box for such a character and says nothing, so each is looked up first.
"""

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont
from PIL import ImageFont

from common.equipment.slip_paper import Font

_RARE = ("HanaMinA.ttf", "HanaMinB.ttf")
_FOLDERS = (
    Path("/usr/share/fonts/truetype/hanazono"),
    Path(__file__).parents[1] / "ui" / "fonts",
    Path("C:/Windows/Fonts"),
)


def parts_of(text: str, usual: Font) -> Iterator[tuple[str, Font]]:
    """Part a text where its font changes: the usual one, or one that knows rare characters.

    Raises:
        ValueError: No font on this machine has one of the characters.
    """
    chosen = [(character, _font_for(character, usual)) for character in text]
    for _, part in groupby(chosen, key=lambda one: id(one[1])):
        found = list(part)
        yield "".join(character for character, _ in found), found[0][1]


def _font_for(character: str, usual: Font) -> Font:
    if not isinstance(usual, ImageFont.FreeTypeFont) or ord(character) in _known(str(usual.path)):
        return usual
    for folder in _FOLDERS:
        for name in _RARE:
            file = folder / name
            if file.exists() and ord(character) in _known(str(file)):
                return _rare(str(file), round(usual.size))
    raise ValueError("no font has a character of this name: install fonts-hanazono")


@cache
def _known(file: str) -> frozenset[int]:
    if file.endswith((".ttc", ".otc")):
        with TTCollection(file, lazy=True) as collection:
            return frozenset(collection.fonts[0].getBestCmap())
    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _rare(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size)
