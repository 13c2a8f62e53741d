"""Draws the appointment letter as a PDF of one A4 sheet."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO

import qrcode
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from backend.commands.bookings import Reason
from backend.settings import OfficeSettings
from backend.web.pdf_fonts import pdf_font
from backend.web.render import Words, office_time
from common.domain.language import OfficeLanguage

_BRAND, _INK, _QUIET = HexColor("#0B4F8A"), HexColor("#10233F"), HexColor("#44546A")
_LEFT, _RIGHT = 22 * mm, A4[0] - 22 * mm
_QR_SIDE = 62 * mm
_BAND = 34 * mm
_POINT = "–"


@dataclass(frozen=True, slots=True)
class Letter:
    """What the sheet says; it holds no particulars of the person."""

    words: Words
    office: OfficeSettings
    starts_at: datetime
    reason: str
    token: str


def letter_pdf(letter: Letter) -> bytes:
    """Return the PDF. Its title and language are set, so that a reader announces them."""
    words = letter.words
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, lang=words.language.value)
    canvas.setTitle(words("letter-title"))
    canvas.setSubject(words("letter-title"))
    canvas.setAuthor(words("service"))
    canvas.setCreator(words("service"))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    sheet = _Sheet(canvas, words.language, words.office(letter.office))
    sheet.band(words("service"), words("letter-title"))
    local = office_time(letter.starts_at)
    top = A4[1] - _BAND - 14 * mm
    sheet.code(letter.token, top, words("letter-qr-hint"))
    sheet.at(top - 4 * mm)
    sheet.fact(words("letter-when"), words.day(local.date()), 15)
    sheet.large(local.strftime("%H:%M"))
    sheet.fact(words("letter-office"), words.office(letter.office), 13)
    sheet.fact(words("letter-reason"), words(f"reason-{letter.reason}"), 13)
    sheet.below(top - _QR_SIDE - 26 * mm)
    sheet.heading(words("start-bring"))
    for text in ("start-bring-letter", "start-bring-card"):
        sheet.point(words(text))
    sheet.note(words("letter-pdf-note"))
    canvas.showPage()
    canvas.save()
    return out.getvalue()


class _Sheet:
    """One page, written from the top downwards; lengths in points."""

    def __init__(self, canvas: Canvas, language: OfficeLanguage, office: str) -> None:
        self._canvas = canvas
        self._plain, self._bold = _fonts(language, office)
        self._y = 0.0
        self._text_width = _RIGHT - _LEFT - _QR_SIDE - 8 * mm

    def at(self, y: float) -> None:
        self._y = y

    def below(self, y: float) -> None:
        self._y = min(self._y, y)
        self._text_width = _RIGHT - _LEFT

    def band(self, service: str, title: str) -> None:
        canvas = self._canvas
        canvas.setFillColor(_BRAND)
        canvas.rect(0, A4[1] - _BAND, A4[0], _BAND, stroke=0, fill=1)
        canvas.setFillColor(HexColor("#FFFFFF"))
        canvas.setFont(self._plain, 12)
        canvas.drawString(_LEFT, A4[1] - 14 * mm, service)
        canvas.setFont(self._bold, 24)
        canvas.drawString(_LEFT, A4[1] - 26 * mm, title)

    def code(self, token: str, top: float, hint: str) -> None:
        """Draw the code as squares, sharp at any size, and its hint below."""
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
        code.add_data(token)
        rows = code.get_matrix()
        side = _QR_SIDE / len(rows)
        left = _RIGHT - _QR_SIDE
        path = self._canvas.beginPath()
        for y, row in enumerate(rows):
            for x, is_dark in enumerate(row):
                if is_dark:
                    path.rect(left + x * side, top - (y + 1) * side, side, side)
        self._canvas.setFillColor(HexColor("#000000"))
        self._canvas.drawPath(path, stroke=0, fill=1)
        self._y = top - _QR_SIDE - 4 * mm
        self._write(hint, self._plain, 9.5, _QUIET, left + 4 * side, _QR_SIDE - 8 * side)

    def fact(self, label: str, text: str, size: float) -> None:
        self._write(label, self._plain, 10.5, _QUIET, _LEFT, self._text_width)
        self._write(text, self._bold, size, _INK, _LEFT, self._text_width)
        self._y -= 4 * mm

    def large(self, text: str) -> None:
        self._y -= 5 * mm
        self._write(text, self._bold, 40, _BRAND, _LEFT, self._text_width)
        self._y -= 4 * mm

    def heading(self, text: str) -> None:
        self._write(text, self._bold, 14, _INK, _LEFT, self._text_width)
        self._y -= 1 * mm

    def point(self, text: str) -> None:
        self._write(f"{_POINT} {text}", self._plain, 12, _INK, _LEFT, self._text_width)

    def note(self, text: str) -> None:
        self._y -= 5 * mm
        self._write(text, self._plain, 10, _QUIET, _LEFT, self._text_width)

    def _write(
        self, text: str, font: str, size: float, colour: Color, x: float, width: float
    ) -> None:
        self._canvas.setFillColor(colour)
        self._canvas.setFont(font, size)
        for line in _lines(text, font, size, width):
            self._y -= size * 1.15
            self._canvas.drawString(x, self._y, line)
            self._y -= size * 0.3


def _lines(text: str, font: str, size: float, width: float) -> list[str]:
    """Break at spaces, and between Chinese characters, which have none."""
    lines: list[str] = []
    for words in simpleSplit(text, font, size, width):
        line = ""
        for character in words:
            if line and _width(line + character, font, size) > width and ord(character) > 0x2E7F:
                lines.append(line)
                line = ""
            line += character
        lines.append(line)
    return lines


def _width(text: str, font: str, size: float) -> float:
    return float(stringWidth(text, font, size))


@cache
def _fonts(language: OfficeLanguage, office: str) -> tuple[str, str]:
    words = Words(language)
    keys = (
        "service",
        "letter-title",
        "letter-qr-hint",
        "letter-when",
        "letter-office",
        "letter-reason",
        "letter-pdf-note",
        "start-bring",
        "start-bring-letter",
        "start-bring-card",
        *(f"reason-{reason}" for reason in Reason),
        *(f"weekday-{n}" for n in range(7)),
        *(f"month-{n}" for n in range(1, 13)),
    )
    a_date = words("date", weekday="", day="", month="", year="")
    needed = "".join([words(key) for key in keys]) + office + a_date + _POINT
    return (
        pdf_font(language, needed, bold=False),
        pdf_font(language, needed, bold=True),
    )
