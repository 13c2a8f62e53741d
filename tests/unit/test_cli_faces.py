"""smartics face, as a technician and a script meet it."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from common.matching import face_models
from common.matching.faces import ACCEPT_FROM, FMR_AT_ACCEPT
from hardware.simulation.people import person
from office.cli import app
from office.commands.pictures import read_colour


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faces")
    cv2.imwrite(str(folder / "portrait.png"), person(4).portrait())
    cv2.imwrite(str(folder / "live.jpg"), person(4).face(1))
    cv2.imwrite(str(folder / "other.jpg"), person(1).face(1))
    cv2.imwrite(str(folder / "wall.png"), np.full((480, 640, 3), 200, np.uint8))
    with Image.open(folder / "live.jpg") as picture:
        turned = picture.transpose(Image.Transpose.ROTATE_90)
        exif = Image.Exif()
        exif[0x0112] = 6  # to be turned a quarter clockwise when shown
        turned.save(folder / "sideways.jpg", exif=exif)
        picture.save(folder / "live.jp2")
    for quarters in (1, 2, 3):
        cv2.imwrite(str(folder / f"turned{quarters}.png"), np.rot90(person(4).face(1), quarters))
    cv2.imwrite(str(folder / "grey.png"), cv2.cvtColor(person(4).face(1), cv2.COLOR_BGR2GRAY))
    cv2.imwrite(str(folder / "deep.png"), person(4).face(1).astype(np.uint16) * 257)
    seen = cv2.cvtColor(person(4).face(1), cv2.COLOR_BGR2BGRA)
    cv2.imwrite(str(folder / "alpha.png"), seen)
    two = np.hstack([person(4).face(1), cv2.resize(person(1).face(1), (360, 960))])
    cv2.imwrite(str(folder / "two.png"), two)
    jpeg = (folder / "live.jpg").read_bytes()
    (folder / "half.jpg").write_bytes(jpeg[: len(jpeg) // 2])
    return folder


@pytest.fixture
def run(folder, monkeypatch):
    monkeypatch.chdir(folder)
    return lambda *words: CliRunner().invoke(app, ["face", *words])


def refused(result):
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


@pytest.mark.parametrize(
    "live",
    [
        "live.jpg",
        "sideways.jpg",
        "live.jp2",
        "turned1.png",
        "turned2.png",
        "turned3.png",
        "grey.png",
        "deep.png",
        "alpha.png",
    ],
)
def test_one_person_twice_is_a_match(run, live):
    result = run("compare", "portrait.png", live, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert found["match"] is True
    assert found["score"] >= found["threshold"] == ACCEPT_FROM
    assert found["fmr_at_threshold"] == FMR_AT_ACCEPT


def test_two_people_are_no_match(run):
    result = run("compare", "portrait.png", "other.jpg", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["match"] is False


@pytest.mark.parametrize(
    ("name", "says"), [("wall.png", "no face"), ("half.jpg", "damaged"), ("x.png", "not exist")]
)
def test_what_cannot_be_compared_is_named(run, name, says):
    line = refused(run("compare", "portrait.png", name, "--json"))
    assert name in line
    assert says in line


def test_missing_networks_are_named(run, monkeypatch):
    altered = replace(face_models._YUNET, sha256="0" * 64)
    monkeypatch.setattr(face_models, "_YUNET", altered)
    for words in (["compare", "portrait.png", "live.jpg"], ["check", "portrait.png"]):
        assert "reinstall" in refused(run(*words))


def test_pairs_come_back_in_order(run, tmp_path):
    csv = tmp_path / "pairs.csv"
    csv.write_text("live.jpg,other.jpg\nlive.jpg,wall.png\nlive.jpg,portrait.png\n", "utf-8")
    result = run("compare", "--pairs", str(csv), "--json")
    assert result.exit_code == 0
    pairs = json.loads(result.stdout)["pairs"]
    assert [pair["b"] for pair in pairs] == ["other.jpg", "wall.png", "portrait.png"]
    assert [pair["match"] for pair in pairs] == [False, False, True]
    assert [pair["error"] is None for pair in pairs] == [True, False, True]
    assert [pair["score"] is None for pair in pairs] == [False, True, False]


def test_a_portrait_is_acceptable(run):
    result = run("check", "portrait.png", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["acceptable"] is True
    assert all(set(row) >= {"rule", "value", "limit", "ok"} for row in found["findings"])
    assert all(row["ok"] for row in found["findings"])


def test_a_wall_is_no_portrait(run):
    result = run("check", "wall.png", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["acceptable"] is False
    assert [(row["rule"], row["ok"]) for row in found["findings"]] == [("one_face", False)]
    assert "NOT  one_face" in run("check", "wall.png").stdout


def test_half_a_portrait_cannot_be_checked(run):
    assert "half.jpg" in refused(run("check", "half.jpg", "--json"))


def test_of_several_faces_the_largest_counts_and_the_answer_says_so(run):
    found = json.loads(run("compare", "two.png", "portrait.png", "--json").stdout)
    assert found["match"] is True
    assert found["faces"] == [2, 1]
    assert "largest" in run("compare", "two.png", "portrait.png").stdout


@pytest.mark.parametrize("name", ["large.jpg", "large.png", "large.jp2"])
def test_a_large_picture_is_read_no_larger_than_wanted(run, folder, name):
    large = cv2.resize(person(4).face(1), (1500, 2000))
    Image.fromarray(large[:, :, ::-1]).save(folder / name)
    assert read_colour(folder / name).shape == (2000, 1500, 3)
    height, width = read_colour(folder / name, 600).shape[:2]
    assert 600 <= height < 1200
    assert width / height == pytest.approx(0.75, abs=0.01)
    assert run("compare", name, "portrait.png").exit_code == 0


@pytest.mark.parametrize("name", ["out.jpg", "out.jp2"])
def test_a_portrait_is_cut_for_the_chip(run, folder, name):
    result = run("portrait", "turned1.png", "-o", name, "--bytes", "15000", "--json")
    assert result.exit_code == 0
    size = (folder / name).stat().st_size
    assert json.loads(result.stdout) == {"file": name, "bytes": size}
    assert size <= 15_000
    assert run("check", name).exit_code == 0
    assert run("compare", name, "live.jpg").exit_code == 0


def test_a_portrait_that_cannot_be_cut_is_refused(run):
    assert "no face" in refused(run("portrait", "wall.png", "-o", "out.jpg"))
    assert ".jp2" in refused(run("portrait", "live.jpg", "-o", "out.png"))
    assert "written" in refused(run("portrait", "live.jpg", "-o", "absent/out.jpg"))
    assert "fit" in refused(run("portrait", "live.jpg", "-o", "out.jpg", "--bytes", "100"))
