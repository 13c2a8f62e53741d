"""Where every program begins. A station's own start does not wait for the other commands.

`smartics station KIND --config FILE`, just so, is what a service manager types after each crash:
it imports its program and nothing else. Whatever is written otherwise goes through `office.cli`.
"""

import importlib
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from common.station.config import ConfigError, StationKind, read

COULD_NOT = 2


def main() -> None:
    """Run what was typed."""
    match sys.argv[1:]:
        case ["station", kind, "--config", file] if kind in set(StationKind):
            log()
            raise SystemExit(_start(StationKind(kind), Path(file)))
    from office.cli import main as command  # noqa: PLC0415 (see above)

    command()


def log() -> None:
    """Write the log to standard error, as much of it as SMARTICS_LOG says."""
    logging.basicConfig(
        level=os.environ.get("SMARTICS_LOG", "INFO"),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )


def run_station(kind: StationKind, file: Path) -> int:
    """Run the station that a file describes until it ends; return its exit status.

    Raises:
        ConfigError: The file is wrong, or describes another kind of station.
    """
    found = read(file)
    if found.kind is not kind:
        raise ConfigError(f"{file} describes a {found.kind}, not a {kind}: give its own file")
    module = {
        StationKind.TAG: "kiosk_tag.__main__",
        StationKind.REGISTRATION: "kiosk_registration.__main__",
        StationKind.BENCH: "kiosk_registration.bench_main",
        StationKind.COLLECTION: "kiosk_collection.__main__",
        StationKind.BOOTH: "booth.__main__",
        StationKind.DISPLAY: "booth.display.__main__",
    }[kind]
    program: Callable[[Path], int | None] = importlib.import_module(module).main
    return program(file) or 0


def _start(kind: StationKind, file: Path) -> int:
    try:
        return run_station(kind, file)
    except ConfigError as error:
        print(f"smartics: {' '.join(str(error).split())}", file=sys.stderr)
        return COULD_NOT
