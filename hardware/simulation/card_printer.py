"""A simulated card printer: it engraves the card that lies in an encoder's channel.

It stands in for the retransfer or laser unit of a card personalisation machine, reached through a
print system: a document of two pages lands in its spool folder, the front first, then the
machine-readable side.
"""

import io
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw

from hardware.simulation.form_printer import SimulatedFormPrinter
from hardware.simulation.papers import keep_picture
from hardware.simulation.world import World

logger = logging.getLogger(__name__)

DOTS_PER_INCH = 300
SMEAR_FROM, SMEAR_TO = 0.55, 1.0
"""The part of the height that a worn roller smears: the machine-readable zone."""


class SimulatedCardPrinter(SimulatedFormPrinter):
    """Watches a folder; a document goes onto the card at option marks, a place of the world.

    Options: folder, as the form printer's; marks, such as "booth-2.card_unit.inside".
    A document waits while no card lies there. A card keeps its sides as data.picture and
    data.front, and the path of the last document as data.pdf.
    Faults: unplugged; ribbon_out (documents wait); smeared (the zone cannot be read).
    """

    FAULTS = frozenset({"unplugged", "ribbon_out", "smeared"})

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(name, port, world, options)
        self._marks = str(options["marks"])

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Nobody does anything with it."""
        del arguments
        raise LookupError(f"nobody can {verb} a card printer")

    def state(self) -> dict[str, Any]:
        """Tell how much waits."""
        return {
            "kind": "card_printer",
            "faults": sorted(self._faults),
            "waiting": len(self._waiting()),
        }

    def _is_ready(self) -> bool:
        return not self._faults - {"smeared"} and self._world.one_at(self._marks) is not None

    def _print(self, document: Path) -> None:
        try:
            sides = _pages(document.read_bytes())
        except (OSError, pypdfium2.PdfiumError):
            self._refuse(document)
            return
        if "smeared" in self._faults:
            sides = [_smeared(side) for side in sides]
        with self._world.lock:
            card = self._world.one_at(self._marks)
            if card is None:
                return
            for name, side in zip(("front", "picture"), sides, strict=False):
                card.data[name] = keep_picture(self._world, _png(side))
            card.data["pdf"] = str(document)
            self._world.changed(card)


def _pages(pdf: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=DOTS_PER_INCH / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def _png(picture: Image.Image) -> bytes:
    png = io.BytesIO()
    picture.save(png, "PNG")
    return png.getvalue()


def _smeared(side: Image.Image) -> Image.Image:
    spoilt = side.copy()
    pen = ImageDraw.Draw(spoilt)
    for row in range(int(side.height * SMEAR_FROM), int(side.height * SMEAR_TO), 9):
        pen.line((0, row, side.width, row + 6), fill=(90, 90, 90), width=5)
    for row in range(0, side.height // 2, 9):
        pen.line((side.width // 2, row, side.width, row + 4), fill=(90, 90, 90), width=5)
    return spoilt
