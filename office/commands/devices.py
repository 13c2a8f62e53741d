"""smartics devices: the technician's console over a station's devices."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from common.domain.clock import OFFICE_ZONE, system_clock
from common.station.config import read as read_config
from office.commands import devices_bytes
from office.commands.answers import (
    COULD_NOT,
    NO,
    YES,
    AsJson,
    CouldNotError,
    complain,
    could_not,
    show_json,
)
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
    from hardware.console import Change, Sighting

app = typer.Typer(invoke_without_command=True)

HERE = Path("station.toml")
Names: TypeAlias = Annotated[
    list[str] | None, typer.Argument(help="Devices by their names; all where none is given.")
]


@app.callback()
def console(context: typer.Context) -> None:
    """The technician's console: without a command, on a terminal, the same on one screen."""
    if context.invoked_subcommand is not None:
        return
    if not is_terminal():
        print(context.get_help())
        raise SystemExit(COULD_NOT)
    open_screen(HERE if HERE.exists() else None)


@app.command("ui")
def open_screen(config: MaybeConfig = None) -> None:
    """Show all devices live on the terminal, to test, watch and record them by one key each."""
    if not is_terminal():
        could_not("the screen needs a terminal: use list, test and watch instead")
    station = read_config(config) if config else None
    from hardware.console.screen.app import Console  # noqa: PLC0415 (Textual)

    quieten()
    Console(
        station.name if station else "this machine",
        list(station.devices.values()) if station else [],
    ).run(mouse=False)


@app.command("list")
def list_them(
    config: MaybeConfig = None,
    found: Annotated[
        bool, typer.Option("--found", help="Tell only what is found on this machine.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ask every device how it is, and look what else this machine has; moves nothing.

    Without --config, and with --found, it tells only what is found, and what to write into
    station.toml for it. Into a pipe, the devices are told without what else there is.
    """
    from hardware.console import find_devices, list_devices  # noqa: PLC0415 (every driver)

    quieten()
    devices = chosen(config, None) if config else []
    if config and not found:
        listed = list_devices(devices)
        if as_json:
            show_json(listed)
            return
        for row in listed:
            line = f"{row['name']:18}  {row['state']:14}  {row['driver']}  {row['detail']}"
            say(line.rstrip())
        if not is_terminal():
            return
    sightings = _others(find_devices(), [device.address for device in devices])
    if as_json:
        show_json({"found": [_sighting(sighting) for sighting in sightings]})
    else:
        print("\nElse on this machine:" if config and not found else "On this machine:")
        _say_found(sightings)


@app.command("test")
def move(
    config: Config,
    names: Names = None,
    yes: Yes = False,
    sheet: Annotated[
        Path | None,
        typer.Option("--sheet", help="Write the sheet to sign as PDF, and as .txt beside it."),
    ] = None,
    printer: Annotated[
        str | None, typer.Option("--print", help="Print the sheet on this printer of the station.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what each device will move, ask, then move it, and print a sheet; Ctrl-C ends it."""
    from hardware.console import self_test_devices  # noqa: PLC0415 (every driver)
    from hardware.console.sheets import Sheet, sheet_text  # noqa: PLC0415
    from office.commands.devices_sheet import SheetWanted  # noqa: PLC0415

    quieten()
    devices = chosen(config, names)
    wanted = SheetWanted(sheet, chosen(config, [printer])[0] if printer else None)
    _or_end(wanted.check)
    with until_interrupted() as cancelled:
        asks = not yes and not as_json and is_terminal()
        consent = consent_on(cancelled) if asks else None
        outcomes = self_test_devices(
            devices,
            complain if as_json else say,
            cancelled,
            consent,
            f"{system_clock().astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}",
        )
        is_cut_short = cancelled.is_set()
    when = system_clock().astimezone(OFFICE_ZONE)
    made = Sheet(read_config(config).name, when, outcomes)
    if as_json:
        show_json({"tests": [asdict(outcome) for outcome in outcomes]})
    else:
        for line in ("", *sheet_text(made).splitlines()):
            say(line)
    _or_end(lambda: wanted.deliver(made))
    if is_cut_short:
        could_not("the test was ended before every device was through: start it again")
    if unreached := [o for o in outcomes if not o.was_reached]:
        first = unreached[0]
        could_not(f"{first.name}: {first.detail}: check its cable, power and address in {config}")
    was_tested = [outcome for outcome in outcomes if not outcome.was_skipped]
    raise SystemExit(YES if was_tested and all(o.passed for o in was_tested) else NO)


@app.command()
def watch(
    config: Config,
    names: Names = None,
    seconds: Annotated[float | None, typer.Option(min=0, help="End after so long.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say every change of every sensor, and how long it had lasted, until Ctrl-C; moves nothing."""
    from hardware.console import watch_devices  # noqa: PLC0415 (every driver)

    quieten()
    devices = chosen(config, names)
    changes: list[dict[str, Any]] = []

    def tell(change: "Change") -> None:
        changes.append({**asdict(change), "when": change.when.isoformat()})
        (complain if as_json else say)(str(change))

    with until_interrupted(seconds) as cancelled:
        try:
            watch_devices(devices, tell, cancelled)
        except ValueError as error:
            could_not(f"{error}: correct {config}")
    if as_json:
        show_json({"changes": changes})


app.command()(devices_bytes.record)
app.command()(devices_bytes.replay)


def _or_end(act: Any) -> None:
    try:
        act()
    except CouldNotError as error:
        could_not(str(error))


def _others(sightings: list["Sighting"], addresses: list[str]) -> list["Sighting"]:
    """What no configured device uses."""
    used = set(addresses)
    return [each for each in sightings if not used & {each.address, each.alias}]


def _sighting(sighting: "Sighting") -> dict[str, Any]:
    return {**asdict(sighting), "lines": sighting.lines}


def _say_found(sightings: list["Sighting"]) -> None:
    if not sightings:
        print("nothing that a device could be at")
    for each in sightings:
        names = f" ({each.alias})" if each.alias else ""
        sure = each.kind if each.is_certain else f"perhaps: {each.kind}"
        say(f"{sure}: {each.address}{names}  {each.detail}".rstrip())
        for line in each.lines:
            say(f"    {line}")
