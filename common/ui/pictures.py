"""Pictures for QML that are made here: pictograms in a colour and the camera's newest frame."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

PICTOGRAMS = Path(__file__).parent / "qml" / "Smartics" / "pictograms"


class Pictograms(QQuickImageProvider):
    """Line drawings by name and colour: image://pictogram/card/0b4f8a."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: N802, N803, ARG002 (Qt's names)
        """Return the drawing as large as asked."""
        name, _, colour = id.partition("/")
        svg = (PICTOGRAMS / f"{name}.svg").read_text("utf-8").replace("currentColor", f"#{colour}")
        side = requestedSize if requestedSize.isValid() else QSize(96, 96)
        picture = QImage(side, QImage.Format.Format_ARGB32_Premultiplied)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        QSvgRenderer(QByteArray(svg.encode())).render(painter)
        painter.end()
        return picture
