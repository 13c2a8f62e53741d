"""A signature as a picture: PNG for records and prints, SVG for everything larger."""

import io
from itertools import pairwise

from PIL import Image, ImageDraw

from hardware.signature_pad.interface import InkPoint, Signature

THINNEST_MM, THICKEST_MM = 0.25, 0.9
"""The width of a line without pressure and with all of it: about a ballpoint and a fibre pen."""

MM_AN_INCH = 25.4
OVERSAMPLING = 4


def signature_png(signature: Signature, dots_per_inch: int = 300) -> bytes:
    """Draw the whole writing surface, black on white, 8 bits grey."""
    scale = dots_per_inch / MM_AN_INCH * OVERSAMPLING
    size = _px(signature.width_mm, scale), _px(signature.height_mm, scale)
    sheet = Image.new("L", size, 255)
    draw = ImageDraw.Draw(sheet)
    for stroke in signature.strokes:
        for point in stroke:
            _dot(draw, point, scale)
        for one, other in pairwise(stroke):
            width = max(1, round((_width(one) + _width(other)) / 2 * scale))
            ends = (one.x_mm * scale, one.y_mm * scale, other.x_mm * scale, other.y_mm * scale)
            draw.line(ends, fill=0, width=width)
    smaller = max(1, size[0] // OVERSAMPLING), max(1, size[1] // OVERSAMPLING)
    png = io.BytesIO()
    sheet.resize(smaller, Image.Resampling.LANCZOS).save(
        png, "PNG", dpi=(dots_per_inch, dots_per_inch)
    )
    return png.getvalue()


def signature_svg(signature: Signature) -> str:
    """Draw the same in millimetres; one line for each pair of points, as wide as they press."""
    size = f"{signature.width_mm:.2f} {signature.height_mm:.2f}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{signature.width_mm:.2f}mm" '
        f'height="{signature.height_mm:.2f}mm" viewBox="0 0 {size}">',
        '<g stroke="black" stroke-linecap="round">',
    ]
    for stroke in signature.strokes:
        for one, other in zip(stroke, stroke[1:] or stroke, strict=False):
            lines.append(
                f'<line x1="{one.x_mm:.2f}" y1="{one.y_mm:.2f}" x2="{other.x_mm:.2f}" '
                f'y2="{other.y_mm:.2f}" stroke-width="{(_width(one) + _width(other)) / 2:.2f}"/>'
            )
    return "\n".join([*lines, "</g>", "</svg>", ""])


def _width(point: InkPoint) -> float:
    return THINNEST_MM + (THICKEST_MM - THINNEST_MM) * point.pressure


def _px(length_mm: float, scale: float) -> int:
    return max(1, round(length_mm * scale))


def _dot(draw: ImageDraw.ImageDraw, point: InkPoint, scale: float) -> None:
    x, y, half = point.x_mm * scale, point.y_mm * scale, _width(point) / 2 * scale
    draw.ellipse((x - half, y - half, x + half, y + half), fill=0)
