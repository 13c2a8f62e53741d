"""The technician's console, on a bench with one device of every kind."""

import base64
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hardware.catalog import make
from hardware.console import list_devices, record_device, self_test_devices, watch_devices
from hardware.core.transport import Exchange, ReplayTransport
from hardware.fingerprint.r30x import R30x
from hardware.simulation.bench import SimulatedDevice
from hardware.simulation.chip import blank_chip
from hardware.simulation.devices import KINDS
from hardware.simulation.world import ImpossibleError, World
from tests.support.zones import TD1


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    driver: str
    address: str
    options: dict[str, Any] = field(default_factory=dict)


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


def test_changes_are_said_once(station: Station) -> None:
    said: list[str] = []
    ended = Event()
    entries = [station.entry("ticket_printer"), station.entry("finger_scanner")]
    thread = Thread(target=watch_devices, args=(entries, said.append, ended, 0.02))
    thread.start()

    def wait_for_line(count: int, word: str) -> None:
        for _ in range(500):
            if len(said) >= count and word in said[count - 1]:
                return
            Event().wait(0.02)
        pytest.fail(f"{word} was not said: {said}")

    wait_for_line(2, "finger_scanner: online")
    station.simulated["ticket_printer"].set_fault("paper_low", True)
    wait_for_line(3, "paper low")
    station.simulated["finger_scanner"].set_fault("unplugged", True)
    wait_for_line(4, "finger_scanner: noDevice")
    ended.set()
    thread.join()
    assert said[0] == "ticket_printer: online, online yes, paper full, cover open no"


def test_a_recording_can_be_replayed(station: Station, tmp_path: Path) -> None:
    file = tmp_path / "finger.rec"
    said: list[str] = []
    person = people(station)

    def say(line: str) -> None:
        said.append(line)
        person(line)

    outcome = record_device(station.entry("finger_scanner"), file, say)
    assert outcome.passed, outcome
    assert "nobody's own" in said[0]
    lines = [Exchange.parse(line) for line in file.read_text().splitlines()]
    assert lines[0].data.hex() == "ef01ffffffff01000713000000000" + "01b"
    replay = ReplayTransport(lines)
    scanner = R30x(lambda: replay)
    scanner.open()
    assert scanner.capture(5, Event()).width == 256


def test_what_has_no_bytes_cannot_be_recorded(station: Station, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be recorded"):
        record_device(station.entry("form_printer"), tmp_path / "x", lambda _: None)
    assert not (tmp_path / "x").exists()


def test_the_configured_devices_are_the_catalogues(station: Station) -> None:
    for entry in station.entries:
        make(entry.driver, entry.address, entry.options)
