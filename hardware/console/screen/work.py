"""A test while it runs: what it says, what the technician shall do, and how it ended."""

from collections.abc import Callable
from threading import Event
from typing import ClassVar, TypeAlias

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from hardware.console.entries import Outcome
from hardware.console.screen.live import Live
from hardware.self_tests import Say

REFRESH_S = 0.1
RESULTS = {
    "pass": ("+ PASS", "bold #55ff55"),
    "FAIL": ("! FAIL", "bold #ff5555"),
    "skipped": ("- SKIPPED", "bold #ffff55"),
}

Work: TypeAlias = Callable[[Say, Event], Outcome]
"""Tests one device, on the device's thread."""


class WorkScreen(Screen[Outcome]):
    """Shows the lines of a running test; gives its outcome once the technician has read it."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,enter,q", "leave", "End, or back")]

    def __init__(self, title: str, work: Work) -> None:
        super().__init__()
        self._heading = title
        self._work = work
        self._cancelled = Event()
        self._said: list[str] = []
        self._outcome: Outcome | None = None

    def run_work(self) -> None:
        """Do the work; called on the thread of its device, which may take as long as it takes."""
        self._outcome = self._work(self._said.append, self._cancelled)

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield Static(self._heading, classes="title", markup=False)
        with VerticalScroll():
            yield Live(name="said")
        with Vertical(classes="keys"):
            yield Live(name="keys")

    def on_mount(self) -> None:
        """Look for news of the work."""
        self._show()
        self.set_interval(REFRESH_S, self._show)

    def on_unmount(self) -> None:
        """Whoever closes the whole console ends the work."""
        self._cancelled.set()

    def action_leave(self) -> None:
        """Go back when the work is done; end it before."""
        if self._outcome is not None:
            self.dismiss(self._outcome)
        else:
            self._cancelled.set()
            self._show()

    def _show(self) -> None:
        text = Text().append("\n\n".join(self._said), "bold #ffffff")
        keys = "[Esc] end the test"
        if self._outcome is not None:
            words, style = RESULTS[self._outcome.verdict]
            text.append(f"\n\n{words}\n", style).append(self._outcome.detail, "#ffffff")
            keys = "[Enter] back"
        elif self._cancelled.is_set():
            keys = "ending ..."
        self.query_one("#said", Live).show(text)
        self.query_one("#keys", Live).show(Text(keys))
