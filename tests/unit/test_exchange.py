"""The exchange loses nothing and keeps the order, however the line behaves."""

from datetime import UTC, datetime
from threading import Event
from uuid import UUID

import pytest

from common.journal.journal import Journal
from common.sync.client import BackendUnreachableError, RefusedError
from common.sync.exchange import Exchange
from common.wire.facts import Fact, FactReceipt, FactsAnswer, FormPrinted, new_id

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Line:
    """A backend whose answers a test scripts: each entry is an exception to raise or None."""

    def __init__(self, *troubles: Exception | None, refuse: frozenset[UUID] = frozenset()) -> None:
        self.troubles = list(troubles)
        self.refuse = refuse
        self.got: list[tuple[Fact, str | None]] = []
        self.all_troubles_over = Event()

    def healthy(self) -> bool:
        return True

    def facts(self, facts, officer=None) -> FactsAnswer:
        trouble = self.troubles.pop(0) if self.troubles else None
        if not self.troubles:
            self.all_troubles_over.set()
        if trouble is not None:
            raise trouble
        self.got += [(fact, officer) for fact in facts]
        return FactsAnswer(
            receipts=tuple(
                FactReceipt(id=f.id, outcome="refused" if f.id in self.refuse else "accepted")
                for f in facts
            )
        )


def fact() -> Fact:
    return Fact(id=new_id(), what=FormPrinted(), case_id=new_id(), station="kiosk-1", at=NOW)


@pytest.fixture
def journal(tmp_path):
    book = Journal(tmp_path / "journal.db", bytes(32))
    yield book
    book.close()


def running(journal, line) -> Exchange:
    exchange = Exchange(journal, line)
    exchange.start()
    return exchange


def test_sends_in_order_with_each_officer_s_session(journal):
    facts = [fact() for _ in range(4)]
    journal.put(facts[0])
    journal.put(facts[1], facts[2], officer_token="a")
    journal.put(facts[3])
    line = Line()
    exchange = running(journal, line)
    assert exchange.flush(10)
    exchange.stop()
    assert line.got == [(facts[0], None), (facts[1], "a"), (facts[2], "a"), (facts[3], None)]


def test_a_lost_line_only_delays(journal):
    line = Line(BackendUnreachableError("cut"), BackendUnreachableError("cut"), None)
    journal.put(kept := fact())
    exchange = running(journal, line)
    assert exchange.flush(10)
    exchange.stop()
    assert [f for f, _ in line.got] == [kept]


def test_a_refused_fact_is_set_aside_and_the_rest_goes_on(journal):
    bad, good = fact(), fact()
    journal.put(bad, good)
    exchange = running(journal, Line(refuse=frozenset({bad.id})))
    assert exchange.flush(10)
    exchange.stop()
    assert (journal.count_waiting(), journal.count_refused()) == (0, 1)


def test_a_refused_request_drops_nothing(journal):
    line = Line(RefusedError(403, "station_revoked"), RefusedError(403, "station_revoked"), None)
    journal.put(fact())
    exchange = running(journal, line)
    assert line.all_troubles_over.wait(10)
    assert exchange.flush(10)
    exchange.stop()
    assert len(line.got) == 1
