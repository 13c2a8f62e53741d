"""smartics finger with records: templates, images, WSQ files."""

import json

import pytest
from PIL import Image
from typer.testing import CliRunner

from common.matching.finger_records import fir_2005, fir_2011, image_39794_4
from common.matching.finger_records.coding import ImageCoding
from common.matching.finger_records.images import FingerImage
from common.matching.finger_records.reading import RecordKind, read_record, read_template
from common.matching.fingers import FingerPosition
from hardware.simulation.people import person
from office.cli import app

INDEX = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One finger as a picture and in records; another finger and broken files beside it."""
    folder = tmp_path_factory.mktemp("records")
    one = person(0).finger(INDEX, 1)
    Image.fromarray(person(0).finger(INDEX, 2)).save(folder / "same.png")
    Image.fromarray(one).save(folder / "one.png")
    index, thumb = FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_THUMB
    wsq = FingerImage.of(one, ImageCoding.WSQ, position=index, quality=70)
    png = FingerImage.of(one, ImageCoding.PNG, position=index)
    other = FingerImage.of(person(1).finger(INDEX, 1), ImageCoding.PNG, position=thumb)
    (folder / "one.wsq").write_bytes(wsq.data)
    (folder / "one.fir").write_bytes(fir_2005.write([wsq]))
    (folder / "two.fir").write_bytes(fir_2011.write([other, png]))
    (folder / "one.der").write_bytes(image_39794_4.write([png]))
    (folder / "cut.fir").write_bytes(fir_2011.write([other])[:-500])
    (folder / "half.fir").write_bytes(fir_2005.write([wsq])[:30])
    return folder


@pytest.fixture
def run(folder, monkeypatch):
    monkeypatch.chdir(folder)
    return lambda *words: CliRunner().invoke(app, ["finger", *words])


def refused(result):
    """The one line that says why."""
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    return line


@pytest.mark.parametrize("file", ["one.wsq", "one.fir", "one.der"])
def test_images_in_records_are_compared(run, file):
    found = json.loads(run("compare", file, "same.png", "--json").stdout)
    assert found["match"]


def test_a_finger_is_taken_by_its_position(run, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    assert run("template", "two.fir", "-o", str(first), "--position", "6").exit_code == 0
    assert run("template", "two.fir", "-o", str(second), "--position", "2").exit_code == 0
    assert read_template(first.read_bytes()).position == FingerPosition.LEFT_THUMB
    assert run("compare", str(first), "same.png").exit_code == 1
    assert run("compare", str(second), "same.png").exit_code == 0


def test_templates_are_written_in_either_edition_and_turned_into_the_other(run, tmp_path):
    new, old = tmp_path / "new", tmp_path / "old"
    wanted = ("--format", "iso2011", "--position", "2")
    assert run("template", "one.png", "-o", str(new), *wanted).exit_code == 0
    assert read_record(new.read_bytes()).kind is RecordKind.MINUTIAE_2011
    assert run("template", str(new), "-o", str(old)).exit_code == 0
    assert read_record(old.read_bytes()).kind is RecordKind.MINUTIAE_2005
    assert read_template(old.read_bytes()) == read_template(new.read_bytes())
    assert run("compare", str(new), str(old)).exit_code == 0
    assert "minutiae alone" in run("quality", str(new)).stderr
    assert run("template", "one.png", "-o", str(new), "--format", "x").exit_code == 2
    assert run("template", "one.png", "-o", str(new), "--position", "11").exit_code == 2


def test_a_record_of_minutiae_is_shown(run, tmp_path):
    file = tmp_path / "one"
    run("template", "one.png", "-o", str(file), "--position", "2")
    found = json.loads(run("show", str(file), "--json").stdout)
    template = read_template(file.read_bytes())
    assert found == {
        "file": str(file),
        "record": "ISO/IEC 19794-2:2005",
        "fingers": [
            {
                "position": 2,
                "view": 0,
                "impression": 0,
                "quality": template.quality,
                "width": template.width,
                "height": template.height,
                "dpi": 500,
                "minutiae": len(template.minutiae),
                "dropped": 0,
                "extended": [{"type": 1, "bytes": len(template.extended[0].data)}],
            }
        ],
    }
    first, line = run("show", str(file)).stdout.splitlines()
    assert first == "ISO/IEC 19794-2:2005"
    assert line.startswith(f"right index: {len(template.minutiae)} minutiae, quality")


def test_records_of_images_are_shown(run):
    found = json.loads(run("show", "one.fir", "--json").stdout)
    (image,) = found["fingers"]
    assert (found["record"], image["coding"]) == ("ISO/IEC 19794-4:2005", "WSQ")
    assert (image["quality"], image["dpi"], image["error"]) == (70, 500, None)
    assert "WSQ" in run("show", "one.wsq").stdout
    first, thumb, index = run("show", "two.fir").stdout.splitlines()
    assert first == "ISO/IEC 19794-4:2011"
    assert thumb.startswith("left thumb: PNG of ")
    assert "quality not told" in index
    (inside,) = json.loads(run("show", "one.der", "--json").stdout)["fingers"]
    assert inside["width"] == image["width"]


def test_a_damaged_image_is_shown_as_such_and_compared_with_nothing(run):
    assert "damaged" in run("show", "cut.fir").stdout
    assert "damaged" in refused(run("compare", "cut.fir", "same.png"))
    assert "half.fir" in refused(run("show", "half.fir"))
    assert "no finger record" in refused(run("show", "one.png"))
    assert "does not exist" in refused(run("show", "none"))
