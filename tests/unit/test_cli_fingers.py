"""smartics finger, as a technician and a script meet it."""

import json
import subprocess
import sys

import cv2
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from common.matching.finger_records import fmr_2005
from common.matching.fingers import FMR_AT_THRESHOLD, MATCH_THRESHOLD, extract
from hardware.simulation.people import person
from office.cli import app
from office.commands import finger_files

INDEX = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Pictures: a1, a2 of one finger, c of another, and what is none."""
    folder = tmp_path_factory.mktemp("fingers")
    one = person(0).finger(INDEX, 1)
    cv2.imwrite(str(folder / "a1.png"), one)
    cv2.imwrite(str(folder / "a2.tif"), person(0).finger(INDEX, 2))
    cv2.imwrite(str(folder / "c.pgm"), person(1).finger(INDEX, 1))
    cv2.imwrite(str(folder / "a1.bmp"), one)
    cv2.imwrite(str(folder / "deep.png"), one.astype(np.uint16) * 257)
    cv2.imwrite(str(folder / "deep.tif"), one.astype(np.uint16) * 257)
    cv2.imwrite(str(folder / "deep.pgm"), one.astype(np.uint16) * 257)
    Image.fromarray(one).convert("RGBA").save(folder / "alpha.png")
    Image.fromarray(one).convert("P").save(folder / "palette.png")
    cv2.imwrite(str(folder / "glass.png"), np.full((400, 320), 250, np.uint8))
    cv2.imwrite(str(folder / "face.png"), person(7).face(1))
    Image.new("L", (8000, 6250), 200).save(folder / "huge.png")
    (folder / "empty.png").touch()
    (folder / "words.png").write_text("no picture")
    png = (folder / "a1.png").read_bytes()
    (folder / "half.png").write_bytes(png[: len(png) // 2])
    Image.fromarray(one).save(folder / "packed.tif", compression="tiff_lzw")
    packed = bytearray((folder / "packed.tif").read_bytes())
    packed[2000:2400] = bytes(400)
    (folder / "spoilt.tif").write_bytes(packed)
    (folder / "folder.png").mkdir()
    return folder


@pytest.fixture
def run(folder, monkeypatch):
    monkeypatch.chdir(folder)
    return lambda *words: CliRunner().invoke(app, ["finger", *words])


def refused(result):
    """The one line that says why."""
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("smartics: ")
    return line


def test_one_finger_twice_is_a_match(run):
    result = run("compare", "a1.png", "a2.tif", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert found.pop("score") > 4 * MATCH_THRESHOLD
    assert found == {
        "match": True,
        "threshold": MATCH_THRESHOLD,
        "fmr_at_threshold": FMR_AT_THRESHOLD,
    }


def test_two_fingers_are_no_match(run):
    result = run("compare", "a1.png", "c.pgm", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["match"] is False
    assert found["score"] < MATCH_THRESHOLD
    assert "no match" in run("compare", "a1.png", "c.pgm").stdout


@pytest.mark.parametrize(
    "name",
    ["a1.bmp", "deep.png", "deep.tif", "deep.pgm", "alpha.png", "palette.png", "packed.tif"],
)
def test_every_way_to_store_a_picture_gives_the_same_template(run, tmp_path, name):
    wanted, found = tmp_path / "wanted", tmp_path / "found"
    assert run("template", "a1.png", "-o", str(wanted)).exit_code == 0
    assert run("template", name, "-o", str(found)).exit_code == 0
    assert found.read_bytes() == wanted.read_bytes()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing.png", "does not exist"),
        ("folder.png", "not a file"),
        ("empty.png", "empty"),
        ("words.png", "no PNG"),
        ("half.png", "damaged"),
        ("spoilt.tif", "damaged"),
        ("huge.png", "8000 x 6250"),
        ("glass.png", "no finger"),
        ("face.png", "no finger"),
    ],
)
def test_what_cannot_be_compared_is_named(run, name, says):
    line = refused(run("compare", "a1.png", name, "--json"))
    assert name in line
    assert says in line


def test_libraries_stay_silent_beside_the_one_line(folder):
    words = [sys.executable, "-m", "office", "finger", "compare", "a1.png", "spoilt.tif"]
    ended = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("dpi", ["5", "100000"])
def test_an_impossible_resolution_is_refused(run, dpi):
    assert "dpi" in refused(run("compare", "a1.png", "a2.tif", "--dpi", dpi))


@pytest.mark.parametrize("words", [[], ["a1.png"], ["a1.png", "a2.tif", "--pairs", "x.csv"]])
def test_too_few_or_too_many_files_are_refused(run, words):
    assert "--pairs" in refused(run("compare", *words))


def test_pairs_come_back_in_order_and_read_each_file_once(run, tmp_path, monkeypatch):
    extracted = []

    def counted(pixels, dpi):
        extracted.append(dpi)
        return extract(pixels, dpi)

    monkeypatch.setattr(finger_files, "extract", counted)
    csv = tmp_path / "pairs.csv"
    csv.write_text(
        "\ufeffa1.png,c.pgm\na1.png,a2.tif\n\n a2.tif , a1.png\n"
        "a1.png,glass.png\nglass.png,c.pgm\na1.png,empty.png\nalone\na1.png,c.pgm,a2.tif\n",
        encoding="utf-8",
    )
    result = run("compare", "--pairs", str(csv), "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert (found["threshold"], found["fmr_at_threshold"]) == (MATCH_THRESHOLD, FMR_AT_THRESHOLD)
    pairs = found["pairs"]
    assert all(set(pair) == {"a", "b", "score", "match", "error"} for pair in pairs)
    assert [(pair["a"], pair["b"]) for pair in pairs[:3]] == [
        ("a1.png", "c.pgm"),
        ("a1.png", "a2.tif"),
        ("a2.tif", "a1.png"),
    ]
    assert [pair["match"] for pair in pairs] == [False, True, True] + [False] * 5
    assert [bool(pair["error"]) for pair in pairs] == [False] * 3 + [True] * 5
    assert [pair["score"] is None for pair in pairs] == [False] * 3 + [True] * 5
    assert len(extracted) == 4  # a1, a2, c, glass


def test_paths_may_be_told_as_seen_from_the_csv_file(folder, tmp_path, monkeypatch):
    csv = folder / "beside.csv"
    csv.write_text("A,B\na1.png,a2.tif\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["finger", "compare", "--pairs", str(csv), "--json"])
    (pair,) = json.loads(result.stdout)["pairs"]
    assert (pair["a"], pair["match"]) == ("a1.png", True)


def test_pairs_of_which_none_can_be_compared_end_with_2(run, tmp_path):
    csv = tmp_path / "pairs.csv"
    csv.write_text("empty.png,words.png\n", encoding="utf-8")
    result = run("compare", "--pairs", str(csv), "--json")
    assert result.exit_code == 2
    assert len(json.loads(result.stdout)["pairs"]) == 1
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("content", [None, b"", b"\n\n", b"\xff\xfe\x00,\x00"])
def test_a_file_without_pairs_is_refused(run, tmp_path, content):
    csv = tmp_path / "pairs.csv"
    if content is not None:
        csv.write_bytes(content)
    assert "pairs.csv" in refused(run("compare", "--pairs", str(csv)))


def test_a_template_is_a_record_and_can_be_compared(run, tmp_path):
    file = tmp_path / "a.fmr"
    result = run("template", "a1.png", "-o", str(file), "--json")
    record = fmr_2005.read_own(file.read_bytes())
    assert json.loads(result.stdout) == {
        "file": str(file),
        "minutiae": len(record.minutiae),
        "quality": record.quality,
    }
    assert run("compare", str(file), "a2.tif").exit_code == 0
    file.write_bytes(file.read_bytes()[:40])
    assert "again" in refused(run("compare", str(file), "a2.tif"))


def test_no_finger_leaves_no_template(run, tmp_path):
    file = tmp_path / "x.fmr"
    assert "no finger" in refused(run("template", "glass.png", "-o", str(file)))
    assert not file.exists()
    assert "written" in refused(run("template", "a1.png", "-o", str(tmp_path / "no" / "x")))


def test_quality_tells_a_number_and_advice(run):
    result = run("quality", "a1.png", "glass.png", "face.png", "--json")
    assert result.exit_code == 0
    files = json.loads(result.stdout)["files"]
    assert [row["file"] for row in files] == ["a1.png", "glass.png", "face.png"]
    assert [row["advice"] for row in files] == ["good", "not_a_finger", "not_a_finger"]
    assert files[0]["quality"] >= 30
    assert [row["quality"] for row in files[1:]] == [0, 0]


def test_quality_goes_on_past_what_cannot_be_read(run):
    result = run("quality", "empty.png", "a1.png", "--json")
    assert result.exit_code == 2
    files = json.loads(result.stdout)["files"]
    assert [row["quality"] is None for row in files] == [True, False]
    assert "empty" in files[0]["error"]
    assert len(result.stderr.splitlines()) == 1
