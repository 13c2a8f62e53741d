"""Hair: what hangs behind the head and what covers its top."""

import numpy as np

from hardware.simulation.face_canvas import UNIT, Canvas, Floats, Points, area, grid, noise
from hardware.simulation.face_traits import FaceTraits, HairStyle

_BELOW = {HairStyle.BOB: 1.35, HairStyle.LONG: 2.5, HairStyle.CENTRE_PARTING: 1.9}


def paint_back_hair(canvas: Canvas, traits: FaceTraits, rng: np.random.Generator) -> None:
    """Hair that hangs behind the neck, for those who wear it long."""
    if traits.hair_style not in _BELOW:
        return
    low, c, top = _BELOW[traits.hair_style], traits.cheek, traits.crown_y
    shape: Points = [
        (0, top - 0.16), (0.75, top + 0.05), (1.14 * c, -0.75), (1.22 * c, 0.1),
        (1.2 * c, 0.8), (1.12 * c, low), (0.6, low + 0.05), (-0.6, low + 0.05),
        (-1.12 * c, low), (-1.2 * c, 0.8), (-1.22 * c, 0.1), (-1.14 * c, -0.75),
        (-0.75, top + 0.05),
    ]  # fmt: skip
    canvas.paint(area(shape, 0.02), _strands(traits, rng) * 0.72)


def paint_front_hair(canvas: Canvas, traits: FaceTraits, rng: np.random.Generator) -> None:
    """Hair over forehead and temples, or the scarf that covers it."""
    if traits.hair_style is HairStyle.SCARF:
        _paint_scarf(canvas, traits, rng)
        return
    cap = _cap(traits)
    shape = area(cap, 0.018)
    if traits.hair_style is HairStyle.RECEDING:
        bald = area([(-0.72, -0.62), (-0.5, traits.crown_y - 0.3), (0.5, traits.crown_y - 0.3),
                     (0.72, -0.62), (0.0, -0.5)], 0.09)  # fmt: skip
        shape = shape * (1 - 0.96 * bald)
    elif traits.hair_style is HairStyle.BALD:
        # A shadow of stubble on the skull.
        skull = np.clip(canvas.cover, 0, 1)
        shape = shape * skull * np.float32(0.06 + 0.12 * traits.curl)
    # Single hairs fray the edge; inside, the hair is thick.
    edge = np.clip(shape + 0.35 * (noise(rng, 0.01, 0.06) - 0.3) * (1 - shape) + 0.2 * shape, 0, 1)
    edge = np.where(shape > 0.02, edge, 0) if traits.hair_style is not HairStyle.BALD else shape
    # Hair throws a soft shadow on the forehead.
    shadow = np.roll(shape, round(0.05 * UNIT), axis=0)
    canvas.shade(1 - 0.16 * np.clip(shadow - shape, 0, 1))
    canvas.paint(np.asarray(edge, np.float32), _strands(traits, rng))
    if traits.hair_style in _BELOW:
        _paint_curtains(canvas, traits, rng)


def _paint_scarf(canvas: Canvas, traits: FaceTraits, rng: np.random.Generator) -> None:
    """A scarf round the face and over the shoulders."""
    c, top, low, line = traits.cheek, traits.crown_y, traits.chin_y, traits.hairline + 0.02
    outside: Points = [
        (0, top - 0.12), (0.6, top), (1.1 * c, -0.7), (1.22 * c, 0.2), (1.15 * c, 1.0),
        (1.3, 1.9), (1.2, 2.4), (-1.2, 2.4), (-1.3, 1.9), (-1.15 * c, 1.0), (-1.22 * c, 0.2),
        (-1.1 * c, -0.7), (-0.6, top),
    ]  # fmt: skip
    opening: Points = [
        (0, line), (0.5, line + 0.12), (0.84 * c, -0.3), (0.9 * c, 0.3), (0.78 * c, 0.85),
        (0.45, low - 0.1), (0, low - 0.01), (-0.45, low - 0.1), (-0.78 * c, 0.85),
        (-0.9 * c, 0.3), (-0.84 * c, -0.3), (-0.5, line + 0.12),
    ]  # fmt: skip
    scarf = area(outside, 0.012) * (1 - area(opening, 0.012))
    folds = 1 + 0.07 * noise(rng, 0.06, 0.4) + 0.02 * noise(rng, 0.01, 0.01)
    canvas.paint(scarf, np.array(traits.cloth, np.float32) * folds[..., None])


def _cap(traits: FaceTraits) -> Points:
    """The outline of the hair on top: outside along the skull, inside along the hairline."""
    c, top, line = traits.cheek, traits.crown_y, traits.hairline
    puff = {HairStyle.CROP: 0.05, HairStyle.RECEDING: 0.03, HairStyle.TIED: 0.06}.get(
        traits.hair_style, 0.14
    )
    temple_y = 0.05 if traits.hair_style is not HairStyle.TIED else -0.2
    outer: Points = [
        (-1.0 * c - 0.3 * puff, temple_y), (-1.02 * c - 0.6 * puff, -0.55),
        (-0.9 * c - puff, top + 0.4), (-0.52, top + 0.04 - puff), (0, top - puff),
        (0.52, top + 0.04 - puff), (0.9 * c + puff, top + 0.4),
        (1.02 * c + 0.6 * puff, -0.55), (1.0 * c + 0.3 * puff, temple_y),
    ]  # fmt: skip
    return outer + _hairline(traits, c, line)


def _hairline(traits: FaceTraits, c: float, line: float) -> Points:
    """From the right temple over the forehead to the left one."""
    if traits.hair_style is HairStyle.FRINGE or traits.hair_style is HairStyle.BOB:
        low = traits.brow_y - 0.12
        return [(0.93 * c, -0.1), (0.86 * c, -0.4), (0.5, low), (0.0, low - 0.03), (-0.5, low),
                (-0.86 * c, -0.4), (-0.93 * c, -0.1)]  # fmt: skip
    if traits.hair_style is HairStyle.CENTRE_PARTING:
        return [(0.9 * c, 0.1), (0.84 * c, -0.3), (0.55, line + 0.2), (0.2, line - 0.12),
                (0.0, line - 0.2), (-0.2, line - 0.12), (-0.55, line + 0.2), (-0.84 * c, -0.3),
                (-0.9 * c, 0.1)]  # fmt: skip
    if traits.hair_style is HairStyle.SIDE_PARTING:
        return [(0.94 * c, -0.2), (0.86 * c, -0.5), (0.66, line + 0.02), (0.35, line - 0.1),
                (-0.1, line - 0.02), (-0.55, line + 0.22), (-0.86 * c, -0.42),
                (-0.94 * c, -0.15)]  # fmt: skip
    return [(0.94 * c, -0.2), (0.87 * c, -0.5), (0.62, line + 0.08), (0.3, line - 0.02),
            (0.0, line + 0.02), (-0.3, line - 0.02), (-0.62, line + 0.08), (-0.87 * c, -0.5),
            (-0.94 * c, -0.2)]  # fmt: skip


def _paint_curtains(canvas: Canvas, traits: FaceTraits, rng: np.random.Generator) -> None:
    low, c = _BELOW[traits.hair_style], traits.cheek
    for side in (-1.0, 1.0):
        shape: Points = [
            (side * 0.9 * c, -0.75), (side * 1.12 * c, -0.7), (side * 1.22 * c, 0.2),
            (side * 1.18 * c, low - 0.15), (side * 1.0 * c, low - 0.02),
            (side * 0.93 * c, 0.9), (side * 0.96 * c, 0.2),
        ]  # fmt: skip
        canvas.paint(area(shape, 0.016), _strands(traits, rng) * 0.9)


def _strands(traits: FaceTraits, rng: np.random.Generator) -> Floats:
    """Hair colour with the light and dark of strands and one soft band of shine."""
    x, y = grid()
    curl, straight = np.float32(traits.curl), 1 - 0.8 * traits.curl
    lines = noise(rng, 0.008 + 0.016 * traits.curl, 0.22 * straight) * (0.16 - 0.05 * curl)
    lines += noise(rng, 0.03 + 0.03 * traits.curl, 0.3 * straight) * 0.08
    bend = (y - (traits.crown_y + 0.38) - 0.22 * x**2) / 0.16
    shine = np.exp(-0.5 * bend**2) * np.float32(0.35)
    level = np.clip(1 + lines, 0.4, 1.8)[..., None] * np.array(traits.hair, np.float32)
    return np.asarray(
        level + (shine * (30 + 40 * np.clip(lines + 0.4, 0, 1)))[..., None], np.float32
    )
