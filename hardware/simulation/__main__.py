"""Runs one bench until it is told to end: python -m hardware.simulation FILE."""

import signal
import sys
from pathlib import Path
from threading import Event

from hardware.simulation.bench import Bench, BenchControl
from hardware.simulation.devices import KINDS


def main(file: str) -> None:
    """Run the bench that file describes until SIGTERM or SIGINT."""
    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    bench, port = Bench.from_file(Path(file), KINDS)
    bench.start()
    control = BenchControl(bench, port)
    control.start()
    ended.wait()
    control.stop()
    bench.stop()


if __name__ == "__main__":
    main(sys.argv[1])
