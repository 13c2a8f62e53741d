"""A simulated scanner that is a keyboard: it types what it reads, as events of Linux.

It needs a node that a driver can open: option node, the path of one, which becomes a
pseudo-terminal through which the very bytes of an event node come. No input device can be made
without the kernel's uinput; so such a node cannot be grabbed.
"""

import struct
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock
from time import time
from typing import Any

from hardware.simulation.line import Connection
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import World

LOOK_EVERY_S = 0.02
SPLIT_S = 0.03
_EV_SYN, _EV_KEY, _EV_MSC = 0, 1, 4
_MSC_SCAN, _SYN_REPORT, _SYN_DROPPED = 4, 0, 3
_KEY_ENTER, _KEY_LEFTSHIFT, _KEY_KANJI = 28, 42, 94
_ROWS = ((2, "1234567890-="), (16, "qwertyuiop[]"), (30, "asdfghjkl;'`"), (44, "zxcvbnm,./"))
_SHIFTED = ((2, "!@#$%^&*()_+"), (16, "QWERTYUIOP{}"), (30, 'ASDFGHJKL:"~'), (44, "ZXCVBNM<>?"))


def _keys(rows: tuple[tuple[int, str], ...]) -> dict[str, int]:
    return {letter: first + at for first, row in rows for at, letter in enumerate(row)}


_PLAIN = _keys(_ROWS) | {"\\": 43, " ": 57}
_WITH_SHIFT = _keys(_SHIFTED) | {"|": 43}


class SimulatedKeyboardScanner(SwitchedDevice):
    """Types what passes its window. Options: node; ends = whether it presses Enter behind it.

    Verbs: scan {text}; show {text} types it once; clear {}.
    Faults: split (a pause of 30 ms within a scan); glued (a scan is kept back and typed together
    with the next one); noise (a key of another keyboard within a scan); dropped (the kernel's
    queue runs over within a scan); double_read (everything is typed twice).
    """

    FAULTS = frozenset({UNPLUGGED, "split", "glued", "noise", "dropped", "double_read"})

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        del name, world  # a scanner owns no place of the world
        super().__init__(port)
        if "node" in options:
            self.port_link = Path(options["node"])
        self._ends = bool(options.get("ends", True))
        self._lock = Lock()
        self._held: str | None = None
        self._to_type: deque[str] = deque()
        self._kept_back = b""
        self.scans = 0
        """How often it has read a code since its start."""

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Pass a code by the window, hold it there, or take it away."""
        with self._lock:
            match verb:
                case "scan" | "show":
                    text = str(arguments["text"])
                    self._held = text if verb == "show" else self._held
                    self.scans += 1
                    self._to_type.extend([text] * (2 if "double_read" in self.faults else 1))
                case "clear":
                    self._held = None
                case _:
                    raise LookupError(f"nobody can {verb} a scanner")
        return self.state()

    def state(self) -> dict[str, Any]:
        """Tell whether something lies before it."""
        return {
            "kind": "keyboard_scanner",
            "sees_something": self._held is not None,
            "scans": self.scans,
            "faults": sorted(self.faults),
        }

    def power_lost(self) -> None:
        """Forget what was to be typed."""
        self._to_type.clear()
        self._kept_back = b""

    def serve(self, connection: Connection) -> None:
        """Type; a keyboard hears nothing that concerns it."""
        connection.settimeout(LOOK_EVERY_S)
        while not self.ended.is_set():
            try:
                if not connection.recv(256):
                    return
            except TimeoutError:
                pass
            while self._to_type:
                self._say(connection, self._typed(self._to_type.popleft()))

    def _typed(self, text: str) -> bytes:
        strokes = [b"".join(_stroke(letter)) for letter in text]
        middle = len(strokes) // 2
        if "noise" in self.faults:
            strokes.insert(middle, _press(_KEY_KANJI))
        if "dropped" in self.faults:
            strokes[middle] = _event(_EV_SYN, _SYN_DROPPED, 0)
        return b"".join(strokes) + (_press(_KEY_ENTER) if self._ends else b"")

    def _say(self, connection: Connection, said: bytes) -> None:
        if "glued" in self.faults and not self._kept_back:
            self._kept_back = said
            return
        said, self._kept_back = self._kept_back + said, b""
        if "split" not in self.faults:
            connection.sendall(said)
            return
        middle = len(said) // 48 * 24
        connection.sendall(said[:middle])
        self.ended.wait(SPLIT_S)
        connection.sendall(said[middle:])


def _stroke(letter: str) -> Iterator[bytes]:
    """Press and release what writes a letter; nothing for a letter that no US keyboard has."""
    if letter in _PLAIN:
        yield _press(_PLAIN[letter])
    elif letter in _WITH_SHIFT:
        yield _event(_EV_KEY, _KEY_LEFTSHIFT, 1) + _event(_EV_SYN, _SYN_REPORT, 0)
        yield _press(_WITH_SHIFT[letter])
        yield _event(_EV_KEY, _KEY_LEFTSHIFT, 0) + _event(_EV_SYN, _SYN_REPORT, 0)


def _press(key: int) -> bytes:
    """What a USB keyboard's driver reports: the usage, the key, and the end of the report."""
    return b"".join(
        _event(_EV_MSC, _MSC_SCAN, 0x70000 + key)
        + _event(_EV_KEY, key, value)
        + _event(_EV_SYN, _SYN_REPORT, 0)
        for value in (1, 0)
    )


def _event(kind: int, code: int, value: int) -> bytes:
    now = time()
    return struct.pack("@qqHHi", int(now), int(now % 1 * 1_000_000), kind, code, value)
