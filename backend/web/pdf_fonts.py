"""Fonts for PDFs: reportlab embeds TrueType outlines only, and Noto Sans CJK has cubic ones.

So the characters that a paper needs are drawn over into a small TrueType font, once a process.
"""

import hashlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont as PdfFont

from common.domain.language import Language, OfficeLanguage

_FOLDERS = (
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/google-noto-cjk",
)
_FILES = {False: "NotoSansCJK-Regular.ttc", True: "NotoSansCJK-Bold.ttc"}
_FACES = {Language.SIMPLIFIED: "Noto Sans CJK SC"}
_HONG_KONG = "Noto Sans CJK HK"
_READERS_OWN = {Language.SIMPLIFIED: "STSong-Light"}
_READERS_OWN_TRADITIONAL = "MSung-Light"
_LATIN = "".join(map(chr, range(0x20, 0x7F)))
_ERROR_OF_A_THOUSANDTH = 0.001


def pdf_font(language: OfficeLanguage, characters: Iterable[str], *, bold: bool) -> str:
    """Register a font that holds these characters and return its name for reportlab.

    On a machine without Noto Sans CJK it is a font that every PDF reader brings along.
    """
    needed = sorted({*_LATIN, *characters})
    mark = hashlib.sha256("".join(needed).encode()).hexdigest()[:8]
    name = f"{language}-{'bold' if bold else 'regular'}-{mark}"
    file = _find(_FILES[bold])
    if file is None:
        own = _READERS_OWN.get(language, _READERS_OWN_TRADITIONAL)
        pdfmetrics.registerFont(UnicodeCIDFont(own))
        return own
    face = _FACES.get(language, _HONG_KONG)
    pdfmetrics.registerFont(PdfFont(name, BytesIO(_small_font(file, face, needed, name))))
    return name


def _find(name: str) -> Path | None:
    files = (Path(folder) / name for folder in _FOLDERS)
    return next((file for file in files if file.exists()), None)


def _small_font(file: Path, face: str, characters: list[str], name: str) -> bytes:
    with TTCollection(str(file), lazy=True) as collection:
        source = next(font for font in collection if font["name"].getBestFamilyName() == face)
        return _drawn_over(source, characters, name)


def _drawn_over(source: TTFont, characters: list[str], name: str) -> bytes:
    known = source.getBestCmap()
    codes = [ord(character) for character in characters]
    cmap = {code: known[code] for code in codes if code in known}
    order = [".notdef", *dict.fromkeys(cmap.values())]
    units = source["head"].unitsPerEm
    glyphs = {}
    drawn = source.getGlyphSet()
    for glyph in order:
        pen = TTGlyphPen(None)
        drawn[glyph].draw(Cu2QuPen(pen, units * _ERROR_OF_A_THOUSANDTH, reverse_direction=True))
        glyphs[glyph] = pen.glyph()
    builder = FontBuilder(units, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(cmap)
    builder.setupGlyf(glyphs)
    # A TrueType outline is moved until its left edge stands at its left bearing: so they agree.
    drawn_at = builder.font["glyf"]
    builder.setupHorizontalMetrics(
        {glyph: (drawn[glyph].width, drawn_at[glyph].xMin) for glyph in order}
    )
    line = source["hhea"]
    builder.setupHorizontalHeader(ascent=line.ascent, descent=line.descent)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    builder.setupOS2(sTypoAscender=line.ascent, sTypoDescender=line.descent)
    builder.setupPost()
    out = BytesIO()
    builder.save(out)
    return out.getvalue()
