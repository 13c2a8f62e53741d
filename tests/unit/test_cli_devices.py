"""smartics devices, on a bench with a ticket printer and a camera."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from hardware.simulation.devices import KINDS
from hardware.simulation.world import World
from office.cli import app

STATION = """\
[station]
name = "tag-1"
kind = "tag"
office = "HQ"

[backend]
address = "http://127.0.0.1:1"
key = "file:tag-1.key"

[devices.ticket_printer]
driver = "escpos"
address = "tcp://127.0.0.1:{}"

[devices.camera]
driver = "mjpeg"
address = "http://127.0.0.1:{}/stream"
"""


@pytest.fixture
def bench(tmp_path):
    world = World(tmp_path / "world")
    bench = {driver: KINDS[driver](f"x.{driver}", 0, world, {}) for driver in ("escpos", "mjpeg")}
    for device in bench.values():
        device.start()
    ports = [device.port for device in bench.values()]  # type: ignore[attr-defined]  # both have one
    text = STATION.format(*ports)
    (tmp_path / "station.toml").write_text(text, "utf-8")
    yield bench
    for device in bench.values():
        device.stop()


@pytest.fixture
def run(bench, tmp_path):
    config = str(tmp_path / "station.toml")
    return lambda verb, *words: CliRunner().invoke(
        app, ["devices", verb, *words, "--config", config]
    )


def test_list_tells_every_device(run, bench):
    bench["mjpeg"].set_fault("unplugged", True)
    result = run("list", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    printer, camera = json.loads(result.stdout)
    assert set(printer) == {"name", "kind", "driver", "state", "detail"}
    assert (printer["name"], printer["kind"], printer["driver"], printer["state"]) == (
        "ticket_printer",
        "ticket_printer",
        "escpos",
        "online",
    )
    assert camera["state"] == "noDevice"
    assert len(run("list").stdout.splitlines()) == 2


def test_a_test_that_passes(run):
    result = run("test", "--json")
    assert result.exit_code == 0
    tests = json.loads(result.stdout)["tests"]
    assert [(row["name"], row["passed"]) for row in tests] == [
        ("ticket_printer", True),
        ("camera", True),
    ]
    assert "prints one slip" in result.stderr  # what will move is said, but not in the answer


def test_a_test_that_fails_is_a_no(run, bench):
    bench["mjpeg"].set_fault("dark", True)
    result = run("test", "camera")
    assert result.exit_code == 1
    assert "FAIL" in result.stdout


def test_an_absent_device_could_not_be_tested(run, bench):
    bench["mjpeg"].set_fault("unplugged", True)
    result = run("test", "camera", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["tests"][0]["was_reached"] is False
    assert result.stderr.splitlines()[-1].startswith("smartics: camera: ")


def test_an_unknown_name_is_refused(run):
    result = run("test", "scanner")
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert "ticket_printer, camera" in line


def test_watch_tells_what_is_seen_and_ends(run):
    result = run("watch", "ticket_printer", "--seconds", "0.5", "--json")
    assert result.exit_code == 0
    (change,) = json.loads(result.stdout)["changes"]
    assert change["name"] == "ticket_printer"
    assert change["seen"].startswith("online")


def test_watch_refuses_an_unknown_driver(run, tmp_path):
    config = tmp_path / "station.toml"
    config.write_text(config.read_text("utf-8").replace("escpos", "fax"), "utf-8")
    result = run("watch", "--seconds", "0.1")
    assert result.exit_code == 2
    assert "no driver 'fax'" in result.stderr


def test_record_writes_every_byte_once(run, tmp_path):
    file = tmp_path / "printer.txt"
    result = run("record", "ticket_printer", "-o", str(file), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["file"] == str(file)
    lines = file.read_text("ascii").splitlines()
    assert any(line.startswith(">") for line in lines)
    again = run("record", "ticket_printer", "-o", str(file))
    assert again.exit_code == 2
    assert file.read_text("ascii").splitlines() == lines


def test_record_refuses_what_it_cannot_listen_to(run, tmp_path):
    file = tmp_path / "camera.txt"
    result = run("record", "camera", "-o", str(file))
    assert result.exit_code == 2
    assert "cannot be recorded" in result.stderr
    assert not file.exists()


def test_a_missing_configuration_is_one_line_and_2(tmp_path):
    words = [sys.executable, "-m", "office", "devices", "list", "--config", "nowhere.toml"]
    ended = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert "nowhere.toml" in line
