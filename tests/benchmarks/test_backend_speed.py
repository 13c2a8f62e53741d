"""What a request costs above its floor: a bare ASGI echo and the same SQL by the bare driver.

Processor time of the service and of the database server together, so that a busy machine changes
little. The ratio is the floor over ours: 0.5 means that ours takes twice the floor's time.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from time import process_time
from typing import Any

import psycopg
import pytest
from sqlcipher3 import dbapi2

from backend.database import prepare
from backend.keys import Keys
from backend.store import Command, Store
from common.domain.clock import system_clock
from tests.support.backend_office import office_settings
from tests.support.commands_alone import Recorder, Work, replay
from tests.support.processor_time import processor_seconds
from tests.support.stores import fresh_database

COMMANDS = 150
PATHS = ("tag", "fact", "claim", "book")


def server_pids(cluster_needed: bool, request: pytest.FixtureRequest) -> tuple[int, ...]:
    """Name the process of the PostgreSQL server, where the store stands on one."""
    if not cluster_needed:
        return ()
    cluster = request.getfixturevalue("cluster")
    return (int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0]),)


def spent(pids: tuple[int, ...], do: Callable[[], None]) -> float:
    """Return the milliseconds of processor time of this process and those that do() takes."""
    before = process_time() + processor_seconds(*pids)
    do()
    return 1000 * (process_time() + processor_seconds(*pids) - before)


def run_commands(store: Store, make: Callable[[], Command[Any]]) -> None:
    """Send commands one after another."""
    for _ in range(COMMANDS):
        store.submit(make()).result()


@contextmanager
def bare(address: str, folder: Any) -> Iterator[Any]:
    """Open the same kind of database with its bare driver."""
    if "://" in address:
        with psycopg.connect(address) as connection:
            yield connection
        return
    with closing(dbapi2.connect(str(folder / "backend.sqlite"))) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        yield connection


def prepared(folder: Any, address: str) -> tuple[Keys, Any]:
    """Make an office's tables."""
    folder.mkdir()
    return prepare(office_settings(folder, (), database=address))


def test_what_commands_cost_above_their_sql(tmp_path, database, request):
    on_server = "://" in database
    pids = server_pids(on_server, request)
    keys, opened = prepared(tmp_path / "ours", database)
    recorder = Recorder(opened)
    store, work = Store(recorder, keys, system_clock), Work()
    store.submit(work.opening()).result()
    for make in (work.tag, work.book):  # everything is compiled once
        store.submit(make()).result()
    marks = [len(recorder.transactions)]
    ours: dict[str, float] = {}
    for path in PATHS:
        ours[path] = spent(pids, partial(run_commands, store, getattr(work, path)))
        marks.append(len(recorder.transactions))
    store.close()

    again = "backend.sqlite"
    if on_server:
        again = fresh_database(request.getfixturevalue("cluster"))
    prepared(tmp_path / "floor", again)
    with bare(again, tmp_path / "floor") as connection:
        replay(connection, recorder.transactions[: marks[0]])
        for n, path in enumerate(PATHS):
            part = recorder.transactions[marks[n] : marks[n + 1]]
            floor = spent(pids, partial(replay, connection, part))
            statements = sum(len(one) for one in part) / COMMANDS
            print(
                f"\n{'PostgreSQL' if on_server else 'SQLite'} {path}: {statements:.0f} statements,"
                f" {ours[path] / COMMANDS:.2f} ms a command, bare {floor / COMMANDS:.2f} ms,"
                f" ratio {floor / ours[path]:.2f}"
            )
            assert floor > 0
            assert len(part) == COMMANDS
