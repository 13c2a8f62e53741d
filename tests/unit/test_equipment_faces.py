"""Several frames decide, and only frames with one face near enough."""

from threading import Event

import cv2
import numpy as np
import pytest

from common.equipment.faces import FRAMES_PER_COMPARISON, FaceCheck, FaceDesk
from common.matching.face_closeup import Closeup
from common.matching.face_engine import FaceEngine, FaceVerdict
from common.matching.face_finding import FoundFace
from common.matching.face_mesh import FaceMesh
from common.matching.liveness import Challenge, LivenessHint
from hardware.camera.interface import Frame, Pixels
from hardware.core.device import DeviceState, Health
from hardware.core.errors import DeviceAbsentError, RequestCancelledError
from hardware.simulation.people import person
from tests.support.chips import jpeg
from tests.support.keepers import keeper_of
from tests.support.moving_faces import photograph, turning

FRAME = np.zeros((20, 20, 3), np.uint8)
EYES_NEAR = ((40.0, 40.0), (100.0, 40.0))
EYES_FAR = ((40.0, 40.0), (55.0, 40.0))


class FilmCamera:
    """Gives a frame each tenth of a second of its own clock."""

    def __init__(self):
        self.now = 0.0
        self.is_plugged = True
        self.comes_back = False

    def open(self):
        self.is_plugged = self.is_plugged or self.comes_back

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
        return Frame(FRAME, round(self.now * 10))


class Judge:
    """Sees the faces it is told to see, and scores them in turn."""

    def __init__(self, faces=(EYES_NEAR,), scores=(0.9,)):
        self.faces, self.scores = faces, list(scores)
        self.compared = 0

    def find(self, image):
        seen = self.faces if image.shape == FRAME.shape else (EYES_NEAR,)
        return tuple(FoundFace((0, 0, 1, 1), eyes, 1.0) for eyes in seen)

    def closeup(self, _image, _face):
        blank = np.zeros((320, 320, 3), np.uint8)
        mesh = FaceMesh(np.ones((468, 3)), 20.0)
        return Closeup(blank, np.eye(2, 3), mesh, np.zeros((5, 2)))

    def embedding_of(self, _closeup):
        return np.eye(128, dtype=np.float32)[0]

    def eye_opening(self, _closeup):
        return 0.25

    def compare(self, _a, _b):
        self.compared += 1
        return self.scores.pop(0) if len(self.scores) > 1 else self.scores[0]


def desk_of(judge, camera=None):
    camera = camera or FilmCamera()
    shown: list[Pixels] = []
    desk = FaceDesk(keeper_of(camera), judge, shown.append, lambda: camera.now)
    return desk, shown


def test_several_frames_are_compared_and_all_are_shown():
    judge = Judge()
    desk, shown = desk_of(judge)
    assert desk.check(jpeg(), Event()) == FaceCheck(FaceVerdict.ACCEPT, 0.9)
    assert judge.compared == FRAMES_PER_COMPARISON
    assert len(shown) > FRAMES_PER_COMPARISON


def test_the_best_frame_counts():
    desk, _ = desk_of(Judge(scores=(0.1, 0.3, 0.2)))
    assert desk.check(jpeg(), Event()) == FaceCheck(FaceVerdict.REFUSE, 0.3)
    desk, _ = desk_of(Judge(scores=(0.1, 0.4, 0.2)))
    assert desk.check(jpeg(), Event()).verdict is FaceVerdict.OFFICER


def test_a_later_frame_may_accept():
    judge = Judge(scores=(*(7 * [0.1]), 0.6))
    desk, _ = desk_of(judge)
    assert desk.check(jpeg(), Event()).verdict is FaceVerdict.ACCEPT
    assert judge.compared == 8


def test_what_is_asked_is_said_once_and_waited_for():
    asked: list[Challenge] = []
    judge = Judge()
    desk, _ = desk_of(judge)
    found = desk.check(jpeg(), Event(), 4.0, (Challenge.BLINK,), asked.append)
    assert asked == [Challenge.BLINK]
    assert found == FaceCheck(FaceVerdict.ACCEPT, 0.9, LivenessHint.UNSURE)
    assert judge.compared > FRAMES_PER_COMPARISON


def test_people_before_the_camera_are_known_and_told_from_their_photograph():
    class Showing(FilmCamera):
        def __init__(self, pictures):
            super().__init__()
            self.pictures = pictures

        def next_frame(self, timeout_s, cancelled):
            number = super().next_frame(timeout_s, cancelled).number
            return Frame(self.pictures[number // 3 % len(self.pictures)], number)

    portrait = bytes(cv2.imencode(".jpg", person(7).portrait())[1])
    for pictures, hint in (
        (turning(7, yaw=0.3), LivenessHint.LIVE_HINT),
        (photograph(7, 30, "upright axis"), LivenessHint.FLAT_HINT),
    ):
        camera = Showing(pictures)
        found = desk_of(FaceEngine(), camera)[0].check(portrait, Event(), 4.0)
        assert found.verdict is FaceVerdict.ACCEPT
        assert found.liveness is hint


@pytest.mark.parametrize("faces", [(), (EYES_FAR,), (EYES_NEAR, EYES_NEAR)])
def test_nobody_somebody_far_or_two_are_not_compared(faces):
    judge = Judge(faces)
    desk, _ = desk_of(judge)
    assert desk.check(jpeg(), Event()) == FaceCheck(FaceVerdict.NO_FACE)
    assert judge.compared == 0


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


def test_a_camera_that_was_away_while_nobody_looked_is_opened_anew():
    camera = FilmCamera()
    desk, _ = desk_of(Judge(), camera)
    desk.take(Event())
    camera.is_plugged, camera.comes_back = False, True
    assert desk.check(jpeg(), Event()).verdict is FaceVerdict.ACCEPT


def test_a_camera_that_goes_while_a_face_is_compared_ends_the_check():
    camera = FilmCamera()

    class Unplugs(Judge):
        def compare(self, _a, _b):
            camera.is_plugged = False
            return super().compare(_a, _b)

    camera.comes_back = True
    desk, _ = desk_of(Unplugs(), camera)
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
