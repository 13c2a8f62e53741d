"""Takes the pictures of the public's pages that the documents show.

python -m tests.web.pictures docs/pictures
"""

import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from tests.web.browser import DESK, PHONE, Browser, running_browser
from tests.web.site import Site, running_site

SHEETS: dict[str, tuple[tuple[int, int], tuple[tuple[str, str], ...]]] = {
    "web-phone-booking": (
        PHONE,
        (
            ("start", "en"),
            ("booking", "zh-Hant"),
            ("letter, new", "en"),
            ("form, person", "zh-Hans"),
        ),
    ),
    "web-phone-visit": (
        PHONE,
        (
            ("form, review with gaps", "en"),
            ("tag, waiting", "zh-Hant"),
            ("tag, called", "en"),
            ("status, ready", "zh-Hant"),
        ),
    ),
    "web-desk-start": (DESK, (("start", "zh-Hant"),)),
    "web-desk-letter": (DESK, (("letter, form done", "en"),)),
}
_GAP = 16
_GROUND = (222, 228, 236)


def take(browser: Browser, path: str, size: tuple[int, int], language: str) -> Image.Image:
    """Photograph one page as its visitor first sees it."""
    browser.size(*size, scale=2 if size == PHONE else 1)
    browser.open(path, language)
    png = browser.driver.get_screenshot_as_png()
    return Image.open(BytesIO(png)).convert("RGB")


def main(folder: Path) -> None:
    """Take every picture."""
    with TemporaryDirectory() as home, running_site(Path(home)) as site:
        for name, (size, shown) in SHEETS.items():
            with running_browser(site.address) as browser:
                pictures = [take(browser, site.pages[key], size, lang) for key, lang in shown]
            _save(_side_by_side(pictures), folder / f"{name}.png")


def every_page(folder: Path, site: Site, browser: Browser, language: str = "en") -> None:
    """Photograph every page from top to bottom, for a critical eye."""
    for name, path in site.pages.items():
        for size in (PHONE, DESK):
            browser.size(*size)
            browser.open(path, language)
            height = browser.run("return document.documentElement.scrollHeight")
            browser.size(size[0], min(int(height), 4000))
            file = folder / f"{name.replace(', ', '-').replace(' ', '_')}-{size[0]}-{language}.png"
            file.write_bytes(browser.driver.get_screenshot_as_png())


def _side_by_side(pictures: list[Image.Image]) -> Image.Image:
    width = sum(picture.width for picture in pictures) + _GAP * (len(pictures) + 1)
    sheet = Image.new("RGB", (width, pictures[0].height + 2 * _GAP), _GROUND)
    x = _GAP
    for picture in pictures:
        sheet.paste(picture, (x, _GAP))
        x += picture.width + _GAP
    return sheet


def _save(picture: Image.Image, file: Path) -> None:
    small = picture.copy()
    small.thumbnail((1600, 1600), Image.Resampling.LANCZOS)
    small.quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
