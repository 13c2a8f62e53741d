"""A QR code for the screen, where no slip came out."""

import base64
from io import BytesIO

from common.equipment.slip_paper import code_picture

SCREEN_MODULE_PX = 10


def code_image(token: str) -> str:
    """Return the code as a data address for QML."""
    png = BytesIO()
    code_picture(token, SCREEN_MODULE_PX).save(png, "PNG")
    return "data:image/png;base64," + base64.b64encode(png.getvalue()).decode()
