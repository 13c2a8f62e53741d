"""smartics code, and what the command loads before it knows what is asked."""

import json
import subprocess
import sys

import pytest
import qrcode
import zxingcpp
from PIL import Image
from typer.testing import CliRunner

from office.cli import app

HEAVY = {"cv2", "numpy", "PIL", "PySide6", "nbis", "zxingcpp", "serial", "sqlalchemy", "fastapi"}


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    qrcode.make("樣本 A042").get_image().convert("L").save("qr.png")
    bars = zxingcpp.create_barcode("SHELF-12", zxingcpp.Code128).to_image(scale=3)
    scene = Image.new("L", (600, 300), 255)
    scene.paste(Image.fromarray(bars), (60, 60))
    scene.save("bars.tif")
    qrcode.make("A\x1b[31mred").get_image().convert("L").save("trick.png")
    Image.new("L", (300, 300), 255).save("white.png")
    return lambda *words: CliRunner().invoke(app, ["code", "read", *words])


def test_every_code_is_told_with_its_file_and_type(run):
    result = run("qr.png", "white.png", "bars.tif", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["codes"] == [
        {"file": "qr.png", "type": "QRCode", "text": "樣本 A042"},
        {"file": "bars.tif", "type": "Code128", "text": "SHELF-12"},
    ]


def test_no_code_is_a_no(run):
    result = run("white.png", "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    assert json.loads(result.stdout)["codes"] == []


def test_an_unreadable_file_ends_with_2_and_the_others_are_told(run):
    result = run("missing.png", "qr.png", "--json")
    assert result.exit_code == 2
    assert len(json.loads(result.stdout)["codes"]) == 1
    (line,) = result.stderr.splitlines()
    assert "missing.png" in line


def test_a_code_cannot_colour_the_terminal(run):
    result = run("trick.png")
    assert "\x1b" not in result.stdout
    assert r"A\x1b[31mred" in result.stdout


def test_help_is_told_before_anything_heavy_is_loaded():
    words = f"import sys, office.cli; print(sorted({HEAVY!r} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", words], capture_output=True, check=True)
    assert ended.stdout.strip() == b"[]"


@pytest.mark.parametrize("group", ["finger", "face", "code", "devices", "backend"])
def test_every_group_is_there(group):
    assert CliRunner().invoke(app, [group, "--help"]).exit_code == 0
