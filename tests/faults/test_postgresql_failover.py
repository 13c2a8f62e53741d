"""The primary dies at once; its synchronous standby has every commit that was acknowledged."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from backend import ledger
from backend.database import prepare
from backend.schema import tables
from backend.store import Store, StoreError
from common.domain.clock import system_clock
from tests.support.backend_office import office_settings
from tests.support.standby import standing_pair

pytestmark = pytest.mark.timeout(300)

FAILOVERS = int(os.environ.get("SMARTICS_FAILOVERS", "2"))
WRITERS = 8


class Writers:
    """Commands from several threads; each one that is acknowledged is remembered."""

    def __init__(self, store: Store) -> None:
        self.acknowledged: set[int] = set()
        self.unknown = 0
        self.ended = threading.Event()
        self._store, self._lock = store, threading.Lock()

    def write(self) -> None:
        """Write lines until the end; a store that cannot is asked again a moment later."""
        while not self.ended.is_set():
            try:
                line = self._store.submit(
                    lambda transaction: transaction.record("tested", "case", "here")
                ).result()
            except StoreError:
                self.unknown += 1
                self.ended.wait(0.1)
                continue
            with self._lock:
                self.acknowledged.add(line)


def test_a_failover_loses_nothing_that_was_acknowledged(tmp_path):
    pause = threading.Event()
    with standing_pair() as pair:
        keys, database = prepare(office_settings(tmp_path, (), database=pair.address, demo=False))
        store = Store(database, keys, system_clock)
        writers = Writers(store)
        with ThreadPoolExecutor(WRITERS) as pool:
            for _ in range(WRITERS):
                pool.submit(writers.write)
            try:
                for _ in range(FAILOVERS):
                    pair.follow()
                    pause.wait(1.0)
                    before = len(writers.acknowledged)
                    pair.fail_over()
                    wait_for_more(writers, before)
            finally:
                writers.ended.set()
        lines = tables.ledger.c.number
        kept = set(store.ask(lambda t: t.connection.execute(select(lines)).scalars().all()))
        whole = store.ask(lambda t: ledger.check(t.connection, keys))
        store.close()
    lost = writers.acknowledged - kept
    print(
        f"\n{FAILOVERS} failovers: acknowledged {len(writers.acknowledged)}, unknown"
        f" {writers.unknown}, lost {len(lost)}; ledger of {whole['facts']} lines,"
        f" whole {whole['chain_ok']}"
    )
    assert lost == set()
    assert whole["chain_ok"]


def wait_for_more(writers: Writers, before: int) -> None:
    """Wait until the new primary takes commands."""
    pause = threading.Event()
    for _ in range(600):
        if len(writers.acknowledged) > before + WRITERS:
            return
        pause.wait(0.05)
    raise AssertionError("nothing was written after the failover")
