"""The technician's sheet on A4."""

import io
import re
from collections.abc import Iterator
from html import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from hardware.console.entries import Outcome
from hardware.console.sheets import SIGNATURE, SIGNS, Sheet, facts

MARGIN = 18 * mm
FRAME_PADDING = 6
"""What reportlab leaves free inside a page's frame."""
WIDTH = A4[0] - 2 * (MARGIN + FRAME_PADDING)
OUTSIDE_HELVETICA = re.compile(r"[^\x20-\xff]+")
OTHERS = "MSung-Light"
"""For names in Chinese: every PDF reader has a font for it, so none is put into the file."""
PLAIN = ParagraphStyle("plain", fontName="Helvetica", fontSize=10, leading=13)
HEADING = ParagraphStyle("heading", PLAIN, fontName="Helvetica-Bold", fontSize=18, leading=24)
DEVICE = ParagraphStyle("device", PLAIN, fontName="Helvetica-Bold", fontSize=12, leading=16)
GRID = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.grey),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
)
SIGNATURE_LINES = TableStyle(
    [
        ("LINEBELOW", (1, 0), (1, -1), 0.75, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ]
)


def sheet_pdf(sheet: Sheet) -> bytes:
    """Lay the sheet out on as many pages as it takes, with room for the signature on the last."""
    pdfmetrics.registerFont(UnicodeCIDFont(OTHERS))
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=sheet.title,
    )
    document.build(list(_story(sheet)))
    return file.getvalue()


def _story(sheet: Sheet) -> Iterator[Flowable]:
    yield _words(sheet.title, HEADING)
    yield _words(f"{sheet.date}: {sheet.summary}")
    for outcome in sheet.outcomes:
        yield Spacer(0, 5 * mm)
        yield KeepTogether(_device(outcome))
    yield KeepTogether([Spacer(0, 8 * mm), _signature()])


def _device(outcome: Outcome) -> list[Flowable]:
    rows = [[_words(name), _words(value)] for name, value in facts(outcome)]
    rows += [[_words(f"{SIGNS[s.outcome]} {s.outcome}"), _words(s.words)] for s in outcome.steps]
    rows.append([_words("Result"), _words(outcome.detail)])
    return [
        _words(f"{outcome.name}: {outcome.verdict}", DEVICE),
        Table(rows, colWidths=(30 * mm, WIDTH - 30 * mm), style=GRID),
    ]


def _signature() -> Flowable:
    rows = [[_words(words), ""] for words in SIGNATURE]
    widths = (50 * mm, WIDTH - 50 * mm)
    return Table(rows, colWidths=widths, rowHeights=14 * mm, style=SIGNATURE_LINES)


def _words(text: str, style: ParagraphStyle = PLAIN) -> Paragraph:
    def in_another_font(found: re.Match[str]) -> str:
        return f'<font name="{OTHERS}">{found[0]}</font>'

    return Paragraph(OUTSIDE_HELVETICA.sub(in_another_font, escape(text)), style)
