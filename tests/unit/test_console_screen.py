"""The console's screen, by Textual's own pilot and on a real pseudo-terminal of 80 by 24."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from hardware.catalog import Driver, Kind
from hardware.console import Entry, Sighting, read_recorded
from hardware.console.screen.app import Console
from hardware.console.screen.live import Live
from hardware.console.screen.pages import found_text
from hardware.console.screen.words import LOOKS
from hardware.core.device import DeviceState
from hardware.core.errors import DeviceAbsentError
from hardware.simulation.bench import SimulatedDevice
from hardware.simulation.devices import KINDS
from hardware.simulation.world import World
from tests.support.catalogue import enter
from tests.support.terminals import Terminal

DRIVERS = {
    "card_unit": ("crt571", "socket://127.0.0.1:{}"),
    "cabinet": ("cu16", "socket://127.0.0.1:{}"),
    "ticket_printer": ("escpos", "tcp://127.0.0.1:{}"),
}
WRONG = Entry("scanner", "fax", "COM9")
SIZE = (80, 24)

Play = Callable[[Pilot[None]], Awaitable[None]]


class Bench:
    """Simulated devices and the screen over them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.world = World(folder / "world")
        self.simulated: dict[str, SimulatedDevice] = {}
        self.entries: list[Entry] = []
        for name, (driver, address) in DRIVERS.items():
            device = KINDS[driver](f"x.{name}", 0, self.world, {})
            device.start()
            self.simulated[name] = device
            port = device.port  # type: ignore[attr-defined]  # each of them has one
            self.entries.append(Entry(name, driver, address.format(port)))
        self.entries.append(WRONG)

    def play(self, play: Play) -> None:
        """Open the screen, play on it, and close it."""

        async def all_of_it() -> None:
            app = Console("tag-1", self.entries, every_s=0.1)
            async with app.run_test(size=SIZE) as pilot:
                await sees(pilot, "NOT THERE", "WRONG SETTING", is_there=(False, True))
                await play(pilot)

        asyncio.run(asyncio.wait_for(all_of_it(), 90))


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.chdir(tmp_path)
    made = Bench(tmp_path)
    yield made
    for device in made.simulated.values():
        device.stop()


def shown(pilot: Pilot[None]) -> str:
    """What stands on the uppermost screen, as lines of 80 signs."""
    screen = pilot.app.screen
    lines = screen._compositor.render_strips(screen.size)
    return "\n".join(line.text.rstrip() for line in lines)


async def sees(pilot: Pilot[None], *words: str, is_there: tuple[bool, ...] = ()) -> str:
    """Wait until all words stand there (or do not, where is_there says so)."""
    wanted = is_there or (True,) * len(words)
    for _ in range(600):
        text = shown(pilot)
        if all((word in text) is there for word, there in zip(words, wanted, strict=True)):
            return text
        await pilot.pause(0.05)
    return pytest.fail(f"{words} are not as they should be:\n{text}")


async def choose(pilot: Pilot[None], at: int) -> None:
    """Go to one device of the list."""
    pilot.app.screen_stack[0].query_one(OptionList).highlighted = at
    await pilot.pause()


def test_every_state_has_a_sign_and_a_word_of_its_own() -> None:
    assert set(LOOKS) == set(DeviceState)
    assert len({look.sign for look in LOOKS.values()}) == len(LOOKS)
    assert len({look.word for look in LOOKS.values()}) == len(LOOKS)


def test_all_devices_are_there_with_sign_and_word(bench: Bench) -> None:
    async def play(pilot: Pilot[None]) -> None:
        text = await sees(pilot, "> card_unit", "LOOKING", is_there=(True, False))
        rows = [line.partition("|")[0].rstrip() for line in text.splitlines()[1:9]]
        assert rows == [
            "> card_unit",
            "  + OK",
            "  cabinet",
            "  + OK",
            "  ticket_printer",
            "  + OK",
            "  scanner",
            "  ? WRONG SETTING",
        ]
        assert text.splitlines()[0].strip() == "Devices of tag-1"
        assert "[q]uit" in text.splitlines()[-1]
        assert text.isascii()
        await choose(pilot, 3)
        await sees(pilot, "> scanner", "there is no driver 'fax'")

    bench.play(play)


def test_the_chosen_device_shows_its_sensors_and_faults_live(bench: Bench) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await pilot.press("down", "down")
        await sees(pilot, "ESC/POS, 80 or 58 mm", "paper       full", "none since this screen")
        bench.simulated["ticket_printer"].set_fault("paper_low", True)
        await sees(pilot, "paper       low")
        bench.simulated["ticket_printer"].set_fault("unplugged", True)
        await sees(pilot, "X NOT THERE since", "LAST FAULTS", "noDevice,")
        bench.simulated["ticket_printer"].set_fault("unplugged", False)
        text = await sees(pilot, "+ OK since", "noDevice,", "paper       low")
        assert text.count("noDevice,") == 1  # said once, and still to be read

    bench.play(play)


def test_a_test_says_what_moves_and_moves_only_then(bench: Bench) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await choose(pilot, 2)
        await pilot.press("t")
        await sees(pilot, "prints one slip and cuts it off", "[y] begin")
        await pilot.press("n")
        await sees(pilot, "[q]uit")
        assert bench.world.at("x.ticket_printer.mouth") == []
        await pilot.press("enter")  # as t does
        await sees(pilot, "[y] begin")
        await pilot.press("y")
        await sees(pilot, "+ PASS", "slip printed and cut")
        assert len(bench.world.at("x.ticket_printer.mouth")) == 1
        await pilot.press("enter")
        await sees(pilot, "+ OK since")  # watched again

    bench.play(play)


def test_a_test_that_waits_for_the_technician_can_be_ended(bench: Bench) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await pilot.press("t")
        await sees(pilot, "put a test card in")
        await pilot.press("y")
        await sees(pilot, "[Esc] end the test")
        await pilot.press("escape")
        await sees(pilot, "! FAIL", "ended by the technician")
        await pilot.press("escape")
        await sees(pilot, "+ OK since")

    bench.play(play)


def test_a_recording_gets_a_new_file(bench: Bench) -> None:
    (bench.folder / "old.txt").write_text("old")

    async def play(pilot: Pilot[None]) -> None:
        await choose(pilot, 1)
        await pilot.press("r")
        await sees(pilot, "unlocks the first empty slot", "nobody's")
        for name, mistake in (("old.txt", "exists already"), ("no/x.txt", "no such folder")):
            pilot.app.screen.query_one(Input).value = name
            await pilot.press("enter")
            await sees(pilot, mistake)
        pilot.app.screen.query_one(Input).value = "new.txt"
        await pilot.press("enter")
        await sees(pilot, "+ PASS", "slot 1 unlocked")

    bench.play(play)
    recording = read_recorded(bench.folder / "new.txt")
    assert (recording.driver, recording.result) == ("cu16", "pass: slot 1 unlocked")
    assert (bench.folder / "old.txt").read_text() == "old"


def test_what_cannot_be_tested_or_recorded_says_so(bench: Bench) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await choose(pilot, 3)
        for key in ("t", "r"):
            await pilot.press(key)
            await sees(pilot, "there is no driver 'fax'", "[Enter] back")
            await pilot.press("enter")
            await sees(pilot, "[q]uit")
        await pilot.press("s")
        await sees(pilot, "Nothing was tested yet")

    bench.play(play)


def test_the_log_tells_every_change(bench: Bench) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await pilot.press("w")
        await sees(pilot, "card_unit + online", "cabinet + online", "scanner ? userError")
        bench.simulated["ticket_printer"].set_fault("paper_low", True)
        text = await sees(pilot, "ticket_printer paper low (was full for ")
        assert "paper low" in text.splitlines()[1]  # the newest first
        await pilot.press("escape")
        await sees(pilot, "[q]uit")

    bench.play(play)


def test_what_is_found_is_shown(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> list[Sighting]:
        return [Sighting("pcsc:R", "card_reader", "R", ("pcsc",), is_certain=True)]

    def fails() -> list[Sighting]:
        raise OSError("no bus")

    async def play(pilot: Pilot[None]) -> None:
        monkeypatch.setattr("hardware.console.screen.app.find_devices", found)
        await pilot.press("f")
        await sees(pilot, "+ card_reader: pcsc:R", "[devices.card_reader]", 'driver = "pcsc"')
        await pilot.press("escape")
        monkeypatch.setattr("hardware.console.screen.app.find_devices", fails)
        await pilot.press("f")
        await sees(pilot, "the look around failed: no bus")

    bench.play(play)
    assert "nothing" in found_text([]).plain


def test_what_has_not_changed_is_not_painted_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A serial console at 9600 baud writes half a screen in a second."""
    painted: list[str] = []
    update = Live.update

    def counted(live: Live, *words: Any, **options: Any) -> None:
        painted.append(live.id or "")
        update(live, *words, **options)

    monkeypatch.setattr(Live, "update", counted)

    async def play(pilot: Pilot[None]) -> None:
        await pilot.press("down", "down")
        await sees(pilot, "paper       full", "LOOKING", is_there=(True, False))
        before = painted.count("details")
        await pilot.pause(1.5)  # several looks and refreshes
        assert painted.count("details") == before
        bench.simulated["ticket_printer"].set_fault("paper_low", True)
        await sees(pilot, "paper       low")
        assert painted.count("details") == before + 1

    bench.play(play)


class Silent:
    """A device that does not come back from its opening until it is let."""

    def __init__(self, let: Event) -> None:
        self._let = let

    def open(self) -> None:
        self._let.wait(60)
        raise DeviceAbsentError("it never answered")

    def close(self) -> None:
        pass


def test_the_screen_lives_while_a_device_is_silent(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    let = Event()
    silent = Driver(Kind.CAMERA, lambda *_: Silent(let), "silence")  # type: ignore[arg-type]  # as much of a device as is used
    enter(monkeypatch, "silent", silent)
    bench.entries[0] = Entry("card_unit", "silent", "")

    async def play(pilot: Pilot[None]) -> None:
        await sees(pilot, ". LOOKING")
        await pilot.press("down", "down")
        await sees(pilot, "> ticket_printer", "paper       full", ". LOOKING")
        await pilot.press("w")
        await sees(pilot, "ticket_printer + online")
        await pilot.press("escape")
        let.set()
        await sees(pilot, "X NOT THERE")

    bench.play(play)


def test_the_sheet_holds_the_tests_of_this_screen(bench: Bench) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await choose(pilot, 2)
        await pilot.press("t")
        await sees(pilot, "[y] begin")
        await pilot.press("y")
        await sees(pilot, "+ PASS")
        await pilot.press("enter")
        await sees(pilot, "[q]uit")
        await pilot.press("s")
        await sees(pilot, "with room for")
        pilot.app.screen.query_one(Input).value = "sheet.pdf"
        await pilot.press("enter")
        await sees(pilot, "sheet.pdf is written")

    bench.play(play)
    assert (bench.folder / "sheet.pdf").read_bytes().startswith(b"%PDF")


def test_a_station_without_devices_points_to_what_is_found() -> None:
    async def play() -> None:
        app = Console("this machine", [])
        async with app.run_test(size=SIZE) as pilot:
            await sees(pilot, "No device is configured")
            await pilot.press("t", "r", "enter")  # nothing to do, and nothing breaks
            await sees(pilot, "No device is configured", "[q]uit")

    asyncio.run(play())


STATION = """\
[station]
name = "tag-1"
kind = "tag"
office = "HQ"

[backend]
address = "http://127.0.0.1:1"
key = "file:tag-1.key"

[devices.cabinet]
driver = "cu16"
address = "{}"
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize("term", ["vt220", "xterm-256color"])
def test_on_a_terminal_of_80_by_24(bench: Bench, tmp_path: Path, term: str) -> None:
    """As over a serial console: ASCII only, no mouse, left as it was found."""
    (tmp_path / "station.toml").write_text(STATION.format(bench.entries[1].address), "utf-8")
    with Terminal(["devices"], tmp_path, term) as terminal:
        terminal.reads("cabinet", "OK", "slot 1 locked")
        terminal.types("t")
        terminal.reads("unlocks the first empty slot")
        terminal.types("y")
        terminal.reads("PASS")
        terminal.types("\r")
        terminal.reads("Devices of tag-1")
        terminal.types("q")
        assert terminal.ends() == 0
    assert terminal.said.isascii()
    assert b"\x1b[?1000h" not in terminal.said  # no mouse
    assert terminal.is_as_before


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_the_end_of_a_session_leaves_the_terminal_as_it_was(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text(STATION.format(bench.entries[1].address), "utf-8")
    words = ["devices", "ui", "--config", "station.toml"]
    with Terminal(words, tmp_path, "vt220") as terminal:
        terminal.reads("cabinet", "OK")
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.ends() == 0
    assert terminal.is_as_before
