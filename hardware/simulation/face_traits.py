"""What makes one invented face differ from another: proportions, colours, hair, years."""

from dataclasses import dataclass
from enum import Enum

import numpy as np

Colour = tuple[float, float, float]
"""Blue, green, red, 0..255."""


class HairStyle(Enum):
    """How the hair is worn."""

    CROP = "crop"
    SIDE_PARTING = "side_parting"
    FRINGE = "fringe"
    BOB = "bob"
    LONG = "long"
    TIED = "tied"
    RECEDING = "receding"


@dataclass(frozen=True)
class FaceTraits:
    """One face in units of half its width, the origin between the eyes, y downwards."""

    texture_seed: int
    age: int
    skin: Colour
    lip: Colour
    iris: Colour
    hair: Colour
    cloth: Colour
    cheek: float
    jaw: float
    chin: float
    chin_y: float
    crown_y: float
    hairline: float
    eye_x: float
    eye_width: float
    eye_height: float
    eye_tilt: float
    eye_crease: float
    brow_y: float
    brow_thick: float
    brow_arch: float
    brow_tilt: float
    brow_length: float
    nose_y: float
    nose_width: float
    nose_height: float
    nose_bulb: float
    mouth_y: float
    mouth_width: float
    upper_lip: float
    lower_lip: float
    mouth_curve: float
    ear: float
    cheekbone: float
    hair_style: HairStyle
    beard: float
    moustache: float
    glasses: int
    collar: int
    spots: int
    lash: float
    sclera: float
    lip_strength: float
    brow_strength: float
    nostril: float
    depth: float
    socket: float
    hood: float
    wide: float


_SKINS: tuple[Colour, ...] = (
    (178, 205, 238),
    (165, 192, 228),
    (150, 180, 220),
    (138, 168, 210),
    (120, 152, 198),
    (100, 132, 180),
    (76, 104, 150),
)
_SKIN_WEIGHTS = (0.14, 0.22, 0.24, 0.18, 0.12, 0.06, 0.04)
_HAIRS: tuple[Colour, ...] = ((22, 22, 26), (30, 34, 42), (34, 46, 66), (44, 64, 96))
_CLOTHES: tuple[Colour, ...] = (
    (96, 62, 40),
    (58, 58, 64),
    (120, 108, 60),
    (70, 48, 120),
    (150, 140, 132),
    (84, 98, 56),
    (200, 190, 182),
    (52, 78, 140),
)


def invent(seed: int, *, female: bool, age: int, variant: int = 0) -> FaceTraits:
    """Invent a face; the same arguments always give the same one, another variant another."""
    rng = np.random.default_rng([seed, 7, variant])

    def spread(low: float, high: float) -> float:
        # Wider than a bell curve: invented people must be told apart at a glance.
        return float(low + (high - low) * rng.beta(0.75, 0.75))

    skin = _SKINS[int(rng.choice(len(_SKINS), p=_SKIN_WEIGHTS))]
    tint = rng.normal(0, 5, 3)
    skin = (skin[0] + tint[0], skin[1] + tint[1] * 0.5, skin[2] + tint[2])
    redness = spread(0.0, 1.0) if female else spread(0.0, 0.5)
    return FaceTraits(
        texture_seed=seed * 31 + variant,
        age=age,
        skin=skin,
        lip=(skin[0] * 0.72, skin[1] * (0.66 - 0.14 * redness), skin[2] * (0.84 + 0.04 * redness)),
        iris=(spread(14, 36), spread(24, 56), spread(38, 88)),
        hair=_hair_colour(rng, age),
        cloth=_CLOTHES[int(rng.integers(len(_CLOTHES)))],
        cheek=spread(0.86, 1.06),
        jaw=spread(0.62, 0.80) if female else spread(0.68, 0.88),
        chin=spread(0.22, 0.36) if female else spread(0.26, 0.46),
        chin_y=spread(1.26, 1.62),
        crown_y=spread(-1.62, -1.40),
        hairline=spread(-1.05, -0.76),
        eye_x=spread(0.35, 0.50),
        eye_width=spread(0.15, 0.24),
        eye_height=spread(0.042, 0.112),
        eye_tilt=spread(-0.18, 0.26),
        eye_crease=spread(0.0, 1.0),
        brow_y=spread(-0.42, -0.20),
        brow_thick=spread(0.028, 0.06) if female else spread(0.04, 0.095),
        brow_arch=spread(-0.02, 0.13),
        brow_tilt=spread(-0.2, 0.2),
        brow_length=spread(0.22, 0.31),
        nose_y=spread(0.46, 0.76),
        nose_width=spread(0.14, 0.30),
        nose_height=spread(0.5, 1.7),
        nose_bulb=spread(0.5, 1.5),
        mouth_y=spread(0.82, 1.10),
        mouth_width=spread(0.24, 0.48),
        upper_lip=spread(0.025, 0.105),
        lower_lip=spread(0.045, 0.14),
        mouth_curve=spread(-0.03, 0.08),
        ear=spread(0.22, 0.36),
        cheekbone=spread(0.0, 1.6),
        hair_style=_hair_style(rng, female=female, age=age),
        beard=0.0 if female else float(rng.choice([0, 0, 0, 0.25, 0.5, 1])),
        moustache=0.0 if female else float(rng.choice([0, 0, 0, 0.5, 1])),
        glasses=int(rng.choice([0, 0, 0, 1, 2])),
        collar=int(rng.integers(3)),
        spots=int(rng.integers(0, 6)),
        lash=spread(0.35, 1.25),
        sclera=spread(165, 236),
        lip_strength=spread(0.25, 1.1),
        brow_strength=spread(0.3, 1.0),
        nostril=spread(0.3, 1.0),
        depth=spread(0.5, 2.1),
        socket=spread(0.0, 1.0),
        hood=spread(0.0, 1.0),
        wide=spread(0.95, 1.45),
    )


def _hair_colour(rng: np.random.Generator, age: int) -> Colour:
    base = _HAIRS[int(rng.choice(len(_HAIRS), p=[0.45, 0.3, 0.15, 0.1]))]
    grey = float(np.clip((age - 42 + rng.normal(0, 9)) / 32, 0, 1))
    if rng.random() < 0.25:
        grey *= 0.1  # dyed
    silver = (196.0, 194.0, 192.0)
    mixed = [(1 - grey) * one + grey * other for one, other in zip(base, silver, strict=True)]
    return (mixed[0], mixed[1], mixed[2])


def _hair_style(rng: np.random.Generator, *, female: bool, age: int) -> HairStyle:
    if female:
        styles = [HairStyle.BOB, HairStyle.LONG, HairStyle.TIED, HairStyle.FRINGE]
        return styles[int(rng.choice(4, p=[0.34, 0.3, 0.2, 0.16]))]
    if age > 45 and rng.random() < 0.4:
        return HairStyle.RECEDING
    styles = [HairStyle.CROP, HairStyle.SIDE_PARTING, HairStyle.FRINGE]
    return styles[int(rng.choice(3, p=[0.35, 0.4, 0.25]))]
