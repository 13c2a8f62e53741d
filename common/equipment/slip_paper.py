"""Draws a slip: lines of text in three scripts, and codes that a cheap scanner reads."""

from functools import cache
from pathlib import Path

import qrcode
from PIL import Image, ImageDraw, ImageFont

from common.domain.language import Language

SLIP_WIDTH = 576
"""Dots across 80 mm paper at 203 dpi, less the margins that printers cannot reach."""

MODULE_PX = 7
QUIET_MODULES = 4

_FOLDERS = (
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/google-noto-cjk",
    "C:/Windows/Fonts",
)
_FILES = {
    # name of the file -> the face within it for (Hong Kong, mainland) forms of characters
    ("NotoSansCJK-Bold.ttc", True): (4, 2),
    ("NotoSansCJK-Regular.ttc", False): (4, 2),
    ("msjhbd.ttc", True): (0, 0),
    ("msjh.ttc", False): (0, 0),
}

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def slip_font(size: int, language: Language, *, bold: bool = False) -> Font:
    """Return a font with Chinese characters, or Pillow's own where the machine has none."""
    for (name, is_bold), faces in _FILES.items():
        if is_bold != bold:
            continue
        face = faces[1] if language is Language.SIMPLIFIED else faces[0]
        for folder in _FOLDERS:
            file = Path(folder) / name
            if file.exists():
                return ImageFont.truetype(str(file), size, index=face)
    return ImageFont.load_default(size)


def code_picture(text: str, module_px: int = MODULE_PX) -> Image.Image:
    """Draw a QR code with its quiet zone, black on white."""
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M,
        box_size=module_px,
        border=QUIET_MODULES,
    )
    code.add_data(text)
    code.make(fit=True)
    return code.make_image().get_image().convert("L")


class SlipPaper:
    """A white strip that grows downwards with what is put on it."""

    def __init__(self, language: Language, width: int = SLIP_WIDTH) -> None:
        self._language = language
        self._width = width
        self._picture = Image.new("L", (width, 4000), 255)
        self._draw = ImageDraw.Draw(self._picture)
        self._y = 16

    def line(self, text: str, size: int = 28, *, bold: bool = False) -> None:
        """Put centred text, broken where it is wider than the paper."""
        font = slip_font(size, self._language, bold=bold)
        for part in self._broken(text, font):
            left, _, right, _ = self._draw.textbbox((0, 0), part, font=font)
            self._draw.text(((self._width - right + left) / 2 - left, self._y), part, 0, font=font)
            self._y += round(size * 1.32)

    def rule(self) -> None:
        """Put a thin line across."""
        self._draw.line([(24, self._y + 10), (self._width - 24, self._y + 10)], 0, 2)
        self._y += 22

    def gap(self, pixels: int) -> None:
        """Leave room."""
        self._y += pixels

    def code(self, text: str) -> None:
        """Put a QR code in the middle."""
        picture = code_picture(text)
        self._picture.paste(picture, ((self._width - picture.width) // 2, self._y))
        self._y += picture.height

    def picture(self) -> Image.Image:
        """Return the slip, cut after its last line."""
        return self._picture.crop((0, 0, self._width, self._y + 16)).point(
            lambda level: 255 if level > 127 else 0
        )

    def _broken(self, text: str, font: Font) -> list[str]:
        lines, line = [], ""
        for word in _pieces(text):
            if line and self._draw.textlength(line + word.rstrip(), font=font) > self._width - 32:
                lines.append(line.rstrip())
                line = word.lstrip()
            else:
                line += word
        return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """Cut text where a line may break: after a space, and after each Chinese character."""
    pieces = [""]
    for letter in text:
        pieces[-1] += letter
        if letter == " " or ord(letter) >= 0x2E80:
            pieces.append("")
    return pieces
