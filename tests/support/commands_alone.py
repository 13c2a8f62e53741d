"""The backend's busiest commands without HTTP, and the SQL that they make, for benchmarks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, event

from backend.commands import facts, party, queue, slot_plan, tags
from backend.commands.bookings import Reason
from backend.commands.holds import Choice
from backend.commands.station import Station
from backend.idempotency import once
from backend.settings import BookingSettings, OfficeSettings
from backend.store import Command, Database
from common.domain.clock import OFFICE_ZONE, office_day, system_clock
from common.domain.identity_number import IdentityNumber
from common.domain.language import OFFICE_LANGUAGES
from common.domain.queue import Stage, TagRequestBy
from common.wire.facts import Fact, FactsRequest, FormFilled, new_id
from common.wire.shapes import CallRequest, Particulars, TagAnswer, TagRequest
from tests.support.backend_office import PARTICULARS

FINGERPRINT = bytes(32)
FORM = Particulars.model_validate(PARTICULARS)
OFFICE = OfficeSettings.model_validate(
    {
        "code": "HQ",
        "name": dict.fromkeys(OFFICE_LANGUAGES, "Office"),
        "slot_capacity": 50,
        "demo": True,
    }
)


@dataclass
class Work:
    """Makes commands as stations would send them; each is wrapped for its key."""

    made: int = 0
    cases: list[UUID] = field(default_factory=list)

    def tag(self) -> Command[bytes]:
        """A person nobody knows yet takes a tag."""
        self.made += 1
        number = str(IdentityNumber("M", f"{self.made:06d}"))
        request = TagRequest(by=TagRequestBy.NUMBER, identity_number=number, year_of_birth=1980)
        station = Station("tag-1", "tag", "HQ", "T1")
        return self._once(station, lambda t: self._noted(tags.issue(t, station, request)))

    def fact(self) -> Command[bytes]:
        """Somebody finished the form at a bench."""
        station = Station("bench-1", "bench", "HQ", "")
        fact = Fact(
            id=new_id(),
            what=FormFilled(particulars=FORM),
            case_id=self.cases.pop(0),
            station=station.name,
            at=system_clock(),
        )
        request = FactsRequest(facts=(fact,))
        return self._once(station, lambda t: facts.accept_all(t, station, None, request))

    def claim(self) -> Command[bytes]:
        """A kiosk calls the next one."""
        self.made += 1
        station = Station("registration-1", "registration", "HQ", "K1")
        request = CallRequest(place=f"K{self.made}", stages=(Stage.KIOSK,))
        return self._once(station, lambda t: queue.call(t, station, request))

    def opening(self) -> Command[None]:
        """The office opens its days for booking."""
        return lambda t: slot_plan.open_days(t, OFFICE)

    def book(self) -> Command[str | None]:
        """Somebody books a slot, one after another, with all details at once."""
        self.made += 1
        midnight = datetime.combine(office_day(system_clock()), time(), OFFICE_ZONE)
        tomorrow = midnight + timedelta(days=1)
        starts_at = tomorrow + timedelta(minutes=OFFICE.slot_minutes * (self.made % 90))
        who = party.Visitor(IdentityNumber("B", f"{self.made:06d}"), 1980)
        wish = party.Wish(Choice(OFFICE, starts_at), (who,), "2468", Reason.REPLACE)
        rules = BookingSettings(holds_per_source_day=1_000_000)
        return lambda t: party.book(t, rules, "here", wish)

    def _noted(self, answer: TagAnswer) -> TagAnswer:
        assert answer.tag is not None
        self.cases.append(answer.tag.case_id)
        return answer

    def _once(self, station: Station, do: Command[BaseModel]) -> Command[bytes]:
        return once(f"station {station.name}", str(uuid4()), FINGERPRINT, do)


BEGINNINGS = ("BEGIN", "SELECT pg_advisory_xact_lock")

Statement = tuple[str, Any]


class Recorder:
    """A database whose writer notes every statement, a list for each transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.readers = database.readers
        self.check_kept: Callable[[Connection], None] = database.check_kept
        self.transactions: list[list[Statement]] = []

    def reader(self) -> Engine:
        """The same reader."""
        return self._database.reader()

    def writer(self) -> Engine:
        """The same writer, noted down."""
        engine = self._database.writer()

        @event.listens_for(engine, "before_cursor_execute")
        def _note(
            _conn: Connection, _cursor: object, statement: str, given: Any, _c: object, many: bool
        ) -> None:
            if statement.startswith(BEGINNINGS):
                self.transactions.append([])
            if not statement.startswith("BEGIN"):
                self.transactions[-1].append((statement, given if many else [given]))

        return engine


def replay(connection: Any, transactions: list[list[Statement]]) -> None:
    """Run the same statements with a bare driver's cursor, a commit for each transaction."""
    cursor = connection.cursor()
    for transaction in transactions:
        for statement, all_given in transaction:
            for given in all_given:
                cursor.execute(statement, given)
                if cursor.description is not None:
                    cursor.fetchall()
        connection.commit()
