"""Turns a page written in HTML into a PDF that every printer and reader can take."""

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument

DPI = 300
MARGIN_MM = 15.0


def render_pdf(html: str, margin_mm: float = MARGIN_MM) -> bytes:
    """Return A4 pages with embedded fonts. Pictures come as data URIs. Any thread may call this.

    A Qt application must exist, since it holds the fonts. Sizes in points are true to paper.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setCreator("smartics")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(*[margin_mm] * 4), QPageLayout.Unit.Millimeter)
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    document.setDocumentMargin(0)
    document.setPageSize(QSizeF(writer.width(), writer.height()))
    document.setHtml(html)
    document.print_(writer)
    buffer.close()
    return bytes(buffer.data().data())
