"""kill -9 of the backend under load, through a line that cuts, delays and repeats.

Whatever was acknowledged is there, once; no number is missing or given twice; the ledger is whole.
SMARTICS_KILLS says how often it is killed (the figures of a release are made with 50).
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Connection, select

from backend.database import database_of
from backend.schema import tables
from backend.settings import read
from common.domain.clock import system_clock
from common.domain.identity_number import IdentityNumber
from common.wire.facts import new_id
from tests.support.backend_office import PARTICULARS, BackendOffice
from tests.support.served import Served
from tests.support.troubled_line import TroubledLine, troubled_line

pytestmark = pytest.mark.timeout(1200)

KILLS = int(os.environ.get("SMARTICS_KILLS", "5"))
LONGEST_PAUSE_S = 1.0


@dataclass
class Acknowledged:
    """What the stations were told, all of which must be true in the end."""

    tags: dict[str, str] = field(default_factory=dict)  # tag_id -> number
    tokens: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    facts: set[str] = field(default_factory=set)
    claims: dict[str, str] = field(default_factory=dict)  # key of the call -> tag_id
    unlike: list[str] = field(default_factory=list)  # repetitions with another answer
    tries: int = 0


class Crowd:
    """Stations that work and repeat each command until it is answered."""

    def __init__(self, line: TroubledLine, seed: int) -> None:
        self.told = Acknowledged()
        self.ended = threading.Event()
        self._line, self._seed = line, seed
        self._numbers = count(100_000)
        self._lock = threading.Lock()

    def work(self, who: int) -> None:
        """Do one station's work until the end."""
        dice = Random(self._seed * 1000 + who)
        address = f"http://127.0.0.1:{self._line.port}"
        office = BackendOffice(address, system_clock)  # type: ignore[arg-type]  # nobody turns it
        office.http.timeout = 10.0
        do = (self._tag, self._fact, self._claim)[who % 3]
        with office.http:
            while not self.ended.is_set():
                do(office, dice, who)

    def _tag(self, office: BackendOffice, dice: Random, _who: int) -> None:
        number = str(IdentityNumber("M", f"{next(self._numbers):06d}"))
        body = {"by": "number", "identity_number": number, "year_of_birth": 1980}
        key = str(uuid4())
        answer = self._until(office, dice, "tag-1", "/v1/tags", body, key)
        if answer is None:
            return
        tag = answer["tag"]
        with self._lock:
            self.told.tags[tag["tag_id"]] = tag["number"]
            self.told.cases.append(tag["case_id"])
        if dice.random() < 0.2:
            again = self._until(office, dice, "tag-1", "/v1/tags", body, key)
            if again is not None and again["tag"]["number"] != tag["number"]:
                self.told.unlike.append(tag["number"])

    def _fact(self, office: BackendOffice, dice: Random, _who: int) -> None:
        if not self.told.cases:
            self.ended.wait(0.05)
            return
        fact_id = str(new_id())
        fact = {
            "id": fact_id,
            "what": {"kind": "form_filled", "particulars": PARTICULARS},
            "case_id": dice.choice(self.told.cases),
            "station": "bench-1",
            "officer": None,
            "at": system_clock().isoformat(),
        }
        answer = self._until(office, dice, "bench-1", "/v1/facts", {"facts": [fact]}, str(uuid4()))
        if answer is not None and answer["receipts"][0]["outcome"] in ("accepted", "duplicate"):
            with self._lock:
                self.told.facts.add(fact_id)

    def _claim(self, office: BackendOffice, dice: Random, who: int) -> None:
        # Nothing of this crowd brings a tag back to the kiosks, so each is called there once.
        body: dict[str, Any] = {"place": f"K{who}", "stages": ["kiosk"]}
        key = str(uuid4())
        answer = self._until(office, dice, "registration-1", "/v1/queue/call", body, key)
        if answer is None or answer["tag"] is None:
            return
        with self._lock:
            self.told.claims[key] = answer["tag"]["tag_id"]
        body = {"tag_token": answer["tag"]["token"], "place": f"K{who}"}
        self._until(office, dice, "registration-1", "/v1/queue/arrive", body, str(uuid4()))

    def _until(
        self,
        office: BackendOffice,
        dice: Random,
        station: str,
        path: str,
        body: dict[str, Any],
        key: str,
    ) -> dict[str, Any] | None:
        """Repeat a command with its key until it is answered, or the end has come."""
        pause_s = 0.05
        while not self.ended.is_set():
            with self._lock:
                self.told.tries += 1
            try:
                answer = office.send(station, path, body, key=key)
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code == 200:
                found: dict[str, Any] = answer.json()
                return found
            if answer is not None and answer.json().get("problem") == "replayed":
                # The line repeated a signed request; the same command, signed anew, is answered.
                continue
            if answer is not None and answer.status_code < 500 and path != "/v1/queue/arrive":
                raise AssertionError(f"{path}: {answer.status_code} {answer.text}")
            if answer is not None and answer.status_code < 500:
                return None
            self.ended.wait(pause_s * dice.random())
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        return None


def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(tmp_path, database):
    seed = int(os.environ.get("SMARTICS_SEED", "3"))
    dice = Random(seed)
    backend = Served(tmp_path, database)
    backend.start()
    pause = threading.Event()
    with troubled_line(backend.port, seed) as line, ThreadPoolExecutor(12) as pool:
        crowd = Crowd(line, seed)
        workers = [pool.submit(crowd.work, who) for who in range(12)]
        try:
            for _ in range(KILLS):
                pause.wait(dice.uniform(0.1, 1.5))
                backend.kill()
                backend.start()
            pause.wait(1.0)
        finally:
            crowd.ended.set()
        for worker in workers:
            worker.result(60)
    backend.stop()
    told = crowd.told
    print(
        f"\n{KILLS} kill -9 on {'PostgreSQL' if '://' in database else 'SQLite'}: acknowledged"
        f" {len(told.tags)} tags, {len(told.facts)} facts, {len(told.claims)} claims in"
        f" {told.tries} tries; line {dict(line.fates)}"
    )
    assert len(told.tags) > KILLS
    check_all(backend, told)


def check_all(backend: Served, told: Acknowledged) -> None:
    """Compare what was told with what is kept."""
    found = backend.check()
    assert found["chain_ok"], found
    settings = read(backend.config)
    engine = database_of(settings).reader()
    with engine.connect() as connection, connection.begin():
        kept = {row.tag_id: row.number for row in connection.execute(select(tables.tags))}
        lost = [tag_id for tag_id, number in told.tags.items() if kept.get(tag_id) != number]
        facts = set(connection.execute(select(tables.ledger.c.fact_id)).scalars())
        lost_facts = told.facts - facts
        doubly = doubly_claimed(connection, told)
    engine.dispose()
    numbers = sorted(int(number[1:]) for number in kept.values())
    print(
        f"lost {len(lost)} tags, {len(lost_facts)} facts; gaps and twins"
        f" {len(set(numbers) ^ set(range(1, len(numbers) + 1)))}; unlike repetitions"
        f" {len(told.unlike)}; claimed twice {len(doubly)}; ledger of {found['facts']} lines whole"
    )
    assert lost == []
    assert lost_facts == set()
    assert numbers == list(range(1, len(numbers) + 1))
    assert told.unlike == []
    assert doubly == []


def doubly_claimed(connection: Connection, told: Acknowledged) -> list[str]:
    """Name the claimed tags that the ledger does not hold exactly one call of."""
    claimed: dict[str, set[str]] = {}
    for row in connection.execute(
        select(tables.ledger.c.case_id, tables.ledger.c.number).where(
            tables.ledger.c.kind == "tag_called"
        )
    ):
        claimed.setdefault(row.case_id, set()).add(str(row.number))
    cases = {
        row.tag_id: row.case_id
        for row in connection.execute(select(tables.tags.c.tag_id, tables.tags.c.case_id))
    }
    return [tag_id for tag_id in set(told.claims.values()) if len(claimed[cases[tag_id]]) != 1]
