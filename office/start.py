"""Where every program begins. A station's own start does not wait for the other commands.

`smartics station KIND --config FILE`, just so, is what a service manager types after each crash:
it imports its program and nothing else. Whatever is written otherwise goes through `office.cli`.
"""

import sys
from pathlib import Path

from common.station.config import ConfigError, StationKind
from office.stations import log, run_station

COULD_NOT = 2


def main() -> None:
    """Run what was typed."""
    match sys.argv[1:]:
        case ["station", kind, "--config", file] if kind in set(StationKind):
            log()
            raise SystemExit(_start(StationKind(kind), Path(file)))
    from office.cli import main as command  # noqa: PLC0415 (see above)

    command()


def _start(kind: StationKind, file: Path) -> int:
    try:
        return run_station(kind, file)
    except ConfigError as error:
        print(f"smartics: {' '.join(str(error).split())}", file=sys.stderr)
        return COULD_NOT
