"""Runs the programs of an office, each in its own process, and starts again what dies."""

import logging
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from threading import Event, Lock, Thread
from time import monotonic
from typing import IO

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.1
STOP_WITHIN_S = 8.0
START_WITHIN_S = 120.0
ALIVE_WITHIN_S = 60.0
"""How long a station may say nothing: long, for a whole office shares a few cores."""
SHUT_DOWN = 88
"""The exit status of a station that its staff shut down (common.station.staff)."""


class NotStartedError(Exception):
    """A program did not become ready in time; its log says why."""


@dataclass
class Program:
    """One program of the office.

    Attributes:
        ready: Tells whether it serves; asked again and again after a start.
        died: How often it ended without being told to.
        hung: How often it was ended because it had said nothing for watchdog_s.
        watchdog_s: Within so many seconds it has to say that it is alive; None: it need not.
    """

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    ready: Callable[[], bool]
    watchdog_s: float | None = None
    died: int = 0
    hung: int = 0
    process: subprocess.Popen[bytes] | None = None
    wanted: bool = False
    _output: IO[bytes] | None = field(default=None, repr=False)
    _line: socket.socket | None = field(default=None, repr=False)
    _heard_at: float = 0.0

    def begin(self) -> None:
        """Start the process."""
        told = {}
        if self.watchdog_s is not None:
            told = {
                "NOTIFY_SOCKET": self._listen(),
                "WATCHDOG_USEC": str(int(self.watchdog_s * 1e6)),
            }
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self._output is not None:
            self._output.close()
        self._output = self.log.open("ab")
        self.process = subprocess.Popen(  # noqa: S603 (our own programs)
            self.command,
            env={**os.environ, **self.environment, **told},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )

    def is_silent(self) -> bool:
        """Tell whether it was alive once, and has not said so for longer than it may."""
        if self._line is None or self.watchdog_s is None:
            return False
        with suppress(BlockingIOError):
            while True:
                self._line.recv(256)
                self._heard_at = monotonic()
        return bool(self._heard_at) and monotonic() - self._heard_at > self.watchdog_s

    def _listen(self) -> str:
        """Hear what the process says, as a service manager does; return where."""
        if self._line is not None:
            self._line.close()
        self._heard_at = 0.0
        # An abstract name, as long folders do not fit into the address of a socket.
        name = f"smartics-{os.getpid()}-{self.name}-{token_hex(4)}"
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.setblocking(False)
        self._line.bind("\0" + name)
        return "@" + name

    def close_log(self) -> None:
        """Release the log file, and what it was heard by."""
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._output is not None:
            self._output.close()
            self._output = None


class Processes:
    """All programs, watched. Like a service manager with Restart=always."""

    def __init__(self) -> None:
        self.programs: dict[str, Program] = {}
        self._ended = Event()
        self._lock = Lock()
        self._watch = Thread(target=self._keep_alive, name="processes", daemon=True)

    def start(self, *programs: Program) -> None:
        """Start programs and wait until all of them are ready.

        Raises:
            NotStartedError: One of them is not ready in time.
        """
        with self._lock:
            for program in programs:
                self.programs[program.name] = program
                program.wanted = True
                program.begin()
        if not self._watch.is_alive():
            self._watch.start()
        for program in programs:
            self.wait_ready(program)

    def wait_ready(self, program: Program) -> None:
        """Wait until a program serves, however often it has to be started again."""
        deadline = monotonic() + START_WITHIN_S
        while not program.ready():
            if monotonic() > deadline or self._ended.is_set():
                raise NotStartedError(f"{program.name} is not ready; see {program.log}")
            self._ended.wait(LOOK_EVERY_S)

    def kill(self, name: str) -> None:
        """End a program as a power cut would (SIGKILL); the watch starts it again."""
        process = self.programs[name].process
        if process is not None:
            process.kill()

    def processor_s(self, name: str) -> float:
        """Return the processor time in seconds of a program's process (proc(5): utime, stime).

        0.0 where it is not known: the program does not run, or the system has no /proc.
        """
        process = self.programs[name].process if name in self.programs else None
        if process is None or not hasattr(os, "sysconf"):
            return 0.0
        try:
            stat = Path(f"/proc/{process.pid}/stat").read_text("ascii", "replace")
        except OSError:
            return 0.0
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """End everything, stations first, and wait for it."""
        self._ended.set()
        if self._watch.is_alive():
            self._watch.join()
        with self._lock:
            for program in reversed(self.programs.values()):
                program.wanted = False
                _end(program)

    def _keep_alive(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            with self._lock:
                for program in self.programs.values():
                    if program.wanted and program.process and program.is_silent():
                        program.hung += 1
                        logger.error("%s hangs and is ended", program.name)
                        program.process.kill()
                        program.process.wait()
                    if program.wanted and program.process and program.process.poll() is not None:
                        if program.process.returncode == SHUT_DOWN:
                            program.wanted = False
                            logger.warning("%s was shut down by its staff", program.name)
                            continue
                        program.died += 1
                        logger.warning("%s ended and is started again", program.name)
                        program.begin()


def _end(program: Program) -> None:
    process = program.process
    if process is not None and process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            logger.warning("%s did not end when told to", program.name)
            process.kill()
            process.wait()
    program.close_log()
