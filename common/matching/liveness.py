"""A liveness hint from how a face moves: depth, tasks done when asked, one face throughout.

It is a hint for an officer and for the record, never a gate: it is no presentation attack detection
in the sense of ISO/IEC 30107-3, and was never tried on real attacks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from random import Random

import cv2
import numpy as np
import numpy.typing as npt

from common.matching.face_closeup import SIDE, Closeup
from common.matching.face_engine import Embedding
from common.matching.face_mesh import LEFT_CHEEK, RIGHT_CHEEK, FaceMesh

GreyImage = npt.NDArray[np.uint8]
Corners = npt.NDArray[np.float64]

_LEAST_MOMENTS = 3
_TURN_DEG = 8.0
"""A head has turned when its yaw has gone this far from where it began."""

_BLINK_SHARE = 0.6
"""A blink is an eye opening below this share of the widest before and the widest after."""

_CLOSER = 1.15
"""A face has come closer when it has grown by this factor."""

_MOVED_ENOUGH = 0.012
"""Change of shape, in parts of the face's width, that a plane and a head can be told apart by."""

_SHALLOW, _DEEP = 0.30, 0.45
"""What is left of that change after the best plane was laid under it: of a plane, and of a head.
Of five invented people who turned or nodded 0.54 was the least; of their photographs, slanted by
25 to 45 degrees to either side, 0.32 was the most."""

_SAME_FACE = 0.45
_LONGEST_JUMP = 0.6
"""Of the face's width, that a face may move from one moment to the next."""

_CORNERS, _FEWEST_CORNERS = 150, 25
_OVAL = (62, 78)
"""Half axes of the part of a view in which corners are followed: skin, not hair and not ground."""

_ASTRAY = 0.7
"""Pixels by which a corner may miss its place when it is followed back again."""

_MOST = 80
"""Percent of the corners that must fit: the rest may be eyelids and lips."""


class LivenessHint(Enum):
    """What the motion of a face suggests; an officer decides."""

    LIVE_HINT = "live_hint"
    FLAT_HINT = "flat_hint"
    UNSURE = "unsure"


class Challenge(Enum):
    """What a person can be asked to do."""

    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    BLINK = "blink"
    COME_CLOSER = "come_closer"


@dataclass(frozen=True)
class Moment:
    """A face as one frame shows it.

    Attributes:
        mesh: In pixels of the frame.
        view: The face in grey, upright and always equally large: the closeup's 320 x 320.
        eye_opening: Of the less open eye.
        embedding: Of the face, or None where it was not made.
    """

    mesh: FaceMesh
    view: GreyImage
    eye_opening: float
    embedding: Embedding | None = None


def moment_of(closeup: Closeup, eye_opening: float, embedding: Embedding | None) -> Moment:
    """A moment from a face that was looked at closely."""
    grey = np.asarray(cv2.cvtColor(closeup.pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    return Moment(closeup.mesh.placed(closeup.back), grey, eye_opening, embedding)


def challenges(seed: int, count: int = len(Challenge)) -> tuple[Challenge, ...]:
    """Some different challenges in an order that the seed alone decides.

    The caller draws the seed anew for each person, from a source that nobody can foresee.
    """
    return tuple(Random(seed).sample(list(Challenge), count))  # noqa: S311 (the seed is the secret)


def has_done(challenge: Challenge, moments: Sequence[Moment]) -> bool:
    """Whether the face did what was asked since the first of these moments."""
    if not moments:
        return False
    match challenge:
        case Challenge.TURN_LEFT:
            return _turn(moments) >= _TURN_DEG
        case Challenge.TURN_RIGHT:
            return _turn(moments, -1) >= _TURN_DEG
        case Challenge.BLINK:
            return _has_blinked(moments)
        case Challenge.COME_CLOSER:
            widths = [_width(moment.mesh) for moment in moments]
            return max(widths) >= _CLOSER * widths[0]


class ChallengeRun:
    """Challenges put one after the other: each must be done after it was asked.

    Args:
        asked: In this order.
    """

    def __init__(self, asked: Sequence[Challenge]) -> None:
        self._left = list(asked)
        self._since: list[Moment] = []
        self._was_any = bool(asked)

    @property
    def current(self) -> Challenge | None:
        """What the person is asked now; None when all is done."""
        return self._left[0] if self._left else None

    @property
    def did_all(self) -> bool:
        """Whether there were challenges, and all were done."""
        return self._was_any and not self._left

    def see(self, moment: Moment) -> None:
        """Look whether the current challenge is done by now."""
        self._since.append(moment)
        if self._left and has_done(self._left[0], self._since):
            del self._left[0]
            self._since = [moment]


def liveness_hint(moments: Sequence[Moment], *, did_all: bool = False) -> LivenessHint:
    """Put together what the moments say.

    A face that jumps or changes is UNSURE; one that moves as a plane does is FLAT_HINT, whatever
    else it did; depth or every challenge done is LIVE_HINT.
    """
    if len(moments) < _LEAST_MOMENTS or not is_one_face(moments):
        return LivenessHint.UNSURE
    depth = parallax(moments)
    if depth is not None and depth <= _SHALLOW:
        return LivenessHint.FLAT_HINT
    is_deep = depth is not None and depth >= _DEEP
    return LivenessHint.LIVE_HINT if is_deep or did_all else LivenessHint.UNSURE


def is_one_face(moments: Sequence[Moment]) -> bool:
    """Whether the face stayed where it was, and stayed the same, from moment to moment."""
    steps = (_jump(a.mesh, b.mesh) for a, b in pairwise(moments))
    known = [moment.embedding for moment in moments if moment.embedding is not None]
    same = (float(np.dot(a, b)) >= _SAME_FACE for a, b in pairwise(known))
    return all(step <= _LONGEST_JUMP for step in steps) and all(same)


def parallax(moments: Sequence[Moment]) -> float | None:
    """Which share of a face's change of shape no plane can make.

    Corners on the skin are followed from view to view. A photograph, however it is turned and
    bent towards the camera, moves by one homography; a head that turns leaves a rest. (The mesh
    cannot tell: it sees a head in a slanted photograph too.)

    Returns:
        0 for a plane, up to 1; None where the face hardly turned or could not be followed.
    """
    first, *later = _followed([moment.view for moment in moments]) or [np.empty((0, 2))]
    changes = [_rest(first, points, rigid=True) for points in later]
    if max(changes, default=0.0) < _MOVED_ENOUGH * SIDE / 2:
        return None
    furthest = int(np.argmax(changes))
    return min(1.0, _rest(first, later[furthest], rigid=False) / changes[furthest])


def _followed(views: Sequence[GreyImage]) -> list[Corners]:
    """The same corners in each view; empty where too few could be followed to the end."""
    middle = (SIDE // 2, SIDE // 2)
    oval = cv2.ellipse(np.zeros((SIDE, SIDE), np.uint8), middle, _OVAL, 0, 0, 360, 1, -1)
    corners = cv2.goodFeaturesToTrack(views[0], _CORNERS, 0.005, 4, mask=oval)
    if corners is None:
        return []
    track = [np.asarray(corners, np.float32)]
    kept = np.ones(len(corners), np.bool_)
    for before, after in pairwise(views):
        moved, found = _flow(before, after, track[-1])
        back, found_back = _flow(after, before, moved)
        kept &= found & found_back & (np.linalg.norm((back - track[-1])[:, 0], axis=1) < _ASTRAY)
        track.append(moved)
    if kept.sum() < _FEWEST_CORNERS:
        return []
    return [points[kept, 0].astype(np.float64) for points in track]


def _flow(
    before: GreyImage, after: GreyImage, points: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Where corners are in the next view, and which were found."""
    moved, found, _ = cv2.calcOpticalFlowPyrLK(
        before, after, points, points.copy(), winSize=(21, 21), maxLevel=3
    )
    return np.asarray(moved, np.float32), np.asarray(found, np.bool_)[:, 0]


def _rest(before: Corners, after: Corners, *, rigid: bool) -> float:
    """What most corners keep below after the best similarity (rigid) or homography, in pixels."""
    if rigid:
        place, _ = cv2.estimateAffinePartial2D(before, after, method=cv2.LMEDS)
        laid = before if place is None else before @ place[:, :2].T + place[:, 2]
    else:
        plane, _ = cv2.findHomography(before, after, cv2.LMEDS)
        laid = before if plane is None else cv2.perspectiveTransform(before[None], plane)[0]
    return float(np.percentile(np.linalg.norm(laid - after, axis=1), _MOST))


def _width(mesh: FaceMesh) -> float:
    """Of the face in all three directions, so that a turned face is as wide as before."""
    return max(float(np.linalg.norm(mesh.points[RIGHT_CHEEK] - mesh.points[LEFT_CHEEK])), 1e-6)


def _jump(a: FaceMesh, b: FaceMesh) -> float:
    moved = a.points[:, :2].mean(axis=0) - b.points[:, :2].mean(axis=0)
    return float(np.linalg.norm(moved)) / _width(a)


def _turn(moments: Sequence[Moment], direction: int = 1) -> float:
    """The furthest turn to the person's left (1) or right (-1) since the first moment."""
    yaws = [direction * moment.mesh.pose.yaw for moment in moments]
    return max(yaws) - yaws[0]


def _has_blinked(moments: Sequence[Moment]) -> bool:
    openings = [moment.eye_opening for moment in moments]
    lowest = int(np.argmin(openings))
    around = (max(openings[:lowest], default=0.0), max(openings[lowest + 1 :], default=0.0))
    return openings[lowest] < _BLINK_SHARE * min(around)
