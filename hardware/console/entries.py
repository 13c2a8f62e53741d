"""The words of the console: a configured device, a step of its test, and how the test ended."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from time import time
from typing import Any, Protocol, TypeAlias

Now: TypeAlias = Callable[[], datetime]
"""A clock that knows its time zone."""


def wall_clock() -> datetime:
    """Return the present moment in the technician's own time zone."""
    return datetime.fromtimestamp(time(), UTC).astimezone()


def without_password(address: str) -> str:
    """An address without the name and password that a URL may hold."""
    return re.sub(r"//[^/]*@", "//", address)


class Configured(Protocol):
    """One device as the configuration names it."""

    @property
    def name(self) -> str:
        """The role that the station knows."""
        ...

    @property
    def driver(self) -> str:
        """A key of the catalogue."""
        ...

    @property
    def address(self) -> str:
        """Where the device is, as its driver reads it."""
        ...

    @property
    def options(self) -> dict[str, Any]:
        """What else the driver wants to know."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A device that no station.toml names: one out of a recording."""

    name: str
    driver: str
    address: str
    options: dict[str, Any] = field(default_factory=dict)


class StepOutcome(StrEnum):
    """How one step of a test ended."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a test: what was announced or asked of the technician, and how it ended."""

    words: str
    outcome: StepOutcome


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the test of one device ended.

    Attributes:
        was_reached: False where nothing was tested: the device is absent or wrongly configured.
        was_skipped: Whether the technician did not want it; then it neither passed nor failed.
        address: Without the name and password that a URL may hold.
        says: What the device said of itself before the test: state, and its health's detail,
            in which drivers put firmware and serial number.
    """

    name: str
    passed: bool
    detail: str
    was_reached: bool = True
    was_skipped: bool = False
    driver: str = ""
    address: str = ""
    says: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def verdict(self) -> str:
        """One word: pass, FAIL or skipped."""
        if self.was_skipped:
            return "skipped"
        return "pass" if self.passed else "FAIL"
