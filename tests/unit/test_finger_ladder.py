"""The ladder from the first finger to an officer: every path ends, and within its limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.biometrics import (
    ALL_FINGERS,
    NEEDS_PHOTOGRAPH,
    PERMANENT,
    FingerException,
    Hand,
    fingers_missing,
    hand_of,
    hands_to_photograph,
)
from common.domain.finger_ladder import (
    FACE_TRIES,
    FINGER_WORK_S,
    TRIES_A_FINGER,
    AskFace,
    AskFinger,
    AskOfficer,
    FingerLadder,
    FingerTry,
    Proven,
)

POOR, MATCH = FingerTry(1, quality=15, advice="too_dry"), FingerTry(1, matched=True, quality=60)


def climb(ladder, *happened, used_s=0.0):
    """Answer each question in turn: "no" or "yes" to fingers and faces."""
    for one in happened:
        match ladder.rung():
            case AskFinger(position):
                ladder = ladder.tried(FingerTry(position, matched=one == "yes"), used_s)
            case AskFace():
                ladder = ladder.face_seen(accepted=one == "yes", why=one)
    return ladder


def test_three_tries_then_the_other_finger_then_any_other_then_the_face_then_an_officer():
    asked = []
    ladder = FingerLadder.over([2, 6, 1])
    while not isinstance(ladder.rung(), AskOfficer):
        asked.append(ladder.rung())
        ladder = climb(ladder, "no_face")
    fingers = [AskFinger(finger, n) for finger in (1, 6, 2) for n in (1, 2, 3)]
    assert asked == [*fingers, AskFace(1), AskFace(2), AskFace(3)]


def test_a_match_is_enough_and_where_two_are_wanted_the_second_is_asked_for():
    assert climb(FingerLadder.over([1, 6]), "yes").rung() == Proven()
    two = climb(FingerLadder.over([1, 6], wanted=2), "yes")
    assert two.rung() == AskFinger(6, 1)
    assert climb(two, "yes").rung() == Proven()
    assert climb(two, "no", "no", "no").rung() == Proven(), "one finger says who it is"


def test_the_impressions_of_a_finger_are_one_finger():
    assert FingerLadder.over([6, 1, 1, 6]).enrolled == (1, 6)


def test_a_face_that_is_not_alike_is_an_officers_at_once():
    assert climb(FingerLadder.over([]), "unlike").rung() == AskOfficer()
    assert climb(FingerLadder.over([]), "no_face", "yes").rung() == Proven()


def test_where_the_process_wants_two_proofs_the_face_never_stands_in():
    assert FingerLadder.over([], face_may_do=False).rung() == AskOfficer()


def test_another_finger_of_the_persons_choice_gives_no_new_tries():
    ladder = climb(FingerLadder.over([1, 6]), "no", "no").turned_to(6)
    assert ladder.rung() == AskFinger(6, 1)
    ladder = climb(ladder, "no", "no", "no")
    assert ladder.rung() == AskFinger(1, 3)
    assert isinstance(climb(ladder, "no").rung(), AskFace)


def test_after_ninety_seconds_no_finger_is_asked_for():
    ladder = climb(FingerLadder.over([1, 6]), "no", used_s=FINGER_WORK_S)
    assert ladder.rung() == AskFace(1)
    assert ladder.at(0).rung() == AskFace(1), "time does not run back"


HAPPENS = st.one_of(
    st.tuples(st.just("try"), st.booleans(), st.floats(0, 40)),
    st.tuples(st.just("face"), st.sampled_from(["accept", "no_face", "unlike"])),
    st.tuples(st.just("cannot")),
    st.tuples(st.just("decline")),
    st.tuples(st.just("turn"), st.sampled_from(ALL_FINGERS)),
)
LADDERS = st.builds(
    FingerLadder.over,
    st.lists(st.sampled_from(ALL_FINGERS), max_size=10),
    st.integers(1, 2),
    face_may_do=st.booleans(),
)


@given(LADDERS, st.lists(HAPPENS, max_size=80))
def test_whatever_happens_the_limits_hold(ladder, history):
    used_s, asked, faces = 0.0, [], 0
    for what, *how in history:
        rung = ladder.rung()
        if isinstance(rung, AskFinger):
            assert rung.position in ladder.enrolled
            assert rung.position not in ladder.excepted
            assert not ladder.declined
            assert used_s < FINGER_WORK_S
            assert rung.attempt <= TRIES_A_FINGER
        if isinstance(rung, AskFace):
            assert ladder.face_may_do
            assert rung.attempt <= FACE_TRIES
        match what, rung:
            case "try", AskFinger(position):
                used_s += how[1]
                asked.append(position)
                ladder = ladder.tried(FingerTry(position, matched=how[0]), used_s)
            case "face", AskFace():
                faces += 1
                ladder = ladder.face_seen(accepted=how[0] == "accept", why=how[0])
            case "cannot", AskFinger(position):
                ladder = ladder.without(position)
            case "decline", _:
                ladder = ladder.without_fingers()
            case "turn", _:
                ladder = ladder.turned_to(how[0])
    assert all(asked.count(position) <= TRIES_A_FINGER for position in ALL_FINGERS)
    assert faces <= FACE_TRIES


@given(LADDERS, st.lists(st.booleans(), min_size=40, max_size=40))
def test_every_path_ends(ladder, answers):
    steps = 0
    for answer in answers:
        match ladder.rung():
            case AskFinger(position):
                ladder = ladder.tried(FingerTry(position, matched=answer))
            case AskFace():
                ladder = ladder.face_seen(accepted=answer, why="no_face")
            case _:
                break
        steps += 1
    assert isinstance(ladder.rung(), AskOfficer | Proven)
    assert steps <= TRIES_A_FINGER * len(ladder.enrolled) + FACE_TRIES
    assert isinstance(ladder.rung(), Proven) == bool(ladder.proven or ladder.face_accepted)


def test_two_fingers_are_enough_and_each_thumb_less_needs_its_exception():
    assert fingers_missing([1, 6], []) == ()
    assert fingers_missing([2, 7, 7], []) == ()
    assert fingers_missing([1, 1], []) == (6,)
    assert fingers_missing([1], [6]) == ()
    assert fingers_missing([], [6]) == (1,)


def test_a_hand_is_photographed_where_there_is_something_to_see():
    worn, refused = FingerException.WORN, FingerException.REFUSED
    assert hands_to_photograph([(6, worn), (1, refused)]) == (Hand.LEFT,)
    assert hands_to_photograph([(7, worn), (1, worn)]) == (Hand.RIGHT, Hand.LEFT)
    assert PERMANENT < NEEDS_PHOTOGRAPH
    with pytest.raises(ValueError, match="no finger"):
        hand_of(0)
