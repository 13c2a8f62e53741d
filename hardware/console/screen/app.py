"""The console's screen: all devices with their states, and one of them in detail."""

import asyncio
import signal
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from hardware.catalog import driver
from hardware.console.entries import Configured, Now, Outcome, wall_clock
from hardware.console.finding import find_devices
from hardware.console.recording import record_device
from hardware.console.screen.dialogs import ConsentDialog, FileDialog, Notice
from hardware.console.screen.live import Live
from hardware.console.screen.pages import FoundPage, LogPage
from hardware.console.screen.words import details, heading, row
from hardware.console.screen.work import Work, WorkScreen
from hardware.console.self_testing import run_self_test
from hardware.console.sheet_pdf import sheet_pdf
from hardware.console.sheets import Sheet
from hardware.console.sights import Change
from hardware.console.watching import LOOK_EVERY_S, DeviceWatch, end_watches
from hardware.self_tests import SELF_TESTS, Say

REFRESH_S = 0.25
ENDS = ("SIGTERM", "SIGHUP")
MOST_LOGGED = 1000
KEYS = "[t]est  [w]atch log  [r]ecord  [f]ound here  [s]heet  [Tab] scroll  [q]uit"
NO_DEVICES = "No device is configured.\n\n[f] shows what is found on this machine."
RECORDED = "The recording holds all that the device sees: use nobody's own card or finger for it."


class Console(App[None]):
    """All devices of a station, each watched on a thread of its own; nothing here waits for one."""

    TITLE = "smartics devices"
    CSS = """
    Screen { background: black; color: #ffffff; }
    .title { background: white; color: black; text-style: bold; padding: 0 1; height: 1; }
    .keys { color: white; text-style: bold; padding: 0 1; height: auto; dock: bottom; }
    OptionList {
        width: 28; height: 1fr; border: none; border-right: ascii white; padding: 0;
        background: black; scrollbar-size: 0 0;
    }
    OptionList > .option-list--option-highlighted,
    OptionList:focus > .option-list--option-highlighted { background: black; text-style: bold; }
    OptionList:focus, Input:focus { background-tint: black 0%; }
    OptionList > .option-list--option { padding: 0; }
    VerticalScroll { padding: 0 1; background: black; scrollbar-size: 0 0; }
    Horizontal > VerticalScroll:focus { border-right: ascii white; }
    ModalScreen { align: center middle; background: black; }
    .dialog {
        width: 64; max-width: 100%; height: auto; border: ascii white; padding: 1 2;
        background: black;
    }
    .dialog .keys { dock: none; padding: 0; }
    .dialog .title { margin-bottom: 1; }
    Input { border: ascii white; background: black; color: white; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        ("t", "test", "Test"),
        ("w", "log", "Watch log"),
        ("r", "record", "Record"),
        ("f", "find", "Found on this machine"),
        ("s", "sheet", "Sheet to sign"),
        ("q,ctrl+c", "quit", "Quit"),
    ]

    def __init__(
        self,
        station: str,
        devices: Sequence[Configured],
        now: Now = wall_clock,
        every_s: float = LOOK_EVERY_S,
    ) -> None:
        super().__init__()
        self._station = station
        self._now = now
        self._changes: deque[Change] = deque(maxlen=MOST_LOGGED)
        self._watches = [DeviceWatch(each, self._changes.append, now, every_s) for each in devices]
        self._outcomes: dict[str, Outcome] = {}
        self._list = OptionList(*(Option("") for _ in self._watches), markup=False)
        self._heading = Live(NO_DEVICES, has_short_lines=True)
        self._details = Live(name="details")

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield Static(f"Devices of {self._station}", classes="title", markup=False)
        with Horizontal():
            yield self._list
            with VerticalScroll():
                yield self._heading
                yield self._details
        yield Static(KEYS, classes="keys", markup=False)

    def on_mount(self) -> None:
        """Begin to watch, and end as by q when the session is ended from outside."""
        for name in ENDS:
            with suppress(AttributeError, NotImplementedError):  # Windows has neither
                asyncio.get_running_loop().add_signal_handler(getattr(signal, name), self.exit)
        for watch in self._watches:
            watch.start()
        if self._watches:
            self._list.highlighted = 0
        self._refresh()
        self.set_interval(REFRESH_S, self._refresh)

    async def on_unmount(self) -> None:
        """Close every device; threads that wait for a silent one end by themselves."""
        await asyncio.to_thread(end_watches, self._watches)

    def on_option_list_option_highlighted(self) -> None:
        """Show another device."""
        self._refresh()

    def on_option_list_option_selected(self) -> None:
        """Enter tests, as t does."""
        self.action_test()

    def action_test(self) -> None:
        """Say what will move, and move it when the technician agrees."""
        if (watch := self._chosen()) is None:
            return
        try:
            announcement = SELF_TESTS[driver(watch.configured.driver).kind].announcement
        except ValueError as error:
            self.push_screen(Notice(str(error)))
            return
        name = watch.configured.name
        work: Work = partial(_test, watch.configured)

        def answered(is_wanted: bool | None) -> None:
            if is_wanted:
                self._work(watch, f"Test of {name}", work)

        self.push_screen(ConsentDialog(name, announcement), answered)

    def action_record(self) -> None:
        """Ask for a file, say what will move, and record the test."""
        if (watch := self._chosen()) is None:
            return
        entry = watch.configured
        try:
            known = driver(entry.driver)
        except ValueError as error:
            self.push_screen(Notice(str(error)))
            return
        if not known.is_recordable:
            self.push_screen(Notice(f"{entry.driver} cannot be recorded: no bytes to listen to."))
            return

        def answered(file: Path | None) -> None:
            if file is not None:
                work: Work = partial(_record, entry, file, self._now)
                self._work(watch, f"Recording of {entry.name} into {file.name}", work)

        words = f"The device {SELF_TESTS[known.kind].announcement}.\n\n{RECORDED}"
        suggested = f"{entry.name}-{self._now():%Y%m%d-%H%M%S}.txt"
        self.push_screen(FileDialog(f"Recording of {entry.name}", words, suggested), answered)

    def action_sheet(self) -> None:
        """Write the sheet of all tests since the screen was opened."""
        if not self._outcomes:
            self.push_screen(Notice("Nothing was tested yet: [t] tests the chosen device."))
            return

        def answered(file: Path | None) -> None:
            if file is not None:
                self.push_screen(Notice(self._write_sheet(file)))

        words = "All tests since this screen was opened, with room for a signature."
        suggested = f"self-test-{self._now():%Y%m%d-%H%M%S}.pdf"
        self.push_screen(FileDialog("Sheet to sign", words, suggested), answered)

    def action_log(self) -> None:
        """Show every change."""
        self.push_screen(LogPage(lambda: list(self._changes)))

    def action_find(self) -> None:
        """Show what is found on this machine."""
        self.push_screen(FoundPage(find_devices))

    def _work(self, watch: DeviceWatch, title: str, work: Work) -> None:
        screen = WorkScreen(title, work)

        def done(outcome: Outcome | None) -> None:
            if outcome is not None:
                self._outcomes[outcome.name] = outcome

        self.push_screen(screen, done)
        watch.do(screen.run_work)

    def _write_sheet(self, file: Path) -> str:
        sheet = Sheet(self._station, self._now(), list(self._outcomes.values()))
        try:
            file.write_bytes(sheet_pdf(sheet))
        except OSError as error:
            return f"{file} cannot be written: {error.strerror}"
        return f"{file} is written."

    def _chosen(self) -> DeviceWatch | None:
        at = self._list.highlighted
        return None if at is None else self._watches[at]

    def _refresh(self) -> None:
        """Show what the threads saw; they are not asked anything here."""
        if not self._list.is_attached or self.screen is not self._list.screen:
            return  # it is being closed, or covered
        for at, watch in enumerate(self._watches):
            shown = row(watch, is_chosen=at == self._list.highlighted)
            if self._list.get_option_at_index(at).prompt != shown:
                self._list.replace_option_prompt_at_index(at, shown)
        if (chosen := self._chosen()) is not None:
            self._heading.show(heading(chosen, self._now()))
            self._details.show(details(chosen))


def _test(entry: Configured, say: Say, cancelled: Event) -> Outcome:
    return run_self_test(entry, say, cancelled, asks_health=True)


def _record(entry: Configured, file: Path, now: Now, say: Say, cancelled: Event) -> Outcome:
    try:
        return record_device(entry, file, say, cancelled, now=now)
    except (OSError, ValueError) as error:
        return Outcome(entry.name, False, str(error), was_reached=False)
