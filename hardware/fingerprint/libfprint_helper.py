"""The process in which libfprint lives: `python -m hardware.fingerprint.libfprint_helper`.

Questions come as JSON lines on standard input, {"n": number, "ask": word}; each is answered by one
JSON line on standard output, {"n", ...}, and as many bytes as its "bytes" says. Words: find, open
(with "driver"), capture, status; cancel ends the capture of its n and has no answer. The end of
standard input ends the process.
"""

import json
import os
import sys
from collections.abc import Mapping
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

from hardware.fingerprint.libfprint_calls import (
    CAN_CAPTURE,
    FINGER_PRESENT,
    Library,
    LibraryError,
)

Question = Mapping[str, Any]


class Helper:
    """One library, and at most one opened device of it."""

    def __init__(self) -> None:
        self._library = Library()
        self._context = self._library.context_new()
        self._library.enumerate(self._context)
        self._device: Any = None
        self._questions: SimpleQueue[Question] = SimpleQueue()
        self._running: dict[int, Any] = {}
        self._lock = Lock()

    def run(self) -> None:
        """Answer until standard input ends."""
        Thread(target=self._listen, daemon=True).start()
        while True:
            question = self._questions.get()
            try:
                found, payload = self._answer(question)
            except LibraryError as error:
                found, payload = {"domain": error.domain, "code": error.code}, b""
            head = {"n": question["n"], "bytes": len(payload), **found}
            sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + payload)
            sys.stdout.buffer.flush()

    def _listen(self) -> None:
        for line in sys.stdin.buffer:
            question = json.loads(line)
            number = question["n"]
            with self._lock:
                if question["ask"] == "cancel":
                    if number in self._running:
                        self._library.cancel(self._running[number])
                    continue
                if question["ask"] == "capture":
                    self._running[number] = self._library.cancellable_new()
            self._questions.put(question)
        os._exit(0)  # the main thread may be inside the library for ever

    def _answer(self, question: Question) -> tuple[dict[str, Any], bytes]:
        match question["ask"]:
            case "find":
                return {"found": [self._described(one) for one in self._scanners()]}, b""
            case "open":
                return self._open(question["driver"]), b""
            case "capture":
                return self._capture(question["n"])
            case _:
                return self._status(), b""

    def _scanners(self) -> list[Any]:
        """Return the devices that give images; others only match inside themselves."""
        found = self._library.found(self._context)
        return [one for one in found if self._library.has_feature(one, CAN_CAPTURE)]

    def _described(self, device: Any) -> dict[str, str]:
        library = self._library
        return {
            "driver": library.driver(device).decode(errors="replace"),
            "name": library.name(device).decode(errors="replace"),
        }

    def _open(self, driver: str) -> dict[str, Any]:
        for device in self._scanners():
            if driver in ("", self._described(device)["driver"]):
                with self._library.raising() as error:
                    self._library.open(device, None, error)
                self._device = device
                return {"opened": True}
        return {"opened": False}

    def _capture(self, number: int) -> tuple[dict[str, Any], bytes]:
        cancellable = self._running[number]
        try:
            with self._library.raising() as error:
                image = self._library.capture(self._device, True, cancellable, error)
        finally:
            with self._lock:
                self._library.unref(self._running.pop(number))
        picture = self._library.picture(image)
        size = {"width": picture.width, "height": picture.height}
        return {**size, "dpi": picture.dots_per_inch}, picture.pixels

    def _status(self) -> dict[str, Any]:
        while self._library.iterate(None, False):
            pass  # what has happened meanwhile
        status = self._library.finger_status(self._device)
        is_there = not self._library.is_removed(self._device)
        return {"finger": bool(status & FINGER_PRESENT), "there": is_there}


def main() -> None:
    """Run the helper."""
    Helper().run()


if __name__ == "__main__":
    main()
