"""How a face differs from day to day, and one twin's from the other's."""

from dataclasses import replace

import numpy as np

from hardware.simulation.face_traits import CLOTHES, FaceTraits

_GLASSES_OFF = 0.15
"""On how many days somebody who wears glasses goes without."""

_TWIN_NUANCE = 0.03


def on_day(traits: FaceTraits, number: int, day: int) -> FaceTraits:
    """The face on a day: clothes, hair and shave of the day, tired or not, glasses or not.

    Args:
        traits: The face as it is.
        number: The person.
        day: The day, as a number.
    """
    rng = np.random.default_rng([number, day, 37])
    tired = float(rng.beta(1.2, 4))
    return replace(
        traits,
        cloth=CLOTHES[int(rng.integers(len(CLOTHES)))],
        collar=int(rng.integers(3)),
        hairline=traits.hairline + float(rng.normal(0, 0.015)),
        beard=traits.beard * float(rng.uniform(0.75, 1.0)),
        lip_strength=traits.lip_strength * float(rng.uniform(0.85, 1.1)),
        eye_height=traits.eye_height * (1 - 0.12 * tired),
        bags=traits.bags + 0.25 * tired,
        glasses=0 if rng.random() < _GLASSES_OFF else traits.glasses,
    )


def twin(traits: FaceTraits, number: int) -> FaceTraits:
    """The face of an identical twin: a little fuller or thinner, other spots, other glasses."""
    rng = np.random.default_rng([number, 41])

    def near(value: float) -> float:
        return value * float(1 + _TWIN_NUANCE * rng.normal())

    return replace(
        traits,
        spot_seed=number,
        cheek=traits.cheek * float(1 + 0.01 * rng.normal()),
        jaw=near(traits.jaw),
        brow_thick=near(traits.brow_thick),
        nose_width=near(traits.nose_width),
        mouth_width=near(traits.mouth_width),
        upper_lip=near(traits.upper_lip),
        hairline=near(traits.hairline),
        collar=int(rng.integers(3)),
        cloth=CLOTHES[int(rng.integers(len(CLOTHES)))],
    )
