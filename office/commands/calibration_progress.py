"""Tells on standard error how far a long piece of work is."""

import sys
import time

_EVERY_S = 0.5
_EVERY_S_IN_A_FILE = 30.0


class Progress:
    """One line that is written over on a terminal; a line now and then elsewhere."""

    def __init__(self, name: str, total: int) -> None:
        self.total = total
        self._name = name
        self._done = 0
        self._began = self._told = time.monotonic()
        self._on_terminal = sys.stderr.isatty()

    def advance(self, items: int) -> None:
        """So many more are done."""
        self._done += items
        every_s = _EVERY_S if self._on_terminal else _EVERY_S_IN_A_FILE
        if time.monotonic() - self._told >= every_s:
            self._tell("")

    def end(self) -> float:
        """All is done; the seconds that it took."""
        self._tell("\n" if self._on_terminal else "")
        return time.monotonic() - self._began

    def _tell(self, after: str) -> None:
        self._told = time.monotonic()
        elapsed_s = self._told - self._began
        left_s = elapsed_s * (self.total - self._done) / max(self._done, 1)
        words = f"{self._name}: {self._done:,} of {self.total:,}, {elapsed_s:.0f} s"
        if self._done < self.total:
            words += f", about {left_s:.0f} s left"
        line = f"\r{words:70}{after}" if self._on_terminal else f"{words}\n"
        print(line, end="", file=sys.stderr, flush=True)
