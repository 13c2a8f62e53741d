from datetime import date, timedelta

import numpy as np
import pytest

from common.domain.identity_number import IdentityNumber
from common.matching.faces import ACCEPT_FROM, FaceEngine, check_portrait
from common.matching.fingers import GOOD_QUALITY, MATCH_THRESHOLD, compare, extract
from hardware.simulation import ridge_growth
from hardware.simulation.people import REFERENCE_DAY, Kind, MissingFingerError, person
from hardware.simulation.ridge_growth import FingerSeed
from hardware.simulation.ridge_patterns import Pattern, choose_pattern

MANY = [person(seed) for seed in range(300)]


def test_a_seed_is_one_person_for_ever():
    assert person(17) == person(17)
    assert person(0).identity_number == "Z104729(A)"


def test_identity_numbers_are_right_and_nobody_shares_one():
    numbers = [who.identity_number for who in MANY]
    assert len(set(numbers)) == len(numbers)
    assert [str(IdentityNumber.parse(number)) for number in numbers] == numbers


def test_everybody_is_of_an_applicants_age():
    ages = [(REFERENCE_DAY - who.date_of_birth).days / 365.25 for who in MANY]
    assert min(ages) >= 18
    assert max(ages) < 90
    assert max(ages) - min(ages) > 60


def test_names_cover_the_cases_a_card_knows():
    lengths = {len(who.chinese_name) for who in MANY}
    assert {0, 2, 3, 4} <= lengths
    assert max(lengths) <= 6
    assert any(" " in who.surname for who in MANY)
    assert all(who.surname.isupper() and who.given_names for who in MANY)
    assert {who.sex for who in MANY} == {"F", "M"}


def test_there_is_no_such_person_or_finger():
    with pytest.raises(ValueError, match="seed"):
        person(-1)
    with pytest.raises(ValueError, match="finger"):
        person(1).finger(0, 1)


def test_an_impression_repeats_and_another_one_differs():
    first, again, other = (person(3).finger(2, press) for press in (7, 7, 8))
    assert first.shape == (400, 320)
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert person(3).finger(2, 7, dpi=1000).shape == (800, 640)


def test_a_grown_finger_is_kept_in_the_folder(tmp_path):
    seed = FingerSeed(99, position=3, sex="F")
    grown = ridge_growth.kept(seed, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    assert np.array_equal(ridge_growth.kept(seed, tmp_path), grown)
    assert np.abs(grown - ridge_growth.grow(seed)).max() < 0.01
    next(tmp_path.iterdir()).write_bytes(b"half a file")
    assert np.array_equal(ridge_growth.kept(seed, tmp_path), grown)


def test_patterns_come_as_often_as_on_real_fingers():
    rng = np.random.default_rng(5)
    drawn = {finger: [choose_pattern(finger, rng) for _ in range(400)] for finger in (6, 7, 10)}
    share = {
        finger: {pattern: found.count(pattern) / 400 for pattern in Pattern}
        for finger, found in drawn.items()
    }
    assert share[10][Pattern.ULNAR_LOOP] > 0.7
    assert share[7][Pattern.RADIAL_LOOP] > 0.1 > share[6][Pattern.RADIAL_LOOP]
    assert share[6][Pattern.WHORL] > share[10][Pattern.WHORL]


def test_normal_fingers_are_known_again_and_told_apart():
    who, other = person(3), person(5)
    enrolled = extract(who.finger(2, 1, on=REFERENCE_DAY))
    later = extract(who.finger(2, 2, on=REFERENCE_DAY + timedelta(days=2000)))
    assert min(enrolled.quality, later.quality) >= GOOD_QUALITY
    assert compare(enrolled, later) > 4 * MATCH_THRESHOLD
    assert compare(enrolled, extract(other.finger(2, 3))) < MATCH_THRESHOLD
    assert compare(enrolled, extract(who.finger(7, 3))) < MATCH_THRESHOLD


def test_nobody_of_two_kinds_is_the_same():
    everybody = [person(seed, kind) for kind in Kind for seed in range(20)]
    assert len({who.identity_number for who in everybody}) == len(everybody)
    for who in everybody:
        assert str(IdentityNumber.parse(who.identity_number)) == who.identity_number


@pytest.mark.parametrize(
    ("kind", "youngest", "oldest"),
    [(Kind.CHILD, 5, 10), (Kind.YOUTH, 11, 17), (Kind.VERY_OLD, 85, 100)],
)
def test_a_kind_has_its_age(kind, youngest, oldest):
    ages = [person(seed, kind).age() for seed in range(200)]
    assert youngest <= min(ages)
    assert max(ages) <= oldest
    assert len(set(ages)) == oldest - youngest + 1


def test_a_birthday_counts_from_its_day():
    who = person(4)
    day = date(2026, who.date_of_birth.month, who.date_of_birth.day)
    assert who.age(day) - who.age(day - timedelta(days=1)) == 1


def test_a_missing_finger_cannot_be_pressed():
    lost = [person(seed, Kind.MISSING_FINGERS) for seed in range(30)]
    assert all(1 <= len(who.missing_fingers) <= 5 for who in lost)
    who = lost[0]
    with pytest.raises(MissingFingerError):
        who.finger(min(who.missing_fingers), 1)
    assert person(0).missing_fingers == frozenset()


def test_worn_fingers_give_no_picture_worth_enrolling():
    for seed in (1, 2):
        who = person(seed, Kind.WORN_FINGERS)
        first, again = (extract(who.finger(min(who.worn_fingers), press)) for press in (1, 2))
        assert max(first.quality, again.quality) < 20
    some = next(w for w in (person(s, Kind.WORN_FINGERS) for s in range(20)) if _spared(w))
    assert extract(some.finger(min(_spared(some)), 1)).quality > 20


def _spared(who):
    return set(range(1, 11)) - who.worn_fingers


def test_old_fingers_are_dry_and_creased_but_known_again():
    who = person(2, Kind.VERY_OLD)
    first, again = (extract(who.finger(1, press)) for press in (1, 2))
    assert compare(first, again) > MATCH_THRESHOLD


def test_a_child_has_a_smaller_finger_that_grows():
    who = person(2, Kind.CHILD)
    grown_up = who.date_of_birth + timedelta(days=20 * 366)
    small, large = (who.finger(2, 1, on=day) for day in (REFERENCE_DAY, grown_up))
    assert np.mean(small < 128) < 0.85 * np.mean(large < 128)


def test_twins_share_birth_and_face_but_no_finger():
    engine = FaceEngine()
    for seed in (3, 6):
        one, other = person(seed), person(seed, Kind.TWIN)
        assert (one.surname, one.sex, one.date_of_birth, one.place_of_birth) == (
            other.surname, other.sex, other.date_of_birth, other.place_of_birth
        )  # fmt: skip
        assert one.given_names != other.given_names
        assert engine.verify([other.face(1)], one.portrait()).score > 0.6
        fingers = [extract(who.finger(2, 1)) for who in (one, other)]
        assert compare(*fingers) < MATCH_THRESHOLD


def test_a_face_changes_from_day_to_day_but_not_within_one():
    who, later = person(8), REFERENCE_DAY + timedelta(days=700)
    assert np.array_equal(who.face(1, on=later), who.face(1, on=later))
    assert not np.array_equal(who.face(1), who.face(1, on=later))


def test_faces_are_found_kept_apart_and_known_again():
    engine = FaceEngine()
    portraits, live = [], []
    for seed in range(20):
        pictures = person(seed).portrait(), person(seed).face(seed + 1, 540, 720)
        found = [engine.find(picture) for picture in pictures]
        assert [len(faces) for faces in found] == [1, 1], f"person {seed}"
        embeddings = [engine.embedding(p, f[0]) for p, f in zip(pictures, found, strict=True)]
        portraits.append(embeddings[0])
        live.append(embeddings[1])
    likeness = np.array(portraits) @ np.array(live).T
    same, different = np.diag(likeness), likeness[~np.eye(20, dtype=bool)]
    assert same.min() > 0.75
    assert np.median(different) < 0.36
    assert np.mean(different >= ACCEPT_FROM) < 0.12
    assert same.min() > different.max() + 0.15


@pytest.mark.parametrize("seed", range(0, 20, 4))
def test_a_portrait_is_fit_for_a_card(seed):
    check = check_portrait(FaceEngine(), person(seed).portrait())
    assert check.acceptable, check.findings


@pytest.mark.parametrize(("width", "height"), [(640, 480), (1280, 720), (300, 900)])
def test_any_camera_size_is_served(width, height):
    assert person(2).face(1, width, height).shape == (height, width, 3)
