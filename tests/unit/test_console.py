"""The technician's console, on a bench with one device of every kind."""

import base64
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hardware.catalog import make
from hardware.console import (
    Change,
    Entry,
    StepOutcome,
    list_devices,
    read_recorded,
    record_device,
    replay_device,
    self_test_devices,
    watch_devices,
)
from hardware.core.links import read_recording
from hardware.simulation.bench import SimulatedDevice
from hardware.simulation.chip import blank_chip
from hardware.simulation.devices import KINDS
from hardware.simulation.world import ImpossibleError, World
from tests.support.zones import TD1

DRIVERS = {
    "card_unit": ("crt571", "socket://127.0.0.1:{}"),
    "cabinet": ("cu16", "socket://127.0.0.1:{}"),
    "form_collector": ("modbus_collector", "tcp://127.0.0.1:{}"),
    "signals": ("modbus_signals", "tcp://127.0.0.1:{}"),
    "finger_scanner": ("r30x", "socket://127.0.0.1:{}"),
    "camera": ("mjpeg", "http://127.0.0.1:{}/stream"),
    "ticket_printer": ("escpos", "tcp://127.0.0.1:{}"),
    "document_reader": ("elyctis", "socket://127.0.0.1:{}"),
    "signature_pad": ("stu", "hid+tcp://127.0.0.1:{}"),
}


@dataclass
class Station:
    world: World
    simulated: dict[str, SimulatedDevice]
    entries: list[Entry]

    def entry(self, name: str) -> Entry:
        return next(entry for entry in self.entries if entry.name == name)


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    world = World(tmp_path / "world")
    (tmp_path / "spool").mkdir()
    simulated: dict[str, SimulatedDevice] = {
        name: KINDS[driver](f"x.{name}", 0, world, {}) for name, (driver, _) in DRIVERS.items()
    }
    by_command = {"trigger": "honeywell"}
    scanner = KINDS["line_scanner"]("x.code_scanner", 0, world, by_command)
    simulated["code_scanner"] = scanner
    entries = [Entry("form_printer", "spool_folder", f"folder:{tmp_path / 'spool'}")]
    for device in simulated.values():
        device.start()
    for name, (driver, address) in DRIVERS.items():
        port = simulated[name].port  # type: ignore[attr-defined]  # all but the form printer have it
        entries.append(Entry(name, driver, address.format(port)))
    at = f"socket://127.0.0.1:{scanner.port}"  # type: ignore[attr-defined]  # as above
    entries.append(Entry("code_scanner", "line_scanner", at, by_command))
    yield Station(world, simulated, entries)
    for device in simulated.values():
        device.stop()


def people(station: Station) -> Callable[[str], None]:
    """Act on the announcements, as the technician would; returns what listens to them."""
    world = station.world
    card = world.add("card", "hand.staff", {"chip": blank_chip("1122334455667788"), "label": ""})
    sheet = world.add("paper", "hand.staff", {"label": "sheet"})
    y, x = np.mgrid[0:288, 0:256]
    png = io.BytesIO()
    Image.fromarray((127 + 120 * np.sin((x + y) / 3)).astype(np.uint8)).save(png, "PNG")
    finger = base64.b64encode(png.getvalue()).decode()

    def persist(name: str, verb: str, arguments: dict[str, Any]) -> None:
        for _ in range(500):
            try:
                station.simulated[name].act(verb, arguments)
            except ImpossibleError:
                Event().wait(0.02)
            else:
                return

    deeds: dict[str, tuple[str, dict[str, Any]]] = {
        "put a test card in": ("insert", {"thing": card.id}),
        "take the card": ("take", {"hand": "staff"}),
        "put a sheet in": ("insert", {"thing": sheet.id}),
        "take the sheet": ("take", {"hand": "staff"}),
        "lay a finger on the glass": ("place", {"png": finger}),
        "lift the finger": ("lift", {}),
        "lay or swipe a specimen document": ("lay", {"lines": list(TD1)}),
        "take the document": ("take", {"hand": "staff"}),
        "sign on the pad": ("sign", {"strokes": [[[10 + n, 20, 0.5] for n in range(40)]]}),
        "hold a printed code before it": ("scan", {"text": "TAG-7"}),
    }

    def listen(line: str) -> None:
        name = line.partition(":")[0]
        for words, (verb, arguments) in deeds.items():
            if line.endswith(words):
                Thread(target=persist, args=(name, verb, arguments), daemon=True).start()

    return listen


def test_all_devices_are_listed(station: Station) -> None:
    station.simulated["camera"].set_fault("unplugged", True)
    listed = {row["name"]: row for row in list_devices([*station.entries, Entry("y", "no", "x")])}
    assert listed["card_unit"]["kind"] == "card_unit"
    assert listed["card_unit"]["driver"] == "crt571"
    assert listed["y"]["state"] == "userError"
    assert "there is no driver" in listed["y"]["detail"]
    states = {name: row["state"] for name, row in listed.items() if name != "y"}
    assert states.pop("camera") == "noDevice"
    assert set(states.values()) == {"online"}
    assert all(set(row) == {"name", "kind", "driver", "state", "detail"} for row in listed.values())


def test_every_kind_passes_its_self_test(station: Station) -> None:
    said: list[str] = []
    person = people(station)

    def say(line: str) -> None:
        said.append(line)
        person(line)

    outcomes = self_test_devices(station.entries, say)
    assert [(o.name, o.passed) for o in outcomes] == [(e.name, True) for e in station.entries], said
    for outcome in outcomes:
        lines = [line for line in said if line.startswith(f"{outcome.name}: ")]
        assert "pass" not in lines[0]  # what it will move
        assert lines[-1] == f"{outcome.name}: pass: {outcome.detail}"
    (slip,) = station.world.at("x.ticket_printer.mouth")
    assert slip.kind == "paper"


def test_a_fault_fails_the_self_test_and_the_others_go_on(station: Station) -> None:
    station.simulated["ticket_printer"].set_fault("paper_out", True)
    station.simulated["camera"].set_fault("dark", True)
    station.simulated["cabinet"].set_fault("unplugged", True)
    names = ("ticket_printer", "camera", "cabinet", "form_printer")
    outcomes = self_test_devices([station.entry(name) for name in names], lambda _: None)
    assert [outcome.passed for outcome in outcomes] == [False, False, False, True]
    assert "paper is out" in outcomes[0].detail
    assert "dark" in outcomes[1].detail


def test_a_cancelled_self_test_ends(station: Station) -> None:
    cancelled = Event()
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        cancelled.set()

    names = ("finger_scanner", "camera", "ticket_printer")
    entries = [station.entry(name) for name in names]
    outcomes = self_test_devices(entries, say, cancelled)
    assert len(outcomes) == 1
    assert not outcomes[0].passed


class Watching:
    """Devices watched on threads of their own, every few hundredths of a second."""

    def __init__(self, entries: list[Entry]) -> None:
        self.told: list[Change] = []
        self._ended = Event()
        self._thread = Thread(
            target=watch_devices, args=(entries, self.told.append, self._ended, 0.02)
        )
        self._thread.start()

    def wait_for(self, words: str) -> Change:
        """Wait for a change that was not waited for before."""
        for _ in range(1000):
            for change in self.told:
                if words in f"{change.name}: {change.words}":
                    return change
            Event().wait(0.01)
        return pytest.fail(f"{words} was not told: {self.told}")

    def end(self) -> list[str]:
        self._ended.set()
        self._thread.join(30)
        assert not self._thread.is_alive()
        return [f"{change.name}: {change.words}" for change in self.told]


def test_every_change_of_a_sensor_is_told_once_with_how_long_it_lasted(station: Station) -> None:
    watching = Watching([station.entry("ticket_printer"), station.entry("cabinet")])
    watching.wait_for("cabinet: online")
    first = watching.wait_for(
        "ticket_printer: online, EPSON TM-T20II, online yes, paper full, cover open no"
    )
    assert (first.sensor, first.was, first.lasted_s) == ("", "", None)
    station.simulated["ticket_printer"].set_fault("paper_low", True)
    low = watching.wait_for("ticket_printer: paper low (was full for ")
    assert (low.sensor, low.was, low.when.tzinfo is not None) == ("paper", "full", True)
    assert low.lasted_s == (low.when - first.when).total_seconds()
    station.simulated["ticket_printer"].set_fault("paper_low", False)
    full = watching.wait_for("ticket_printer: paper full (was low for ")
    assert full.lasted_s == (full.when - low.when).total_seconds()
    card = station.world.add("card", "hand.staff", {"label": ""})
    cabinet = make("cu16", station.entry("cabinet").address, {})
    cabinet.open()
    cabinet.unlock(2)  # type: ignore[attr-defined]  # a cabinet
    cabinet.close()
    watching.wait_for("cabinet: slot 2 locked no (was yes for ")
    station.simulated["cabinet"].act("put", {"thing": card.id, "slot": 2})
    watching.wait_for("cabinet: slot 2 item yes (was no for ")
    assert len(watching.end()) == 6


def test_a_device_that_goes_and_comes_back_is_told_once_each(station: Station) -> None:
    watching = Watching([station.entry("finger_scanner"), station.entry("ticket_printer")])
    watching.wait_for("finger_scanner: online")
    watching.wait_for("ticket_printer: online")
    station.simulated["finger_scanner"].set_fault("unplugged", True)
    gone = watching.wait_for("finger_scanner: noDevice")
    assert gone.was == "online"
    Event().wait(0.7)  # it is looked for meanwhile, more than once
    station.simulated["finger_scanner"].set_fault("unplugged", False)
    back = watching.wait_for("finger_scanner: online (was noDevice for ")
    assert back.lasted_s == (back.when - gone.when).total_seconds()
    assert len(watching.end()) == 4


def test_a_silent_device_does_not_keep_another_from_being_watched(station: Station) -> None:
    station.simulated["card_unit"].set_fault("mute", True)
    watching = Watching([station.entry("card_unit"), station.entry("ticket_printer")])
    watching.wait_for("ticket_printer: online")
    station.simulated["ticket_printer"].set_fault("paper_low", True)
    watching.wait_for("ticket_printer: paper low")
    watching.end()


def test_a_wrong_setting_ends_the_watch_before_it_begins(station: Station) -> None:
    wrong = Entry("y", "cu16", "socket://127.0.0.1:1", {"board": 2})
    with pytest.raises(ValueError, match="no option 'board'"):
        watch_devices([wrong], lambda _: None, Event())


def test_every_step_is_kept_and_the_device_says_who_it_is(station: Station) -> None:
    (outcome,) = self_test_devices([station.entry("card_unit")], people(station))
    assert outcome.says.startswith("online")
    assert (outcome.driver, outcome.verdict) == ("crt571", "pass")
    assert [(step.words, step.outcome) for step in outcome.steps] == [
        ("the device is opened", StepOutcome.DONE),
        ("opens the gate: put a test card in", StepOutcome.DONE),
        ("take the card", StepOutcome.DONE),
    ]


def test_the_step_that_failed_is_known(station: Station) -> None:
    station.simulated["camera"].set_fault("unplugged", True)
    station.simulated["ticket_printer"].set_fault("paper_out", True)
    entries = [station.entry("camera"), station.entry("ticket_printer")]
    camera, printer = self_test_devices(entries, lambda _: None)
    assert [step.outcome for step in camera.steps] == [StepOutcome.FAILED]
    assert [step.outcome for step in printer.steps] == [StepOutcome.DONE, StepOutcome.FAILED]
    assert printer.steps[-1].words == "prints one slip and cuts it off"
    assert not camera.was_reached


def test_nothing_moves_without_consent(station: Station) -> None:
    said: list[str] = []
    asked: list[tuple[str, str]] = []

    def consent(name: str, announcement: str) -> bool:
        assert said[-1] == f"{name}: {announcement}"  # said before it is asked
        asked.append((name, announcement))
        return name == "camera"

    entries = [station.entry("ticket_printer"), station.entry("camera")]
    printer, camera = self_test_devices(entries, said.append, consent=consent)
    assert [name for name, _ in asked] == ["ticket_printer", "camera"]
    assert (printer.verdict, camera.verdict) == ("skipped", "pass")
    assert printer.steps[0].outcome is StepOutcome.SKIPPED
    assert station.world.at("x.ticket_printer.mouth") == []


RECORDABLE = ("card_unit", "cabinet", "finger_scanner", "ticket_printer")


@pytest.mark.parametrize("name", RECORDABLE)
def test_a_recording_can_be_replayed(station: Station, tmp_path: Path, name: str) -> None:
    file = tmp_path / "x.txt"
    said: list[str] = []
    person = people(station)

    def say(line: str) -> None:
        said.append(line)
        person(line)

    entry = station.entry(name)
    outcome = record_device(entry, file, say, now=lambda: datetime(2026, 11, 27, tzinfo=UTC))
    assert outcome.passed, outcome
    assert "nobody's own" in said[0]
    text = file.read_text("ascii")
    assert text.startswith(
        f"# driver: {entry.driver}\n# address: {entry.address}\n# options: {{}}\n"
        "# when: 2026-11-27T00:00:00+00:00\n>"
    )
    assert text.endswith(f"\n# result: pass: {outcome.detail}\n")
    recording = read_recorded(file)
    assert (recording.driver, recording.exchanges) == (entry.driver, read_recording(file))
    replayed = replay_device(recording, entry, lambda _: None)
    assert (replayed.line, replayed.difference) == (None, "")
    assert replayed.outcome.detail == outcome.detail


def test_an_unwanted_recording_leaves_no_file(station: Station, tmp_path: Path) -> None:
    entry = station.entry("ticket_printer")
    outcome = record_device(entry, tmp_path / "x", lambda _: None, consent=lambda *_: False)
    assert outcome.was_skipped
    assert not (tmp_path / "x").exists()
    assert station.world.at("x.ticket_printer.mouth") == []


def a_recording(tmp_path: Path, station: Station) -> tuple[Path, list[str]]:
    file = tmp_path / "cabinet.txt"
    assert record_device(station.entry("cabinet"), file, lambda _: None).passed
    return file, file.read_text("ascii").splitlines()


def replayed(file: Path, lines: list[str], station: Station) -> tuple[int | None, str]:
    file.write_text("\n".join(lines) + "\n", "ascii")
    found = replay_device(read_recorded(file), station.entry("cabinet"), lambda _: None)
    assert found.is_the_same is (found.line is None)
    return found.line, found.difference


def test_a_driver_that_says_something_else_is_told_with_its_line(
    station: Station, tmp_path: Path
) -> None:
    file, lines = a_recording(tmp_path, station)
    hosts = [at for at, line in enumerate(lines) if line.startswith(">")]
    for at in hosts:
        sent = lines[at].removeprefix("> ")
        altered = [*lines[:at], "> 00", *lines[at + 1 :]]
        assert replayed(file, altered, station) == (at + 1, f"recorded 00, driver sent {sent}")


def test_a_driver_that_ends_early_or_goes_on_is_told_with_its_line(
    station: Station, tmp_path: Path
) -> None:
    file, lines = a_recording(tmp_path, station)
    line, words = replayed(file, [*lines, "# remark", "> 0203"], station)
    assert (line, words.startswith("the driver ended here")) == (len(lines) + 2, True)
    last = max(at for at, line in enumerate(lines) if line.startswith(">"))
    line, words = replayed(file, lines[:last], station)
    assert (line, words.startswith("the recording has no host turn")) == (last + 1, True)


def test_a_driver_that_reads_something_else_is_told(station: Station, tmp_path: Path) -> None:
    file, lines = a_recording(tmp_path, station)
    lines[-1] = "# result: pass: slot 7 unlocked"
    assert replayed(file, lines, station) == (
        len(lines),
        "recorded pass: slot 7 unlocked, seen pass: slot 1 unlocked",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# driver: cu16\n", "holds no exchange"),
        ("# driver: cu16\n? 00\n", "line 2"),
        ("# options: [1]\n> 00\n", "options"),
        ("# options: {\n> 00\n", "no recording"),
        ("caf\u00e9", "no recording"),
    ],
)
def test_what_is_no_recording_is_refused(
    station: Station, tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "x.txt"
    file.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=words):
        replay_device(read_recorded(file), station.entry("cabinet"), lambda _: None)


def test_a_url_keeps_its_password_to_itself(station: Station, tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    entry = Entry("cabinet", "cu16", "socket://me:secret@127.0.0.1:1")
    record_device(entry, file, lambda _: None)
    assert "secret" not in file.read_text("ascii").partition("# result")[0]


def test_what_has_no_bytes_cannot_be_recorded(station: Station, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be recorded"):
        record_device(station.entry("form_printer"), tmp_path / "x", lambda _: None)
    assert not (tmp_path / "x").exists()


def test_the_configured_devices_are_the_catalogues(station: Station) -> None:
    for entry in station.entries:
        make(entry.driver, entry.address, entry.options)
