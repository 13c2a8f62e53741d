"""Backup and restore: one moment of a database under load, sealed, proved, put in place again."""

import threading
from uuid import UUID

import pytest
from sqlalchemy import MetaData, func, select, update
from typer.testing import CliRunner

from backend import snapshots
from backend.backup import backup, data_of, manifest_of
from backend.commands.erasure import erase_case
from backend.database import database_of, prepare
from backend.keys import Keys, SealError
from backend.ledger import LedgerError
from backend.restore import restore
from backend.schema import tables
from backend.schema.ledger_tables import ledger_end
from backend.sealed_file import CHUNK, MAGIC, Sealer, unsealed
from backend.settings import read
from backend.sqlite import SqliteFile
from backend.store import Store, StoreError
from backend.upkeep import check, checkpoint
from common.domain.clock import system_clock
from office.cli import app
from tests.support import ledgers
from tests.support.backend_office import office_settings, running_office
from tests.support.stores import fresh_database

CASE = "0191d3a0-0000-7000-8000-000000000001"


class Site:
    """One place where a backend stands: its folder, its settings, its database."""

    def __init__(self, folder, database, **backend):
        folder.mkdir(exist_ok=True)
        self.config = folder / "backend.toml"
        settings = office_settings(folder, (), database=database)
        self.config.write_text(ledgers.toml_of(settings, **backend))
        self.settings = read(self.config)

    def open(self):
        keys, database = prepare(self.settings)
        return Store(database, keys, system_clock)

    def write(self, count):
        store = self.open()
        for _ in range(count):
            store.submit(line).result()
        store.close()

    def rows(self):
        store = self.open()
        try:
            return store.ask(lambda t: everything(t.connection))
        finally:
            store.close()

    def lines(self):
        return len(self.rows()["ledger"])


def line(transaction):
    transaction.count("things")
    return transaction.record("tested", CASE, "booth-1", "chan")


def everything(connection):
    """All rows of all tables that grow while a backend is used."""
    kept = (tables.ledger, tables.payloads, tables.data_keys, tables.counters)
    return {
        table.name: sorted(tuple(row) for row in connection.execute(select(table)))
        for table in kept
    }


@pytest.fixture
def site(tmp_path, database):
    return Site(tmp_path / "here", database)


@pytest.fixture
def elsewhere(tmp_path, database, request):
    """Another machine, with nothing but the master key."""
    address = "other.sqlite"
    if database.startswith("postgresql"):
        address = fresh_database(request.getfixturevalue("cluster"))

    def make(site, **backend):
        other = Site(tmp_path / "there", address, **backend)
        key = other.config.with_name("master.key")
        key.write_bytes(site.config.with_name("master.key").read_bytes())
        key.chmod(0o600)
        return other

    return make


def test_a_backup_under_load_is_one_moment_and_restores_elsewhere(site, elsewhere, tmp_path):
    store = site.open()
    for _ in range(30):
        store.submit(line).result()
    stop = threading.Event()

    def load():
        while not stop.is_set():
            store.submit(line).result()

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        manifest, digest = backup(site.config, tmp_path / "b")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    lines = manifest.moment.lines
    assert lines >= 30
    assert store.submit(line).result() > lines
    here = store.ask(lambda t: everything(t.connection))
    store.close()
    other = elsewhere(site)
    done = restore(other.config, tmp_path / "b")
    assert (done.replaced, done.aside, done.erased) == (None, None, ())
    found = check(other.config)
    assert (found["facts"], found["chain_ok"]) == (lines, True)
    there = other.rows()
    assert there["ledger"] == [row for row in here["ledger"] if row[0] <= lines]
    kept = {row[1] for row in there["ledger"]}
    assert there["payloads"] == [row for row in here["payloads"] if row[0] in kept]
    # The counter moved in the transaction of each line, so it shows the same moment.
    assert there["counters"] == [("things", lines)]
    other.write(3)
    assert check(other.config)["chain_ok"]
    assert digest.length == sum(map(len, data_of(tmp_path / "b", prepare(site.settings)[0])))
    assert not list(tmp_path.glob("b.*"))


def test_a_backup_shows_nothing_to_who_has_no_master_key(site, tmp_path):
    site.write(3)
    backup(site.config, tmp_path / "b")
    sealed = (tmp_path / "b").read_bytes()
    assert sealed.startswith(MAGIC)
    for word in (CASE.encode(), b"tested", b"booth-1", b"SQLite format", b"PGDMP", b"lines"):
        assert word not in sealed
    with pytest.raises(StoreError, match="another master key"):
        manifest_of(tmp_path / "b", Keys.derive(bytes(32)))


def frames(sealed):
    """Take a sealed file apart into its head and its chunks."""
    at = len(MAGIC) + 32
    parts = [sealed[:at]]
    while at < len(sealed):
        end = at + 5 + int.from_bytes(sealed[at + 1 : at + 5], "big")
        parts.append(sealed[at:end])
        at = end
    return parts


def flipped(bytes_, at):
    changed = bytearray(bytes_)
    changed[at] ^= 1
    return bytes(changed)


def test_a_changed_backup_is_refused_and_nothing_is_touched(site, tmp_path):
    site.write(5)
    file = tmp_path / "b"
    backup(site.config, file)
    before = site.rows()
    whole = file.read_bytes()
    parts = frames(whole)
    assert len(parts) >= 4
    middles = [flipped(whole, at) for at in range(0, len(whole), max(len(whole) // 97, 1))]
    wrong = [
        *middles,
        flipped(whole, len(whole) - 1),
        whole[:-1],
        whole[: len(whole) // 2],
        b"".join(parts[:-1]),
        b"".join(parts[:-2]) + parts[-1],
        whole + b"x",
        b"".join([parts[0], parts[2], parts[1], *parts[3:]]),
        b"".join([*parts[:2], b"\x01" + parts[2][1:]]),
        b"",
    ]
    for bad in wrong:
        file.write_bytes(bad)
        with pytest.raises(StoreError):
            restore(site.config, file, force=True)
    assert site.rows() == before
    file.write_bytes(whole)
    assert restore(site.config, file).manifest.moment.lines == 5


def test_a_sealed_file_opens_chunk_by_chunk(tmp_path):
    chunks = [b"first", bytes(CHUNK), b"", b"last"]
    with (tmp_path / "f").open("wb") as file:
        sealer = Sealer(file, bytes(32))
        for number, chunk in enumerate(chunks):
            sealer.write(chunk, last=number == len(chunks) - 1)
    with (tmp_path / "f").open("rb") as file:
        assert list(unsealed(file, bytes(32))) == chunks
    with (tmp_path / "f").open("rb") as file, pytest.raises(SealError):
        list(unsealed(file, bytes(31) + b"1"))


def test_newer_lines_are_overwritten_only_by_force_and_are_put_aside(site, tmp_path):
    site.write(4)
    backup(site.config, tmp_path / "b")
    site.write(3)
    with pytest.raises(StoreError, match="holds 7 lines, the backup 4"):
        restore(site.config, tmp_path / "b")
    assert site.lines() == 7
    done = restore(site.config, tmp_path / "b", force=True)
    assert (site.lines(), done.replaced) == (4, 7)
    assert aside_lines(site, done.aside) == 7
    again = restore(site.config, tmp_path / "b")
    assert again.aside is not None
    # What was put aside is no part of the next backup.
    backup(site.config, tmp_path / "c")
    assert restore(site.config, tmp_path / "c").manifest.moment.lines == 4


def aside_lines(site, aside):
    rows = tables.ledger
    if site.settings.on_postgresql:
        database = database_of(site.settings)
        rows = rows.to_metadata(MetaData(), schema=aside)
    else:
        database = SqliteFile(site.settings.database.with_name(aside))
    engine = database.reader()
    with engine.connect() as connection:
        found = connection.scalar(select(func.count()).select_from(rows))
    engine.dispose()
    return found


def test_a_database_in_use_is_not_replaced(site, tmp_path):
    site.write(2)
    backup(site.config, tmp_path / "b")
    store = site.open()
    store.submit(line).result()
    with pytest.raises(StoreError, match="stop the backend first"):
        restore(site.config, tmp_path / "b", force=True)
    assert store.submit(line).result() == 4
    store.close()
    assert check(site.config)["chain_ok"]
    restore(site.config, tmp_path / "b", force=True)
    assert site.lines() == 2


def test_what_was_erased_since_the_backup_stays_erased(tmp_path, database):
    settings = office_settings(tmp_path, database=database)
    config = tmp_path / "backend.toml"
    config.write_text(ledgers.toml_of(settings))
    with running_office(settings) as office:
        case, card = office.stored()
        office.good("collection-1", f"/v1/cards/{card}/reserve", {"expect_version": 4})
        office.recognised(case)
        backup(config, tmp_path / "open")
        for move in ("present", "issue"):
            office.move("collection-1", case, card, move=move)
        backup(config, tmp_path / "closed")
        assert office.find(case)["case_id"] == case
        erase = office.store.submit(lambda t: erase_case(t, UUID(case), "supervisor"))
        erase.result()
    done = restore(config, tmp_path / "closed", force=True)
    assert (done.erased, done.still_open) == ((case,), ())
    with running_office(settings) as office:
        answer = office.send("booth-1", "/v1/cases/find", {"case_id": case})
        assert (answer.status_code, answer.json()["problem"]) == (410, "erased")
    assert check(config)["chain_ok"]
    # Where the case is open in the backup, the operator is told.
    done = restore(config, tmp_path / "open", force=True)
    assert (done.erased, done.still_open) == ((), (case,))


def test_a_broken_ledger_is_not_put_in_place(site, elsewhere, tmp_path):
    site.write(6)
    keys, database = prepare(site.settings)
    engine = database.writer()
    with engine.begin() as connection:
        ledgers.unlock(connection)
        ledgers.rewrite(connection, {3: {"kind": "forged"}}, keys=keys, head=False)
    engine.dispose()
    backup(site.config, tmp_path / "b")
    other = elsewhere(site)
    other.write(1)
    before = other.rows()
    with pytest.raises(StoreError, match=r"broken at line 3 \(head\)"):
        restore(other.config, tmp_path / "b")
    assert other.rows() == before
    with engine.begin() as connection:
        connection.execute(update(ledger_end).values(size=7))
    engine.dispose()
    with pytest.raises(LedgerError):
        backup(site.config, tmp_path / "c")
    assert not list(tmp_path.glob("c*"))


def test_a_backup_continues_what_a_witness_keeps(site, tmp_path):
    site.write(3)
    (tmp_path / "kept").write_text(checkpoint(site.config))
    site.write(2)
    backup(site.config, tmp_path / "b")
    site.write(2)
    (tmp_path / "newer").write_text(checkpoint(site.config))
    restore(site.config, tmp_path / "b", force=True)
    assert check(site.config, tmp_path / "kept")["chain_ok"]
    found = check(site.config, tmp_path / "newer")
    assert (found["first_bad"], found["where"]) == (6, "missing")


def test_a_backup_never_replaces_a_file(site, tmp_path):
    site.write(1)
    (tmp_path / "b").write_text("kept")
    with pytest.raises(StoreError, match="exists already"):
        backup(site.config, tmp_path / "b")
    with pytest.raises(StoreError, match="could not be written"):
        backup(site.config, tmp_path / "no" / "folder")
    assert (tmp_path / "b").read_text() == "kept"


def test_another_kind_of_database_is_named(site, tmp_path, cluster):
    site.write(1)
    backup(site.config, tmp_path / "b")
    on_server = site.settings.on_postgresql
    other = Site(tmp_path / "here", "x.sqlite" if on_server else fresh_database(cluster))
    with pytest.raises(StoreError, match="the backup is of"):
        restore(other.config, tmp_path / "b")


def test_postgresql_needs_its_own_programs(tmp_path, cluster, monkeypatch):
    site = Site(tmp_path / "here", fresh_database(cluster))
    site.write(1)
    monkeypatch.setattr(snapshots, "which", lambda _name: None)
    with pytest.raises(StoreError, match="pg_dump is not installed"):
        backup(site.config, tmp_path / "b")
    assert not list(tmp_path.glob("b*"))


def test_a_sqlite_file_is_encrypted_with_the_key_of_the_place_it_comes_to(tmp_path):
    site = Site(tmp_path / "here", "a.sqlite", database_key="file:database.key")
    site.write(3)
    backup(site.config, tmp_path / "b")
    other = Site(tmp_path / "there", "b.sqlite", database_key="file:database.key")
    with pytest.raises(Exception, match=r"master\.key"):
        restore(other.config, tmp_path / "b")
    key = other.config.with_name("master.key")
    key.write_bytes(site.config.with_name("master.key").read_bytes())
    key.chmod(0o600)
    restore(other.config, tmp_path / "b")
    keys = [place.config.with_name("database.key").read_text() for place in (site, other)]
    assert keys[0] != keys[1]
    assert b"SQLite format" not in other.settings.database.read_bytes()
    assert other.lines() == 3


def test_a_file_that_cannot_be_read_any_more_is_put_aside_by_force(tmp_path):
    site = Site(tmp_path / "here", "a.sqlite")
    site.write(3)
    backup(site.config, tmp_path / "b")
    site.settings.database.write_bytes(b"no database at all" * 1000)
    with pytest.raises(StoreError, match="cannot be read"):
        restore(site.config, tmp_path / "b")
    done = restore(site.config, tmp_path / "b", force=True)
    assert site.lines() == 3
    assert (site.config.parent / done.aside).read_bytes().startswith(b"no database")


def test_the_commands_say_what_they_did(site, tmp_path):
    site.write(2)
    runner, file = CliRunner(), str(tmp_path / "b")
    config = ("--config", str(site.config))
    made = runner.invoke(app, ["backend", "backup", *config, "--to", file])
    assert (made.exit_code, "2 lines, schema 0" in made.stdout) == (0, True)
    assert "read back and whole" in made.stdout
    site.write(1)
    refused = runner.invoke(app, ["backend", "restore", *config, "--from", file])
    assert (refused.exit_code, "holds 3 lines" in refused.stderr) == (2, True)
    done = runner.invoke(app, ["backend", "restore", *config, "--from", file, "--force"])
    assert (done.exit_code, "restored 2 lines" in done.stdout) == (0, True)
    assert "before-restore" in done.stdout or "before_restore" in done.stdout
