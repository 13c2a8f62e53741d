"""The sheet that a printer's self-test prints, so that a person can judge it with their own eyes.

It names the device and the day, has an edge on all four sides, a ruler, stripes, a line of Chinese,
and a code that any telephone reads back as the same words.
"""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import qrcode
from PIL import Image, ImageDraw, ImageFont

SLIP_DOTS_PER_MM = 8
PAGE_DOTS_PER_INCH = 150
A4_MM = (210, 297)
CHINESE = "列印測試 打印测试 香港身份證"

_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "C:/Windows/Fonts/msjh.ttc",
)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a test sheet says of itself.

    Attributes:
        name: The device's name at its station.
        when: Day and time in words, from the caller's clock; empty where it has none.
    """

    name: str = ""
    when: str = ""

    def code(self) -> str:
        """Return what stands in the code on the sheet."""
        return " ".join(word for word in ("TEST", self.name, self.when) if word)


NO_OCCASION = Occasion()


def proof_slip(width_px: int, occasion: Occasion) -> Image.Image:
    """Draw a slip as wide as the paper, 203 dots an inch, in black and white."""
    sheet = _Sheet(width_px, 760, SLIP_DOTS_PER_MM, text_px=width_px // 18)
    sheet.fill(occasion, width_px)
    return sheet.picture.point(lambda level: 255 if level > 127 else 0).convert("1")


def proof_page(occasion: Occasion) -> bytes:
    """Draw an A4 page and return it as PDF."""
    per_mm = PAGE_DOTS_PER_INCH / 25.4
    width, height = (round(side * per_mm) for side in A4_MM)
    margin = round(10 * per_mm)
    inner = _Sheet(width - 2 * margin, height - 2 * margin, per_mm, text_px=48)
    inner.fill(occasion, 600)
    page = Image.new("L", (width, height), 255)
    page.paste(inner.picture, (margin, margin))
    pdf = io.BytesIO()
    # Black and white is a tenth of the size; day and time of making are no business of the sheet.
    black = page.point(lambda level: 255 if level > 127 else 0).convert("1")
    black.save(pdf, "PDF", resolution=PAGE_DOTS_PER_INCH, creationDate=None, modDate=None)
    return pdf.getvalue()


class _Sheet:
    """A white sheet that is filled from the top."""

    def __init__(self, width: int, height: int, per_mm: float, text_px: int) -> None:
        self.picture = Image.new("L", (width, height), 255)
        self._draw = ImageDraw.Draw(self.picture)
        self._per_mm = per_mm
        self._text_px = text_px
        self._y = text_px // 2

    def fill(self, occasion: Occasion, code_px: int) -> None:
        width, height = self.picture.size
        self._draw.rectangle((0, 0, width - 1, height - 1), outline=0, width=3)
        for words in ("TEST", occasion.name, occasion.when, CHINESE):
            self._line(words)
        self._ruler()
        self._stripes()
        self._code(occasion.code(), min(code_px, width, height - self._y - 12))

    def _line(self, words: str) -> None:
        if words:
            self._draw.text((self._text_px, self._y), words, 0, font=_font(self._text_px))
            self._y += round(self._text_px * 1.35)

    def _ruler(self) -> None:
        """Draw a scale in millimetres from the left edge, to be laid beside a real one."""
        top = self._y + 8
        for mm in range(int(self.picture.width / self._per_mm)):
            x = round(mm * self._per_mm)
            length = 30 if mm % 10 == 0 else 20 if mm % 5 == 0 else 12
            self._draw.line((x, top, x, top + length), 0, 2)
            if mm % 20 == 0 and mm:
                self._draw.text((x + 4, top + 14), str(mm), 0, font=_font(18))
        self._y = top + 44

    def _stripes(self) -> None:
        """Draw stripes that grow narrower: a worn head or roller smears the narrow ones."""
        x = self._text_px
        for stripe in (12, 8, 6, 4, 3, 2, 1):
            for _ in range(5):
                self._draw.rectangle((x, self._y, x + stripe - 1, self._y + 29), fill=0)
                x += 2 * stripe
            x += 8
        self._y += 40

    def _code(self, text: str, side_px: int) -> None:
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
        code.add_data(text)
        code.make(fit=True)
        modules = len(code.get_matrix())
        code.box_size = max(1, side_px // modules)
        picture = code.make_image().get_image().convert("L")
        self.picture.paste(picture, ((self.picture.width - picture.width) // 2, self._y))


@cache
def _font(size: int) -> Font:
    """Return a font with Chinese characters, or Pillow's own where the machine has none."""
    for file in _FONTS:
        if Path(file).exists():
            return ImageFont.truetype(file, size, index=4 if "Noto" in file else 0)
    return ImageFont.load_default(size)
