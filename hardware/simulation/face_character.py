"""The character of a face: how its features are bent and shaded away from the drawn average.

Bends and tones are smooth fields, alike on both sides, over a lattice on the face. Random fields
leave all faces looking, to a recogniser, as if one hand had drawn them: most fields change little
that it looks at. Which combinations it does look at was measured on a few heads
(tests/benchmarks/learn_face_character.py) and is kept in face_character.npz; a face draws from
those combinations, each as likely to be strong as the other.
"""

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from hardware.simulation.face_canvas import (
    CENTRE_X,
    CENTRE_Y,
    HEIGHT,
    UNIT,
    WIDTH,
    Floats,
    grid,
    noise,
)

BEND_NODES, TONE_NODES = 6, 8
FIELDS = BEND_NODES * BEND_NODES + TONE_NODES * TONE_NODES // 2
"""Half a lattice each of bends to the side and of bends down, and half a lattice of tones."""

_BEND = 0.11
_TONE = 0.2
_LEFT, _RIGHT, _TOP, _BOTTOM = -1.05, 1.05, -0.75, 1.5
_UNEVEN = 0.012
_STRENGTH = 1.2
"""Root mean square of the strength of a field; more tells people apart better and looks worse."""

_LEARNT = Path(__file__).with_name("face_character.npz")

Strengths = npt.NDArray[np.float64]


@lru_cache(maxsize=1)
def _learnt() -> Strengths:
    """One row of strengths for each way in which faces differ, together of strength 1."""
    with np.load(_LEARNT) as kept:
        return np.asarray(kept["ways"], np.float64)


def draw(rng: np.random.Generator) -> Strengths:
    """The strength of each field for one face."""
    ways = _learnt()
    aim = rng.normal(0, 1, len(ways))
    return np.asarray(_STRENGTH * aim / np.linalg.norm(aim) @ ways)


def bend(layers: list[Floats], strengths: Strengths, rng: np.random.Generator) -> list[Floats]:
    """The layers of a head with that character, the first of them its colours."""
    half = BEND_NODES * BEND_NODES // 2
    x, y = grid()
    inner = np.exp(-0.5 * ((x / 0.85) ** 4 + ((y - 0.4) / 1.0) ** 4))
    maps = []
    for place, centre, chosen, mirror in (
        (x, CENTRE_X, strengths[:half], -1.0),
        (y, CENTRE_Y, strengths[half : 2 * half], 1.0),
    ):
        field = _spread(np.tanh(chosen), BEND_NODES, mirror)
        offset = (_BEND * field + _UNEVEN * noise(rng, 0.21, 0.21)) * inner
        maps.append(np.asarray((place + offset) * UNIT + centre, np.float32))
    across, down = maps
    bent = [
        np.asarray(cv2.remap(one, across, down, cv2.INTER_LINEAR), np.float32) for one in layers
    ]
    tone = 1 + _TONE * inner * _spread(np.tanh(strengths[2 * half :]), TONE_NODES, 1.0)
    bent[0] = np.asarray(bent[0] * tone[..., None], np.float32)
    return bent


def _spread(nodes: Strengths, count: int, mirror: float) -> Floats:
    """A smooth field over the whole canvas from the right half of a lattice."""
    half = nodes.reshape(count, count // 2).astype(np.float32)
    lattice = np.hstack([mirror * half[:, ::-1], half])
    step_x, step_y = (_RIGHT - _LEFT) / count, (_BOTTOM - _TOP) / count
    # Node centres lie half a step inside the box, as cv2 counts pixels.
    scale_x, scale_y = step_x * UNIT, step_y * UNIT
    place = np.array(
        [
            [1 / scale_x, 0, -(CENTRE_X + _LEFT * UNIT) / scale_x - 0.5],
            [0, 1 / scale_y, -(CENTRE_Y + _TOP * UNIT) / scale_y - 0.5],
        ]
    )
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    border = cv2.BORDER_REPLICATE
    field = cv2.warpAffine(lattice, place, (WIDTH, HEIGHT), flags=flags, borderMode=border)
    return np.asarray(cv2.GaussianBlur(field, (0, 0), 0.06 * UNIT), np.float32)
