"""Impressions of invented fingers: a master print comes down on glass, each time in another way.

What changes from press to press: place, turn, pressure, how skin gives (it sticks in the middle and
is dragged at the edge, as in Cappelli, Maio and Maltoni, "Modelling plastic distortion in
fingerprint images", 2001), and the sensor's noise. What changes from day to day: how dry the skin
is, and small cuts. What stays: wear and creases.
"""

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
import numpy.typing as npt

from hardware.simulation.ridge_patterns import HEIGHT, WIDTH, Floats, smooth_noise

GreyImage = npt.NDArray[np.uint8]

_CUT_SHARE = 0.12
"""On how many days a finger has a small cut."""


class Skin(Enum):
    """The state a finger arrives in; anything but NORMAL gives a poor image."""

    NORMAL = "normal"
    DRY = "dry"
    WET = "wet"
    LIGHT_TOUCH = "light_touch"
    OFF_CENTRE = "off_centre"


@dataclass(frozen=True)
class Wear:
    """What life has done to a finger.

    Attributes:
        size: Against an adult's finger; a child's is smaller, and its ridges are closer.
        lost: Share of the ridges' height that work or age has taken, 0..1.
        creases: How many white lines cross it; they stay.
        dryness: 0 is an adult's skin, 1 an old one's.
        number: The same number puts creases and worn places where they were.
    """

    size: float = 1.0
    lost: float = 0.0
    creases: int = 0
    dryness: float = 0.0
    number: int = 0


UNWORN = Wear()


@dataclass(frozen=True)
class _Touch:
    """What the state of the skin does to an impression."""

    ink: float
    offset: float
    grain: float
    breaks: float
    size: float
    shift: float


_TOUCHES = {
    Skin.NORMAL: _Touch(ink=1.0, offset=0.0, grain=0.09, breaks=0.0, size=1.0, shift=0.0),
    Skin.DRY: _Touch(ink=0.5, offset=-2.6, grain=0.75, breaks=-6.0, size=0.95, shift=0.0),
    Skin.WET: _Touch(ink=1.0, offset=4.2, grain=0.05, breaks=5.5, size=1.05, shift=0.0),
    Skin.LIGHT_TOUCH: _Touch(ink=0.36, offset=-1.6, grain=0.3, breaks=-3.0, size=0.6, shift=0.0),
    Skin.OFF_CENTRE: _Touch(ink=0.95, offset=0.0, grain=0.12, breaks=0.0, size=0.9, shift=0.62),
}


def press(
    master: Floats,
    seed: int,
    skin: Skin = Skin.NORMAL,
    wear: Wear = UNWORN,
    day: int | None = None,
) -> GreyImage:
    """Press the finger on the glass once: dark ridges on light ground at 500 dpi.

    Args:
        master: The finger, as ridge_growth gives it.
        seed: Another number is another press.
        skin: The state the finger is in.
        wear: What life has done to it.
        day: Presses of one day share dryness and cuts; without it, each press has its own day.
    """
    rng = np.random.default_rng([seed, 19])
    today = np.random.default_rng([seed if day is None else day, wear.number, 23])
    touch = _TOUCHES[skin]
    side = float(rng.choice([-1.0, 1.0])) * touch.shift * WIDTH
    ridges = _moved(_as_it_is(master, wear, today, rng), rng, side, wear.size)
    dryness = abs(today.normal(0, 0.25)) + wear.dryness
    firmness = float(rng.normal(0, 1))
    # Dry skin touches in patches, wet skin floods whole valleys.
    patches = smooth_noise(rng, 4.0)
    patches = np.maximum(patches / max(float(patches.std()), 1e-6), 0)
    pressure = 0.35 * firmness + touch.offset - 0.7 * dryness + (touch.breaks - dryness) * patches
    ink = 1 / (1 + np.exp(-1.6 * (2.6 * ridges + pressure)))
    ink += smooth_noise(rng, 0.8) * (touch.grain + 0.22 * dryness)
    pores = cv2.dilate((rng.random(ink.shape) < 0.004).astype(np.uint8), np.ones((2, 2), np.uint8))
    ink = np.where(pores > 0, ink * 0.5, np.clip(ink, 0, 1)) * touch.ink
    spread = touch.size * wear.size * (1 + 0.05 * firmness)
    image = 250 - (_contact(rng, spread, side) * ink * 205 + rng.normal(0, 3, ink.shape))
    seen: GreyImage = np.clip(cv2.GaussianBlur(image, (0, 0), 0.7), 0, 255).astype(np.uint8)
    return seen


def at_resolution(image: GreyImage, dpi: int) -> GreyImage:
    """A 500 dpi impression as a scanner of another resolution gives it."""
    if dpi == 500:
        return image
    size = (round(image.shape[1] * dpi / 500), round(image.shape[0] * dpi / 500))
    method = cv2.INTER_AREA if dpi < 500 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=method), dtype=np.uint8)


def _as_it_is(
    master: Floats, wear: Wear, today: np.random.Generator, now: np.random.Generator
) -> Floats:
    """The master with the wear of years and the cuts of the day."""
    rng = np.random.default_rng([wear.number, 29])
    ridges = master
    if wear.lost > 0:
        worn = smooth_noise(rng, 30)
        worn /= max(float(worn.std()), 1e-6)
        height = np.clip(1 - wear.lost * (1 + 0.25 * worn), 0, 1)
        # Skin without ridges prints its own dust and sweat, never twice the same.
        rough = smooth_noise(now, 2.2)
        rough *= np.float32(0.5 * wear.lost) / max(float(rough.std()), 1e-6)
        ridges = np.asarray(ridges * height + rough * (1 - height), np.float32)
    for _ in range(wear.creases):
        ridges = _crossed(ridges, rng, rng.uniform(30, 110), rng.uniform(1.5, 3.5))
    if today.random() < _CUT_SHARE:
        ridges = _crossed(ridges, today, today.uniform(30, 90), today.uniform(2, 4))
    return ridges


def _crossed(ridges: Floats, rng: np.random.Generator, length: float, width: float) -> Floats:
    """A line, slightly bent, that touches no glass."""
    middle = np.array([rng.uniform(0.25, 0.75) * WIDTH, rng.uniform(0.2, 0.8) * HEIGHT])
    angle = rng.uniform(0, np.pi)
    along = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    bow = np.array([-along[1], along[0]]) * rng.uniform(-0.15, 0.15)
    line = np.array([middle - along, middle + bow, middle + along])
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    points = np.round(line * 16).astype(np.int32)
    cv2.polylines(mask, [points], False, 255, max(1, round(width)), cv2.LINE_AA, 4)
    depth = mask.astype(np.float32) / np.float32(255)
    return np.asarray(ridges * (1 - depth) - 1.2 * depth, np.float32)


def _moved(ridges: Floats, rng: np.random.Generator, side: float, size: float) -> Floats:
    """The finger turned, shifted and dragged as skin is when it comes down."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    shift = rng.normal(0, 13, 2)
    right, down = _rotated(x - WIDTH / 2 - side, y - HEIGHT / 2, np.deg2rad(rng.normal(0, 7)))
    right, down = right / size + shift[0], down / size + shift[1]
    # The middle sticks to the glass; further out the skin is dragged along with the bone.
    out = np.hypot(right / (0.36 * WIDTH), down / (0.36 * HEIGHT))
    free = np.clip((out - 0.35) / 0.9, 0, 1) ** 2
    turned = _rotated(right, down, np.deg2rad(rng.normal(0, 4)))
    drag = rng.normal(0, 3.0, 2)
    maps = []
    for place, moved, pull, half in (
        (right, turned[0], drag[0], WIDTH / 2),
        (down, turned[1], drag[1], HEIGHT / 2),
    ):
        give = smooth_noise(rng, 45)
        give *= np.float32(1.6 / max(float(give.std()), 1e-6))
        maps.append((place + free * (moved - place + pull) + give + half).astype(np.float32))
    border = cv2.BORDER_CONSTANT
    moved_ridges = cv2.remap(
        ridges, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=border, borderValue=-1
    )
    return np.asarray(moved_ridges, np.float32)


def _rotated(
    right: npt.NDArray[np.float64], down: npt.NDArray[np.float64], angle: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    cos, sin = np.cos(angle), np.sin(angle)
    return cos * right + sin * down, -sin * right + cos * down


def _contact(rng: np.random.Generator, size: float, side: float) -> Floats:
    """Where skin touches glass: an oval with a ragged edge, 0..1."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    half_width = rng.uniform(0.33, 0.43) * WIDTH * size
    half_height = rng.uniform(0.34, 0.46) * HEIGHT * size
    centre_x, centre_y = WIDTH / 2 + rng.normal(0, 6) + side, HEIGHT / 2 + rng.normal(0, 9)
    oval = ((x - centre_x) / half_width) ** 2 + ((y - centre_y) / half_height) ** 2
    ragged = oval + smooth_noise(rng, 9) * 1.2
    coverage: Floats = np.clip((1.08 - ragged) * 6, 0, 1).astype(np.float32)
    return coverage
