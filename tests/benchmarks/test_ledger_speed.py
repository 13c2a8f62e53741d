"""What a ledger line costs above a bare INSERT of the same bytes, and how fast a check reads.

Both sides run in turns, in the same run, on the same database; the best round of each counts.
Run with -s to see the table.
"""

import hashlib
from time import perf_counter

import pytest
from sqlalchemy import event, select, text

from backend import ledger
from backend.database import prepare
from backend.ledger_check import check
from backend.schema import tables
from common.domain.clock import system_clock
from common.wire.facts import new_id
from tests.support.backend_office import office_settings

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

ROUNDS = 6
LINES = 800
PAYLOAD = bytes(300)
_COLUMNS = [column.name for column in tables.ledger.c]


def entry(n):
    moment = system_clock()
    return ledger.Entry(
        str(new_id()), "tested", f"case-{n % 50}", f"s-{n % 7}", None, moment, 1, moment
    )


def appended(connection, keys):
    entries = [entry(n) for n in range(LINES)]
    started = perf_counter()
    for each in entries:
        ledger.append(connection, keys, each, PAYLOAD)
    return perf_counter() - started


def make_bare(connection):
    """Make the same tables with nothing but their columns and primary keys."""
    connection.execute(text("CREATE TABLE bare_ledger AS SELECT * FROM ledger LIMIT 0"))
    connection.execute(text("CREATE TABLE bare_payloads AS SELECT * FROM payloads LIMIT 0"))
    connection.execute(text("CREATE UNIQUE INDEX bare_one ON bare_ledger (number)"))
    connection.execute(text("CREATE UNIQUE INDEX bare_two ON bare_payloads (fact_id)"))


def inserted(connection, rows):
    """Insert the rows as the driver does it, one by one, with nothing around."""
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    marks = ", ".join([mark] * len(_COLUMNS))
    line = f"INSERT INTO bare_ledger ({', '.join(_COLUMNS)}) VALUES ({marks})"  # noqa: S608
    payload = f"INSERT INTO bare_payloads VALUES ({mark}, {mark})"  # noqa: S608
    cursor = connection.connection.cursor()
    started = perf_counter()
    for row in rows:
        cursor.execute(line, row)
        cursor.execute(payload, (row[1], PAYLOAD))
    taken = perf_counter() - started
    cursor.close()
    return taken


def newest(connection):
    """Return the newest lines as the driver takes them."""
    moment = "%Y-%m-%dT%H:%M:%S.%fZ"
    on_sqlite = connection.dialect.name == "sqlite"
    found = connection.execute(
        select(tables.ledger).order_by(tables.ledger.c.number.desc()).limit(LINES)
    )
    return [
        [v.strftime(moment) if on_sqlite and hasattr(v, "strftime") else v for v in row]
        for row in found
    ]


def read_bare(connection):
    """Read and hash every payload, which any check has to do."""
    started = perf_counter()
    for row in connection.execute(
        select(tables.payloads.c.sealed).execution_options(yield_per=100)
    ):
        hashlib.sha256(row.sealed).digest()
    return perf_counter() - started


def test_what_a_line_costs(tmp_path, database):
    keys, opened = prepare(office_settings(tmp_path, (), database=database))
    engine = opened.writer()
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    append_s, insert_s = [], []
    with engine.connect() as connection:
        with connection.begin():
            make_bare(connection)
            appended(connection, keys)
        for _ in range(ROUNDS):
            with connection.begin():
                statements.clear()
                append_s.append(appended(connection, keys))
                for_each = len(statements) / LINES
                rows = newest(connection)
                insert_s.append(inserted(connection, rows))
        with connection.begin():
            started = perf_counter()
            found = check(connection, keys)
            check_s = perf_counter() - started
            floor_s = read_bare(connection)
    engine.dispose()
    assert found["chain_ok"]
    assert for_each == 4
    append_us, insert_us = (min(times) / LINES * 1e6 for times in (append_s, insert_s))
    kind = "postgresql" if "postgresql" in database else "sqlite"
    print(
        f"\n{kind}: append {append_us:.0f} us in {for_each:.0f} statements, bare INSERT of line "
        f"and payload {insert_us:.0f} us, ratio {append_us / insert_us:.1f}; check "
        f"{found['facts'] / check_s:.0f} lines/s, reading and hashing payloads alone "
        f"{found['facts'] / floor_s:.0f} lines/s"
    )
