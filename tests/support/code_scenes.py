"""Pictures of a printed code as a kiosk's camera meets it: seeded, each spoilt in one way."""

from collections.abc import Callable
from functools import cache
from typing import TypeAlias
from uuid import UUID

import cv2
import numpy as np
from numpy.random import Generator

from backend.tokens import Purpose, make_token
from common.equipment.slip_paper import code_picture
from hardware.camera.interface import Pixels

SIDE = 0.45
"""The side of a code with its quiet zone, as a share of the picture's height: a slip or a letter
held at an arm's length; 5 pixels a module in 640 x 480, 8 in 1280 x 720."""

Spoil: TypeAlias = Callable[[str, tuple[int, int], Generator], Pixels]


def payload(number: int) -> str:
    """What a letter, a tag and a receipt carry: a signed token of 54 characters."""
    purpose = tuple(Purpose)[number % 3]
    return make_token(
        b"a key of tests",
        purpose,
        "HQ",
        UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128),
        None,
    )


@cache
def _sheet(text: str, module_px: int = 16) -> Pixels:
    """A code on white paper with a margin, drawn large."""
    code = np.asarray(code_picture(text, module_px), np.uint8)
    margin = code.shape[0] // 4
    return np.pad(code, margin, constant_values=255)


def placed(
    text: str,
    size: tuple[int, int],
    rng: Generator,
    *,
    turn: float = 0.0,
    tilt: float = 0.0,
    scale: float = 1.0,
    sheet: Pixels | None = None,
) -> Pixels:
    """Take a grey picture with a pinhole camera that sees 55 degrees.

    Args:
        text: What the code says.
        size: Width and height of the picture in pixels.
        rng: Chooses the place, the size within 5 %, the axis of the tilt and the table.
        turn: Degrees about the line of sight.
        tilt: Degrees out of the plane of the picture.
        scale: How large, compared with SIDE.
        sheet: Another drawing than that of the code on white paper.
    """
    paper = _sheet(text) if sheet is None else sheet
    width, height = size
    side = paper.shape[0]
    focal = width / 2 / np.tan(np.deg2rad(27.5))
    depth = focal * (side / 1.5) / (SIDE * scale * rng.uniform(0.95, 1.05) * height)
    lean, about, angle = rng.uniform(0, 2 * np.pi), np.deg2rad(turn), np.deg2rad(tilt)
    axis = np.array([np.cos(lean), np.sin(lean), 0.0]) * angle
    tilted = np.asarray(cv2.Rodrigues(axis)[0], np.float64)
    turned = np.array(
        [[np.cos(about), -np.sin(about), 0], [np.sin(about), np.cos(about), 0], [0, 0, 1.0]]
    )
    corners = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    space = np.column_stack([corners - side / 2, np.zeros(4)]) @ (tilted @ turned).T
    shift = rng.uniform(-0.06, 0.06, 2) * height
    shown = space[:, :2] * (focal / (depth + space[:, 2:])) + [width / 2, height / 2] + shift
    matrix = cv2.getPerspectiveTransform(corners, shown.astype(np.float32))
    shrink = np.linalg.norm(shown[1] - shown[0]) / side
    soft = cv2.GaussianBlur(paper, (0, 0), 0.45 * max(1 / shrink - 1, 0.01))
    table = _table(size, rng)
    picture = cv2.warpPerspective(
        soft, matrix, size, table, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT
    )
    return np.asarray(picture, np.uint8)


def _table(size: tuple[int, int], rng: Generator) -> Pixels:
    """Something uneven behind the paper: a jacket, a floor."""
    coarse = rng.integers(40, 170, (size[1] // 40, size[0] // 40)).astype(np.uint8)
    return np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def empty(size: tuple[int, int], rng: Generator) -> Pixels:
    """Nobody shows anything."""
    return as_seen(noisy(_table(size, rng), rng, 3))


def as_seen(picture: Pixels) -> Pixels:
    """As a camera sends it: three channels, JPEG."""
    coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def noisy(picture: Pixels, rng: Generator, sigma: float) -> Pixels:
    return np.clip(picture + rng.normal(0, sigma, picture.shape), 0, 255).astype(np.uint8)


def blurred(picture: Pixels, share: float) -> Pixels:
    """Out of focus by sigma = share pixels at 480 lines, and as much more where there are more."""
    sigma = share * picture.shape[0] / 480
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


def moved(picture: Pixels, length: float, rng: Generator) -> Pixels:
    """The hand moves by length pixels at 480 lines while the shutter is open, in any direction."""
    reach = length * picture.shape[0] / 480
    count = int(reach) | 1
    angle = rng.uniform(0, np.pi)
    kernel = np.zeros((count, count), np.float32)
    middle = count // 2
    end = (round(middle + middle * np.cos(angle)), round(middle + middle * np.sin(angle)))
    start = (2 * middle - end[0], 2 * middle - end[1])
    cv2.line(kernel, start, end, 1.0, 1)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.uint8)


def dim(picture: Pixels, rng: Generator) -> Pixels:
    """A twelfth of the light, and noise that the camera's gain raises with it."""
    return noisy((picture * 0.08 + 14).astype(np.uint8), rng, 7)


def shaded(picture: Pixels, rng: Generator) -> Pixels:
    """The edge of a shadow falls across the code."""
    height, width = picture.shape
    y, x = np.mgrid[0:height, 0:width]
    angle = rng.uniform(0, 2 * np.pi)
    across = (x - width / 2) * np.cos(angle) + (y - height / 2) * np.sin(angle)
    light = 0.2 + 0.8 / (1 + np.exp(-across / (0.02 * height)))
    return np.asarray(picture * light, np.uint8)


def shone_on(picture: Pixels, rng: Generator) -> Pixels:
    """A lamp is mirrored in a plastic cover, somewhere on the code."""
    height, width = picture.shape
    y, x = np.mgrid[0:height, 0:width]
    place = np.array([width / 2, height / 2]) + rng.uniform(-0.15, 0.15, 2) * height
    spot = ((x - place[0]) ** 2 + (y - place[1]) ** 2) / (2 * (0.05 * height) ** 2)
    return np.clip(picture + 230 * np.exp(-spot), 0, 255).astype(np.uint8)


def curved(text: str, size: tuple[int, int], rng: Generator) -> Pixels:
    """The paper bends around an upright cylinder: a slip that remembers its roll."""
    sheet = _sheet(text)
    side = sheet.shape[0]
    reach = np.deg2rad(rng.uniform(55, 70))  # from the middle of the sheet to its edge
    across = np.linspace(-np.sin(reach), np.sin(reach), side)
    source = (np.arcsin(across) / reach + 1) / 2 * (side - 1)
    columns = np.tile(source.astype(np.float32), (side, 1))
    rows = np.tile(np.arange(side, dtype=np.float32)[:, None], (1, side))
    bent = cv2.remap(sheet, columns, rows, cv2.INTER_LINEAR)
    light = 0.35 + 0.65 * np.sqrt(1 - across**2)
    return placed(text, size, rng, turn=rng.uniform(-8, 8), sheet=(bent * light).astype(np.uint8))


def torn(text: str, size: tuple[int, int], rng: Generator) -> Pixels:
    """The corner without a finder pattern is torn off."""
    sheet = _sheet(text).copy()
    side = sheet.shape[0]
    inner = side / 6 + side / 1.5  # where the quiet zone ends
    reach = rng.uniform(0.17, 0.22) * side
    corner = np.array([[inner, inner], [inner - 2 * reach, inner], [inner, inner - 2 * reach]])
    beyond = np.array([[side, side], [inner - 2 * reach, side], [side, inner - 2 * reach]])
    shape = np.array([corner[1], beyond[1], beyond[0], beyond[2], corner[2]], np.int32)
    cv2.fillPoly(sheet, [shape], 90)
    return placed(text, size, rng, turn=rng.uniform(-15, 15), sheet=sheet)


def stained(text: str, size: tuple[int, int], rng: Generator) -> Pixels:
    """Creases without ink, and spots of ink, as on paper from a pocket."""
    sheet = _sheet(text).copy()
    side = sheet.shape[0]
    for _ in range(3):
        ends = rng.integers(0, side, (2, 2))
        cv2.line(sheet, tuple(map(int, ends[0])), tuple(map(int, ends[1])), 235, side // 90)
    for _ in range(10):
        spot = rng.integers(side // 4, 3 * side // 4, 2)
        cv2.circle(sheet, tuple(map(int, spot)), int(rng.integers(side // 90, side // 45)), 30, -1)
    return placed(text, size, rng, turn=rng.uniform(-15, 15), sheet=sheet)


def on_a_phone(text: str, size: tuple[int, int], rng: Generator) -> Pixels:
    """A screen: its grid of pixels beats with the camera's, a band rolls, the glass shines."""
    code = np.asarray(code_picture(text, 9), np.uint8)
    large = cv2.resize(code, None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST).astype(np.float32)
    large[2::3, :] *= 0.35
    large[:, 2::3] *= 0.35
    margin = large.shape[0] // 4
    sheet = np.pad(large + 18, margin, constant_values=25.0)
    picture = placed(text, size, rng, turn=rng.uniform(-12, 12), sheet=sheet.astype(np.uint8))
    rows = np.arange(size[1])[:, None]
    period, start = rng.uniform(0.2, 0.5) * size[1], rng.uniform(0, 2 * np.pi)
    band = 0.8 + 0.2 * np.sin(2 * np.pi * rows / period + start)
    return noisy(np.asarray(picture * band, np.uint8), rng, 4)


def inverted(text: str, size: tuple[int, int], rng: Generator) -> Pixels:
    """A telephone in its dark mode shows light modules on black."""
    return placed(text, size, rng, turn=rng.uniform(-12, 12), sheet=255 - _sheet(text))


def all_at_once(text: str, size: tuple[int, int], rng: Generator) -> Pixels:
    picture = placed(text, size, rng, turn=rng.uniform(-25, 25), tilt=30)
    return noisy((blurred(picture, 1.7) * 0.4 + 20).astype(np.uint8), rng, 12)


CONDITIONS: dict[str, Spoil] = {
    "plain": placed,
    "turned any way": lambda t, s, r: placed(t, s, r, turn=r.uniform(0, 360)),
    "tilted 40 degrees": lambda t, s, r: placed(t, s, r, tilt=40),
    "tilted 58 degrees": lambda t, s, r: placed(t, s, r, tilt=58),
    "blur 1.5": lambda t, s, r: blurred(placed(t, s, r), 1.5),
    "blur 2.2": lambda t, s, r: blurred(placed(t, s, r), 2.2),
    "blur 3.0": lambda t, s, r: blurred(placed(t, s, r), 3.0),
    "blur 4.0": lambda t, s, r: blurred(placed(t, s, r), 4.0),
    "motion 8": lambda t, s, r: moved(placed(t, s, r), 8, r),
    "motion 10": lambda t, s, r: moved(placed(t, s, r), 10, r),
    "low light and noise": lambda t, s, r: dim(placed(t, s, r), r),
    "noise 70": lambda t, s, r: noisy(placed(t, s, r), r, 70),
    "shadow": lambda t, s, r: shaded(placed(t, s, r), r),
    "glare": lambda t, s, r: shone_on(placed(t, s, r), r),
    "small, a quarter": lambda t, s, r: placed(t, s, r, scale=0.25),
    "small, a fifth": lambda t, s, r: placed(t, s, r, scale=0.2),
    "small and blurred": lambda t, s, r: blurred(placed(t, s, r, scale=0.4), 1.2),
    "curved": curved,
    "torn corner": torn,
    "creased and spotted": stained,
    "phone screen": on_a_phone,
    "phone, dark mode": inverted,
    "all at once": all_at_once,
}
