"""The strip of paper under a ticket printer's head, one bit a dot."""

import qrcode
from PIL import Image, ImageDraw, ImageFont

from hardware.simulation.escpos_parser import Command

LINE = 30
TEXT_SIZE = 24
LEFT, CENTRE = 0, 1
FEED_AND_CUT = b"AB"
TO_KNIFE = 100
"""From the head to the knife, in dots."""


class EscposPage:
    """Paints commands one below the other, until the strip is cut off."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._strips: list[Image.Image] = []
        self._height = 0
        self._text = ""
        self._alignment = LEFT
        self._module = 3
        self._code = b""

    def needs(self, command: Command) -> int:
        """Tell how many dots of paper a command moves."""
        data = command.data
        match command.name:
            case "gs v":
                return data[4] | data[5] << 8
            case "esc d":
                return data[0] * LINE
            case "esc J":
                return data[0]
            case "gs V" if data[0] in FEED_AND_CUT:
                return TO_KNIFE + data[1]
            case "line":
                return LINE
            case _:
                return 0

    @property
    def height(self) -> int:
        """How many dots of paper hang below the knife."""
        return self._height

    def forget_settings(self) -> None:
        """Lose what a printer without power forgets; what is on the paper stays there."""
        self._text, self._alignment, self._module, self._code = "", LEFT, 3, b""

    def do(self, command: Command) -> None:
        """Paint, feed, or note a setting; what is neither is passed over."""
        data = command.data
        match command.name:
            case "esc @":
                self.forget_settings()
            case "esc a":
                self._alignment = data[0] % 48
            case "gs v":
                self._paint_raster(data)
            case "gs (":
                self._two_dimensional_code(data)
            case "esc d" | "esc J" | "gs V":
                self._flush_text()
                self._height += self.needs(command)
            case "text":
                self._text += data.decode("ascii", "replace")
            case "line":
                self._flush_text(is_line=True)

    def picture(self) -> Image.Image | None:
        """Return the whole strip; None when nothing was painted."""
        self._flush_text()
        if not self._strips:
            return None
        page = Image.new("1", (self._width, max(1, self._height)), 1)
        for strip in self._strips:
            x, y = strip.info["place"]
            page.paste(strip, (x, y))
        return page

    def _paint_raster(self, data: bytes) -> None:
        row_bytes, rows = data[2] | data[3] << 8, data[4] | data[5] << 8
        self._flush_text()
        if row_bytes and rows:
            dots = Image.frombytes("1", (row_bytes * 8, rows), data[6:], "raw", "1;I")
            self._lay(dots)
        self._height += rows

    def _two_dimensional_code(self, data: bytes) -> None:
        """GS ( k for QR codes: size, store, print."""
        match data[3:5] if len(data) > 4 and data[0:1] == b"k" else b"":
            case b"1C" if len(data) > 5:
                self._module = max(1, min(data[5], 16))
            case b"1P":
                self._code = data[6:]
            case b"1Q" if self._code:
                code = qrcode.QRCode(box_size=self._module, border=0)
                code.add_data(self._code)
                code.make(fit=True)
                matrix = code.get_matrix()
                dots = Image.new("1", (len(matrix), len(matrix)), 1)
                dots.putdata([0 if dark else 1 for row in matrix for dark in row])
                side = len(matrix) * self._module
                self._lay(dots.resize((side, side)))
                self._height += side

    def _flush_text(self, *, is_line: bool = False) -> None:
        if self._text:
            line = Image.new("1", (self._width, LINE), 1)
            ImageDraw.Draw(line).text(
                (0, 0), self._text, fill=0, font=ImageFont.load_default(TEXT_SIZE)
            )
            self._text = ""
            self._lay(line)
            self._height += LINE
        elif is_line:
            self._height += LINE

    def _lay(self, dots: Image.Image) -> None:
        spare = max(0, self._width - dots.width)
        left = 0 if self._alignment == LEFT else spare // 2 if self._alignment == CENTRE else spare
        dots.info["place"] = (left, self._height)
        self._strips.append(dots)
