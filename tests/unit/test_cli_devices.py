"""smartics devices, on a bench with a ticket printer and a camera."""

import json
import re
import subprocess
import sys
from datetime import datetime

import pytest
from typer.testing import CliRunner

from hardware.console import Sighting
from hardware.simulation.devices import KINDS
from hardware.simulation.world import World
from office.cli import app
from tests.support.terminals import Terminal

FOUND = [
    Sighting("pcsc:Reader 1", "card_reader", "Reader 1", ("pcsc",), is_certain=True),
    Sighting("/dev/ttyUSB0", "serial port", "", ("cu16", "r30x"), is_certain=False),
]

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
def world(tmp_path):
    return World(tmp_path / "world")


@pytest.fixture
def bench(tmp_path, world):
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
    assert (change["sensor"], change["was"], change["lasted_s"]) == ("", "", None)
    assert datetime.fromisoformat(change["when"]).tzinfo is not None


def test_watch_says_the_time_of_day(run):
    (line,) = run("watch", "ticket_printer", "--seconds", "0.5").stdout.splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d  ticket_printer: online, .*paper full.*", line)


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
    config = tmp_path / "station.toml"
    config.write_text(config.read_text("utf-8").replace('"mjpeg"', '"opencv"'), "utf-8")
    file = tmp_path / "camera.txt"
    result = run("record", "camera", "-o", str(file))
    assert result.exit_code == 2
    assert "cannot be recorded" in result.stderr
    assert not file.exists()


def test_list_without_a_station_tells_what_is_found(monkeypatch, run):
    monkeypatch.setattr("hardware.console.find_devices", lambda: FOUND)
    result = CliRunner().invoke(app, ["devices", "list", "--json"])
    assert result.exit_code == 0
    reader, port = json.loads(result.stdout)["found"]
    assert reader["is_certain"]
    assert reader["lines"] == [
        "[devices.card_reader]",
        'driver = "pcsc"',
        'address = "pcsc:Reader 1"',
    ]
    assert (port["kind"], port["drivers"]) == ("serial port", ["cu16", "r30x"])
    words = CliRunner().invoke(app, ["devices", "list"]).stdout
    assert "card_reader: pcsc:Reader 1" in words
    assert "perhaps: serial port: /dev/ttyUSB0" in words
    assert '    driver = "cu16"  # or r30x\n' in words
    assert run("list", "--found").stdout == words  # the same, beside what is configured
    assert set(json.loads(run("list", "--found", "--json").stdout)) == {"found"}


def test_what_is_configured_is_not_found_once_more(monkeypatch, run, bench):
    address = f"tcp://127.0.0.1:{bench['escpos'].port}"
    again = [Sighting(address, "serial port", "", ("escpos",), is_certain=False)]
    monkeypatch.setattr("hardware.console.find_devices", lambda: again)
    assert json.loads(run("list", "--found", "--json").stdout) == {"found": []}


def test_the_sheet_is_printed_and_written(run, world, tmp_path):
    file = tmp_path / "sheet.pdf"
    result = run("test", "camera", "--sheet", str(file), "--print", "ticket_printer")
    assert result.exit_code == 0, result.output
    sheet = file.with_suffix(".txt").read_text("utf-8")
    assert result.stdout.endswith(sheet)
    assert "Self-test of tag-1" in sheet
    assert "camera: pass" in sheet
    assert "Signature" in sheet
    assert file.read_bytes().startswith(b"%PDF")
    assert len(world.at("x.escpos.mouth")) == 1  # the sheet: no printer was tested


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--sheet", "sheet.txt"), "let it end in .pdf"),
        (("--sheet", "no/such/folder/sheet.pdf"), "is no folder"),
        (("--print", "camera"), "is no printer"),
        (("--print", "x"), "no device 'x'"),
    ],
)
def test_a_sheet_that_cannot_be_made_is_refused_before_anything_moves(run, world, words, complaint):
    result = run("test", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert complaint in line
    assert world.at("x.escpos.mouth") == []


def test_a_sheet_that_does_not_come_out_is_said(run, bench):
    bench["escpos"].set_fault("paper_out", True)
    result = run("test", "camera", "--print", "ticket_printer")
    assert result.exit_code == 2
    assert "did not print the sheet" in result.stderr


def test_a_recording_is_replayed_without_the_device(run, bench, tmp_path):
    file = tmp_path / "printer.txt"
    assert run("record", "ticket_printer", "-o", str(file)).exit_code == 0
    bench["escpos"].set_fault("unplugged", True)
    for words in ([], ["--driver", "escpos"], ["ticket_printer", "--config"]):
        given = [*words, str(tmp_path / "station.toml")] if words[-1:] == ["--config"] else words
        result = CliRunner().invoke(app, ["devices", "replay", str(file), *given, "--json"])
        assert result.exit_code == 0, result.output
        answer = json.loads(result.stdout)
        assert (answer["passed"], answer["line"], answer["difference"]) == (True, None, "")


def test_a_driver_that_differs_is_a_no_with_the_line(run, tmp_path):
    file = tmp_path / "printer.txt"
    assert run("record", "ticket_printer", "-o", str(file)).exit_code == 0
    lines = file.read_text("ascii").splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith(">"))
    lines[at] = "> 00"
    file.write_text("\n".join(lines) + "\n", "ascii")
    result = CliRunner().invoke(app, ["devices", "replay", str(file)])
    assert result.exit_code == 1
    assert f"{file}, line {at + 1}: recorded 00, driver sent " in result.stdout


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["nowhere.txt"], "cannot be read"),
        (["{file}"], "give --driver"),
        (["{file}", "--driver", "fax"], "no driver 'fax'"),
        (["{file}", "--driver", "spool_folder"], "cannot be replayed"),
        (["{file}", "ticket_printer"], "belong together"),
        (["{file}", "ticket_printer", "--config", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_what_cannot_be_replayed_is_one_line_and_2(tmp_path, words, complaint):
    file = tmp_path / "x.txt"
    file.write_text("> 00\n", "ascii")
    typed = [word.format(file=file) for word in words]
    command = [sys.executable, "-m", "office", "devices", "replay", *typed]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert complaint in line


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_on_a_terminal_nothing_moves_unasked(bench, world, tmp_path):
    words = ["devices", "test", "--config", "station.toml"]
    with Terminal(words, tmp_path) as terminal:
        terminal.reads("ticket_printer: prints one slip", "y to begin, s to skip: ")
        assert world.at("x.escpos.mouth") == []
        terminal.types("what?\n")
        terminal.reads("y to begin, s to skip: ")
        terminal.types("s\n")
        terminal.reads("ticket_printer: skipped", "camera: y to begin")
        terminal.types("y\n")
        terminal.reads("camera: pass", "1 passed, 1 skipped", "Signature")
        assert terminal.ends() == 0
    assert world.at("x.escpos.mouth") == []


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_ctrl_c_at_the_question_ends_the_test(bench, world, tmp_path):
    words = ["devices", "test", "--config", "station.toml"]
    with Terminal(words, tmp_path) as terminal:
        terminal.reads("y to begin, s to skip: ")
        terminal.types("\x03")
        terminal.reads("smartics: the test was ended")
        assert terminal.ends() == 2
    assert b"Traceback" not in terminal.said
    assert world.at("x.escpos.mouth") == []


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_yes_asks_nothing_and_ctrl_c_ends_a_watch(bench, tmp_path):
    config = ["--config", "station.toml"]
    with Terminal(["devices", "test", "camera", "--yes", *config], tmp_path) as terminal:
        assert terminal.ends() == 0
    assert b"y to begin" not in terminal.said
    with Terminal(["devices", "watch", *config], tmp_path) as terminal:
        terminal.reads("ticket_printer: online", "camera: online")
        terminal.types("\x03")
        assert terminal.ends() == 0
    assert b"Traceback" not in terminal.said


def test_without_a_terminal_there_is_no_screen():
    result = CliRunner().invoke(app, ["devices"])
    assert result.exit_code == 2
    assert "watch" in result.stdout
    result = CliRunner().invoke(app, ["devices", "ui"])
    assert result.exit_code == 2
    assert "needs a terminal" in result.stderr


def test_the_command_starts_without_what_only_the_screen_and_the_sheet_need():
    code = (
        "import sys, office.cli; "
        "print([m for m in ('textual', 'reportlab', 'hardware.catalog') if m in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_a_missing_configuration_is_one_line_and_2(tmp_path):
    words = [sys.executable, "-m", "office", "devices", "list", "--config", "nowhere.toml"]
    ended = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert "nowhere.toml" in line
