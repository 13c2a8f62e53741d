"""Recorded sessions of scanners and cameras, played back to the drivers."""

import json
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from hardware.camera.codes import Symbology
from hardware.catalog import Kind, driver, make
from hardware.code_scanner.interface import Code
from hardware.core.links import ReplayLinks, read_recording
from hardware.self_tests import SELF_TESTS

FOLDER = Path(__file__).parent / "recordings"
TOKEN = "VGhpc0lzSW52ZW50ZWQtYW5kLW9wZW5zLW5vdGhpbmdfMDEyMzQ1Ng"


def played(file: Path) -> tuple[Any, ReplayLinks, str]:
    """A driver as the head of a recording names it, on that recording."""
    said = dict(
        line.removeprefix("# ").split(": ", 1)
        for line in file.read_text("ascii").splitlines()
        if line.startswith("# ") and ": " in line
    )
    links = ReplayLinks(read_recording(file))
    return (
        make(said["driver"], said["address"], json.loads(said["options"]), links),
        links,
        said["driver"],
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("self_test", Code(TOKEN)),
        ("self_test_honeywell", Code(TOKEN, Symbology.QR)),
        ("self_test_gm65", Code(TOKEN)),
        ("self_test_ssi", Code(TOKEN, Symbology.QR)),
        ("manual_honeywell", Code("TAG-7")),
        ("manual_ssi", Code("TAG-7", Symbology.QR)),
    ],
)
def test_a_recorded_scan_is_read(name: str, code: Code) -> None:
    scanner, links, _ = played(FOLDER / "line_scanner" / f"{name}.txt")
    scanner.open()
    assert scanner.wait_for_code(5.0, Event()) == code
    assert links.finished()


def test_a_recorded_camera_passes_its_self_test() -> None:
    camera, _, name = played(FOLDER / "mjpeg" / "self_test.txt")
    assert driver(name).kind is Kind.CAMERA
    camera.open()
    said = SELF_TESTS[Kind.CAMERA].run(camera, lambda _: None, Event())
    assert said == "96 x 64, brightness 213, 5 frames"
    camera.close()
