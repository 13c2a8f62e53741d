"""smartics devices: the technician's console over a station's devices."""

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Event, Timer
from typing import Annotated, TypeAlias

import typer

from common.station.config import DeviceConfig
from common.station.config import read as read_config
from office.commands.answers import NO, YES, AsJson, complain, could_not, show_json

app = typer.Typer(no_args_is_help=True, help="The technician's console.")

Config: TypeAlias = Annotated[Path, typer.Option("--config", help="The station's station.toml.")]
Names: TypeAlias = Annotated[
    list[str] | None, typer.Argument(help="Devices by their names; all where none is given.")
]


@app.command("list")
def list_them(config: Config, as_json: AsJson = False) -> None:
    """Ask every device how it is; moves nothing."""
    from hardware.console import list_devices  # noqa: PLC0415 (every driver)

    _quieten()
    listed = list_devices(_chosen(config, None))
    if as_json:
        show_json(listed)
    else:
        for row in listed:
            print(f"{row['name']:18}  {row['state']:14}  {row['driver']}  {row['detail']}".rstrip())


@app.command("test")
def move(config: Config, names: Names = None, as_json: AsJson = False) -> None:
    """Say what each device will move, then move it; Ctrl-C ends it."""
    from hardware.console import self_test_devices  # noqa: PLC0415 (every driver)

    _quieten()
    chosen = _chosen(config, names)
    with _until_interrupted() as cancelled:
        outcomes = self_test_devices(chosen, complain if as_json else _say, cancelled)
        is_cut_short = cancelled.is_set()
    if as_json:
        show_json({"tests": [asdict(outcome) for outcome in outcomes]})
    if is_cut_short:
        could_not("the test was ended before every device was through: start it again")
    if unreached := [outcome for outcome in outcomes if not outcome.was_reached]:
        first = unreached[0]
        could_not(f"{first.name}: {first.detail}: check its cable, power and address in {config}")
    raise SystemExit(YES if all(outcome.passed for outcome in outcomes) else NO)


@app.command()
def watch(
    config: Config,
    names: Names = None,
    seconds: Annotated[float | None, typer.Option(min=0, help="End after so long.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say every change that the sensors show, until Ctrl-C; moves nothing."""
    from hardware.console import watch_devices  # noqa: PLC0415 (every driver)

    _quieten()
    chosen = _chosen(config, names)
    changes: list[dict[str, str]] = []

    def say(line: str) -> None:
        name, _, seen = line.partition(": ")
        changes.append({"name": name, "seen": seen})
        (complain if as_json else _say)(line)

    with _until_interrupted(seconds) as cancelled:
        try:
            watch_devices(chosen, say, cancelled)
        except ValueError as error:
            could_not(f"{error}: correct {config}")
    if as_json:
        show_json({"changes": changes})


@app.command()
def record(
    config: Config,
    name: Annotated[str, typer.Argument(help="The device, by its name.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the recording goes.")],
    as_json: AsJson = False,
) -> None:
    """Test one device and write down every byte that passes, to be replayed."""
    from hardware.console import record_device  # noqa: PLC0415 (every driver)

    _quieten()
    (device,) = _chosen(config, [name])
    if output.exists():
        could_not(f"{output} exists already: give another name")
    with _until_interrupted() as cancelled:
        try:
            outcome = record_device(device, output, complain if as_json else _say, cancelled)
        except ValueError as error:
            could_not(f"{error}: choose a device on a serial line, or correct {config}")
        except OSError as error:
            could_not(f"{output} cannot be written ({error.strerror}): choose another place")
    if as_json:
        show_json({**asdict(outcome), "file": str(output)})
    if not outcome.was_reached:
        could_not(f"{name}: {outcome.detail}: check its cable, power and address in {config}")
    raise SystemExit(YES if outcome.passed else NO)


def _chosen(config: Path, names: list[str] | None) -> list[DeviceConfig]:
    devices = read_config(config).devices
    for name in names or ():
        if name not in devices:
            known = ", ".join(devices) or "none"
            could_not(f"{config} has no device {name!r}: choose from {known}")
    return [devices[name] for name in names or devices]


def _quieten() -> None:
    # A missing device is said by its own row; its protocol library would say it once more.
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)


def _say(line: str) -> None:
    print(line, flush=True)


@contextmanager
def _until_interrupted(seconds: float | None = None) -> Iterator[Event]:
    """An event that Ctrl-C, an end signal or the time sets, so that devices are left closed."""
    cancelled = Event()
    before = {
        number: signal.signal(number, lambda *_: cancelled.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
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
