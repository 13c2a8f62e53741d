"""Several frames decide, and only frames with one face near enough."""

from threading import Event

import numpy as np
import pytest

from common.equipment.faces import FRAMES_PER_COMPARISON, FaceCheck, FaceDesk
from common.matching.face_engine import FaceComparison, FaceVerdict
from common.matching.face_finding import FoundFace
from hardware.camera.interface import Frame, Pixels
from hardware.core.device import DeviceState, Health
from hardware.core.errors import DeviceAbsentError, RequestCancelledError
from tests.support.chips import jpeg
from tests.support.keepers import keeper_of

EYES_NEAR = ((40.0, 40.0), (100.0, 40.0))
EYES_FAR = ((40.0, 40.0), (55.0, 40.0))


class FilmCamera:
    """Gives a frame each tenth of a second of its own clock."""

    def __init__(self):
        self.now = 0.0
        self.is_plugged = True

    def open(self):
        pass

    def close(self):
        pass

    def health(self):
        return Health(DeviceState.ONLINE)

    def next_frame(self, _timeout_s, cancelled):
        if not self.is_plugged:
            raise DeviceAbsentError("no camera")
        if cancelled.is_set():
            raise RequestCancelledError("cancelled")
        self.now += 0.1
        return Frame(np.zeros((20, 20, 3), np.uint8), round(self.now * 10))


class Judge:
    """Sees the faces it is told to see, and scores them in turn."""

    def __init__(self, faces=(EYES_NEAR,), scores=(0.9,)):
        self.faces, self.scores = faces, list(scores)
        self.compared = []

    def find(self, _image):
        return tuple(FoundFace((0, 0, 1, 1), eyes, 1.0) for eyes in self.faces)

    def verify(self, live_frames, _portrait):
        self.compared.append(len(live_frames))
        score = self.scores.pop(0) if len(self.scores) > 1 else self.scores[0]
        verdict = FaceVerdict.ACCEPT if score >= 0.45 else FaceVerdict.REFUSE
        return FaceComparison(score, verdict)


def desk_of(judge, camera=None):
    camera = camera or FilmCamera()
    shown: list[Pixels] = []
    desk = FaceDesk(keeper_of(camera), judge, shown.append, lambda: camera.now)
    return desk, shown


def test_several_frames_are_compared_and_all_are_shown():
    judge = Judge()
    desk, shown = desk_of(judge)
    assert desk.check(jpeg(), Event()) == FaceCheck(FaceVerdict.ACCEPT, 0.9)
    assert judge.compared == [FRAMES_PER_COMPARISON]
    assert len(shown) > FRAMES_PER_COMPARISON


def test_the_best_comparison_counts():
    desk, _ = desk_of(Judge(scores=(0.1, 0.3, 0.2)))
    assert desk.check(jpeg(), Event()) == FaceCheck(FaceVerdict.REFUSE, 0.3)


def test_a_later_comparison_may_accept():
    judge = Judge(scores=(0.1, 0.6))
    desk, _ = desk_of(judge)
    assert desk.check(jpeg(), Event()).verdict is FaceVerdict.ACCEPT
    assert len(judge.compared) == 2


@pytest.mark.parametrize("faces", [(), (EYES_FAR,), (EYES_NEAR, EYES_NEAR)])
def test_nobody_somebody_far_or_two_are_not_compared(faces):
    judge = Judge(faces)
    desk, _ = desk_of(judge)
    assert desk.check(jpeg(), Event()) == FaceCheck(FaceVerdict.NO_FACE)
    assert judge.compared == []


def test_a_bystander_in_the_distance_does_not_disturb():
    desk, _ = desk_of(Judge((EYES_NEAR, EYES_FAR)))
    assert desk.check(jpeg(), Event()).verdict is FaceVerdict.ACCEPT


def test_a_portrait_that_is_no_picture_matches_nobody():
    desk, _ = desk_of(Judge())
    assert desk.check(b"no picture", Event()).verdict is FaceVerdict.NO_FACE


def test_a_check_ends_when_cancelled_and_when_the_camera_goes():
    camera = FilmCamera()
    desk, _ = desk_of(Judge(), camera)
    cancelled = Event()
    cancelled.set()
    with pytest.raises(RequestCancelledError):
        desk.check(jpeg(), cancelled)
    camera.is_plugged = False
    with pytest.raises(DeviceAbsentError):
        desk.check(jpeg(), Event())


def test_watching_shows_until_it_is_ended():
    cancelled = Event()
    shown = []

    def show(pixels):
        shown.append(pixels)
        if len(shown) == 3:
            cancelled.set()

    FaceDesk(keeper_of(FilmCamera()), Judge(), show).watch(cancelled)
    assert len(shown) == 3


def test_one_frame_can_be_taken():
    desk, shown = desk_of(Judge())
    assert desk.take(Event()) is shown[0]
