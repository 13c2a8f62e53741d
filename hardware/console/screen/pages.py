"""Pages to read: the log of all changes, and what is found on this machine."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from hardware.console.finding import Sighting
from hardware.console.screen.live import Live
from hardware.console.screen.words import event
from hardware.console.sights import Change

REFRESH_S = 0.5
KEYS = "[Up] [Down] scroll    [Esc] back"


class Page(Screen[None]):
    """Text that can be scrolled."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,enter,q", "leave", "Back")]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._heading = title

    def compose(self) -> ComposeResult:
        """Lay the page out."""
        yield Static(self._heading, classes="title", markup=False)
        with VerticalScroll():
            yield Live(name="text")
        yield Static(KEYS, classes="keys", markup=False)

    def show(self, text: Text) -> None:
        """Put text on the page."""
        self.query_one("#text", Live).show(text)

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)


class LogPage(Page):
    """Every change of every device, the newest first."""

    def __init__(self, changes: Callable[[], Sequence[Change]]) -> None:
        super().__init__("Every change, the newest first")
        self._told = changes

    def on_mount(self) -> None:
        """Show the log and what is added to it."""
        self._show()
        self.set_interval(REFRESH_S, self._show)

    def _show(self) -> None:
        lines = [event(change) for change in reversed(self._told())]
        self.show(Text("\n").join(lines) if lines else Text("nothing has changed yet"))


class FoundPage(Page):
    """What is found on this machine, with the lines for station.toml."""

    def __init__(self, find: Callable[[], list[Sighting]]) -> None:
        super().__init__("Found on this machine")
        self._find = find

    def on_mount(self) -> None:
        """Begin to look, on a thread of its own."""
        self.show(Text("looking ..."))
        self.run_worker(self._find, thread=True, exit_on_error=False)

    def on_worker_state_changed(self, changed: Worker.StateChanged) -> None:
        """Show what was found."""
        if changed.state is WorkerState.SUCCESS:
            self.show(found_text(changed.worker.result or []))
        elif changed.state is WorkerState.ERROR:
            self.show(Text(f"! the look around failed: {changed.worker.error}"))


def found_text(sightings: Sequence[Sighting]) -> Text:
    """Every sighting, the certain ones first."""
    text = Text()
    for each in sightings:
        sign, style = ("+", "bold #55ff55") if each.is_certain else ("?", "bold #ffffff")
        text.append(f"{sign} {each.kind}: {each.address}\n", style)
        text.append("".join(f"  {words}\n" for words in (each.alias, each.detail) if words))
        text.append("".join(f"    {line}\n" for line in each.lines) + "\n", "#ffffff")
    return text if sightings else Text("nothing that a device could be at")
