"""The liveness hint: invented people who turn, and photographs of them that are turned."""

import cv2
import numpy as np
import pytest

from common.matching.face_engine import FaceEngine
from common.matching.face_mesh import FaceMesh
from common.matching.liveness import (
    Challenge,
    ChallengeRun,
    LivenessHint,
    Moment,
    challenges,
    has_done,
    is_one_face,
    liveness_hint,
    moment_of,
    parallax,
)
from tests.support.moving_faces import photograph, shot, turning


@pytest.fixture(scope="module")
def watch():
    engine = FaceEngine()

    def moments(pictures):
        seen = [engine.closeup(picture, engine.find(picture)[0]) for picture in pictures]
        return [moment_of(c, engine.eye_opening(c), engine.embedding_of(c)) for c in seen]

    return moments


@pytest.mark.parametrize("seed", [1, 7])
@pytest.mark.parametrize("axis", ["yaw", "pitch"])
def test_a_head_that_turns_or_nods_has_depth(watch, seed, axis):
    assert liveness_hint(watch(turning(seed, **{axis: 0.3}))) is LivenessHint.LIVE_HINT


@pytest.mark.parametrize("seed", [1, 7])
@pytest.mark.parametrize(("end", "about"), [(30, "upright axis"), (25, "level axis")])
def test_a_photograph_that_is_turned_never_has_depth(watch, seed, end, about):
    hint = liveness_hint(watch(photograph(seed, end, about)))
    assert hint is not LivenessHint.LIVE_HINT
    if about == "upright axis":
        assert hint is LivenessHint.FLAT_HINT


def test_a_photograph_stays_flat_whatever_else_it_did(watch):
    flat = watch(photograph(7, 30, "upright axis"))
    assert liveness_hint(flat, did_all=True) is LivenessHint.FLAT_HINT


def test_a_face_that_keeps_still_says_nothing(watch):
    still = watch([shot(4, i, shift=(0.003 * i, 0.05)) for i in range(4)])
    assert parallax(still) is None
    assert liveness_hint(still) is LivenessHint.UNSURE
    assert liveness_hint(still, did_all=True) is LivenessHint.LIVE_HINT
    assert liveness_hint(still[:2], did_all=True) is LivenessHint.UNSURE


def test_another_person_in_between_is_no_one_face(watch):
    mixed = watch([shot(1), shot(7), shot(1)])
    assert not is_one_face(mixed)
    assert liveness_hint(mixed, did_all=True) is LivenessHint.UNSURE


# Challenges, on meshes made for them


POINTS = np.random.default_rng(3).normal(0, 40, (468, 3))
VIEW = np.zeros((320, 320), np.uint8)


def mesh(*, yaw=0.0, scale=1.0, lids=0.25, shift=(0.0, 0.0)):
    """A face that is a cloud but for its mirrored points, and its long axis; its lids are told."""
    points = POINTS.copy()
    points[33], points[263] = (-45, -30, 0), (45, -30, 0)
    points[133], points[362] = (-15, -30, 0), (15, -30, 0)
    points[61], points[291] = (-25, 40, 0), (25, 40, 0)
    points[234], points[454] = (-70, 0, 30), (70, 0, 30)
    points[127], points[356] = (-70, -20, 30), (70, -20, 30)
    points[58], points[288] = (-60, 40, 20), (60, 40, 20)
    points[172], points[397] = (-50, 60, 10), (50, 60, 10)
    points[10], points[152] = (0, -90, 0), (0, 80, 0)
    turn = np.asarray(cv2.Rodrigues(np.array([0, -np.radians(yaw), 0]))[0])
    points = points @ turn.T * scale + (*shift, 0)
    return Moment(FaceMesh(points, 20.0), VIEW, lids)


def test_the_seed_alone_orders_the_challenges():
    assert challenges(5) == challenges(5)
    assert sorted(challenges(5), key=str) == sorted(Challenge, key=str)
    assert len({challenges(seed) for seed in range(40)}) > 10
    assert len(challenges(5, 2)) == 2


def test_a_turn_is_to_one_side():
    left = [mesh(), mesh(yaw=6), mesh(yaw=14)]
    assert mesh(yaw=14).mesh.pose.yaw == pytest.approx(14, abs=0.5)
    assert has_done(Challenge.TURN_LEFT, left)
    assert not has_done(Challenge.TURN_RIGHT, left)
    assert has_done(Challenge.TURN_RIGHT, [mesh(), mesh(yaw=-12)])
    assert not has_done(Challenge.TURN_LEFT, [mesh(yaw=14), mesh(yaw=15)])


def test_a_blink_opens_again():
    assert has_done(Challenge.BLINK, [mesh(), mesh(lids=0.07), mesh()])
    assert not has_done(Challenge.BLINK, [mesh(), mesh(lids=0.07), mesh(lids=0.07)])
    assert not has_done(Challenge.BLINK, [mesh(), mesh(lids=0.2), mesh()])


def test_coming_closer_grows():
    assert has_done(Challenge.COME_CLOSER, [mesh(), mesh(scale=1.1), mesh(scale=1.3)])
    assert not has_done(Challenge.COME_CLOSER, [mesh(), mesh(scale=1.05), mesh(scale=0.7)])
    assert not has_done(Challenge.COME_CLOSER, [])


def test_each_challenge_is_done_after_it_was_asked():
    run = ChallengeRun([Challenge.TURN_LEFT, Challenge.BLINK])
    for moment in (mesh(), mesh(lids=0.07), mesh(), mesh(yaw=14)):
        assert run.current is Challenge.TURN_LEFT
        run.see(moment)
    assert run.current is Challenge.BLINK
    assert not run.did_all
    for moment in (mesh(lids=0.07), mesh()):
        run.see(moment)
    assert run.current is None
    assert run.did_all
    run.see(mesh())
    assert run.did_all
    assert not ChallengeRun([]).did_all


def test_a_face_that_jumps_is_no_one_face():
    assert is_one_face([mesh(), mesh(shift=(30, 0))])
    assert not is_one_face([mesh(), mesh(shift=(200, 0))])
