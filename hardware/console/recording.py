"""Writes down every byte of a device's self-test, and reads such a file again."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import Any, TextIO

from hardware.catalog import driver, make
from hardware.console.entries import Configured, Now, Outcome, wall_clock, without_password
from hardware.console.self_testing import Consent, run_self_test
from hardware.core.links import RecordingLinks, read_numbered
from hardware.core.transport import Exchange
from hardware.self_tests import Say

DRIVER, ADDRESS, OPTIONS, WHEN, RESULT = "driver", "address", "options", "when", "result"


@dataclass(frozen=True, slots=True)
class Recording:
    """A file of a device's bytes.

    Attributes:
        driver: The driver that spoke; empty where the file does not say.
        lines: The exchanges, each with the number of its line in the file.
        result: "pass" or "FAIL" and what the self-test saw; empty where the file does not say.
    """

    file: Path
    driver: str
    address: str
    options: Mapping[str, Any]
    lines: tuple[tuple[int, Exchange], ...]
    result: str

    @property
    def exchanges(self) -> list[Exchange]:
        """What was said, in order."""
        return [exchange for _, exchange in self.lines]

    def line(self, at: int) -> int:
        """The line of the exchange after so many others; the one after the last at the end."""
        if at < len(self.lines):
            return self.lines[at][0]
        return self.lines[-1][0] + 1 if self.lines else 1


def record_device(
    configured: Configured,
    file: Path,
    say: Say,
    cancelled: Event | None = None,
    consent: Consent | None = None,
    now: Now = wall_clock,
) -> Outcome:
    """Test one device and write every byte of it down, with remarks that replay_device reads.

    The remarks hold the driver, address and options: with them, a password that the device wants
    from its driver, which is among the bytes anyway.

    Raises:
        ValueError: The driver's bytes do not pass where a recording can listen.
        OSError: The file cannot be written.
    """
    if not driver(configured.driver).is_recordable:
        raise ValueError(f"{configured.driver} cannot be recorded")
    say("the recording holds all that the device sees: use nobody's own card or finger for it")
    with file.open("w", encoding="ascii") as lines:
        _write_head(lines, configured, now)
        with _writing(lines) as links:
            made = partial(make, links=links)
            outcome = run_self_test(configured, say, cancelled or Event(), consent, made)
        lines.write(f"# {RESULT}: {result_of(outcome)}\n")
    if outcome.was_skipped:
        file.unlink()
    say(f"{configured.name}: {outcome.verdict}: {outcome.detail}")
    return outcome


def read_recorded(file: Path) -> Recording:
    """Read a recording with its remarks.

    Raises:
        ValueError: It is no recording; the message names the line.
        OSError: It cannot be read.
    """
    try:
        remarks = dict(_remarks(file.read_text("ascii")))
        options = json.loads(remarks.get(OPTIONS, "{}"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{file} is no recording: {error}") from None
    if not isinstance(options, dict):
        raise ValueError(f"{file}: its options are {options!r}")  # noqa: TRY004 (a file, no code)
    return Recording(
        file=file,
        driver=remarks.get(DRIVER, ""),
        address=remarks.get(ADDRESS, ""),
        options=options,
        lines=tuple(read_numbered(file)),
        result=remarks.get(RESULT, ""),
    )


def result_of(outcome: Outcome) -> str:
    """The words of an outcome, as a recording keeps them."""
    return _ascii(f"{outcome.verdict}: {outcome.detail}")


def _write_head(lines: TextIO, configured: Configured, now: Now) -> None:
    lines.write(
        f"# {DRIVER}: {configured.driver}\n"
        f"# {ADDRESS}: {_ascii(without_password(configured.address))}\n"
        f"# {OPTIONS}: {json.dumps(dict(configured.options))}\n"
        f"# {WHEN}: {now().isoformat(timespec='seconds')}\n"
    )


@contextmanager
def _writing(lines: TextIO) -> Iterator[RecordingLinks]:
    """Links that write; a driver that listens on a thread of its own may speak at any time."""
    lock, is_open = Lock(), True

    def write(exchange: Exchange) -> None:
        with lock:
            if is_open:
                lines.write(f"{exchange}\n")

    try:
        yield RecordingLinks(write)
    finally:
        with lock:
            is_open = False


def _remarks(text: str) -> Iterator[tuple[str, str]]:
    """The remarks of the form '# name: value'; of several of a name the last one counts."""
    for line in text.splitlines():
        if line.startswith("#"):
            name, colon, value = line.removeprefix("#").partition(":")
            if colon:
                yield name.strip(), value.strip()


def _ascii(text: str) -> str:
    return " ".join(text.split()).encode("ascii", "backslashreplace").decode("ascii")
