import numpy as np
import pytest

from common.domain.identity_number import IdentityNumber
from common.matching.faces import ACCEPT_FROM, FaceEngine, check_portrait
from hardware.simulation import ridges
from hardware.simulation.people import REFERENCE_DAY, person

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
    grown = ridges.kept(99, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    assert np.array_equal(ridges.kept(99, tmp_path), grown)
    assert np.abs(grown - ridges.grow(99)).max() < 0.01
    next(tmp_path.iterdir()).write_bytes(b"half a file")
    assert np.array_equal(ridges.kept(99, tmp_path), grown)


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
