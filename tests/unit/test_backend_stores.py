"""What a store promises, on every database: wholly or not at all, one after another."""

import re
import signal
import threading
from concurrent.futures import ThreadPoolExecutor, wait

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select, text

from backend import ledger
from backend.database import prepare
from backend.postgresql import PostgresqlServer
from backend.schema import tables
from backend.schema.base import metadata
from backend.store import Store, StoreError
from backend.transaction import Refusal
from common.domain.clock import system_clock
from tests.support.backend_office import office_settings
from tests.support.stores import fresh_database, laid_out_cluster, start


@pytest.fixture
def settings(tmp_path, database):
    return office_settings(tmp_path, (), database=database)


@pytest.fixture
def store(settings):
    keys, opened = prepare(settings)
    found = Store(opened, keys, system_clock)
    yield found
    found.close()


@pytest.fixture
def server(tmp_path, cluster):
    """A store on PostgreSQL, and its address."""
    address = fresh_database(cluster)
    keys, opened = prepare(office_settings(tmp_path, (), database=address))
    found = Store(opened, keys, system_clock)
    yield found, address
    found.close()


def count_things(transaction):
    return transaction.count("things")


def test_the_schema_is_the_one_in_the_tables(settings):
    _, opened = prepare(settings)
    engine = opened.writer()
    with engine.begin() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert found == []


def test_preparing_twice_changes_nothing(settings):
    keys, _ = prepare(settings)
    again, _ = prepare(settings)
    assert keys.person("A123456") == again.person("A123456")


def test_many_threads_get_numbers_without_gap_or_twin(store):
    with ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(lambda _: store.submit(count_things).result(), range(400)))
    assert sorted(numbers) == list(range(1, 401))


def test_a_refusal_leaves_no_trace_and_its_neighbours_stand(store):
    def refuse(transaction):
        transaction.record("tested", "case", "here")
        transaction.count("things")
        raise Refusal(409, "no")

    jobs = [store.submit(do) for do in (count_things, refuse, count_things)]
    with pytest.raises(Refusal):
        jobs[1].result()
    assert (jobs[0].result(), jobs[2].result()) == (1, 2)
    assert store.ask(lambda t: t.connection.execute(select(tables.ledger)).all()) == []


def test_what_the_database_forbids_is_a_no_and_its_neighbours_stand(store):
    def twice(transaction):
        row = {"name": "twin", "last": 1}
        transaction.connection.execute(insert(tables.counters), [row])
        transaction.connection.execute(insert(tables.counters), [row])

    hold = threading.Event()
    waiting = store.submit(lambda _: hold.wait(10))
    jobs = [store.submit(do) for do in (count_things, twice, count_things)]
    hold.set()
    waiting.result()
    with pytest.raises(Refusal, match="conflict"):
        jobs[1].result()
    assert (jobs[0].result(), jobs[2].result()) == (1, 2)


def test_part_of_a_command_that_the_database_forbids_is_undone_alone(store):
    def twice(transaction):
        with transaction.attempt():
            transaction.count("things")
            transaction.connection.execute(text("INSERT INTO counters VALUES ('things', 1)"))

    def part(transaction):
        transaction.count("things")
        with pytest.raises(Refusal, match="conflict"):
            twice(transaction)
        return transaction.count("things")

    assert store.submit(part).result() == 2


def test_a_command_that_breaks_is_heard_of_and_nothing_stays(store):
    def broken(transaction):
        transaction.count("things")
        transaction.connection.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(StoreError):
        store.submit(broken).result()
    assert store.submit(count_things).result() == 1


def test_who_asks_cannot_write(store):
    with pytest.raises(StoreError) as failed:
        store.ask(count_things)
    assert re.search("read-?only", str(failed.value.__cause__))


def test_the_books_cannot_be_changed(store):
    store.submit(lambda t: t.record("tested", "case", "here")).result()
    for statement in ("UPDATE ledger SET kind = 'x'", "DELETE FROM payloads", "DELETE FROM ledger"):
        with pytest.raises(Refusal, match="conflict"):
            store.submit(lambda t, s=statement: t.connection.execute(text(s))).result()
    keys = store.ask(lambda t: t.keys)
    assert store.ask(lambda t: ledger.check(t.connection, keys))["chain_ok"]


def test_a_crowd_is_told_to_wait_before_it_fills_the_memory(store):
    hold = threading.Event()
    jobs = [store.submit(lambda _: hold.wait(30))]
    with pytest.raises(StoreError, match="wait already"):
        jobs += [store.submit(count_things) for _ in range(3000)]
    hold.set()
    wait(jobs)
    assert store.submit(count_things).result() > 0


def test_two_services_on_one_server_write_one_after_another(server):
    first, address = server
    keys = first.ask(lambda t: t.keys)
    second = Store(PostgresqlServer(address, fsync_needed=False), keys, system_clock)

    def look_then_write(transaction):
        # Without the writers' lock, two of them would read the same and write the same.
        last = transaction.connection.execute(select(tables.counters.c.last)).scalar_one_or_none()
        transaction.connection.execute(text("SELECT pg_sleep(0.002)"))
        transaction.connection.execute(tables.counters.delete())
        row = {"name": "things", "last": (last or 0) + 1}
        transaction.connection.execute(insert(tables.counters), [row])

    jobs = [s.submit(look_then_write) for _ in range(100) for s in (first, second)]
    for job in jobs:
        job.result()
    second.close()
    assert first.submit(count_things).result() == 201


def test_a_line_that_breaks_in_the_middle_acknowledges_nothing(server):
    store, address = server

    def cut(transaction):
        transaction.count("things")
        own = transaction.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with psycopg.connect(address, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (own,))
        transaction.count("things")

    with pytest.raises(StoreError):
        store.submit(cut).result()
    assert store.submit(count_things).result() == 1


def test_a_server_that_goes_and_comes_back_is_used_again(tmp_path):
    with laid_out_cluster() as cluster:
        server = start(cluster)
        keys, opened = prepare(office_settings(tmp_path, (), database=fresh_database(cluster)))
        store = Store(opened, keys, system_clock)
        assert store.submit(count_things).result() == 1
        server.send_signal(signal.SIGQUIT)
        server.wait(20)
        with pytest.raises(StoreError):
            store.submit(count_things).result()
        with pytest.raises(StoreError):
            store.ask(lambda t: t.connection.execute(text("SELECT 1")).scalar_one())
        server = start(cluster)
        assert store.submit(count_things).result() == 2
        store.close()
        server.send_signal(signal.SIGINT)
        server.wait(20)


@pytest.mark.parametrize(
    ("setting", "value"), [("synchronous_commit", "off"), ("synchronous_commit", "local")]
)
def test_a_server_that_answers_before_it_has_written_is_not_used(tmp_path, cluster, setting, value):
    address = fresh_database(cluster)
    name = address.rpartition("/")[2]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET {setting} = {value}")
    with pytest.raises(StoreError, match=setting):
        prepare(office_settings(tmp_path, (), database=address))


def test_a_server_without_fsync_serves_a_demo_and_nothing_else(tmp_path, cluster):
    address = fresh_database(cluster)
    with pytest.raises(StoreError, match="fsync"):
        prepare(office_settings(tmp_path, (), database=address, demo=False))


def test_no_server_is_said_in_one_line(tmp_path):
    settings = office_settings(tmp_path, (), database="postgresql://x@127.0.0.1:9/none")
    with pytest.raises(StoreError, match="does not open"):
        prepare(settings)
