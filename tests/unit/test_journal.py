"""The book survives its process, keeps its order, and is closed to strangers."""

import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlcipher3.dbapi2 import DatabaseError

from common.journal.journal import Journal, JournalError
from common.wire.facts import Fact, FormPrinted, RegistrationFinished, new_id

KEY = bytes(range(32))
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def fact() -> Fact:
    return Fact(id=new_id(), what=FormPrinted(), case_id=new_id(), station="kiosk-1", at=NOW)


@pytest.fixture
def journal(tmp_path):
    book = Journal(tmp_path / "journal.db", KEY)
    yield book
    book.close()


def test_facts_wait_in_order_until_they_are_settled(journal):
    facts = [fact() for _ in range(5)]
    journal.put(*facts[:3])
    journal.put(*facts[3:], officer_token="session")
    assert [w.fact for w in journal.waiting()] == facts
    assert [w.officer_token for w in journal.waiting()] == [None] * 3 + ["session"] * 2
    journal.settled(facts[0].id)
    journal.refused(facts[1].id, "unlawful")
    assert [w.fact for w in journal.waiting()] == facts[2:]
    assert (journal.count_waiting(), journal.count_refused()) == (3, 1)


def test_the_same_fact_twice_is_one_fact(journal):
    again = fact()
    journal.put(again, again)
    journal.put(again)
    assert journal.count_waiting() == 1


def test_a_motion_stays_open_until_it_ends_with_its_facts(journal):
    motion = journal.intend("release", {"pocket": 3}, NOW)
    motion = journal.note(motion, step="feeding")
    assert [(m.kind, m.body) for m in journal.open_motions()] == [
        ("release", {"pocket": 3, "step": "feeding"})
    ]
    journal.ended(motion, fact(), fact())
    assert not journal.open_motions()
    assert journal.count_waiting() == 2


def test_a_book_at_rest_is_opened_by_its_next_use(journal, tmp_path):
    kept = fact()
    journal.put(kept)
    for _ in range(2):
        journal.rest()
    assert not (tmp_path / "journal.db-wal").exists(), "nothing of it is open"
    journal.intend("release", {"pocket": 3}, NOW)
    assert [w.fact for w in journal.waiting()] == [kept]
    assert journal.open_motions()


def test_a_closed_book_stays_closed(tmp_path):
    book = Journal(tmp_path / "journal.db", KEY)
    book.rest()
    book.close()
    book.rest()
    with pytest.raises(DatabaseError):
        book.count_waiting()


def test_what_put_returned_from_survives_a_killed_process(tmp_path):
    code = """
        import sys
        from pathlib import Path
        from tests.unit.test_journal import KEY, NOW, Journal, fact
        book = Journal(Path(sys.argv[1]), KEY)
        while True:
            kept = fact()
            book.put(kept)
            print(kept.id, flush=True)
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "journal.db")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    promised = [UUID(process.stdout.readline().strip()) for _ in range(20)]
    os.kill(process.pid, signal.SIGKILL)
    rest, _ = process.communicate()
    promised += [UUID(line) for line in rest.split() if len(line) == 36]
    book = Journal(tmp_path / "journal.db", KEY)
    kept = {w.fact.id for w in book.waiting(10_000)}
    book.close()
    assert set(promised) <= kept


def test_a_stranger_reads_nothing(tmp_path):
    book = Journal(tmp_path / "journal.db", KEY)
    book.put(
        Fact(id=new_id(), what=RegistrationFinished(), case_id=new_id(), station="S-1", at=NOW)
    )
    book.close()
    assert b"registration" not in b"".join(f.read_bytes() for f in tmp_path.iterdir())
    with pytest.raises(JournalError):
        Journal(tmp_path / "journal.db", bytes(32))
