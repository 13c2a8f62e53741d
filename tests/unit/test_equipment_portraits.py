"""Portraits from a camera: watched and taken at once, checked and cut by the real engine."""

from threading import Event, Thread

import numpy as np
import pytest

from common.equipment.portraits import EngineJudge, NoFaceError, PortraitDesk
from common.matching.faces import CHIP_BYTES, FaceEngine, read_image
from hardware.camera.interface import Pixels
from hardware.core.errors import DeviceAbsentError, DeviceTimeoutError, RequestCancelledError
from hardware.simulation.people import person
from tests.support.booth_desk import PORTRAIT, EasyJudge, StillCamera, kept


@pytest.fixture
def watched():
    left = Event()
    shown: list[Pixels] = []
    desk = PortraitDesk(kept("camera", StillCamera()), EasyJudge())
    thread = Thread(target=desk.watch, args=(shown.append, left))
    thread.start()
    yield desk, shown
    left.set()
    thread.join()


def test_a_photograph_is_a_frame_of_the_live_picture(watched):
    desk, shown = watched
    assert desk.take(5, Event()).jpeg == PORTRAIT
    assert shown


def test_without_a_live_picture_there_is_no_photograph():
    desk = PortraitDesk(kept("camera", StillCamera()), EasyJudge())
    with pytest.raises(DeviceTimeoutError):
        desk.take(0.05, Event())
    left = Event()
    left.set()
    with pytest.raises(RequestCancelledError):
        desk.take(5, left)


def test_an_absent_camera_is_told():
    camera = StillCamera()
    camera.is_plugged = False
    with pytest.raises(DeviceAbsentError):
        PortraitDesk(kept("camera", camera), EasyJudge()).watch(lambda _: None, Event())


def test_a_face_is_cut_into_a_portrait_that_fits_the_chip():
    photograph = EngineJudge(FaceEngine()).judge(person(7).face(1, 720, 960))
    assert len(photograph.jpeg) <= CHIP_BYTES
    height, width = read_image(photograph.jpeg).shape[:2]
    assert height / width == pytest.approx(45 / 35, rel=0.02)
    of_the_place = {"head_size", "centred", "eye_line", "upright", "whole_head"}
    assert not of_the_place & {finding.rule for finding in photograph.findings}


def test_a_face_far_away_or_cut_off_is_told_of_the_frame():
    judge, near = EngineJudge(FaceEngine()), person(7).face(1, 720, 960)
    far = judge.judge(np.ascontiguousarray(near[::3, ::3]))
    assert "eye_distance" in {finding.rule for finding in far.findings}
    (_, top, _, height) = FaceEngine().find(near)[0].box
    cut = judge.judge(np.ascontiguousarray(near[round(top + height * 0.1) :]))
    assert "whole_head" in {finding.rule for finding in cut.findings}


def test_a_wall_is_no_portrait():
    with pytest.raises(NoFaceError):
        EngineJudge(FaceEngine()).judge(np.full((480, 360, 3), 200, np.uint8))
