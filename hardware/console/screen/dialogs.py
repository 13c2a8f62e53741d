"""What the screen asks before anything moves, and where a file shall go."""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static


class ConsentDialog(ModalScreen[bool]):
    """Says what a device will do, and asks whether it may; gives True for yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("y", "answer(True)", "Yes"),
        ("n,escape,q", "answer(False)", "No"),
    ]

    def __init__(self, name: str, announcement: str) -> None:
        super().__init__()
        self._device = name
        self._announcement = announcement

    def compose(self) -> ComposeResult:
        """Lay the dialog out."""
        with Vertical(classes="dialog"):
            yield Static(f"Test of {self._device}", classes="title", markup=False)
            yield Static(f"The device {self._announcement}.", markup=False)
            yield Static("\n[y] begin    [n] leave it", classes="keys", markup=False)

    def action_answer(self, is_wanted: bool) -> None:
        """Close with the answer."""
        self.dismiss(is_wanted)


class FileDialog(ModalScreen[Path | None]):
    """Asks for the name of a new file; gives None where it is left."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave", "Leave")]

    def __init__(self, title: str, words: str, suggested: str) -> None:
        super().__init__()
        self._heading = title
        self._words = words
        self._suggested = suggested

    def compose(self) -> ComposeResult:
        """Lay the dialog out."""
        with Vertical(classes="dialog"):
            yield Static(self._heading, classes="title", markup=False)
            yield Static(self._words, markup=False)
            yield Input(self._suggested, placeholder="file")
            yield Static("", id="mistake", markup=False)
            yield Static("[Enter] go on    [Esc] leave it", classes="keys", markup=False)

    def on_input_submitted(self, submitted: Input.Submitted) -> None:
        """Close with the file, unless it cannot be made."""
        file = Path(submitted.value.strip())
        if mistake := _mistake(file):
            self.query_one("#mistake", Static).update(f"! {mistake}")
        else:
            self.dismiss(file)

    def action_leave(self) -> None:
        """Close without a file."""
        self.dismiss(None)


class Notice(ModalScreen[None]):
    """Says one thing that has to be read."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,enter,q", "leave", "Back")]

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        """Lay the notice out."""
        with Vertical(classes="dialog"):
            yield Static(self._words, markup=False)
            yield Static("\n[Enter] back", classes="keys", markup=False)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)


def _mistake(file: Path) -> str:
    if not file.name:
        return "write a name"
    if file.exists():
        return "that exists already: write another name"
    return "" if file.absolute().parent.is_dir() else "there is no such folder"
