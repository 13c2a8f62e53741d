"""Every QML file is clean, and asks only for texts, drawings and parts that exist."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from common.domain.language import OFFICE_LANGUAGES
from common.i18n.texts import FOLDER, texts
from common.ui.window import QML

ROOT = Path(__file__).parents[2]
MODULE = QML / "Smartics"
FOLDERS = (
    "tests/screens",
    "common",
    "kiosk_tag",
    "kiosk_registration",
    "kiosk_collection",
    "booth",
)
FILES = sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.qml"))
KEY = re.compile(r"""\bt\(\s*["']([a-z0-9-]+)["']""")
LINT = shutil.which("pyside6-qmllint", path=str(Path(sys.executable).parent))


def test_the_linter_finds_nothing():
    assert LINT is not None
    found = subprocess.run(
        [LINT, "-I", str(QML), *map(str, FILES)], capture_output=True, text=True, check=False
    )
    assert found.stdout + found.stderr == ""
    assert found.returncode == 0


def test_the_linter_would_find_a_mistake(tmp_path):
    assert LINT is not None
    wrong = tmp_path / "wrong.qml"
    wrong.write_text('import QtQuick\nimport Smartics\nPage { titel: "x" }\n', "utf-8")
    found = subprocess.run(
        [LINT, "-I", str(QML), str(wrong)], capture_output=True, text=True, check=False
    )
    assert "titel" in found.stdout + found.stderr


def lines_of(language):
    return [
        line
        for file in (FOLDER / language).glob("*.ftl")
        for line in file.read_text("utf-8").splitlines()
    ]


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_every_key_has_a_text(language):
    missing = []
    for file in FILES:
        for key in KEY.findall(file.read_text("utf-8")):
            if key.endswith("-"):  # the screen adds the rest: a reason, a finger, a page
                if not any(line.startswith(key) for line in lines_of(language)):
                    missing.append(f"{file.name}: {key}")
                continue
            try:
                texts(language).text(key)
            except KeyError as error:
                if "no text" in str(error) or "is empty" in str(error):
                    missing.append(f"{file.name}: {key}")
    assert not missing


def test_every_part_is_in_the_module():
    named = set(re.findall(r"(\w+)\.qml$", (MODULE / "qmldir").read_text("utf-8"), re.MULTILINE))
    assert named == {file.stem for file in MODULE.glob("*.qml")}


def test_pictograms_are_of_one_hand():
    for file in (MODULE / "pictograms").glob("*.svg"):
        drawing = file.read_text("utf-8")
        assert 'stroke-width="1.75"' in drawing
        assert 'viewBox="0 0 24 24"' in drawing


@pytest.mark.parametrize(
    "name",
    [
        "card",
        "finger",
        "face",
        "letter",
        "form",
        "printer",
        "person",
        "clock",
        "phone",
        "check",
        "cross",
        "warning",
        "help",
        "language",
        "ear",
        "globe",
        "tag",
        "camera",
        "counter",
        "lock",
        "home",
    ],
)
def test_every_promised_pictogram_is_drawn(name):
    assert (MODULE / "pictograms" / f"{name}.svg").is_file()


@pytest.mark.parametrize(
    "name", ["card_in", "card_out", "finger", "face", "letter", "ticket", "form", "hand_off"]
)
def test_every_guide_has_its_still_and_its_moving_part(name):
    assert (MODULE / "guides" / f"{name}.svg").is_file()
    assert (MODULE / "guides" / f"{name}_move.svg").is_file()


def test_named_drawings_exist():
    drawn = {file.stem for file in (MODULE / "pictograms").glob("*.svg")}
    named = re.compile(r'\bpictogram: "(\w+)"')
    for file in FILES:
        assert set(named.findall(file.read_text("utf-8"))) <= drawn, file.name
