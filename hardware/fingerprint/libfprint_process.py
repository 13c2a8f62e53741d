"""The driver's end of the helper process: questions with a time limit, answers with their bytes."""

import json
import os
import selectors
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceTimeoutError,
    RequestCancelledError,
)

ANSWER_S = 10.0
"""Some scanners load their firmware while they are opened."""

SLICE_S, GRACE_S, END_S = 0.1, 0.1, 2.0
"""How often a cancel is looked for; how long a cancelled capture may take to end before its caller
goes on without it; how long a helper may take to end."""

MOST_LINE, MOST_BYTES = 64 * 1024, 32 * 1024 * 1024
MODULE = "hardware.fingerprint.libfprint_helper"
ROOT = Path(__file__).parents[2]


def own_command() -> list[str]:
    """Return what starts the helper: from this Python, or from the bundle's smartics."""
    if getattr(sys, "frozen", False):
        return [str(Path(sys.executable).with_stem("smartics")), "libfprint-helper"]
    return [sys.executable, "-m", MODULE]


class HelperProcess:
    """A helper that runs. It belongs to one thread."""

    def __init__(self, command: Sequence[str] | None = None) -> None:
        """Start it.

        Raises:
            DeviceAbsentError: It cannot be started.
        """
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
        try:
            self._process = subprocess.Popen(  # noqa: S603 (our own module)
                list(command or own_command()),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
                bufsize=0,
            )
        except OSError as error:
            raise DeviceAbsentError(f"no helper: {type(error).__name__}") from error
        self._number = 0
        self._owed = 0
        self._arrived = bytearray()

    def ask(self, word: str, timeout_s: float, cancelled: Event, **more: Any) -> "Answer":
        """Ask and wait for the answer; a capture that is left is cancelled in the helper.

        Raises:
            DeviceTimeoutError: No answer within timeout_s.
            RequestCancelledError: cancelled was set.
            DeviceAbsentError: The helper ended, or does not come back from what was asked before.
        """
        self._settle(cancelled)
        self._number += 1
        number = self._number
        self._say({"n": number, "ask": word, **more})
        try:
            return self._answered(number, timeout_s, cancelled)
        except (DeviceTimeoutError, RequestCancelledError):
            self._say({"n": number, "ask": "cancel"})
            self._owed = number
            with suppress(DeviceTimeoutError):
                self._answered(number, GRACE_S, Event())
                self._owed = 0
            raise

    def close(self, patience_s: float = END_S) -> None:
        """End the helper; one that hangs for patience_s is killed."""
        process = self._process
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _settle(self, cancelled: Event) -> None:
        """Wait until the helper has come back from what was left before."""
        if self._owed:
            try:
                self._answered(self._owed, ANSWER_S, cancelled)
            except DeviceTimeoutError as error:
                raise DeviceAbsentError("the scanner's library does not come back") from error
            self._owed = 0

    def _say(self, question: dict[str, Any]) -> None:
        pipe = self._process.stdin
        try:
            if pipe is not None:
                pipe.write(json.dumps(question).encode() + b"\n")
        except (OSError, ValueError) as error:
            raise DeviceAbsentError("the helper has ended") from error

    def _answered(self, number: int, timeout_s: float, cancelled: Event) -> "Answer":
        deadline = monotonic() + timeout_s
        while True:
            line = self._line(deadline, cancelled)
            try:
                head = json.loads(line)
                size = head["bytes"]
                found = head["n"]
            except (ValueError, LookupError, TypeError) as error:
                raise BadReplyError("the helper said something strange") from error
            if not isinstance(size, int) or not 0 <= size <= MOST_BYTES:
                raise BadReplyError("the helper said something strange")
            # What has begun comes through; it is in the pipe already.
            payload = self._exactly(size, monotonic() + END_S, Event())
            if found == number:
                return Answer(head, payload)

    def _line(self, deadline: float, cancelled: Event) -> bytes:
        while (end := self._arrived.find(b"\n")) < 0:
            if len(self._arrived) > MOST_LINE:
                raise BadReplyError("the helper said something strange")
            self._receive(deadline, cancelled)
        return self._taken(end + 1)

    def _exactly(self, size: int, deadline: float, cancelled: Event) -> bytes:
        while len(self._arrived) < size:
            self._receive(deadline, cancelled)
        return self._taken(size)

    def _taken(self, size: int) -> bytes:
        data = bytes(self._arrived[:size])
        del self._arrived[:size]
        return data

    def _receive(self, deadline: float, cancelled: Event) -> None:
        pipe = self._process.stdout
        if pipe is None or pipe.closed:
            raise DeviceAbsentError("the helper has ended")
        with selectors.DefaultSelector() as waiting:
            waiting.register(pipe, selectors.EVENT_READ)
            while not cancelled.is_set():
                left_s = deadline - monotonic()
                if waiting.select(max(0.0, min(SLICE_S, left_s))):
                    data = os.read(pipe.fileno(), MOST_LINE)
                    if not data:
                        raise DeviceAbsentError("the helper has ended")
                    self._arrived += data
                    return
                if left_s <= 0:
                    raise DeviceTimeoutError("the helper did not answer in time")
        raise RequestCancelledError("the caller stopped waiting")


class Answer(dict[str, Any]):
    """What the helper said, and the bytes that came with it."""

    def __init__(self, head: dict[str, Any], payload: bytes) -> None:
        super().__init__(head)
        self.payload = payload
