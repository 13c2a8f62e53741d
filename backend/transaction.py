"""What a command works with: the connection, the moment, the keys, the ledger."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, Executable, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError

from backend import keys as sealing
from backend import ledger
from backend.keys import KEY_BYTES, Keys, SealError
from backend.schema import tables
from backend.schema.base import upsert
from common.domain.clock import office_day
from common.wire.facts import FACT_SCHEMA, new_id

logger = logging.getLogger(__name__)


def _one_more(dialect: str) -> Executable:
    counters = tables.counters
    statement: Executable = (
        upsert(dialect, counters)
        .on_conflict_do_update(index_elements=[counters.c.name], set_={"last": counters.c.last + 1})
        .returning(counters.c.last)
    )
    return statement


# Built once: building a statement takes five times as long as running it built.
_ONE_MORE = {dialect: _one_more(dialect) for dialect in ("sqlite", "postgresql")}
_KEY_OF = select(tables.data_keys.c.wrapped).where(
    tables.data_keys.c.subject == bindparam("of_subject")
)
_NEW_KEY = insert(tables.data_keys)


class Refusal(Exception):  # noqa: N818 (it says no; nothing is broken)
    """The command understood and says no; everything it did is undone."""

    def __init__(self, status: int, problem: str, detail: str = "") -> None:
        super().__init__(f"{status} {problem}")
        self.status = status
        self.problem = problem
        self.detail = detail


def forbidden(error: IntegrityError) -> Refusal:
    """Turn what the database itself forbids into a no."""
    # Which rule it was is in the cause; its text may quote the row, so it is not logged.
    logger.error("a rule of the database refused what a command let through")
    refusal = Refusal(409, "conflict", "a rule of the database forbids it")
    refusal.__cause__ = error
    return refusal


class Transaction:
    """One command's view of the store. It lives on the store's thread, for one command."""

    def __init__(self, connection: Connection, keys: Keys, now: datetime) -> None:
        self.connection = connection
        self.keys = keys
        self.now = now
        self.changed_offices: set[str] = set()
        self.answer_subject = ""
        self._revisions: dict[str, int] = {}
        self._data_keys: dict[str, bytes] = {}

    @property
    def today(self) -> date:
        """The office's calendar day."""
        return office_day(self.now)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Undo a part of the command when it fails, and leave the rest standing."""
        try:
            with self.connection.begin_nested():
                yield
        except BaseException as error:
            # A data key made inside the undone part exists no more, nor does a panel's revision.
            self._data_keys.clear()
            self._revisions.clear()
            if isinstance(error, IntegrityError):
                raise forbidden(error) from error
            raise

    def count(self, name: str) -> int:
        """Return the next number of a counter; with the transaction it is undone without a gap."""
        one_more = _ONE_MORE[self.connection.dialect.name]
        return int(self.connection.execute(one_more, {"name": name, "last": 1}).scalar_one())

    def panel_changed(self, office: str) -> int:
        """Say that the display of an office is out of date; return the revision that it will be."""
        if office not in self._revisions:
            self.changed_offices.add(office)
            self._revisions[office] = self.count(f"panel {office}")
        return self._revisions[office]

    def seal(self, subject: str, plain: bytes, column: str) -> bytes:
        """Encrypt for one case or booking with its own data key, made when first needed."""
        key = self._data_key(subject)
        if key is None:
            key = secrets.token_bytes(KEY_BYTES)
            wrapped = sealing.seal(self.keys.wrapping, key, subject)
            self.connection.execute(_NEW_KEY, {"subject": subject, "wrapped": wrapped})
            self._data_keys[subject] = key
        return sealing.seal(key, plain, f"{subject} {column}")

    def unseal(self, subject: str, sealed: bytes, column: str) -> bytes:
        """Decrypt what `seal` made.

        Raises:
            SealError: The data key was erased, or the bytes are not what was sealed.
        """
        key = self._data_key(subject)
        if key is None:
            raise SealError("the data key was erased")
        return sealing.unseal(key, sealed, f"{subject} {column}")

    def erase(self, subject: str) -> None:
        """Erase a data key: whatever was sealed with it is gone, in every copy of the database."""
        self._data_keys.pop(subject, None)
        self.connection.execute(
            delete(tables.data_keys).where(tables.data_keys.c.subject == subject)
        )

    def record(
        self,
        kind: str,
        subject: str,
        station: str,
        officer: str | None = None,
        what: BaseModel | None = None,
    ) -> int:
        """Write a fact that a command made into the ledger; return its number."""
        payload = b"{}" if what is None else what.model_dump_json().encode()
        return self.record_fact(
            new_id(), kind, subject, station, officer, self.now, FACT_SCHEMA, payload
        )

    def record_fact(
        self,
        fact_id: UUID,
        kind: str,
        subject: str,
        station: str,
        officer: str | None,
        at: datetime,
        schema_version: int,
        payload: bytes,
    ) -> int:
        """Write a fact as a station told it into the ledger; return its number."""
        entry = ledger.Entry(
            fact_id=str(fact_id),
            kind=kind,
            case_id=subject,
            station=station,
            officer=officer,
            at=at,
            schema_version=schema_version,
            received_at=self.now,
        )
        sealed = self.seal(subject, payload, f"fact {fact_id}")
        return ledger.append(self.connection, self.keys, entry, sealed)

    def _data_key(self, subject: str) -> bytes | None:
        if subject not in self._data_keys:
            wrapped = self.connection.execute(_KEY_OF, {"of_subject": subject}).scalar_one_or_none()
            if wrapped is None:
                return None
            self._data_keys[subject] = sealing.unseal(self.keys.wrapping, wrapped, subject)
        return self._data_keys[subject]
