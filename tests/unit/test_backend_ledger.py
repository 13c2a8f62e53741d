"""The ledger that proves itself: numbering, chains, tree, heads, and every way to spoil it."""

import base64
import hashlib
import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, select, text, update
from typer.testing import CliRunner

from backend import ledger, merkle, tree_heads, upkeep
from backend.database import prepare
from backend.ledger import LedgerError
from backend.ledger_check import check as check_ledger
from backend.notes import Checkpoint, LogKey, NoteError
from backend.schema import tables
from backend.schema.ledger_tables import ledger_end
from backend.schema.ledger_tables import tree_heads as heads
from backend.store import Store
from backend.transaction import Refusal
from common.domain.clock import HandClock
from office.cli import app
from tests.support import ledgers
from tests.support.backend_office import MORNING, office_settings, running_office

STATIONS = ("tag-1", "booth-1", "tag-1", "kiosk-2", "booth-1", "tag-1", "tag-1", "kiosk-2")
SIZE = 24
NAME = "ledger.example/hq"


@pytest.fixture
def settings(tmp_path, database):
    return office_settings(tmp_path, (), database=database)


class Book:
    """A ledger that is written by a store and then spoilt behind its back."""

    def __init__(self, settings):
        self.settings, self.backend = settings, {}
        self.keys, self.database = prepare(settings)
        self.clock = HandClock(MORNING)
        self.store = Store(self.database, self.keys, self.clock)

    def write(self, count, payload=b"{}"):
        for n in range(count):
            self.clock.advance(1)
            self.store.submit(partial(self._line, n=n, payload=payload)).result()

    def _line(self, transaction, n, payload):
        entry = ledger.Entry(
            fact_id=f"fact-{transaction.count('facts'):04}",
            kind="tested",
            case_id=f"case-{n % 3}",
            station=STATIONS[n % len(STATIONS)],
            officer="chan" if n % 2 else None,
            at=transaction.now - timedelta(seconds=5),
            schema_version=1,
            received_at=transaction.now,
        )
        sealed = payload + entry.fact_id.encode()
        return ledger.append(transaction.connection, transaction.keys, entry, sealed)

    def sign(self):
        return self.store.submit(lambda t: tree_heads.sign(t, NAME)).result()

    def read(self, ask):
        return self.store.ask(lambda transaction: ask(transaction.connection))

    def check(self, *witnessed):
        found = self.read(lambda connection: check_ledger(connection, self.keys, witnessed))
        assert found["chain_ok"] is (found["first_bad"] is None)
        return found["first_bad"], found["where"]

    def spoil(self, do):
        engine = self.database.writer()
        try:
            with engine.begin() as connection:
                ledgers.unlock(connection)
                do(connection)
        finally:
            engine.dispose()


@pytest.fixture
def book(settings):
    opened = Book(settings)
    yield opened
    opened.store.close()


@pytest.fixture
def full(book):
    book.write(SIZE)
    assert book.check() == (None, None)
    return book


def change(line_number, /, **values):
    def do(connection):
        line = tables.ledger.c.number == line_number
        connection.execute(update(tables.ledger).where(line).values(**values))

    return do


def remove(connection, *numbers):
    for number in numbers:
        line = tables.ledger.c.number == number
        fact = connection.scalar(select(tables.ledger.c.fact_id).where(line))
        connection.execute(delete(tables.payloads).where(tables.payloads.c.fact_id == fact))
        connection.execute(delete(tables.ledger).where(line))


def renumber(connection, first, shift):
    numbers = sorted(row["number"] for row in ledgers.all_lines(connection))
    moved = [number for number in numbers if number >= first]
    for number in sorted(moved, reverse=shift > 0):
        change(number, number=number + shift)(connection)


def test_lines_are_canonical_json_chained_for_each_station(full):
    rows = full.read(ledgers.all_lines)
    assert [row["number"] for row in rows] == list(range(1, SIZE + 1))
    chains: dict[str, tuple[int, bytes]] = {}
    for row in rows:
        number, head = chains.get(row["station"], (0, bytes(32)))
        assert row["station_number"] == number + 1
        text_ = ledgers.canonical(row)
        assert row["head"] == hashlib.sha256(head + text_).digest()
        chains[row["station"]] = row["station_number"], row["head"]
    assert {station: number for station, (number, _) in chains.items()} == {
        "tag-1": 12,
        "booth-1": 6,
        "kiosk-2": 6,
    }


def test_every_proof_leads_to_the_root_that_the_standard_computes(book):
    leaves = []
    for size in range(1, 35):
        book.write(1)
        leaves = [ledgers.canonical(row) for row in book.read(ledgers.all_lines)]
        root = ledgers.tree_hash(leaves)
        assert book.read(lambda c: ledger.end(c, book.keys)) == (size, root)
        if size in {1, 2, 7, 8, 21, 32, 33, 34}:
            self_check(book, leaves, size, root)


def self_check(book, leaves, size, root):
    for number in range(1, size + 1):
        proof = book.read(lambda c, n=number: tree_heads.inclusion(c, n, size))
        leaf = book.read(lambda c, n=number: tree_heads.leaf(c, n))
        assert leaf == ledgers.tree_hash(leaves[number - 1 : number])
        assert ledgers.included_root(leaf, number - 1, size, proof) == root
        old = ledgers.tree_hash(leaves[:number])
        proof = book.read(lambda c, n=number: tree_heads.consistency(c, n, size))
        assert merkle.is_consistent(number, old, size, root, proof)
        assert not merkle.is_consistent(number, bytes(32), size, root, proof)
        assert not merkle.is_consistent(number, old, size, bytes(32), proof)
        if proof:
            assert not merkle.is_consistent(number, old, size, root, proof[:-1])
            assert not merkle.is_consistent(number, old, size, root, [*proof, bytes(32)])


LATER = datetime(2031, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("fact_id", "fact-9999"),
        ("kind", "testet"),
        ("case_id", "case-9"),
        ("station", "kiosk-9"),
        ("officer", None),
        ("officer", "chao"),
        ("at", LATER),
        ("schema_version", 2),
        ("payload_hash", bytes(32)),
        ("received_at", LATER),
        ("head", bytes(32)),
        ("station_number", 99),
        ("sums", bytes(44)),
        ("nodes", bytes(32)),
        ("seal", bytes(32)),
    ],
)
def test_a_changed_column_is_named(full, column, value):
    def do(connection):
        change(10, **{column: value})(connection)
        if column == "fact_id":
            row = tables.payloads.c.fact_id == "fact-0010"
            connection.execute(update(tables.payloads).where(row).values(fact_id=value))

    full.spoil(do)
    assert full.check() == (10, column)


def _swap_payloads(connection):
    rows = tables.payloads
    kept = {row.fact_id: row.sealed for row in connection.execute(select(rows))}
    for one, other in (("fact-0004", "fact-0007"), ("fact-0007", "fact-0004")):
        connection.execute(update(rows).where(rows.c.fact_id == one).values(sealed=kept[other]))


def _change_payload(connection):
    row = tables.payloads.c.fact_id == "fact-0011"
    connection.execute(update(tables.payloads).where(row).values(sealed=b"{}fact-0012"))


def _remove_payload(connection):
    connection.execute(delete(tables.payloads).where(tables.payloads.c.fact_id == "fact-0001"))


def _remove_and_renumber(connection):
    remove(connection, 13)
    renumber(connection, 14, -1)


def _reorder(connection):
    for number, new in ((5, 500), (9, 5), (500, 9)):
        change(number, number=new)(connection)


def _add_last(connection):
    ledgers.add_line(connection, SIZE + 1, ledgers.all_lines(connection)[-1])


def _add_between(connection, number=15):
    renumber(connection, number, 1)
    ledgers.add_line(connection, number, ledgers.all_lines(connection)[number - 2])


def _rewrite_chain(connection):
    """One station's lines from the sixth on, with sums and heads that fit."""
    changed = {
        row["number"]: {"officer": "forger"}
        for row in ledgers.all_lines(connection)
        if row["station"] == "tag-1" and row["number"] >= 6
    }
    ledgers.rewrite(connection, changed, nodes=False)


def _rewrite_nodes(connection):
    """Lines from the eighteenth on, with chains and every node, but without the key."""
    changed = {number: {"officer": "forger"} for number in range(18, SIZE + 1)}
    ledgers.rewrite(connection, changed)


def _change_end(connection):
    connection.execute(update(ledger_end).values(seal=bytes(32)))


def _change_high_node(connection):
    nodes = ledgers.all_lines(connection)[15]["nodes"]
    change(16, nodes=nodes[:-1] + bytes([nodes[-1] ^ 1]))(connection)


SPOILT = {
    "payload altered": (_change_payload, (11, "payload")),
    "payload removed": (_remove_payload, (1, "payload")),
    "payloads swapped": (_swap_payloads, (4, "payload")),
    "first line removed": (lambda c: remove(c, 1), (1, "missing")),
    "line removed": (lambda c: remove(c, 13), (13, "missing")),
    "line removed, rest renumbered": (_remove_and_renumber, (13, "number")),
    "tail truncated": (lambda c: remove(c, 21, 22, 23, 24), (21, "missing")),
    "everything removed": (lambda c: remove(c, *range(1, SIZE + 1)), (1, "missing")),
    "lines reordered": (_reorder, (5, "number")),
    "line added at the end": (_add_last, (SIZE + 1, "extra")),
    "line added between": (_add_between, (15, "seal")),
    "station chain rewritten": (_rewrite_chain, (6, "seal")),
    "tree rewritten": (_rewrite_nodes, (18, "seal")),
    "end altered": (_change_end, (SIZE + 1, "ledger_end")),
    "end moved": (lambda c: c.execute(update(ledger_end).values(size=99)), (25, "ledger_end")),
    "end removed": (lambda c: c.execute(delete(ledger_end)), (SIZE + 1, "ledger_end")),
    "node altered": (_change_high_node, (16, "nodes")),
}


@pytest.mark.parametrize("how", SPOILT)
def test_tampering_is_found_at_its_first_line(full, how):
    do, found = SPOILT[how]
    full.spoil(do)
    assert full.check() == found


def test_signed_heads_show_what_a_holder_of_the_master_key_rewrote(book):
    book.write(9)
    book.sign()
    book.write(9)
    outside = LogKey("any", book.keys.log).open(book.sign())
    book.write(5)
    assert book.check(outside) == (None, None)
    book.spoil(lambda c: ledgers.rewrite(c, {12: {"kind": "forged"}}, keys=book.keys))
    assert book.check() == (10, "tree_heads")

    def forge(connection):
        connection.execute(delete(heads).where(heads.c.size > 9))

    book.spoil(forge)
    assert book.check() == (None, None)
    assert book.check(outside) == (10, "witness")


def test_a_ledger_cut_back_to_an_older_sealed_end_lacks_what_was_signed(book):
    book.write(9)
    old = book.read(lambda c: c.execute(select(ledger_end)).one())
    book.write(9)
    outside = LogKey("any", book.keys.log).open(book.sign())

    def cut(connection):
        remove(connection, *range(10, 19))
        values = {"size": old.size, "seal": old.seal}
        connection.execute(update(ledger_end).values(**values))

    book.spoil(cut)
    assert book.check() == (10, "missing")
    book.spoil(lambda c: c.execute(delete(heads)))
    assert book.check() == (None, None)
    assert book.check(outside) == (10, "missing")


def test_an_altered_head_is_found(full):
    note = full.sign()
    full.spoil(lambda c: c.execute(update(heads).values(note=note.replace("24", "23"))))
    assert full.check() == (24, "tree_heads")


def test_texts_and_moments_that_are_none_any_more_are_found(full):
    if full.store._reader.dialect.name == "postgresql":
        return  # its types take no such values

    def do(connection):
        connection.execute(text("UPDATE ledger SET kind = CAST(x'74ff' AS TEXT) WHERE number = 3"))

    full.spoil(do)
    assert full.check() == (3, "kind")
    full.spoil(change_raw("UPDATE ledger SET at = 'yesterday' WHERE number = 2"))
    assert full.check() == (2, "at")


def change_raw(statement):
    return lambda connection: connection.execute(text(statement))


@pytest.fixture
def closed_file(tmp_path):
    """A SQLite file with a ledger, and nobody who has it open."""

    def make(**backend):
        book = Book(office_settings(tmp_path, (), **backend))
        book.backend = backend
        book.write(300, payload=b"sealed " * 100)
        assert book.check() == (None, None)
        book.store.close()
        return book

    return make


def check_again(book):
    config = book.database.path.with_name("backend.toml")
    config.write_text(ledgers.toml_of(book.settings, **book.backend))
    found = upkeep.check(config)
    return found["first_bad"], found["where"]


@pytest.mark.parametrize(
    ("bytes_", "place", "where"),
    [(b"fact-0210testedcase-2", 12, "kind"), (b"sealed fact-0210", 3, "payload")],
)
def test_one_altered_byte_of_the_file_is_found(closed_file, bytes_, place, where):
    book = closed_file()
    content = bytearray(book.database.path.read_bytes())
    assert content.count(bytes_) == 1
    content[content.find(bytes_) + place] ^= 1
    book.database.path.write_bytes(content)
    assert check_again(book) == (210, where)


def test_pages_that_cannot_be_read_any_more_are_told(closed_file):
    book = closed_file(database_key="file:database.key")
    content = bytearray(book.database.path.read_bytes())
    content[len(content) * 3 // 4] ^= 1
    book.database.path.write_bytes(content)
    line, where = check_again(book)
    assert where == "unreadable"
    assert 1 < line <= 300


def test_a_check_does_not_hold_the_ledger_in_memory(book):
    hold = 20_000
    book.write(700, payload=bytes(hold))
    book.check()
    tracemalloc.start()
    assert book.check() == (None, None)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 350 * hold


REFUSED = (
    "UPDATE ledger SET kind = 'x'",
    "DELETE FROM ledger",
    "UPDATE payloads SET sealed = sealed",
    "DELETE FROM payloads",
    "UPDATE tree_heads SET note = 'x'",
    "DELETE FROM tree_heads",
    "INSERT INTO ledger (number, fact_id, kind, case_id, station, at, schema_version, payload_hash,"
    " received_at, head, station_number, sums, nodes) SELECT number + 2, 'other', kind, case_id,"
    " station, at, schema_version, payload_hash, received_at, head, station_number + 2, sums, nodes"
    " FROM ledger",
)
REFUSED_SQLITE = (
    "INSERT OR REPLACE INTO payloads SELECT fact_id, x'00' FROM payloads",
    "INSERT OR REPLACE INTO ledger SELECT * FROM ledger",
    "INSERT OR REPLACE INTO tree_heads SELECT size, signed_at, 'x' FROM tree_heads",
)
REFUSED_POSTGRESQL = ("TRUNCATE ledger, payloads", "TRUNCATE tree_heads")


def test_the_database_lets_nobody_change_the_books(book):
    book.write(1)
    book.sign()
    on_sqlite = book.store._reader.dialect.name == "sqlite"
    for statement in (*REFUSED, *(REFUSED_SQLITE if on_sqlite else REFUSED_POSTGRESQL)):
        job = book.store.submit(lambda t, s=statement: t.connection.execute(text(s)))
        with pytest.raises(Refusal, match="conflict") as refused:
            job.result()
        assert "append-only" in str(refused.value.__cause__)
    assert book.check() == (None, None)


def test_nothing_is_written_or_signed_after_an_end_that_is_not_where_we_left_it(full):
    full.sign()
    full.spoil(lambda c: remove(c, SIZE))
    with pytest.raises(LedgerError):
        full.write(1)
    with pytest.raises(LedgerError):
        full.sign()


def test_two_heads_never_contradict_each_other(full):
    full.sign()
    full.spoil(lambda c: ledgers.rewrite(c, {20: {"kind": "forged"}}, keys=full.keys))
    full.write(1)
    with pytest.raises(LedgerError, match="signed before"):
        full.sign()


def test_notes_are_those_of_other_programs():
    # The example in the documentation of Go's golang.org/x/mod/sumdb/note.
    seed = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
    key = LogKey("PeterNeumann", seed)
    assert str(key.verifier) == (
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    )
    text_ = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    assert key.sign(text_) == (
        text_ + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
        "KvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )


def test_a_checkpoint_opens_only_whole_and_with_our_signature():
    key = LogKey("a.example/1", bytes(32))
    note = key.sign(str(Checkpoint("a.example/1", 3, bytes(32))))
    assert key.open(note) == Checkpoint("a.example/1", 3, bytes(32))
    other = LogKey("a.example/1", bytes(range(32)))
    wrong = (
        other.sign(str(Checkpoint("a.example/1", 3, bytes(32)))),
        note.replace("\n3\n", "\n4\n"),
        note.replace("\n3\n", "\n03\n"),
        note.replace("— a", "- a"),
        key.sign("a.example/1\n3\n"),
        key.sign(f"{Checkpoint('a.example/1', 3, bytes(32))}more\n"),
        note.rstrip("\n"),
        "",
    )
    for bad in wrong:
        with pytest.raises(NoteError):
            key.open(bad)


def test_anybody_can_watch_over_the_ledger(settings):
    with running_office(settings) as office:
        http = office.http
        case = office.tag()["case_id"]
        verifier = http.get("/v1/ledger/key").text
        origin, size, root = ledgers.opened_note(http.get("/v1/ledger/checkpoint").text, verifier)
        assert origin == "smartics/HQ"
        office.tag("AB987654(3)")
        office.clock.advance(5)
        soon = http.get("/v1/ledger/checkpoint")
        assert soon.text.split("\n")[1] == size
        assert soon.headers["content-type"].startswith("text/plain")
        office.clock.advance(5)
        later = ledgers.opened_note(http.get("/v1/ledger/checkpoint").text, verifier)
        assert int(later[1]) > int(size) > 0
        asked = {"old": size, "size": later[1]}
        found = http.get("/v1/ledger/proof/consistency", params=asked).json()
        proof = [base64.b64decode(hash_) for hash_ in found["proof"]]
        roots = base64.b64decode(root), base64.b64decode(later[2])
        assert merkle.is_consistent(int(size), roots[0], int(later[1]), roots[1], proof)
        asked = {"line": 1, "size": later[1]}
        answer = http.get("/v1/ledger/proof/inclusion", params=asked)
        assert case not in answer.text
        leaf = base64.b64decode(answer.json()["leaf"])
        proof = [base64.b64decode(hash_) for hash_ in answer.json()["proof"]]
        assert ledgers.included_root(leaf, 0, int(later[1]), proof) == roots[1]
        for path, status in (
            ("inclusion?line=9&size=2", 404),
            ("inclusion?line=1&size=999", 404),
            ("inclusion?line=0&size=1", 422),
            ("inclusion?line=1&size=9223372036854775808", 422),
            ("consistency?old=2&size=1", 404),
            ("consistency?old=1&size=999", 404),
            ("consistency?old=x&size=1", 422),
        ):
            answer = http.get(f"/v1/ledger/proof/{path}")
            assert (answer.status_code, set(answer.json())) == (status, {"problem", "detail"})


def test_heads_are_due_each_hour_while_the_ledger_grows(book):
    def is_due():
        return book.store.ask(lambda t: tree_heads.is_due(t, tree_heads.AT_LEAST_EVERY))

    assert is_due()
    assert book.sign() == book.sign()
    book.write(1)
    assert not is_due()
    book.clock.advance(3600)
    assert is_due()
    book.sign()
    book.clock.advance(7200)
    assert not is_due()


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_commands_compare_with_what_a_witness_kept(tmp_path, settings):
    config, kept = tmp_path / "backend.toml", tmp_path / "kept"
    config.write_text(ledgers.toml_of(settings))
    book = Book(settings)
    book.write(SIZE)
    book.store.close()
    kept.write_text(run("backend", "checkpoint", "--config", config).stdout)
    check = ("backend", "check", "--config", config)
    good = run(*check, "--witness", kept, "--json")
    found = json.loads(good.stdout)
    assert (good.exit_code, found.pop("lines_a_second") > 0) == (0, True)
    assert found == {"facts": SIZE, "chain_ok": True, "first_bad": None, "where": None}

    def forge(connection):
        ledgers.rewrite(connection, {2: {"kind": "forged"}}, keys=book.keys)
        connection.execute(delete(heads))

    book.spoil(forge)
    assert run(*check).exit_code == 0
    bad = run(*check, "--witness", kept)
    assert (bad.exit_code, "BROKEN from line 1 (witness)" in bad.stdout) == (1, True)
    kept.write_text(kept.read_text().replace("24", "25"))
    foreign = run(*check, "--witness", kept)
    assert (foreign.exit_code, "no checkpoint of this ledger" in foreign.stderr) == (2, True)
