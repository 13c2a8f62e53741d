"""Draws the soft shadow under cards, which the software renderer could not. Run it by hand."""

from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

MODULE = Path(__file__).parent / "qml" / "Smartics"
SHADE = (7, 34, 64)
SIZE, RADIUS = 176, 28
SIDE, ABOVE, BELOW = 48, 40, 56
"""How far the shadow reaches beyond the card; Surface.qml has the same numbers."""


def layer(drop: int, blur: int, strength: float) -> Image.Image:
    """Return how dark one layer of the shadow is."""
    mask = Image.new("L", (SIZE, SIZE), 0)
    box = (SIDE, ABOVE + drop, SIZE - SIDE - 1, SIZE - BELOW + drop - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, RADIUS, fill=255)
    return mask.filter(ImageFilter.GaussianBlur(blur)).point(lambda value: int(value * strength))


def shadow() -> Image.Image:
    """Return a nine-patch shadow: a wide soft layer and a narrow one close to the card."""
    dark = ImageChops.add(layer(8, 15, 0.15), layer(2, 4, 0.09))
    picture = Image.new("RGBA", (SIZE, SIZE), (*SHADE, 0))
    picture.putalpha(dark)
    return picture


def main() -> None:
    """Write the picture."""
    shadow().save(MODULE / "pictures" / "shadow.png", optimize=True)


if __name__ == "__main__":
    main()
