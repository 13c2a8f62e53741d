"""A program on a pseudo-terminal of 80 by 24, as a person sits at it."""

import os
import re
import subprocess
import sys
from pathlib import Path
from threading import Event
from types import TracebackType

import pytest

ROOT = Path(__file__).parents[2]
CONTROL = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]")
LOOK_S, LOOKS = 0.01, 6000


class Terminal:
    """The smartics command with some words, on a terminal of its own.

    Attributes:
        said: Every byte that the program painted.
        is_as_before: Whether the terminal's modes were left as they were found.
    """

    def __init__(self, words: list[str], folder: Path, term: str = "xterm") -> None:
        import fcntl  # noqa: PLC0415 (not on Windows)
        import pty  # noqa: PLC0415
        import struct  # noqa: PLC0415
        import termios  # noqa: PLC0415

        self.said = bytearray()
        self.is_as_before = False
        self._read = 0
        self._ours, self._theirs = pty.openpty()
        os.set_blocking(self._ours, False)
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self._modes = lambda: termios.tcgetattr(self._theirs)
        self._before = self._modes()
        # Whoever begins a session and opens a terminal by its name is controlled by it: Ctrl-C.
        in_session = ["sh", "-c", 'exec "$@" <>"$0" >&0 2>&1', os.ttyname(self._theirs)]
        self.process = subprocess.Popen(
            [*in_session, sys.executable, "-m", "office", *words],
            stdin=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, "TERM": term, "LANG": "C", "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )

    def types(self, keys: str) -> None:
        """Press keys; \\x03 is Ctrl-C."""
        os.write(self._ours, keys.encode())

    def reads(self, *words: str) -> None:
        """Wait until all words have been painted since what was read last."""
        for _ in range(LOOKS):
            if all(word.encode() in self._news() for word in words):
                self._read = len(self.said)
                return
            if not self._receive():
                Event().wait(LOOK_S)
        pytest.fail(f"{words} were not painted: {self._news()!r}")

    def ends(self) -> int:
        """Wait for the program's end and return its status."""
        for _ in range(LOOKS):
            self._receive()
            if self.process.poll() is not None:
                self._receive()
                return self.process.returncode
            Event().wait(LOOK_S)
        return pytest.fail(f"it did not end: {self._news()!r}")

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.is_as_before = self._modes() == self._before
        os.close(self._theirs)
        os.close(self._ours)

    def _news(self) -> bytes:
        return CONTROL.sub(b"", bytes(self.said[self._read :]))

    def _receive(self) -> bool:
        try:
            painted = os.read(self._ours, 65536)
        except BlockingIOError:
            return False
        self.said += painted
        return bool(painted)
