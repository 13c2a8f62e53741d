"""Builds the bytes of a slip; python-escpos does it, and knows how wide printers print.

The library reads the profiles of all printers when it is imported, which takes a quarter of a
second: with the first slip, not with the start of a kiosk.
"""

from functools import cache

from PIL.Image import Image

PROFILE = "TM-T20II"
"""Any profile of python-escpos with 576 dots: for another width it prints complaints on stdout."""

WIDEST_PX = 576
BAND_LINES = 256

CUT_OFF = b"\x1b@\x1dVB\x00"
"""Initialise, feed to the knife, cut: what a printer that stopped halfway left in the mouth."""


def build_slip(picture: Image, width_px: int) -> bytes:
    """Put a picture into raster bands, with initialisation before and a cut behind.

    Raises:
        ValueError: The picture is wider than the paper.
    """
    if picture.width > width_px:
        raise ValueError(f"the slip is {picture.width} dots wide, the paper only {width_px}")
    from escpos.printer import Dummy  # noqa: PLC0415 (slow)

    builder = Dummy(profile=PROFILE)
    builder.hw("INIT")
    builder.image(picture, impl="bitImageRaster", fragment_height=BAND_LINES, center=False)
    builder.cut()
    return bytes(builder.output)


@cache
def width_of(model: str) -> int | None:
    """Return how many dots a model prints across; None where the library does not know it.

    The name is as the printer says it or as the library's profiles are called: TM-T88V.
    """
    from escpos.capabilities import CAPABILITIES  # noqa: PLC0415 (slow)

    words = {_plain(word) for word in [model, *model.split()]}
    for name, profile in CAPABILITIES["profiles"].items():
        if _plain(name) in words or _plain(profile["name"]) in words:
            pixels = profile["media"].get("width", {}).get("pixels")
            return min(pixels, WIDEST_PX) if isinstance(pixels, int) else None
    return None


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
