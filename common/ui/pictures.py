"""Line drawings for QML, in the colours that it asks for."""

from pathlib import Path
from threading import Lock

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

KEPT = 80
"""Drawings kept: more than a station shows in one look, less than 60 MB."""
MODULE = Path(__file__).parent / "qml" / "Smartics"
WORDS = ("currentColor", "softColor", "surfaceColor", "accentColor", "goodColor")
"""What stands in a drawing for the colours, in the order of the address."""


class Drawings(QQuickImageProvider):
    """The drawings of a folder by name and colours: image://pictogram/card/0b4f8a.

    The software renderer cannot tint a picture, so that the colour is put into the drawing.
    """

    def __init__(self, folder: str) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._folder = MODULE / folder
        self._drawn: dict[tuple[str, int, int], QImage] = {}
        self._lock = Lock()  # Qt may ask from a thread of its own

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: N802, N803, ARG002 (Qt's names)
        """Return the drawing as large as asked, or nothing if there is no such drawing."""
        side = QSize(96, 96) if requestedSize.isEmpty() else requestedSize
        key = id, side.width(), side.height()
        with self._lock:
            if key not in self._drawn:
                if len(self._drawn) >= KEPT:
                    self._drawn.clear()
                self._drawn[key] = self._draw(id, side)
            return self._drawn[key]

    def _draw(self, id: str, side: QSize) -> QImage:
        name, *colours = id.split("/")
        file = self._folder / f"{name}.svg"
        if not file.is_file():
            return QImage()
        svg = file.read_text("utf-8")
        for word, colour in zip(WORDS, colours, strict=False):
            svg = svg.replace(word, f"#{colour}")
        picture = QImage(side, QImage.Format.Format_ARGB32_Premultiplied)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        QSvgRenderer(QByteArray(svg.encode())).render(painter)
        painter.end()
        return picture
