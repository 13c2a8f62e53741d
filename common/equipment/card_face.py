"""Draws the two printed sides of an identity card (ID-1, 85.6 x 54 mm), and the PDF to print them.

The front is for people: portrait, names, number. The machine-readable side carries the zone (ICAO
9303-5: three lines of OCR-B at ten characters an inch in the lowest 23.2 mm) and the card access
number (CAN, BSI TR-03110), from which a reader derives the password of the chip.
"""

import os
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from common.domain.language import Language
from common.equipment.card_ground import ground
from common.equipment.rare_characters import parts_of
from common.equipment.slip_paper import slip_font
from hardware.smartcard.lds import ChipContent

WIDTH_MM, HEIGHT_MM = 85.6, 54.0
PRINT_DPI = 600
PICTURE = 1012, 638
"""Pixels of a picture: 300 dpi."""

PITCH_MM, LINE_MM, ZONE_MM = 2.54, 6.35, 23.2
ZONE_LEFT_MM = 4.0
"""ICAO 9303-5: the zone's first character begins 4.0 mm (give or take 1.0) from the left edge."""

FONT_SIZE_PT = 10
CAN_SIZE_PT, CAN_PITCH_MM = 15, 3.81
CAN_DIGITS = 6

INK, SOFT_INK, RULE = (24, 32, 44), (82, 98, 112), (146, 168, 174)
DEEP = (22, 74, 84)
GOLD, GOLD_EDGE = (214, 182, 108), (150, 120, 58)

OCR_B_FILES = ("OCRB.otf", "OCRB.ttf", "OCR-B.otf", "OCR-B.ttf")

Labels = tuple[str, str, str]
"""In traditional Chinese, simplified Chinese, English."""

TITLE: Labels = ("身份證", "身份证", "IDENTITY CARD")
SURNAME: Labels = ("姓氏", "姓氏", "Surname")
GIVEN: Labels = ("名字", "名字", "Given names")
BIRTH: Labels = ("出生日期", "出生日期", "Date of birth")
SEX: Labels = ("性別", "性别", "Sex")
EXPIRY: Labels = ("有效期至", "有效期至", "Valid until")
NUMBER: Labels = ("身份證號碼", "身份证号码", "Identity number")
OFFICE: Labels = ("辦事處專用", "办事处专用", "For office use")
ACCESS: Labels = ("卡片存取號碼", "卡片存取号码", "Card access number")
RETURN: Labels = (
    "拾獲此證，請交任何辦事處。",
    "拾获此证，请交任何办事处。",
    "If found, please hand in at any office.",
)
SEXES: dict[str, Labels] = {
    "M": ("男", "男", "M"),
    "F": ("女", "女", "F"),
    "X": ("其他", "其他", "X"),
}


def card_face(content: ChipContent, can: str) -> Image.Image:
    """Return the machine-readable side as it looks, with the chip's contacts, at 300 dpi.

    Raises:
        ValueError: can is not six digits, or the machine has no font OCR-B, or none with a
            character of the name.
    """
    side = _machine_side(content, can)
    _contacts(side)
    return side.picture.resize(PICTURE, Image.Resampling.LANCZOS)


def card_front(content: ChipContent) -> Image.Image:
    """Return the side with the portrait, at 300 dpi.

    Raises:
        ValueError: No font has a character of the name.
    """
    return _front(content).picture.resize(PICTURE, Image.Resampling.LANCZOS)


def card_print_pdf(content: ChipContent, can: str) -> bytes:
    """Return both sides at true size for a card printer: front, then machine-readable side.

    Raises:
        ValueError: As card_face.
    """
    front, back = _front(content).picture, _machine_side(content, can).picture
    pdf = BytesIO()
    front.save(
        pdf, "PDF", resolution=PRINT_DPI, save_all=True, append_images=[back], quality=92, title=""
    )
    return pdf.getvalue()


@cache
def ocr_b_file() -> Path:
    """Find the font OCR-B where the system keeps fonts.

    Raises:
        ValueError: It is not installed.
    """
    for folder in _font_folders():
        for name in OCR_B_FILES:
            if found := next(iter(sorted(folder.rglob(name))), None):
                return found
    raise ValueError("the font OCR-B is missing: install fonts-ocr-b")


def _font_folders() -> Iterator[Path]:
    """The folders of fontconfig's default configuration, and Windows' own."""
    home = os.environ.get("XDG_DATA_HOME", "")
    folders = [Path(home) / "fonts"] if home else []
    folders += [Path.home() / ".local/share/fonts", Path.home() / ".fonts"]
    folders += [Path(f"{root}/fonts") for root in ("/usr/local/share", "/usr/share")]
    folders.append(Path("C:/Windows/Fonts"))
    return (folder for folder in folders if folder.is_dir())


class _Side:
    """One side at PRINT_DPI; places are in mm from its upper left corner."""

    def __init__(self, *, mirrored: bool) -> None:
        size = px(WIDTH_MM), px(HEIGHT_MM)
        self.picture = ground(*size, mirrored=mirrored).copy()
        self.draw = ImageDraw.Draw(self.picture)

    def text(
        self,
        at: tuple[float, float],
        text: str,
        size_mm: float,
        colour: tuple[int, int, int] = INK,
        *,
        language: Language = Language.TRADITIONAL,
        bold: bool = False,
        anchor: str = "ls",
        room_mm: float = WIDTH_MM,
    ) -> float:
        """Write text whose baseline begins there, smaller where room is short; return its end."""
        font = slip_font(px(size_mm), language, bold=bold)
        long_px = self.draw.textlength(text, font)
        if long_px > px(room_mm):
            font = slip_font(int(px(size_mm) * px(room_mm) / long_px), language, bold=bold)
            long_px = self.draw.textlength(text, font)
        self.draw.text((px(at[0]), px(at[1])), text, colour, font, anchor)
        return at[0] + long_px / px(1000) * 1000

    def name(self, at: tuple[float, float], text: str, size_mm: float, room_mm: float) -> None:
        """Write a Chinese name in bold, rare characters in a font that has them.

        Raises:
            ValueError: No font has one of the characters.
        """
        size = px(size_mm)
        while True:
            usual = slip_font(size, Language.TRADITIONAL, bold=True)
            parts = list(parts_of(text, usual))
            long_px = sum(self.draw.textlength(part, font) for part, font in parts)
            if long_px <= px(room_mm):
                break
            size = min(size - 1, int(size * px(room_mm) / long_px))
        left = float(px(at[0]))
        for part, font in parts:
            self.draw.text((left, px(at[1])), part, INK, font, "ls")
            left += self.draw.textlength(part, font)

    def label(self, at: tuple[float, float], labels: Labels, size_mm: float = 1.75) -> None:
        """Write a small label in three languages, each Chinese one once if both are the same."""
        traditional, simplified, english = labels
        x = self.text(at, traditional, size_mm, SOFT_INK)
        if simplified != traditional:
            x = self.text(
                (x + 0.8, at[1]), simplified, size_mm, SOFT_INK, language=Language.SIMPLIFIED
            )
        self.text((x + 0.8, at[1]), english, size_mm, SOFT_INK)

    def ocr_b(self, left: float, middle: float, text: str, size_pt: int, pitch: float) -> None:
        """Write OCR-B at a true pitch, capitals centred on the line at middle."""
        font = _ocr_b(size_pt)
        _, top, _, bottom = font.getbbox("H", anchor="ls")
        baseline = px(middle) - (top + bottom) / 2
        for at, letter in enumerate(text):
            place = px(left + (at + 0.5) * pitch), baseline
            self.draw.text(place, letter, INK, font, "ms")


def px(mm: float) -> int:
    """Return millimetres in pixels of the print."""
    return round(mm / 25.4 * PRINT_DPI)


@cache
def _ocr_b(size_pt: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(ocr_b_file()), size_pt / 72 * PRINT_DPI)


def _title(side: _Side) -> None:
    """The head of both sides."""
    x = side.text((4.0, 6.6), TITLE[0], 4.1, DEEP, bold=True)
    x = side.text((x + 1.4, 6.6), TITLE[1], 4.1, DEEP, bold=True, language=Language.SIMPLIFIED)
    side.text((x + 1.8, 6.6), TITLE[2], 2.9, DEEP, bold=True)


def _front(content: ChipContent) -> _Side:
    side = _Side(mirrored=False)
    mrz = content.mrz
    _title(side)
    side.draw.line([(px(4), px(8.3)), (px(WIDTH_MM - 4), px(8.3))], DEEP, px(0.18))
    _portrait(side, content.portrait_jpeg)
    left, room = 36.0, WIDTH_MM - 36.0 - 4.0
    if content.chinese_name:
        side.name((left, 17.2), content.chinese_name, 5.4, room)
    side.label((left, 21.2), SURNAME)
    side.text((left, 24.8), mrz.surname, 3.5, bold=True, room_mm=room)
    side.label((left, 28.3), GIVEN)
    side.text((left, 31.9), mrz.given_names or "–", 3.5, bold=True, room_mm=room)
    side.label((left, 35.6), BIRTH)
    side.text((left, 39.2), mrz.date_of_birth.strftime("%d-%m-%Y"), 3.3, bold=True)
    side.label((63.0, 35.6), SEX)
    chinese, _, latin = SEXES[mrz.sex]
    side.text((63.0, 39.2), f"{chinese} {latin}", 3.3, bold=True)
    side.label((left, 42.9), EXPIRY)
    side.text((left, 46.5), mrz.expiry.strftime("%d-%m-%Y"), 3.3, bold=True)
    side.label((63.0, 42.9), ("號碼", "号码", "Number"))
    number = content.personal_number or mrz.document_number
    side.text((63.0, 46.7), number, 3.6, DEEP, bold=True, room_mm=WIDTH_MM - 63.0 - 3.0)
    return side


def _portrait(side: _Side, jpeg: bytes) -> None:
    """Put the portrait into its window."""
    with Image.open(BytesIO(jpeg)) as opened:
        picture = opened.convert("RGB")
    size = px(27.0), px(36.0)
    place = px(4.0), px(12.6)
    window = ImageOps.fit(picture, size, Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    shape = Image.new("L", size)
    ImageDraw.Draw(shape).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), px(1.4), 255)
    side.picture.paste(window, place, shape)
    corner = place[0] + size[0], place[1] + size[1]
    side.draw.rounded_rectangle((*place, *corner), px(1.4), outline=RULE, width=px(0.15))


def _machine_side(content: ChipContent, can: str) -> _Side:
    if len(can) != CAN_DIGITS or not (can.isascii() and can.isdigit()):
        raise ValueError("a card access number has six digits")
    side = _Side(mirrored=True)
    _access_number(side, can)
    _office_field(side)
    top = HEIGHT_MM - ZONE_MM
    # Under the zone nothing but light paper: ICAO asks for a high contrast there.
    veil = Image.new("L", (px(WIDTH_MM), px(ZONE_MM)), 150)
    side.picture.paste((252, 253, 252), (0, px(top)), veil)
    side.draw.line([(0, px(top)), (px(WIDTH_MM), px(top))], RULE, px(0.12))
    text = content.mrz.text()
    first = HEIGHT_MM - ZONE_MM / 2 - LINE_MM
    for at in range(3):
        line = text[30 * at : 30 * at + 30]
        side.ocr_b(ZONE_LEFT_MM, first + at * LINE_MM, line, FONT_SIZE_PT, PITCH_MM)
    return side


def _access_number(side: _Side, can: str) -> None:
    left = WIDTH_MM - 4.0 - CAN_DIGITS * CAN_PITCH_MM
    side.text((left, 4.4), "CAN", 2.3, DEEP, bold=True)
    side.label((left + 5.6, 4.4), (ACCESS[0], ACCESS[0], ""), 1.75)
    side.ocr_b(left, 8.6, can, CAN_SIZE_PT, CAN_PITCH_MM)


def _office_field(side: _Side) -> None:
    x = side.text((4.0, 6.6), TITLE[0], 3.2, DEEP, bold=True)
    x = side.text((x + 1.2, 6.6), TITLE[1], 3.2, DEEP, bold=True, language=Language.SIMPLIFIED)
    side.text((x + 1.4, 6.6), TITLE[2], 2.3, DEEP, bold=True)
    box = (px(28.0), px(14.0), px(WIDTH_MM - 4.0), px(26.6))
    side.draw.rounded_rectangle(box, px(1.0), outline=RULE, width=px(0.15))
    side.label((29.4, 16.8), OFFICE)
    side.label((28.0, 29.4), (RETURN[0], RETURN[0], RETURN[2]), 1.6)


def _contacts(side: _Side) -> None:
    """Draw the chip's contact plate where ISO 7816-2 puts it."""
    left, top, right, bottom = 9.3, 18.4, 21.3, 28.9
    box = (px(left), px(top), px(right), px(bottom))
    side.draw.rounded_rectangle(box, px(1.6), GOLD, GOLD_EDGE, px(0.15))
    width = px(0.2)
    core = (px(13.4), px(20.6), px(17.2), px(26.7))
    side.draw.rounded_rectangle(core, px(1.0), GOLD, GOLD_EDGE, width)
    for share in (0.25, 0.5, 0.75):
        y = px(top + share * (bottom - top))
        side.draw.line([(box[0], y), (core[0], y)], GOLD_EDGE, width)
        side.draw.line([(core[2], y), (box[2], y)], GOLD_EDGE, width)
    middle = px((left + right) / 2)
    side.draw.line([(middle, box[1]), (middle, core[1])], GOLD_EDGE, width)
    side.draw.line([(middle, core[3]), (middle, box[3])], GOLD_EDGE, width)
