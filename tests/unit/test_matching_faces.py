import cv2
import numpy as np
import pytest

from common.matching import face_models
from common.matching.faces import (
    ACCEPT_FROM,
    CHIP_BYTES,
    OFFICER_FROM,
    FaceEngine,
    FaceImageError,
    FaceModelError,
    FaceVerdict,
    check_portrait,
    crop_portrait,
    encode_jpeg,
    read_image,
    verdict_of,
)
from hardware.simulation.people import person

WALL = np.full((480, 640, 3), 200, np.uint8)


@pytest.fixture(scope="module")
def engine():
    return FaceEngine()


def failed(check):
    return {finding.rule for finding in check.findings if not finding.ok}


def test_a_person_is_accepted_against_their_portrait(engine):
    live = [person(4).face(shot) for shot in (1, 2, 3)]
    comparison = engine.verify(live, person(4).portrait())
    assert comparison.verdict is FaceVerdict.ACCEPT
    assert comparison.score >= ACCEPT_FROM


def test_somebody_else_is_not_accepted(engine):
    comparison = engine.verify([person(1).face(1), person(1).face(2)], person(4).portrait())
    assert comparison.verdict in {FaceVerdict.REFUSE, FaceVerdict.OFFICER}
    assert comparison.score < ACCEPT_FROM


def test_the_best_frame_decides_and_empty_frames_do_not_count(engine):
    portrait, frame = person(4).portrait(), person(4).face(1)
    alone = engine.verify([frame], portrait)
    assert engine.verify([WALL, person(1).face(1), frame], portrait).score == alone.score


def test_no_face_is_an_answer(engine):
    assert engine.find(WALL) == ()
    assert engine.verify([WALL], person(4).portrait()).verdict is FaceVerdict.NO_FACE
    assert engine.verify([person(4).face(1)], WALL).verdict is FaceVerdict.NO_FACE
    assert engine.verify([], person(4).portrait()).verdict is FaceVerdict.NO_FACE


def test_the_bands_meet_at_their_limits():
    assert verdict_of(ACCEPT_FROM) is FaceVerdict.ACCEPT
    assert verdict_of(ACCEPT_FROM - 1e-6) is FaceVerdict.OFFICER
    assert verdict_of(OFFICER_FROM) is FaceVerdict.OFFICER
    assert verdict_of(OFFICER_FROM - 1e-6) is FaceVerdict.REFUSE


def test_a_face_is_found_where_it_is_in_a_large_picture(engine):
    small = person(4).face(1)
    large = np.asarray(cv2.resize(small, None, fx=3, fy=3), np.uint8)
    one, other = engine.find(small)[0], engine.find(large)[0]
    assert np.allclose(np.array(one.box) * 3, other.box, atol=12)


def test_a_huge_picture_is_scaled_down_first(engine):
    huge = np.asarray(cv2.resize(person(4).face(1), (6000, 8000)), np.uint8)
    found = read_image(bytes(cv2.imencode(".jpg", huge)[1]))
    assert max(found.shape) == 2000
    assert len(engine.find(found)) == 1


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xe0 broken jpeg"])
def test_bytes_that_are_no_picture_raise_one_error(data):
    with pytest.raises(FaceImageError):
        read_image(data)


def test_half_a_picture_is_a_picture_or_the_one_error():
    data = bytes(cv2.imencode(".png", person(4).face(1))[1])
    with pytest.raises(FaceImageError):
        read_image(data[:40])


@pytest.mark.parametrize(
    "image", [np.zeros((0, 5, 3), np.uint8), np.zeros((9, 9, 3)), np.zeros((9, 9, 4), np.uint8)]
)
def test_pixels_that_are_no_picture_raise_one_error(engine, image):
    with pytest.raises(FaceImageError):
        engine.find(image)


def test_an_altered_network_is_not_loaded(monkeypatch):
    altered = face_models._Model(face_models._YUNET.file, "0" * 64)
    monkeypatch.setattr(face_models, "_YUNET", altered)
    with pytest.raises(FaceModelError, match="not the version"):
        FaceEngine().find(WALL)


def test_a_camera_frame_becomes_an_acceptable_portrait(engine):
    portrait = crop_portrait(engine, person(4).face(2, 1280, 960))
    assert portrait.shape == (771, 600, 3)
    assert failed(check_portrait(engine, portrait)) == set()
    jpeg = encode_jpeg(portrait)
    assert 12_000 < len(jpeg) <= CHIP_BYTES
    again = engine.verify([person(4).face(5)], read_image(jpeg))
    assert again.verdict is FaceVerdict.ACCEPT


def darkened(image):
    return (image * 0.2).astype(np.uint8)


def blurred(image):
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 9), np.uint8)


def lit_from_one_side(image):
    ramp = np.linspace(0.0, 1.5, image.shape[1])[None, :, None]
    return np.clip(image * ramp, 0, 255).astype(np.uint8)


def moved_aside(image):
    shift = np.array([[1, 0, 110], [0, 1, 0]], float)
    size = (image.shape[1], image.shape[0])
    moved = cv2.warpAffine(image, shift, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def tilted(image):
    turn = cv2.getRotationMatrix2D((300, 400), 18, 1)
    moved = cv2.warpAffine(image, turn, (600, 771), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (darkened, "brightness"),
        (blurred, "sharpness"),
        (lit_from_one_side, "even_light"),
        (moved_aside, "centred"),
        (tilted, "upright"),
    ],
)
def test_a_spoilt_portrait_names_what_is_wrong(engine, spoil, rule):
    assert rule in failed(check_portrait(engine, spoil(person(4).portrait())))


def test_a_face_far_away_or_two_faces_are_no_portrait(engine):
    far = np.full((1542, 1200, 3), 200, np.uint8)
    far[400:785, 450:750] = cv2.resize(person(4).portrait(), (300, 385))
    assert "head_size" in failed(check_portrait(engine, far))
    two = np.hstack([person(4).portrait(), person(1).portrait()])
    assert failed(check_portrait(engine, two)) == {"one_face"}
    assert failed(check_portrait(engine, WALL)) == {"one_face"}


def test_no_face_cannot_be_cut_out(engine):
    with pytest.raises(FaceImageError):
        crop_portrait(engine, WALL)


def test_a_picture_that_cannot_fit_is_refused():
    with pytest.raises(FaceImageError):
        encode_jpeg(person(4).portrait(), budget=300)
