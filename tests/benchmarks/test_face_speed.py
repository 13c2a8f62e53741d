"""What each stage of working with a face costs, as multiples of a bare run of its network.

The floor is the same network on an input of the same size, run alone in the same process. Stages
without a network are measured against the recogniser's. Run with -s to see the table.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import cv2
import numpy as np
import pytest

from common.matching import face_models
from common.matching.faces import (
    FaceEngine,
    PortraitCoding,
    check_portrait,
    crop_portrait,
    encode_portrait,
    read_image,
)
from common.matching.liveness import moment_of, parallax
from hardware.simulation.people import person
from tests.support.moving_faces import turning

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(120)]

ROUNDS = 5


def spent_ms(run: Callable[[], object]) -> float:
    """The median of some rounds, after one that does not count."""
    run()
    times = []
    for _ in range(ROUNDS):
        began = perf_counter()
        run()
        times.append((perf_counter() - began) * 1000)
    return median(times)


def test_stages_of_a_face():
    engine, models = FaceEngine(), face_models.load()
    frame = person(4).face(1, 720, 960)
    jpeg = bytes(cv2.imencode(".jpg", frame)[1])
    huge = bytes(cv2.imencode(".jpg", cv2.resize(frame, (6144, 8192)))[1])
    face = engine.find(frame)[0]
    closeup = engine.closeup(frame, face)
    portrait = crop_portrait(engine, frame)
    on_its_side = np.ascontiguousarray(np.rot90(frame))
    moments = [
        moment_of(engine.closeup(f, engine.find(f)[0]), 0.3, None) for f in turning(4, yaw=0.3)
    ]

    small, mesh_input = np.zeros((640, 480, 3), np.uint8), np.zeros((1, 3, 192, 192), np.float32)
    aligned = np.zeros((112, 112, 3), np.uint8)
    models.detector.setInputSize((480, 640))

    def bare_mesh() -> None:
        models.mesh.setInput(mesh_input)
        models.mesh.forward(models.mesh.getUnconnectedOutLayersNames())

    floors = {
        "detector 640": spent_ms(lambda: models.detector.detect(small)),
        "mesh": spent_ms(bare_mesh),
        "recogniser": spent_ms(lambda: models.recogniser.feature(aligned)),
    }
    stages: dict[str, tuple[str, Callable[[], object]]] = {
        "decode 720 x 960": ("recogniser", lambda: read_image(jpeg)),
        "decode 50 megapixels": ("recogniser", lambda: read_image(huge)),
        "find, upright": ("detector 640", lambda: engine.find(frame)),
        "find, on its side": ("detector 640", lambda: engine.find(on_its_side, any_way_up=True)),
        "closeup with mesh": ("mesh", lambda: engine.closeup(frame, face)),
        "opening of both eyes": ("mesh", lambda: engine.eye_opening(closeup)),
        "embedding of a closeup": ("recogniser", lambda: engine.embedding_of(closeup)),
        "one frame of a check": ("recogniser", lambda: engine.embedding(frame, face)),
        "parallax of five frames": ("recogniser", lambda: parallax(moments)),
        "all portrait rules": ("recogniser", lambda: check_portrait(engine, portrait)),
        "cut": ("recogniser", lambda: crop_portrait(engine, frame)),
        "pack as JPEG": ("recogniser", lambda: encode_portrait(portrait)),
        "pack as JPEG 2000": (
            "recogniser",
            lambda: encode_portrait(portrait, coding=PortraitCoding.JPEG_2000),
        ),
    }
    print("\nfloors: " + ", ".join(f"{name} {ms:.1f} ms" for name, ms in floors.items()))
    ratios = {}
    for name, (floor, run) in stages.items():
        took = spent_ms(run)
        ratios[name] = took / floors[floor]
        print(f"{name:26}{took:>8.1f} ms{ratios[name]:>8.1f} x {floor}")
    assert set(ratios) == set(stages)
    assert len(engine.find(on_its_side, any_way_up=True)) == 1
