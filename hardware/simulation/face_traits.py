"""What makes one invented face differ from another: proportions, colours, hair, years."""

from dataclasses import dataclass, replace
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
    BALD = "bald"
    CENTRE_PARTING = "centre_parting"
    SCARF = "scarf"


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
    bags: float
    spot_seed: int
    circles: float
    iris_size: float
    rough: float
    grain: float
    curl: float
    eye_clear: float
    frame: Colour
    frame_size: float


_SKINS: tuple[Colour, ...] = (
    (178, 205, 238),
    (165, 192, 228),
    (150, 180, 220),
    (138, 168, 210),
    (120, 152, 198),
    (100, 132, 180),
    (76, 104, 150),
    (50, 72, 112),
)
_SKIN_WEIGHTS = (0.13, 0.20, 0.22, 0.17, 0.12, 0.07, 0.05, 0.04)
_HAIRS: tuple[Colour, ...] = (
    (22, 22, 26),
    (30, 34, 42),
    (34, 46, 66),
    (44, 64, 96),
    (70, 110, 160),
    (40, 60, 130),
)
_FRAMES: tuple[Colour, ...] = (
    (30, 30, 34),
    (92, 96, 104),
    (40, 60, 104),
    (60, 120, 170),
    (50, 40, 120),
    (110, 70, 40),
)
CLOTHES: tuple[Colour, ...] = (
    (96, 62, 40),
    (58, 58, 64),
    (120, 108, 60),
    (70, 48, 120),
    (150, 140, 132),
    (84, 98, 56),
    (200, 190, 182),
    (52, 78, 140),
)


def invent(seed: int, *, female: bool, age: int) -> FaceTraits:
    """Invent a face; the same seed is the same face at every age."""
    rng = np.random.default_rng([seed, 7, 0])

    def spread(low: float, high: float) -> float:
        return float(low + (high - low) * rng.beta(1.1, 1.1))

    skin = _SKINS[int(rng.choice(len(_SKINS), p=_SKIN_WEIGHTS))]
    tint = rng.normal(0, 5, 3)
    skin = (skin[0] + tint[0], skin[1] + tint[1] * 0.5, skin[2] + tint[2])
    redness = spread(0.0, 1.0) if female else spread(0.0, 0.5)
    traits = FaceTraits(
        texture_seed=seed * 31,
        age=age,
        skin=skin,
        lip=(skin[0] * 0.72, skin[1] * (0.66 - 0.14 * redness), skin[2] * (0.84 + 0.04 * redness)),
        iris=(spread(14, 36), spread(24, 56), spread(38, 88)),
        hair=_hair_colour(rng, age),
        cloth=CLOTHES[int(rng.integers(len(CLOTHES)))],
        cheek=spread(0.86, 1.06),
        jaw=spread(0.62, 0.80) if female else spread(0.68, 0.88),
        chin=spread(0.22, 0.36) if female else spread(0.26, 0.46),
        chin_y=spread(1.26, 1.62),
        crown_y=spread(-1.62, -1.40),
        hairline=spread(-1.05, -0.76),
        eye_x=spread(0.33, 0.51),
        eye_width=spread(0.135, 0.26),
        eye_height=spread(0.036, 0.118),
        eye_tilt=spread(-0.2, 0.3),
        eye_crease=spread(0.0, 1.0),
        brow_y=spread(-0.45, -0.18),
        brow_thick=spread(0.022, 0.075) if female else spread(0.035, 0.12),
        brow_arch=spread(-0.02, 0.14),
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
        mouth_curve=spread(-0.02, 0.1),
        ear=spread(0.22, 0.36),
        cheekbone=spread(0.0, 1.6),
        hair_style=_hair_style(rng, female=female, age=age),
        beard=0.0 if female else float(rng.choice([0, 0, 0, 0.25, 0.5, 1])),
        moustache=0.0 if female else float(rng.choice([0, 0, 0, 0.5, 1])),
        glasses=int(rng.choice([0, 0, 0, 0, 0, 1, 1, 2])),
        collar=int(rng.integers(3)),
        spots=int(rng.integers(0, 6)),
        lash=spread(0.15, 1.5),
        sclera=spread(150, 238),
        lip_strength=spread(0.25, 1.1),
        brow_strength=spread(0.1, 1.05),
        nostril=spread(0.3, 1.0),
        depth=spread(0.5, 2.3),
        socket=spread(0.0, 1.4),
        hood=spread(0.0, 1.0),
        bags=spread(0.0, 0.35),
        spot_seed=seed,
        circles=float(0.5 * rng.beta(1, 2)),
        iris_size=spread(0.85, 1.25),
        rough=float(0.05 * rng.beta(1, 1.6)),
        grain=spread(0.014, 0.06),
        curl=float(rng.beta(0.5, 0.9)),
        eye_clear=spread(0.3, 1.0),
        frame=_FRAMES[int(rng.integers(len(_FRAMES)))],
        frame_size=spread(0.82, 1.2),
    )
    return _childlike(traits, (18 - age) / 12) if age < 18 else traits


def _childlike(traits: FaceTraits, young: float) -> FaceTraits:
    """The face as it was: large eyes, a short lower half, a small nose, round cheeks, no beard."""
    young = min(1.0, young)
    return replace(
        traits,
        eye_width=traits.eye_width * (1 + 0.12 * young),
        eye_height=traits.eye_height * (1 + 0.25 * young),
        brow_strength=traits.brow_strength * (1 - 0.4 * young),
        brow_thick=traits.brow_thick * (1 - 0.25 * young),
        nose_y=traits.nose_y - 0.08 * young,
        nose_width=traits.nose_width * (1 - 0.14 * young),
        nose_height=traits.nose_height * (1 - 0.45 * young),
        mouth_y=traits.mouth_y - 0.1 * young,
        mouth_width=traits.mouth_width * (1 - 0.1 * young),
        chin_y=traits.chin_y - 0.17 * young,
        cheekbone=traits.cheekbone * (1 - 0.6 * young),
        depth=traits.depth * (1 - 0.35 * young),
        bags=0.0,
        rough=traits.rough * (1 - young),
        circles=traits.circles * (1 - young),
        beard=0.0,
        moustache=0.0,
    )


def _hair_colour(rng: np.random.Generator, age: int) -> Colour:
    base = _HAIRS[int(rng.choice(len(_HAIRS), p=[0.38, 0.25, 0.14, 0.1, 0.07, 0.06]))]
    grey = float(np.clip((age - 42 + rng.normal(0, 9)) / 32, 0, 1))
    if rng.random() < 0.25:
        grey *= 0.1  # dyed
    silver = (196.0, 194.0, 192.0)
    mixed = [(1 - grey) * one + grey * other for one, other in zip(base, silver, strict=True)]
    return (mixed[0], mixed[1], mixed[2])


def _hair_style(rng: np.random.Generator, *, female: bool, age: int) -> HairStyle:
    if female:
        styles = [
            HairStyle.BOB,
            HairStyle.LONG,
            HairStyle.TIED,
            HairStyle.FRINGE,
            HairStyle.CENTRE_PARTING,
            HairStyle.SCARF,
        ]
        return styles[int(rng.choice(6, p=[0.22, 0.22, 0.2, 0.12, 0.16, 0.08]))]
    loses_hair, all_of_it = rng.random() < 0.5, rng.random() < 0.4
    styles = [HairStyle.CROP, HairStyle.SIDE_PARTING, HairStyle.FRINGE, HairStyle.BALD]
    style = styles[int(rng.choice(4, p=[0.38, 0.34, 0.2, 0.08]))]
    if loses_hair and age > 45:
        return HairStyle.BALD if all_of_it and age > 60 else HairStyle.RECEDING
    return style
