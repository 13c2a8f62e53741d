"""Compares a backend that served few residents with one that served a territory's.

    python -m tests.benchmarks.backend_scale --store sqlite --few 10000 --many 8800000

Both are filled first; then they are asked in turns, so that a busy machine is as busy for both.
"""

import argparse
import asyncio
import statistics
from contextlib import ExitStack
from time import perf_counter

from tests.benchmarks.backend_load import loaded, warm_up
from tests.support.busy_day import BusyDay
from tests.support.load import Measured, at_a_rate
from tests.support.served import Served

ROUNDS = 3


def main() -> None:
    """Run what the command line asks for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--few", type=int, default=10_000)
    options.add_argument("--many", type=int, default=8_800_000)
    options.add_argument("--rate", type=float, default=50)
    options.add_argument("--seconds", type=float, default=15)
    asked = options.parse_args()
    with ExitStack() as stack:
        sides: list[tuple[Served, BusyDay]] = []
        for residents in (asked.few, asked.many):
            begun = perf_counter()
            backend, _ = stack.enter_context(loaded(asked.store, residents))
            cases: list[str] = []
            day = BusyDay(cases, first_person=2_000_000 * len(sides))
            asyncio.run(warm_up(backend, day, cases))
            sides.append((backend, day))
            print(f"{residents} residents after {perf_counter() - begun:.0f} s", flush=True)
        runs: tuple[list[Measured], list[Measured]] = ([], [])
        for _ in range(ROUNDS):
            for kept, (backend, day) in zip(runs, sides, strict=True):
                run = at_a_rate(backend.port, day.mixed, asked.rate, asked.seconds)
                kept.append(asyncio.run(run))
    few, many = (
        [statistics.median(run.percentile(share) for run in side) for share in (0.5, 0.9)]
        for side in runs
    )
    failed = sum(run.failed for side in runs for run in side)
    print(
        f"{asked.store}: p50 {few[0]:.1f} and {many[0]:.1f} ms, ratio {many[0] / few[0]:.2f};"
        f" p90 {few[1]:.1f} and {many[1]:.1f} ms, ratio {many[1] / few[1]:.2f}; failed {failed}"
    )


if __name__ == "__main__":
    main()
