"""smartics devices record and replay: a device's bytes in a file, and a driver on that file."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from office.commands.answers import NO, YES, AsJson, complain, could_not, show_json
from office.commands.devices_asking import (
    Config,
    MaybeConfig,
    Yes,
    chosen,
    consent_on,
    is_terminal,
    quieten,
    say,
    until_interrupted,
)

if TYPE_CHECKING:
    from hardware.console import Configured, Recording

NOWHERE = "tcp://127.0.0.1:1"
"""The address of a device that is only replayed, where its recording does not tell one."""


def record(
    config: Config,
    name: Annotated[str, typer.Argument(help="The device, by its name.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the recording goes.")],
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Test one device and write down every byte that passes, to be replayed."""
    from hardware.console import record_device  # noqa: PLC0415 (every driver)

    quieten()
    (device,) = chosen(config, [name])
    if output.exists():
        could_not(f"{output} exists already: give another name")
    with until_interrupted() as cancelled:
        asks = not yes and not as_json and is_terminal()
        consent = consent_on(cancelled) if asks else None
        tell = complain if as_json else say
        try:
            outcome = record_device(device, output, tell, cancelled, consent)
        except ValueError as error:
            could_not(f"{error}: choose a device whose bytes can be heard, or correct {config}")
        except OSError as error:
            could_not(f"{output} cannot be written ({error.strerror}): choose another place")
    if as_json:
        show_json({**asdict(outcome), "file": str(output)})
    if not outcome.was_reached:
        could_not(f"{name}: {outcome.detail}: check its cable, power and address in {config}")
    raise SystemExit(YES if outcome.passed else NO)


def replay(
    file: Annotated[Path, typer.Argument(help="A recording.")],
    name: Annotated[
        str | None, typer.Argument(help="The device of --config whose driver and options to use.")
    ] = None,
    driver: Annotated[
        str | None, typer.Option("--driver", help="The driver, if not the recorded one.")
    ] = None,
    config: MaybeConfig = None,
    as_json: AsJson = False,
) -> None:
    """Play a recording to a driver, and say at which line the driver differs; needs no device."""
    from hardware.console import read_recorded, replay_device  # noqa: PLC0415 (every driver)

    quieten()
    tell = complain if as_json else say
    with until_interrupted() as cancelled:
        try:
            recording = read_recorded(file)
            entry = _replayed_entry(recording, name, driver, config)
            replayed = replay_device(recording, entry, tell, cancelled)
        except ValueError as error:
            could_not(f"{error}: give a recording, and --driver or --config with a device's name")
        except OSError as error:
            could_not(f"{file} cannot be read ({error.strerror}): give a recording")
    if as_json:
        found = {"line": replayed.line, "difference": replayed.difference}
        show_json({**asdict(replayed.outcome), "file": str(file), **found})
    elif replayed.is_the_same:
        say(f"{entry.driver} says every byte of {file}: {replayed.outcome.detail}")
    else:
        say(f"{file}, line {replayed.line}: {replayed.difference}")
    raise SystemExit(YES if replayed.is_the_same else NO)


def _replayed_entry(
    recording: "Recording", name: str | None, driver: str | None, config: Path | None
) -> "Configured":
    from hardware.console import Entry  # noqa: PLC0415 (every driver)

    if (name is None) is not (config is None):
        could_not("a device's name and --config belong together: give both, or neither")
    if name is not None and config is not None:
        return chosen(config, [name])[0]
    wanted = driver or recording.driver
    if not wanted:
        could_not(f"{recording.file} does not tell its driver: give --driver")
    options = dict(recording.options) if wanted == recording.driver else {}
    return Entry(recording.file.stem, wanted, recording.address or NOWHERE, options)
