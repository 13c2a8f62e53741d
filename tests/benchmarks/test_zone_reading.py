"""How many zones and access numbers are read from pictures of cards, and what a picture costs.

Each condition is tried on drawings of its own: invented holders, places, sizes and light. A zone
that is given out and is not the printed one would be the worst; none may be. Run with -s to see
the table.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from statistics import median
from time import process_time

import cv2
import numpy as np
import pytest
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from common.equipment.card_face import card_face, ocr_b_file
from hardware.camera import zone_reader
from hardware.camera.interface import Pixels
from hardware.camera.zone_checks import decode
from hardware.camera.zone_glyphs import GLYPHS, NOTHING, Floats
from hardware.camera.zone_reader import read_zone
from hardware.core.zone_text import Layout
from hardware.smartcard.mrz import Mrz
from tests.support.chips import content

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(300)]

DRAWINGS = 12
CAMERA = (1280, 720)
SURNAMES = ("CHAN", "WONG", "NG", "OBOIZE", "FERNANDES", "LI", "QUIZON", "AU YEUNG", "SZETO", "HO")
GIVEN = ("TAI MAN", "SIU MING", "MARIA ISABEL", "", "BOB ZOE", "WAI", "GILBERT OLIVIER", "KA YAN")
SIZES_MM = {"TD1": (85.6, 54.0), "TD2": (105.0, 74.0), "TD3": (125.0, 88.0)}
DOTS_A_MM = 300 / 25.4


@dataclass(frozen=True)
class Document:
    """The printed side of a document: blue-green-red at 300 dpi, and what stands on it."""

    pixels: Pixels
    mrz: str
    can: str | None


@dataclass
class Row:
    """What came of the drawings of one condition."""

    exact: int = 0
    wrong: int = 0
    numbers: int = 0
    wrong_numbers: int = 0
    has_number: bool = True
    characters: list[float] = field(default_factory=list)
    spent_ms: list[float] = field(default_factory=list)


Spoil = Callable[[Document, Generator], Pixels]


def holder(number: int, form: str = "TD1") -> Mrz:
    """Somebody invented; the same number is the same person."""
    rng = np.random.default_rng(number)
    letters = "".join(rng.choice(list("ABCDGHIOQSZ"), 2))
    return Mrz(
        f"{letters}{rng.integers(10**6, 10**7)}"[:9],
        str(rng.choice(SURNAMES)),
        str(rng.choice(GIVEN)),
        "MFX"[int(rng.integers(3))],
        date(int(rng.integers(1940, 2010)), int(rng.integers(1, 13)), int(rng.integers(1, 29))),
        date(int(rng.integers(2027, 2037)), int(rng.integers(1, 13)), int(rng.integers(1, 29))),
        "CHN",
        "HKG",
        form=form,
        code="P" if form == "TD3" else "I",
    )


@cache
def card(number: int) -> Document:
    """Our own card of somebody."""
    mrz, can = holder(number), f"{(number * 618033 + 7919) % 10**6:06d}"
    picture = card_face(content(mrz=mrz), can).convert("RGB")
    return Document(np.asarray(picture, np.uint8)[:, :, ::-1].copy(), mrz.text(), can)


@cache
def page(number: int, form: str) -> Document:
    """The page of a document of another size, bare but for its zone (ICAO 9303-4, -6)."""
    width, height = (round(side * DOTS_A_MM) for side in SIZES_MM[form])
    picture = Image.new("RGB", (width, height), (238, 240, 236))
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(ocr_b_file()), 10 / 72 * 300)
    text = holder(number, form).text()
    cells = len(text) // 2
    for line in range(2):
        for at, letter in enumerate(text[line * cells : (line + 1) * cells]):
            middle = (5.0 + (at + 0.5) * 2.54, SIZES_MM[form][1] - 13.5 + line * 6.35)
            place = (middle[0] * DOTS_A_MM, middle[1] * DOTS_A_MM)
            pen.text(place, letter, (30, 30, 36), font, "ms")
    return Document(np.asarray(picture, np.uint8)[:, :, ::-1].copy(), text, None)


def seen(
    document: Document,
    rng: Generator,
    *,
    size: tuple[int, int] = CAMERA,
    turn: float = 0.0,
    tilt: float = 0.0,
    share: float = 0.72,
) -> Pixels:
    """Take a picture with a pinhole camera whose long side sees 55 degrees.

    Args:
        document: What lies on the table.
        rng: Chooses the exact place and size, and about which axis the document is tilted.
        size: Width and height of the picture in pixels.
        turn: Degrees about the line of sight.
        tilt: Degrees out of the plane of the picture.
        share: How much of the picture's width the document covers.
    """
    width, height = size
    high, wide = document.pixels.shape[:2]
    focal = width / 2 / np.tan(np.deg2rad(27.5))
    depth = focal * wide / (share * rng.uniform(0.94, 1.03) * width)
    about, angle, lean = np.deg2rad(turn), np.deg2rad(tilt), rng.uniform(0, 2 * np.pi)
    axis = np.array([np.cos(lean), np.sin(lean), 0.0]) * angle
    tilted = np.asarray(cv2.Rodrigues(axis)[0], np.float64)
    upright = np.array(
        [[np.cos(about), -np.sin(about), 0], [np.sin(about), np.cos(about), 0], [0, 0, 1.0]]
    )
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    space = np.column_stack([corners - [wide / 2, high / 2], np.zeros(4)]) @ (tilted @ upright).T
    shift = rng.uniform(-0.02, 0.02, 2) * width
    shown = space[:, :2] * (focal / (depth + space[:, 2:])) + [width / 2, height / 2] + shift
    matrix = cv2.getPerspectiveTransform(corners, shown.astype(np.float32))
    shrink = np.linalg.norm(shown[1] - shown[0]) / wide
    sigma = 0.45 * max(1 / shrink - 1, 0.01)
    soft = cv2.GaussianBlur(document.pixels, (0, 0), sigma)
    table = np.full((height, width, 3), rng.integers(40, 170), np.uint8)
    picture = cv2.warpPerspective(
        soft, matrix, size, table, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT
    )
    return np.asarray(picture, np.uint8)


def as_jpeg(picture: Pixels) -> Pixels:
    """As a camera sends it."""
    coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def blurred(picture: Pixels, sigma: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


def noisy(picture: Pixels, rng: Generator, sigma: float) -> Pixels:
    noise = rng.normal(0, sigma, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def pale(picture: Pixels, factor: float) -> Pixels:
    return np.clip((picture - 128.0) * factor + 128, 0, 255).astype(np.uint8)


def shaded(picture: Pixels, rng: Generator) -> Pixels:
    """A shadow with a soft edge falls on one side, somewhere across the card."""
    x = np.linspace(0, 1, picture.shape[1])
    edge = rng.uniform(0.3, 0.7)
    light = 0.28 + 0.72 / (1 + np.exp(-(x - edge) / 0.03))
    light = light if rng.random() < 0.5 else light[::-1]
    return np.asarray(picture * light[None, :, None], np.uint8)


def shone_on(picture: Pixels, rng: Generator) -> Pixels:
    """A lamp is mirrored: a round spot of 130 pixels, white in its middle, somewhere."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    place = rng.uniform(0.25, 0.75, 2) * (width, height)
    spot = np.exp(-(((x - place[0]) ** 2 + (y - place[1]) ** 2) / (2 * 65.0**2)))
    return np.clip(picture + 190 * spot[:, :, None], 0, 255).astype(np.uint8)


def either(rng: Generator, degrees: float) -> float:
    return degrees if rng.random() < 0.5 else -degrees


def all_at_once(document: Document, rng: Generator) -> Pixels:
    picture = blurred(seen(document, rng, turn=either(rng, 4), tilt=12), 1.0)
    return noisy(pale(shaded(picture, rng), 0.7), rng, 8)


CONDITIONS: dict[str, Spoil] = {
    "camera 1280 x 720": seen,
    "camera 1920 x 1080": lambda one, rng: seen(one, rng, size=(1920, 1080)),
    "camera 640 x 480": lambda one, rng: seen(one, rng, size=(640, 480), share=0.85),
    "turned 8 degrees": lambda one, rng: seen(one, rng, turn=either(rng, 8)),
    "turned 20 degrees": lambda one, rng: seen(one, rng, turn=either(rng, 20), share=0.6),
    "upside down": lambda one, rng: seen(one, rng, turn=180 + rng.uniform(-3, 3)),
    "on its side": lambda one, rng: seen(one, rng, turn=either(rng, 90), share=0.5),
    "tilted 20 degrees": lambda one, rng: seen(one, rng, tilt=20),
    "tilted 35 degrees": lambda one, rng: seen(one, rng, tilt=35),
    "half as large": lambda one, rng: seen(one, rng, share=0.4),
    "blur, sigma 1.5": lambda one, rng: blurred(seen(one, rng), 1.5),
    "blur, sigma 2.5": lambda one, rng: blurred(seen(one, rng), 2.5),
    "noise, sigma 15": lambda one, rng: noisy(seen(one, rng), rng, 15),
    "noise, sigma 30": lambda one, rng: noisy(seen(one, rng), rng, 30),
    "contrast x 0.4": lambda one, rng: pale(seen(one, rng), 0.4),
    "shadow of one side": lambda one, rng: shaded(seen(one, rng), rng),
    "a lamp mirrored": lambda one, rng: shone_on(seen(one, rng), rng),
    "no border, 300 dpi": lambda one, _rng: one.pixels,
    "all at once": all_at_once,
}


class Decoding:
    """Stands in for the step from glyphs to text, and keeps what the glyphs alone say."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, table: Floats, layout: Layout) -> str | None:
        self.read.append("".join(GLYPHS[at] for at in table[:, :NOTHING].argmax(axis=1)))
        return decode(table, layout)

    def share_right(self, text: str) -> float:
        """How many characters of the best try were right before any rule was asked."""
        tries = [one for one in self.read if len(one) == len(text)]
        shares = (np.mean([a == b for a, b in zip(one, text, strict=True)]) for one in tries)
        return float(max(shares, default=0.0))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Processor time is that of one core."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    yield
    cv2.setNumThreads(before)


def measured(
    documents: list[Document], spoil: Spoil, seed: int, monkeypatch: pytest.MonkeyPatch
) -> Row:
    """Read each document once, spoilt in its own way."""
    row = Row()
    for at, document in enumerate(documents):
        picture = as_jpeg(spoil(document, np.random.default_rng((seed, at))))
        decoding = Decoding()
        with monkeypatch.context() as patched:
            patched.setattr(zone_reader, "decode", decoding)
            start = process_time()
            zone = read_zone(picture)
            row.spent_ms.append(1000 * (process_time() - start))
        row.exact += zone.mrz == document.mrz
        row.wrong += zone.mrz not in (None, document.mrz)
        row.has_number = document.can is not None
        row.numbers += zone.can == document.can
        row.wrong_numbers += zone.can not in (None, document.can)
        row.characters.append(decoding.share_right(document.mrz))
    return row


def show(rows: dict[str, Row]) -> None:
    """Print the table, in percent of the drawings; CPU is the median of a picture."""
    print(f"\n{'':26}{'zone exact':>12}{'glyphs':>9}{'number':>9}{'wrong':>7}{'CPU ms':>9}")
    for name, row in rows.items():
        count = len(row.characters)
        numbers = f"{100 * row.numbers / count:.0f} %" if row.has_number else "none"
        print(
            f"{name:26}{100 * row.exact / count:>10.0f} %"
            f"{100 * float(np.mean(row.characters)):>9.1f}{numbers:>9}"
            f"{row.wrong + row.wrong_numbers:>7}{median(row.spent_ms):>9.0f}"
        )


def test_cards_in_all_conditions(monkeypatch: pytest.MonkeyPatch):
    cards = [card(number) for number in range(DRAWINGS)]
    read_zone(cards[0].pixels)
    rows = {
        name: measured(cards, spoil, seed, monkeypatch)
        for seed, (name, spoil) in enumerate(CONDITIONS.items())
    }
    show(rows)
    assert not any(row.wrong or row.wrong_numbers for row in rows.values())
    assert rows["camera 1280 x 720"].exact == DRAWINGS


def test_documents_of_other_sizes(monkeypatch: pytest.MonkeyPatch):
    rows = {}
    for form in ("TD2", "TD3"):
        pages = [page(number, form) for number in range(DRAWINGS)]
        for name in ("camera 1280 x 720", "turned 8 degrees", "noise, sigma 15"):
            rows[f"{form}, {name}"] = measured(pages, CONDITIONS[name], 99, monkeypatch)
    show(rows)
    assert not any(row.wrong for row in rows.values())
