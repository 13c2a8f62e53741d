"""How the technician's console speaks with its terminal: asks for consent, and ends on Ctrl-C."""

import logging
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Timer
from typing import Annotated, TypeAlias

import typer

from common.station.config import DeviceConfig
from common.station.config import read as read_config
from office.commands.answers import could_not, plain

Config: TypeAlias = Annotated[Path, typer.Option("--config", help="The station's station.toml.")]
MaybeConfig: TypeAlias = Annotated[
    Path | None, typer.Option("--config", help="The station's station.toml.")
]
Yes: TypeAlias = Annotated[bool, typer.Option("--yes", help="Do not ask before a device moves.")]

ENDS = (signal.SIGINT, signal.SIGTERM)


def chosen(config: Path, names: list[str] | None) -> list[DeviceConfig]:
    """The devices of these names in a station.toml, or all of them; ends where one is unknown."""
    devices = read_config(config).devices
    for name in names or ():
        if name not in devices:
            known = ", ".join(devices) or "none"
            could_not(f"{config} has no device {name!r}: choose from {known}")
    return [devices[name] for name in names or devices]


def quieten() -> None:
    """A missing device is said by its own row; its protocol library would say it once more."""
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)


def say(line: str) -> None:
    """Print one line at once, also into a pipe; what a device says plays no tricks."""
    print(plain(line), flush=True)


def is_terminal() -> bool:
    """Whether a person types here and sees what is printed."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def consent_on(cancelled: Event) -> Callable[[str, str], bool]:
    """Asks on the terminal before a device moves; Ctrl-C at the question ends the whole test."""

    def consent(name: str, announcement: str) -> bool:
        del announcement  # it was said just now
        while not cancelled.is_set():
            answer = _typed(f"{name}: y to begin, s to skip: ", cancelled).strip().lower()
            if answer in {"y", "yes"}:
                return True
            if answer in {"s", "skip"}:
                return False
        return False

    return consent


def _typed(question: str, cancelled: Event) -> str:
    """Read one line; a signal that only sets an event would not wake input()."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return input(question)
    except (KeyboardInterrupt, EOFError):
        print()
        cancelled.set()
        return ""
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def until_interrupted(seconds: float | None = None) -> Iterator[Event]:
    """An event that Ctrl-C, an end signal or the time sets, so that devices are left closed."""
    cancelled = Event()
    before = {number: signal.signal(number, lambda *_: cancelled.set()) for number in ENDS}
    timer = Timer(seconds, cancelled.set) if seconds is not None else None
    if timer:
        timer.start()
    try:
        yield cancelled
    finally:
        if timer:
            timer.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)
