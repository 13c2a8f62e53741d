"""What a ledger line costs above a bare INSERT of the same bytes, and how fast a check reads.

Both sides run in the same run, on the same database, in turns.
Processor time of this process and of the database server together, so that a busy machine changes
little. Run with -s to see the table.
"""

import hashlib
from collections.abc import Callable
from functools import partial
from time import process_time

import pytest
from sqlalchemy import event, select, text

from backend import ledger
from backend.database import prepare
from backend.ledger_check import check
from backend.schema import tables
from common.domain.clock import system_clock
from common.wire.facts import new_id
from tests.support.backend_office import office_settings
from tests.support.processor_time import processor_seconds

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

ROUNDS = 60
LINES = 64
PAYLOAD = bytes(300)
_COLUMNS = [column.name for column in tables.ledger.c]


def entry(n):
    moment = system_clock()
    return ledger.Entry(
        str(new_id()), "tested", f"case-{n % 50}", f"s-{n % 7}", None, moment, 1, moment
    )


def appended(connection, keys):
    for n in range(LINES):
        ledger.append(connection, keys, entry(n), PAYLOAD)


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
    for row in rows:
        cursor.execute(line, row)
        cursor.execute(payload, (row[1], PAYLOAD))
    cursor.close()


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
    payloads = select(tables.payloads.c.sealed).execution_options(yield_per=100)
    for row in connection.execute(payloads):
        hashlib.sha256(row.sealed).digest()


def test_what_a_line_costs(tmp_path, database, request):
    keys, opened = prepare(office_settings(tmp_path, (), database=database))
    on_server = "://" in database
    server: tuple[int, ...] = ()
    if on_server:
        pid_file = request.getfixturevalue("cluster").folder / "data" / "postmaster.pid"
        server = (int(pid_file.read_text().split()[0]),)

    def spent(do: Callable[[], object]) -> float:
        before = process_time() + processor_seconds(*server)
        do()
        return process_time() + processor_seconds(*server) - before

    engine = opened.writer()
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    append_s, insert_s = [], []
    with engine.connect() as connection:
        with connection.begin():
            make_bare(connection)
            appended(connection, keys)
        for _ in range(ROUNDS):
            with connection.begin():
                statements.clear()
                append_s.append(spent(partial(appended, connection, keys)))
                for_each = len(statements) / LINES
                rows = newest(connection)
                insert_s.append(spent(partial(inserted, connection, rows)))
        with connection.begin():
            check_s = spent(partial(check, connection, keys))
            floor_s = spent(partial(read_bare, connection))
            found = check(connection, keys)
    engine.dispose()
    assert found["chain_ok"]
    assert for_each < 4.3
    append_us, insert_us = (sum(times) / ROUNDS / LINES * 1e6 for times in (append_s, insert_s))
    print(
        f"\n{'PostgreSQL' if on_server else 'SQLite'}: append {append_us:.0f} us in {for_each:.2f} "
        f"statements, bare INSERT of line and payload {insert_us:.0f} us, ratio "
        f"{append_us / insert_us:.1f}; check {found['facts'] / check_s:.0f} lines/s, reading and "
        f"hashing payloads alone {found['facts'] / floor_s:.0f} lines/s"
    )
