"""Line drawings for QML, in the colours that it asks for."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

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

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: N802, N803, ARG002 (Qt's names)
        """Return the drawing as large as asked, or nothing if there is no such drawing."""
        name, *colours = id.split("/")
        file = self._folder / f"{name}.svg"
        if not file.is_file():
            return QImage()
        svg = file.read_text("utf-8")
        for word, colour in zip(WORDS, colours, strict=False):
            svg = svg.replace(word, f"#{colour}")
        side = QSize(96, 96) if requestedSize.isEmpty() else requestedSize
        picture = QImage(side, QImage.Format.Format_ARGB32_Premultiplied)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        QSvgRenderer(QByteArray(svg.encode())).render(painter)
        painter.end()
        return picture
