"""What the bundle's specification promises, without building it."""

import ast
import re
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from common.domain.language import Language
from common.station.config import StationKind
from office.office import own_command

ROOT = Path(__file__).parents[2]
INSTALLERS = ROOT / "installers"


def named_in_spec(name: str) -> Any:
    """The value of a constant of the specification; the rest of it needs PyInstaller."""
    for node in ast.parse((INSTALLERS / "suite.spec").read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            code = compile(ast.Expression(node.value), "suite.spec", "eval")
            return eval(code, {"re": re})  # noqa: S307 (our own specification)
    raise AssertionError(f"suite.spec has no {name}")


PROGRAMS: list[str] = named_in_spec("PROGRAMS")
PACKAGES: list[str] = named_in_spec("PACKAGES")
IS_DROPPED = named_in_spec("DROP").search


def test_every_kind_of_station_has_its_program():
    kinds = {f"smartics-{kind}" for kind in StationKind}
    assert set(PROGRAMS) == {"smartics", "smartics-backend"} | kinds


def test_every_package_is_in_the_bundle():
    assert sorted(PACKAGES) == sorted(
        file.parent.name for file in ROOT.glob("*/__init__.py") if file.parent.name != "tests"
    )


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_knows_itself_by_its_name(program: str, monkeypatch: pytest.MonkeyPatch):
    typed: list[list[str]] = []
    monkeypatch.setattr("office.start.main", lambda: typed.append(sys.argv[1:]))
    monkeypatch.setattr("faulthandler.enable", lambda: None)  # pytest has its own
    monkeypatch.setattr(sys, "executable", f"/opt/smartics/{program}")
    monkeypatch.setattr(sys, "argv", [program, "--config", "x.toml"])
    runpy.run_path(str(INSTALLERS / "entry.py"))
    kind = program.removeprefix("smartics").removeprefix("-")
    words = {"": [], "backend": ["backend"]}.get(kind, ["station", kind])
    assert typed == [[*words, "--config", "x.toml"]]


def qml_modules() -> list[str]:
    """Qt's QML modules that any screen imports."""
    found: set[str] = set()
    for file in (file for package in PACKAGES for file in (ROOT / package).rglob("*.qml")):
        found |= set(re.findall(r"^import (Qt[\w.]*)", file.read_text("utf-8"), re.MULTILINE))
    return sorted(found)


def test_screens_are_looked_through():
    assert "QtQuick.Layouts" in qml_modules()


@pytest.mark.parametrize("module", qml_modules())
def test_what_a_screen_imports_is_not_dropped(module: str):
    assert not IS_DROPPED(f"PySide6/Qt/qml/{module.replace('.', '/')}/qmldir")


@pytest.mark.parametrize(
    "kept",
    [
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/imageformats/libqjpeg.so",
        "common/ui/qml/Smartics/qmldir",
        "numpy.libs/libscipy_openblas64_.so",
        *(f"babel/locale-data/{language.replace('-', '_')}.dat" for language in Language),
    ],
)
def test_what_runs_is_not_dropped(kept: str):
    assert not IS_DROPPED(kept)


@pytest.mark.parametrize(
    "dropped",
    [
        "PySide6/Qt/qml/QtQuick/VirtualKeyboard/qmldir",
        "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "babel/locale-data/fr.dat",
    ],
)
def test_what_nobody_uses_is_dropped(dropped: str):
    assert IS_DROPPED(dropped)


def test_an_office_in_a_bundle_starts_the_bundles_programs(monkeypatch: pytest.MonkeyPatch):
    assert own_command() == [sys.executable, "-m", "office"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/smartics/smartics-tag")
    assert own_command() == ["/opt/smartics/smartics"]
