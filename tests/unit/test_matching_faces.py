from dataclasses import replace
from io import BytesIO
from time import perf_counter

import cv2
import numpy as np
import pytest
from PIL import Image

from common.matching import face_models
from common.matching.faces import (
    ACCEPT_FROM,
    CHIP_BYTES,
    OFFICER_FROM,
    FaceEngine,
    FaceImageError,
    FaceModelError,
    FaceVerdict,
    PortraitCoding,
    check_portrait,
    crop_portrait,
    encode_portrait,
    read_image,
    verdict_of,
)
from hardware.simulation.people import person
from hardware.smartcard.images import ImageFormat, image_format
from tests.support.moving_faces import shot

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


@pytest.mark.parametrize("name", ["_YUNET", "_SFACE", "_MESH", "_EYE"])
def test_an_altered_network_is_not_loaded(monkeypatch, name):
    altered = replace(getattr(face_models, name), sha256="0" * 64)
    monkeypatch.setattr(face_models, name, altered)
    with pytest.raises(FaceModelError, match="not the version"):
        FaceEngine().find(WALL)


def test_a_camera_frame_becomes_an_acceptable_portrait(engine):
    portrait = crop_portrait(engine, person(4).face(2, 1280, 960))
    assert portrait.shape == (771, 600, 3)
    assert failed(check_portrait(engine, portrait)) == set()
    jpeg = encode_portrait(portrait)
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


def without_colour(image):
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def overexposed(image):
    return np.clip(image * 2.2, 0, 255).astype(np.uint8)


def flat(image):
    return (100 + (image * 0.1)).astype(np.uint8)


def before_a_dark_wall(image):
    return on_ground(image, np.full_like(image, 40))


def before_a_shelf(image):
    y, x = np.mgrid[0 : image.shape[0], 0 : image.shape[1]]
    shelf = np.where(((x // 24) + (y // 18)) % 2 == 0, 90, 230).astype(np.uint8)
    return on_ground(image, np.repeat(shelf[..., None], 3, axis=2))


def on_ground(image, ground):
    """Put something else where the wall is: the light, even part that touches the upper edge."""
    wall = np.zeros((image.shape[0] + 2, image.shape[1] + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8)
    smooth = np.asarray(cv2.GaussianBlur(image, (0, 0), 2), np.uint8)
    for corner in ((2, 2), (image.shape[1] - 3, 2)):
        cv2.floodFill(smooth, wall, corner, 0, (24, 24, 24), (24, 24, 24), flags)
    return np.where(wall[1:-1, 1:-1, None] > 0, ground, image).astype(np.uint8)


def with_lit_retinas(image):
    engine = FaceEngine()
    painted = image.copy()
    for x, y in engine.find(image)[0].landmarks[:2]:
        cv2.circle(painted, (round(x), round(y)), 16, (60, 60, 210), -1)
    return painted


def with_closed_eyes(image):
    """Paint skin over the eyes, and lashes where the lids meet."""
    engine = FaceEngine()
    face = engine.find(image)[0]
    unit, painted = face.eye_distance, image.copy()
    eyes = [tuple(round(float(v)) for v in eye) for eye in engine.mesh(image, face).eyes]
    for x, y in eyes:
        skin = image[round(y + 0.2 * unit), x].tolist()
        axes = (round(0.26 * unit), round(0.15 * unit))
        cv2.ellipse(painted, (x, y), axes, 0, 0, 360, skin, -1)
    painted = np.asarray(cv2.GaussianBlur(painted, (0, 0), 3), np.uint8)
    for x, y in eyes:
        axes = (round(0.2 * unit), round(0.03 * unit))
        cv2.ellipse(painted, (x, y), axes, 0, 10, 170, (40, 45, 60), 3)
    return painted


def cut_off(image):
    return image[200:]


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
        (without_colour, "natural_colour"),
        (overexposed, "over_exposure"),
        (flat, "contrast"),
        (before_a_dark_wall, "background_light"),
        (before_a_shelf, "background_plain"),
        (with_lit_retinas, "red_eye"),
        (cut_off, "whole_head"),
        (with_closed_eyes, "eyes_open"),
    ],
)
def test_a_spoilt_portrait_names_what_is_wrong(engine, spoil, rule):
    assert rule in failed(check_portrait(engine, spoil(person(1).portrait())))


def test_a_face_far_away_or_two_faces_are_no_portrait(engine):
    far = np.full((1542, 1200, 3), 200, np.uint8)
    far[400:785, 450:750] = cv2.resize(person(4).portrait(), (300, 385))
    assert "head_size" in failed(check_portrait(engine, far))
    two = np.hstack([person(4).portrait(), person(1).portrait()])
    assert failed(check_portrait(engine, two)) == {"one_face"}
    assert failed(check_portrait(engine, WALL)) == {"one_face"}


@pytest.mark.parametrize("yaw", [-0.45, 0.45])
def test_a_turned_head_does_not_face_the_camera(engine, yaw):
    assert "facing" in failed(check_portrait(engine, shot(4, yaw=yaw)))


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_picture_may_be_any_way_up(engine, quarters):
    upright = person(4).face(1)
    turned = np.ascontiguousarray(np.rot90(upright, quarters))
    found = engine.find(turned, any_way_up=True)
    assert len(found) == 1
    expected = {1: -90, 2: 180, 3: 90}[quarters]
    assert abs((found[0].roll - expected + 180) % 360 - 180) < 15
    a, b = engine.embedding(upright, engine.find(upright)[0]), engine.embedding(turned, found[0])
    assert engine.compare(a, b) > 0.9
    assert failed(check_portrait(engine, crop_portrait(engine, turned))) == set()


@pytest.mark.parametrize("width", [48, 64, 100])
def test_tiny_pictures_are_enough_to_know_somebody(engine, width):
    portrait = person(4).portrait()
    size = (width, round(width * 1.285))
    tiny = np.asarray(cv2.resize(portrait, size, interpolation=cv2.INTER_AREA), np.uint8)
    assert engine.verify([tiny], portrait).verdict is FaceVerdict.ACCEPT


def test_a_face_cut_to_its_edges_is_found(engine):
    portrait = person(4).portrait()
    left, top, width, height = (round(v) for v in engine.find(portrait)[0].box)
    tight = portrait[top : top + height, left : left + width]
    assert len(engine.find(np.ascontiguousarray(tight), any_way_up=True)) == 1


def not_a_face(kind):
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 255, (600, 500, 3), dtype=np.uint8)
    blots = cv2.resize(noise[:24, :20], (500, 600), interpolation=cv2.INTER_CUBIC)
    pictures = {
        "black": np.zeros((600, 500, 3), np.uint8),
        "noise": noise,
        "blots": np.asarray(blots, np.uint8),
        "point": np.zeros((1, 1, 3), np.uint8),
        "line": np.zeros((2, 900, 3), np.uint8),
        "cat": cat(),
    }
    return pictures[kind]


def cat():
    picture = np.full((600, 500, 3), (180, 200, 190), np.uint8)
    fur, dark = (90, 130, 160), (30, 40, 50)
    for side in (-1, 1):
        ear = [(250 + side * 150, 120), (250 + side * 60, 190), (250 + side * 165, 270)]
        cv2.fillPoly(picture, [np.array(ear)], fur)
    cv2.ellipse(picture, (250, 320), (170, 150), 0, 0, 360, fur, -1)
    for side in (-1, 1):
        cv2.ellipse(picture, (250 + side * 70, 290), (34, 24), 0, 0, 360, (80, 220, 200), -1)
        cv2.ellipse(picture, (250 + side * 70, 290), (7, 23), 0, 0, 360, dark, -1)
        for lift in (-20, 0, 20):
            cv2.line(picture, (250 + side * 40, 375), (250 + side * 190, 375 + lift), dark, 2)
    cv2.fillPoly(picture, [np.array([(235, 350), (265, 350), (250, 368)])], (120, 110, 200))
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.5), np.uint8)


@pytest.mark.parametrize("kind", ["black", "noise", "blots", "point", "line", "cat"])
def test_what_is_no_face_is_none_whichever_way_up(engine, kind):
    assert engine.find(not_a_face(kind), any_way_up=True) == ()


def test_fifty_megapixels_are_read_small(engine):
    huge = np.asarray(cv2.resize(person(4).face(1), (6144, 8192)), np.uint8)
    data = bytes(cv2.imencode(".jpg", huge)[1])
    del huge
    began = perf_counter()
    found = read_image(data)
    assert max(found.shape) == 2000
    assert len(engine.find(found)) == 1
    assert perf_counter() - began < 10


@pytest.mark.parametrize("enlarged", [1, 4])
def test_a_picture_is_turned_the_way_its_camera_was_held(engine, enlarged):
    upright = Image.fromarray(person(4).face(1)[:, :, ::-1])
    lying = upright.transpose(Image.Transpose.ROTATE_90).resize((960 * enlarged, 720 * enlarged))
    exif, data = Image.Exif(), BytesIO()
    exif[0x0112] = 6  # to be turned a quarter clockwise when shown
    lying.save(data, "JPEG", exif=exif)
    found = read_image(data.getvalue())
    assert found.shape[0] > found.shape[1]
    assert abs(engine.find(found)[0].roll) < 15


def test_more_pixels_than_any_camera_has_are_refused_before_they_are_decoded():
    head = b"P5 40000 40000 255\n"
    with pytest.raises(FaceImageError, match="larger"):
        read_image(head + bytes(1000))


@pytest.mark.parametrize("coding", list(PortraitCoding))
@pytest.mark.parametrize("budget", [20_000, 12_000, 4_000])
def test_a_portrait_keeps_its_budget_and_stays_the_person(engine, coding, budget):
    data = encode_portrait(person(4).portrait(), budget, coding)
    assert budget * 0.6 < len(data) <= budget
    assert image_format(data) is ImageFormat[coding.name]
    assert engine.verify([person(4).face(5)], read_image(data)).verdict is FaceVerdict.ACCEPT


def test_no_face_cannot_be_cut_out(engine):
    with pytest.raises(FaceImageError):
        crop_portrait(engine, WALL)


def test_a_picture_that_cannot_fit_is_refused():
    with pytest.raises(FaceImageError):
        encode_portrait(person(4).portrait(), budget=300)
