"""The store, the ledger's chain, sealed payloads, keys, tokens, settings, working days."""

import os
import re
import threading
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text, update

from backend import ledger
from backend.commands.erasure import erase_case
from backend.keys import (
    Keys,
    SealError,
    SecretError,
    make_key_file,
    read_key,
    read_secret,
    seal,
    unseal,
)
from backend.schema import tables
from backend.schema.base import metadata
from backend.schema.migrate import migrate
from backend.settings import SettingsError, read
from backend.sqlite import SqliteFile, open_engine
from backend.store import Store, StoreError
from backend.tokens import Purpose, TokenError, make_token, open_token
from backend.transaction import Refusal
from backend.working_days import add_working_days, is_working_day
from common.domain.clock import system_clock
from tests.support.backend_office import office_settings, running_office

KEYS = Keys.derive(bytes(range(32)))


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "book.sqlite"
    engine = open_engine(file, None, write=True)
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture
def store(path):
    opened = Store(SqliteFile(path), KEYS, system_clock)
    yield opened
    opened.close()


def write_facts(store, count):
    jobs = [store.submit(lambda t: t.record("tested", "case", "here")) for _ in range(count)]
    return [job.result() for job in jobs]


def check(store):
    return store.ask(lambda transaction: ledger.check(transaction.connection, KEYS))


def tamper(path, *statements):
    engine = open_engine(path, None, write=True)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_the_migrated_schema_is_the_one_in_the_tables(path):
    engine = open_engine(path, None, write=True)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert found == []


def test_lines_are_numbered_without_a_gap_and_the_chain_holds(store):
    assert write_facts(store, 40) == list(range(1, 41))
    assert check(store) == {
        "facts": 40,
        "chain_ok": True,
        "first_bad": None,
        "where": None,
    }


def test_a_refused_command_leaves_no_trace_and_does_not_stop_its_neighbours(store):
    def refuse(transaction):
        transaction.record("tested", "case", "here")
        transaction.count("things")
        raise Refusal(409, "no")

    jobs = [
        store.submit(lambda t: t.count("things")),
        store.submit(refuse),
        store.submit(lambda t: t.count("things")),
    ]
    with pytest.raises(Refusal):
        jobs[1].result()
    assert (jobs[0].result(), jobs[2].result()) == (1, 2)
    assert check(store)["facts"] == 0


def test_a_full_disk_acknowledges_nothing_that_it_lost(store):
    hold = threading.Event()
    waiting = store.submit(lambda _: hold.wait(10))

    def fill_up(transaction):
        connection = transaction.connection
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        transaction.record("tested", "x" * 200_000, "here")

    small = [store.submit(lambda t: t.count("things")) for _ in range(3)]
    full = store.submit(fill_up)
    hold.set()
    waiting.exception()
    with pytest.raises(Exception, match=r"full|could not keep"):
        full.result()
    kept = [job.result() for job in small if job.exception() is None]
    store.submit(lambda t: t.connection.exec_driver_sql("PRAGMA max_page_count = 100000")).result()
    assert store.submit(lambda t: t.count("things")).result() == len(kept) + 1


def test_the_ledger_refuses_change_and_removal(store):
    write_facts(store, 1)
    for statement in ("UPDATE ledger SET kind = 'x'", "DELETE FROM ledger", "DELETE FROM payloads"):
        job = store.submit(lambda t, s=statement: t.connection.execute(text(s)))
        with pytest.raises(Refusal, match="conflict") as refused:
            job.result()
        assert "append-only" in str(refused.value.__cause__)


UNLOCK = (
    "DROP TRIGGER ledger_no_update",
    "DROP TRIGGER ledger_no_delete",
    "DROP TRIGGER payloads_no_update",
    "DROP TRIGGER payloads_no_delete",
)


@pytest.mark.parametrize(
    ("damage", "first_bad"),
    [
        (["UPDATE ledger SET officer = 'x' WHERE number = 3"], 3),
        (["UPDATE ledger SET at = '2020-01-01T00:00:00.000000Z' WHERE number = 2"], 2),
        (["UPDATE payloads SET sealed = x'00' WHERE rowid = 4"], 4),
        (["DELETE FROM payloads WHERE rowid = 5"], 5),
        (["DELETE FROM payloads WHERE rowid = 1", "DELETE FROM ledger WHERE number = 1"], 1),
        (["DELETE FROM payloads WHERE rowid = 6", "DELETE FROM ledger WHERE number = 6"], 6),
        (["DELETE FROM ledger_end"], 7),
    ],
)
def test_every_tampering_is_found(path, damage, first_bad):
    store = Store(SqliteFile(path), KEYS, system_clock)
    write_facts(store, 6)
    store.close()
    tamper(path, *UNLOCK, *damage)
    store = Store(SqliteFile(path), KEYS, system_clock)
    found = check(store)
    store.close()
    assert (found["chain_ok"], found["first_bad"]) == (False, first_bad)


def test_a_chain_rewritten_without_the_master_key_is_found(path):
    forger = Store(SqliteFile(path), Keys.derive(bytes(32)), system_clock)
    write_facts(forger, 3)
    forger.close()
    store = Store(SqliteFile(path), KEYS, system_clock)
    assert check(store)["chain_ok"] is False
    store.close()


def test_erasing_a_case_leaves_the_chain_and_nothing_to_read(tmp_path):
    with running_office(office_settings(tmp_path)) as office:
        case, card = office.stored()
        office.good("collection-1", f"/v1/cards/{card}/reserve", {"expect_version": 4})
        store = office.store
        with pytest.raises(Refusal, match="still_open"):
            store.submit(lambda t: erase_case(t, UUID(case), "supervisor")).result()
        office.recognised(case)
        for move in ("present", "issue"):
            office.move("collection-1", case, card, move=move)
        store.submit(lambda t: erase_case(t, UUID(case), "supervisor")).result()
        answer = office.send("booth-1", "/v1/cases/find", {"case_id": case})
        assert (answer.status_code, answer.json()["problem"]) == (410, "erased")
        keys = store.ask(lambda t: t.keys)
        assert store.ask(lambda t: ledger.check(t.connection, keys))["chain_ok"]


def test_an_encrypted_database_opens_with_its_key_only(tmp_path):
    file, key = tmp_path / "sealed.sqlite", bytes(range(32))
    engine = open_engine(file, key, write=True)
    migrate(engine)
    engine.dispose()
    assert b"SQLite format 3" not in file.read_bytes()
    for wrong in (None, bytes(32)):
        bad = open_engine(file, wrong, write=False)
        with pytest.raises(StoreError):
            bad.connect()
        bad.dispose()


def test_the_reader_cannot_write(store):
    with pytest.raises(StoreError) as failed:
        store.ask(lambda t: t.count("things"))
    assert re.search("read-?only", str(failed.value.__cause__))


def test_a_closed_store_takes_nothing(store):
    store.close()
    with pytest.raises(StoreError):
        store.submit(lambda t: t.count("things"))


def test_overbooking_is_impossible_even_by_a_mistake_in_the_code(store):
    moment = datetime(2026, 11, 23, tzinfo=UTC)

    def one_too_many(transaction):
        row = {"office": "HQ", "starts_at": moment, "day": "2026-11-23", "capacity": 1}
        row |= {"quota": "appointment", "held": 0, "closed": 0}
        transaction.connection.execute(tables.slots.insert().values(booked=1, **row))
        transaction.connection.execute(update(tables.slots).values(booked=2))

    with pytest.raises(Refusal, match="conflict") as refused:
        store.submit(one_too_many).result()
    assert "not_overbooked" in str(refused.value.__cause__)


def test_seals_are_bound_to_their_place():
    key = bytes(range(32))
    sealed = seal(key, b"plain", "case 1")
    assert unseal(key, sealed, "case 1") == b"plain"
    for wrong in ((bytes(32), sealed, "case 1"), (key, sealed, "case 2"), (key, b"", "case 1")):
        with pytest.raises(SealError):
            unseal(*wrong)


def test_secrets_come_from_files_that_others_cannot_read(tmp_path):
    make_key_file(tmp_path / "master.key")
    first = read_key("file:master.key", tmp_path)
    make_key_file(tmp_path / "master.key")
    assert read_key("file:master.key", tmp_path) == first
    if os.name == "posix":
        (tmp_path / "master.key").chmod(0o644)
        with pytest.raises(SecretError, match="chmod 600"):
            read_key("file:master.key", tmp_path)
    for where in ("file:none", "nowhere", "keyring:half"):
        with pytest.raises(SecretError):
            read_secret(where, tmp_path)


def test_tokens_are_short_and_open_for_one_purpose_and_office():
    id_, day = uuid4(), date(2026, 11, 23)
    token = make_token(KEYS.tokens, Purpose.TAG, "HQ", id_, day)
    assert len(token) <= 57
    opened = open_token(KEYS.tokens, Purpose.TAG, "HQ", token)
    assert (opened.id, opened.day) == (id_, day)
    endless = make_token(KEYS.tokens, Purpose.RECEIPT, "HQ", id_, None)
    assert open_token(KEYS.tokens, Purpose.RECEIPT, "HQ", endless).day is None
    for purpose, office, text_ in (
        (Purpose.LETTER, "HQ", token),
        (Purpose.TAG, "KT", token),
        (Purpose.TAG, "HQ", "!" + token[1:]),
        (Purpose.TAG, "HQ", token[:20]),
        (Purpose.TAG, "HQ", ""),
    ):
        with pytest.raises(TokenError):
            open_token(KEYS.tokens, purpose, office, text_)


def test_every_changed_letter_of_a_token_is_found():
    token = make_token(KEYS.tokens, Purpose.TAG, "HQ", uuid4(), date(2026, 11, 23))
    # The last letter carries spare bits, so it is left out here.
    for place in range(len(token) - 1):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(TokenError):
            open_token(KEYS.tokens, Purpose.TAG, "HQ", token[:place] + other + token[place + 1 :])


def test_working_days_leave_out_weekends_and_general_holidays():
    assert not is_working_day(date(2026, 12, 25))
    assert not is_working_day(date(2026, 11, 22))
    assert add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert add_working_days(date(2026, 11, 22), 0) == date(2026, 11, 22)


def test_settings_name_the_key_that_is_wrong(tmp_path):
    file = tmp_path / "backend.toml"
    office = '[office]\ncode = "HQ"\n[office.name]\nen = "A"\nzh-Hant = "B"\nzh-Hans = "C"\n'
    file.write_text(office)
    assert read(file).offices[0].code == "HQ"
    for wrong, named in (
        ('[backend]\nport = "x"\n' + office, "backend.port"),
        (office + "[bakend]\n", "bakend"),
        ('[[offices]]\ncode = "HQ"\nname = {en = "A"}\n', "name needs"),
        ("[", "backend.toml"),
    ):
        file.write_text(wrong)
        with pytest.raises(SettingsError, match=named):
            read(file)
