"""Text on the screen that changes by itself."""

from rich.text import Text
from textual.widgets import Static


class Live(Static):
    """Text that is painted only when it has changed: a serial console writes a kilobyte a second.

    With has_short_lines, nothing around it is painted either while it has as many lines as before.
    """

    def __init__(self, words: str = "", name: str = "", *, has_short_lines: bool = False) -> None:
        super().__init__(words, id=name or None, markup=False)
        self._shown = Text(words)
        self._has_short_lines = has_short_lines

    def show(self, text: Text) -> None:
        """Put text there, unless it is there already."""
        if text == self._shown:
            return
        has_as_many = text.plain.count("\n") == self._shown.plain.count("\n")
        self._shown = text
        self.update(text, layout=not (self._has_short_lines and has_as_many))
