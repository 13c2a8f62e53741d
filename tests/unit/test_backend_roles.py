"""On PostgreSQL the serving role can add to the books and do nothing else with them."""

import subprocess
from functools import partial
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text

from backend.database import prepare
from backend.ledger_check import check
from backend.store import Store, StoreError
from common.domain.clock import system_clock
from tests.support.backend_office import office_settings
from tests.support.stores import fresh_database

SCRIPT = Path(__file__).parents[2] / "installers" / "postgresql_roles.sql"
PASSWORD = "invented for this test"


@pytest.fixture
def address(cluster):
    return fresh_database(cluster)


@pytest.fixture
def roles(address):
    name = str(conninfo_to_dict(address)["dbname"])
    found = (f"{name}_owner", f"{name}_serving")
    with psycopg.connect(address, autocommit=True) as connection:
        for role in found:
            create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            connection.execute(create.format(sql.Identifier(role), sql.Literal(PASSWORD)))
    return found


def grant(address, roles):
    names = [f"--set={use}={role}" for use, role in zip(("owner", "serving"), roles, strict=True)]
    command = ["psql", "--quiet", f"--dbname={address}", *names, f"--file={SCRIPT}"]
    subprocess.run(command, check=True, capture_output=True)


def settings_as(role, folder, address):
    where = conninfo_to_dict(address)
    (folder / "password.db").write_text(PASSWORD)
    as_role = f"postgresql://{role}@{where['host']}:{where['port']}/{where['dbname']}"
    return office_settings(folder, (), database=as_role, database_password="file:password.db")


def execute(transaction, statement):
    transaction.connection.execute(text(statement))


def test_who_serves_cannot_change_the_books_nor_their_rules(tmp_path, address, roles):
    owner, serving = roles
    grant(address, roles)
    prepare(settings_as(owner, tmp_path, address))
    grant(address, roles)
    keys, database = prepare(settings_as(serving, tmp_path, address))
    store = Store(database, keys, system_clock)
    try:
        for number in (1, 2, 3):
            done = store.submit(lambda t: t.record("tested", "case", "here")).result()
            assert done == number
        assert store.ask(lambda t: check(t.connection, keys))["chain_ok"]
        for statement in (
            "UPDATE ledger SET kind = 'x'",
            "DELETE FROM payloads",
            "TRUNCATE tree_heads",
            "DELETE FROM ledger_end",
            "ALTER TABLE ledger DISABLE TRIGGER USER",
            "DROP TRIGGER ledger_no_update ON ledger",
            "DROP TABLE ledger CASCADE",
            "CREATE TABLE other (id integer)",
        ):
            job = store.submit(partial(execute, statement=statement))
            with pytest.raises(StoreError) as refused:
                job.result()
            assert "permission denied" in str(refused.value.__cause__) or (
                "must be owner" in str(refused.value.__cause__)
            )
    finally:
        store.close()
