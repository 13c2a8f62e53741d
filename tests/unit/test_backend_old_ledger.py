"""A ledger from before the station chains comes into the new form, if it was whole."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from backend import schema
from backend.database import database_of, prepare
from backend.keys import make_key_file
from backend.ledger_check import check
from backend.schema.migrate import migrate
from backend.store import Store, StoreError
from common.domain.clock import system_clock
from tests.support.backend_office import office_settings

COUNT = 21


@pytest.fixture
def settings(tmp_path, database):
    """A database of revision 0002 with lines in it, sealed as they were then."""
    make_key_file(tmp_path / "master.key")
    settings = office_settings(tmp_path, (), database=database)
    engine = database_of(settings).writer()
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    engine.dispose()
    return settings


def old_line(connection, number, before):
    """Write one line as the program did before."""
    sealed, moment = b"sealed %d" % number, f"2026-03-0{number % 9 + 1}T08:00:00.125000"
    row = {
        "id": f"fact-{number}",
        "kind": "tested",
        "case": f"case-{number % 4}",
        "station": f"station-{number % 3}",
        "officer": "chan" if number % 2 else None,
        "at": f"{moment}+00:00",
        "schema": 1,
        "payload": hashlib.sha256(sealed).hexdigest(),
        "received": f"{moment}+00:00",
    }
    told = json.dumps(row, sort_keys=True, separators=(",", ":")).encode()
    head = hashlib.sha256(before + told).digest()
    kept = f"{moment}Z"
    connection.execute(
        text(
            "INSERT INTO ledger (number, fact_id, kind, case_id, station, officer, at,"  # noqa: S608
            " schema_version, payload_hash, received_at, head) VALUES (:number, :id, :kind,"
            f" :case, :station, :officer, '{kept}', :schema, :payload_bytes, '{kept}', :head)"
        ),
        {**row, "number": number, "payload_bytes": hashlib.sha256(sealed).digest(), "head": head},
    )
    connection.execute(
        text("INSERT INTO payloads (fact_id, sealed) VALUES (:id, :sealed)"),
        {"id": row["id"], "sealed": sealed},
    )
    return head


def write_old(settings, *, altered=None, key_of_chain=None):
    engine = database_of(settings).writer()
    master = bytes.fromhex((settings.folder / "master.key").read_text())
    with engine.begin() as connection:
        head = bytes(32)
        for number in range(1, COUNT + 1):
            head = old_line(connection, number, head if number != altered else b"?")
        chain = key_of_chain or derived(master, b"smartics/chain")
        seal = hmac.digest(chain, COUNT.to_bytes(8, "big") + head, "sha256")
        connection.execute(
            text("INSERT INTO chain_head (one, number, head, seal) VALUES (1, :n, :head, :seal)"),
            {"n": COUNT, "head": head, "seal": seal},
        )
    engine.dispose()


def derived(key, info):
    """HKDF with SHA-256, RFC 5869, for one block."""
    pseudorandom = hmac.digest(bytes(32), key, "sha256")
    return hmac.digest(pseudorandom, info + b"\x01", "sha256")


def test_old_lines_are_carried_over_and_new_ones_go_on(settings):
    write_old(settings)
    keys, database = prepare(settings)
    store = Store(database, keys, system_clock)
    assert store.ask(lambda t: check(t.connection, keys)) == {
        "facts": COUNT,
        "chain_ok": True,
        "first_bad": None,
        "where": None,
    }
    assert store.submit(lambda t: t.record("tested", "case-1", "station-1")).result() == COUNT + 1
    assert store.ask(lambda t: check(t.connection, keys))["chain_ok"]
    store.close()


@pytest.mark.parametrize(
    ("damage", "message"),
    [({"altered": 9}, "broken at line 9"), ({"key_of_chain": bytes(32)}, "not as we sealed it")],
)
def test_what_was_not_whole_is_not_carried_over(settings, damage, message):
    write_old(settings, **damage)
    with pytest.raises(StoreError, match=message):
        prepare(settings)


def test_lines_are_not_carried_over_without_the_master_key(settings):
    write_old(settings)
    engine = database_of(settings).writer()
    try:
        with pytest.raises(StoreError, match="master key only"):
            migrate(engine)
    finally:
        engine.dispose()
