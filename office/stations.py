"""Runs a station's program, as its file describes it."""

import importlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

from common.station.config import ConfigError, StationKind, read


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
