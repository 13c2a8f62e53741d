"""Measure which bends and tones of an invented face the face network looks at.

    python -m tests.benchmarks.learn_face_character

writes hardware/simulation/face_character.npz, in about five minutes of processor time. Every field
is laid over a few plain heads, strongly one way and the other; what the embedding does is the
field's effect. The mean effect of all heads is inverted (with a ridge, so that faint effects are
not overdone): each way is a combination of fields that moves the embedding in a direction of its
own, as far as the others do.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from common.matching.faces import FaceEngine
from hardware.simulation import face_character, face_painting, face_traits, faces

HEADS, WAYS = 4, 34
STEP, RIDGE = 0.9, 0.12
FIRST_SEED = 700_000
"""Heads of which no test or demonstration makes use."""

Floats = npt.NDArray[np.float64]


def effects(engine: FaceEngine, seed: int) -> Floats:
    """How each field moves the embedding of one head: fields x 128."""
    traits = face_traits.invent(seed, female=seed % 2 == 0, age=25 + 10 * (seed % HEADS))
    traits = replace(traits, glasses=0)

    def embedding(strengths: Floats) -> Floats:
        head = face_painting.paint_head(traits, strengths)
        picture = faces.take(head, faces.STUDIO, seed, 360, 463)
        return np.asarray(engine.embedding(picture, engine.find(picture)[0]), np.float64)

    steps = STEP * np.eye(face_character.FIELDS)
    return np.array([(embedding(step) - embedding(-step)) / (2 * STEP) for step in steps])


def ways(mean_effect: Floats) -> Floats:
    """Combinations of fields, ways x fields, whose random mixtures have strength 1 on average."""
    fields, gains, _ = np.linalg.svd(mean_effect, full_matrices=False)
    gains = gains[:WAYS] / (gains[:WAYS] ** 2 + RIDGE**2)
    mixed = (fields[:, :WAYS] * gains).T
    return np.asarray(mixed / np.sqrt(np.mean(np.sum(mixed**2, axis=0)) / WAYS))


def main() -> None:
    engine = FaceEngine()
    measured = [effects(engine, FIRST_SEED + head) for head in range(HEADS)]
    target = Path(face_character.__file__).with_name("face_character.npz")
    np.savez_compressed(target, ways=ways(np.mean(measured, axis=0)).astype(np.float32))


if __name__ == "__main__":
    main()
