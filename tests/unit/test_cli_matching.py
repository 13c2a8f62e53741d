"""smartics matching calibrate, as an office with labelled captures meets it."""

import json

import cv2
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from common.matching import finger_network
from common.matching.faces import ACCEPT_FROM, OFFICER_FROM
from common.matching.finger_extraction import MinutiaeEngine
from common.matching.fingers import MATCH_THRESHOLD, extract
from hardware.simulation.people import person
from office.cli import app
from office.commands.answers import CouldNotError
from office.commands.calibration_engines import engine_named, why_not
from office.commands.calibration_labels import captures_in
from office.commands.calibration_pairs import pairs_of, subjects_of
from office.commands.calibration_request import Kind, Request
from office.commands.pictures import read_grey

INDEX = 2


def run(*words):
    return CliRunner().invoke(app, ["matching", "calibrate", *map(str, words)])


def refused(result):
    """The one line that says why."""
    assert result.exit_code == 2
    assert result.stdout == ""
    line = result.stderr.splitlines()[-1]
    assert line.startswith("smartics: ")
    return line


@pytest.fixture(scope="module")
def optical(tmp_path_factory):
    """Three people's fingers, two captures each and a third that is damaged, labelled by name."""
    folder = tmp_path_factory.mktemp("captures") / "optical"
    folder.mkdir()
    for who in range(3):
        for press in (1, 2):
            finger = person(who).finger(INDEX, press)
            cv2.imwrite(str(folder / f"quiet-{who}_{press}.png"), finger)
    (folder / "quiet-0_3.png").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("not a capture")
    return folder


@pytest.fixture(scope="module")
def measured(optical, tmp_path_factory):
    """Both engines that need no network, on those captures: (result, folder of the report)."""
    out = tmp_path_factory.mktemp("out") / "report"
    engines = ["--engine", "nbis", "--engine", "bozorth3"]
    result = run(optical, *engines, "--rate", "0.3", "--processes", 1, "--out", out, "--json")
    assert result.exit_code == 0, result.stderr
    return result, out


def test_json_tells_all_numbers_and_nothing_else(measured):
    result, out = measured
    found = json.loads(result.stdout)
    assert found == json.loads((out / "rates.json").read_text("utf-8"))
    assert (found["kind"], found["rates"], found["confidence"]) == ("finger", [0.3], 0.95)
    assert [engine["engine"] for engine in found["results"]] == ["nbis", "bozorth3"]
    (sensor,) = found["results"][0]["sensors"]
    counts = {"subjects": 3, "captures": 7, "failures": 1, "stranger_pairs": 3}
    # Twelve pairs of usable strangers; each person's own pair, and two with the damaged capture.
    counts |= {"genuine_pairs": 5, "impostor_pairs": 12}
    assert {key: sensor[key] for key in counts} == counts


def test_a_damaged_capture_counts_as_missed_and_is_listed_in_the_folder_alone(measured):
    result, out = measured
    (sensor,) = json.loads(result.stdout)["results"][0]["sensors"]
    (at,) = sensor["at_shipped"]
    assert (at["name"], at["threshold"]["value"]) == ("MATCH_THRESHOLD", MATCH_THRESHOLD)
    assert (at["fmr"]["value"], at["fnmr"]["value"]) == (0, 2 / 5)
    assert at["fmr"]["high"] == pytest.approx(1 - 0.05 ** (1 / 3))
    failures = (out / "failures.csv").read_text("utf-8")
    assert "quiet-0_3.png" in failures
    assert "convert it to PNG" in failures
    for text in (result.stdout, result.stderr, (out / "report.md").read_text("utf-8")):
        assert "quiet" not in text


def test_progress_is_told_beside_the_answer(measured):
    result, _ = measured
    assert "nbis: extracting: 7 of 7" in result.stderr
    # Of 21 pairs, six are with the damaged capture.
    assert "bozorth3: comparing: 15 of 15" in result.stderr


def test_the_report_says_what_it_is_worth(measured):
    _, out = measured
    report = (out / "report.md").read_text("utf-8")
    assert "# Fingers: 3 subjects, 7 captures" in report
    assert "support no FMR below" in report
    assert "MATCH_THRESHOLD" in report
    assert "30 % *" in report
    assert "--engine nbis --engine bozorth3 --rate 0.3" in report


def test_the_error_curves_are_a_picture(measured):
    _, out = measured
    with Image.open(out / "det.png") as picture:
        assert picture.format == "PNG"
        pixels = np.asarray(picture.convert("RGB"))
    assert pixels.shape[0] > 500
    colours = {tuple(colour) for colour in pixels.reshape(-1, 3)}
    assert {(0x00, 0x72, 0xB2), (0xD5, 0x5E, 0x00)} <= colours  # a line for each engine


def test_a_table_of_labels_wins_over_names(optical, tmp_path):
    rows = ["File, Subject, Sensor"]
    for who in range(3):
        for press, finger in enumerate(sorted(optical.glob(f"quiet-{who}_[12].png"))):
            name = f"{who}{press}.png"
            (tmp_path / name).write_bytes(finger.read_bytes())
            rows.append(f"{name},finger {who},{'glass' if who < 2 else 'film'}")
    rows.append("gone.png,finger 1,glass")
    (tmp_path / "labels.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    words = [tmp_path, "--engine", "bozorth3", "--processes", 1, "--no-count-failures"]
    result = run(*words, "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)["results"][0]["sensors"]
    wanted = [("glass", 2, 5, 2, 4), ("film", 1, 2, 1, 0), ("all", 3, 7, 3, 4)]
    keys = ("sensor", "subjects", "captures", "genuine_pairs", "impostor_pairs")
    assert [tuple(sensor[key] for key in keys) for sensor in found] == wanted
    assert found[1]["eer"]["value"] is None  # film met no strangers
    shown = run(*words)
    assert "| bozorth3 | film   | 1 " in shown.stdout
    assert "Captures that bozorth3 could not use: 1." in shown.stdout


def test_faces_are_told_apart_too(tmp_path):
    for who in (1, 4):
        (tmp_path / f"s{who}").mkdir()
        for shot in (1, 2):
            cv2.imwrite(str(tmp_path / f"s{who}" / f"{shot}.jpg"), person(who).face(shot))
    result = run(tmp_path, "--kind", "face", "--processes", 1, "--json")
    assert result.exit_code == 0, result.stderr
    (engine,) = json.loads(result.stdout)["results"]
    (sensor,) = engine["sensors"]
    assert (sensor["subjects"], sensor["genuine_pairs"], sensor["impostor_pairs"]) == (2, 2, 4)
    shipped = {at["name"]: at["threshold"]["value"] for at in sensor["at_shipped"]}
    assert shipped == {"ACCEPT_FROM": ACCEPT_FROM, "OFFICER_FROM": OFFICER_FROM}
    assert sensor["at_shipped"][0]["fmr"]["value"] == 0


def test_each_engine_finds_minutiae_in_its_own_way(optical):
    (file, *_) = optical.glob("quiet-1_1.png")
    pixels = read_grey(file)
    best, nbis = (engine_named(name, 500).extract(file) for name in ("best", "nbis"))
    assert best == extract(pixels)
    assert nbis == extract(pixels, engine=MinutiaeEngine.NBIS)
    assert best != nbis


def test_an_engine_without_its_network_is_refused(monkeypatch):
    assert why_not("best") is None
    monkeypatch.setattr(finger_network, "network", lambda: None)
    assert "--engine nbis" in str(why_not("best"))
    assert why_not("nbis") is None


def asked(*folders, across=False, most=None):
    return Request(list(folders), Kind.FINGER, 500, [], [], across, True, most, 1)


def touched(*files):
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


@pytest.fixture
def two_sensors(tmp_path):
    touched(*(tmp_path / s / f"{n}_{i}.png" for s in "ab" for n in (101, 102) for i in (1, 2)))
    return [tmp_path / "a", tmp_path / "b"]


def test_names_tell_subject_and_sensor(tmp_path):
    touched(tmp_path / "x" / "left_thumb_1.PNG", tmp_path / "x" / "s7" / "1.pgm")
    touched(tmp_path / "x" / "README", tmp_path / "x" / ".trash" / "1_1.png")
    found = captures_in([tmp_path / "x", tmp_path / "x"])
    assert [(c.subject, c.sensor) for c in found] == [("left_thumb", "x"), ("s7", "x")]


def test_sensors_of_one_name_are_told_apart_by_more_of_their_path(tmp_path):
    touched(tmp_path / "hall" / "r30x" / "1_1.png", tmp_path / "booth" / "r30x" / "1_1.png")
    found = captures_in([tmp_path])
    assert [c.sensor for c in found] == ["booth/r30x", "hall/r30x"]


def test_one_label_is_one_person_at_every_sensor(two_sensors):
    request = asked(*two_sensors)
    captures = captures_in(two_sensors)
    pairs, subjects = pairs_of(captures, request), subjects_of(captures, request)
    assert len(set(subjects)) == 2
    assert len(pairs) == 12  # within each sensor alone
    assert all(captures[a].sensor == captures[b].sensor for a, b in pairs)


def test_strangers_across_folders_are_compared(two_sensors):
    request = asked(*two_sensors, across=True)
    captures = captures_in(two_sensors)
    pairs, subjects = pairs_of(captures, request), subjects_of(captures, request)
    assert len(set(subjects)) == 4
    assert len(pairs) == 28
    assert (subjects[pairs[:, 0]] == subjects[pairs[:, 1]]).sum() == 4


def test_many_strangers_can_be_drawn_by_lot(two_sensors):
    request = asked(*two_sensors, across=True, most=5)
    captures = captures_in(two_sensors)
    pairs, subjects = pairs_of(captures, request), subjects_of(captures, request)
    same = subjects[pairs[:, 0]] == subjects[pairs[:, 1]]
    assert (same.sum(), (~same).sum()) == (4, 5)
    assert np.array_equal(pairs, pairs_of(captures, request))


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (b"name,who\n", "file,subject"),
        (b"", "file,subject"),
        (b"file,subject\n1.png,\n", "line 2"),
        (b"file,subject\n1.png,a,b\n", "line 2"),
        (b"\xff\xfe\x00,\x00", "UTF-8"),
        (b"file,subject\n", "no captures"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(tmp_path, table, says):
    (tmp_path / "labels.csv").write_bytes(table)
    with pytest.raises(CouldNotError, match=says):
        captures_in([tmp_path])


def test_what_cannot_be_calibrated_is_refused(tmp_path, two_sensors):
    assert "no folder" in refused(run(tmp_path / "gone"))
    touched(tmp_path / "file")
    assert "file" in refused(run(two_sensors[0], "--out", tmp_path / "file" / "report"))
    (tmp_path / "empty").mkdir()
    assert "no captures" in refused(run(tmp_path / "empty"))
    assert "between 0 and 1" in refused(run(tmp_path, "--rate", "2"))
    assert "--engine" in refused(run(tmp_path, "--kind", "face", "--engine", "nbis"))
    touched(tmp_path / "one" / "7_1.png", tmp_path / "one" / "7_2.png")
    assert "one subject" in refused(run(tmp_path / "one"))
    touched(tmp_path / "once" / "7_1.png", tmp_path / "once" / "8_1.png")
    assert "two captures" in refused(run(tmp_path / "once"))
    result = run(two_sensors[0], "--engine", "bozorth3", "--processes", 1)
    assert "none of the 4 captures" in refused(result)
