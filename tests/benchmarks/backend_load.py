"""Holds a load on a backend of this machine and prints how it was borne.

    python -m tests.benchmarks.backend_load --store postgresql --residents 8800000 \
        --rate 111 --seconds 600

The generator, the service and the database share the machine's cores. Requests are sent at fixed
moments whatever the answers do, so that a slow answer cannot hide those behind it.
"""

import argparse
import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from backend.database import database_of
from backend.settings import read
from tests.support.busy_day import BusyDay
from tests.support.load import Connection, Measured, as_fast_as_it_goes, at_a_rate
from tests.support.processor_time import processor_seconds
from tests.support.residents import fill
from tests.support.served import Served
from tests.support.stores import fresh_database, running_cluster

WARM_CASES = 300
ROOMY = {
    "office": {"slot_capacity": 500},
    "booking": {"holds_per_source": 1_000_000, "holds_per_source_day": 1_000_000},
}


@contextmanager
def loaded(store: str, residents: int, *, is_quick: bool = False) -> Iterator[tuple[Served, int]]:
    """Run a backend with so many residents served; yield it and the database server's process."""
    with ExitStack() as stack:
        folder, server = Path(stack.enter_context(TemporaryDirectory())), 0
        database = "backend.sqlite"
        if store == "postgresql":
            cluster = stack.enter_context(running_cluster(is_quick=is_quick))
            database = fresh_database(cluster)
            server = int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
        backend = Served(folder, database, ROOMY, posts_per_minute=100_000)
        engine = database_of(read(backend.config)).writer()
        fill(engine, residents, "HQ")
        engine.dispose()
        backend.start()
        stack.callback(backend.stop)
        yield backend, server


async def warm_up(backend: Served, day: BusyDay, cases: list[str]) -> None:
    """Open the cases that the load is about."""
    line = Connection(backend.port)
    for n in range(WARM_CASES):
        status, body = await line.ask(day.one("tag", n))
        if status != 200:
            raise SystemExit(f"a tag was answered with {status}: {body[:200]!r}")
        cases.append(json.loads(body)["tag"]["case_id"])
    line.close()


def describe(what: str, measured: Measured, used_s: float) -> str:
    """Say in one line how a run was borne."""
    asked = len(measured.seconds)
    return (
        f"{what}: {asked} requests, {measured.rate:.0f}/s, failed {measured.failed},"
        f" p50 {measured.percentile(0.5):.1f} ms, p99 {measured.percentile(0.99):.1f} ms,"
        f" worst {measured.percentile(1):.0f} ms; {1000 * used_s / asked:.2f} ms of processor"
        f" time a request, {asked / used_s:.0f} requests a second and core"
    )


def main() -> None:
    """Run what the command line asks for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--residents", type=int, default=10_000)
    options.add_argument("--rate", type=float, default=111, help="0: as fast as it goes")
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--only", help="one kind of request: fact find tag claim page book")
    asked = options.parse_args()
    begun = perf_counter()
    with loaded(asked.store, asked.residents) as (backend, server):
        cases: list[str] = []
        day = BusyDay(cases)
        asyncio.run(warm_up(backend, day, cases))
        make = day.mixed if asked.only is None else day.only(asked.only)
        pids = [backend.pid] + ([server] if server else [])
        print(f"filled and warm after {perf_counter() - begun:.0f} s", flush=True)
        before = processor_seconds(*pids)
        if asked.rate:
            run = at_a_rate(backend.port, make, asked.rate, asked.seconds)
        else:
            run = as_fast_as_it_goes(backend.port, make, asked.seconds)
        measured = asyncio.run(run)
        used_s = processor_seconds(*pids) - before
        what = f"{asked.store}, {asked.residents} residents, {asked.only or 'mixed'}"
        print(describe(what, measured, used_s))
        print(f"answers: {dict(measured.statuses)}")


if __name__ == "__main__":
    main()
