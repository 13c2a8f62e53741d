"""Tags for the time without the backend: numbers leased beforehand, spent into the journal."""

import logging
from datetime import timedelta
from threading import Event, Thread
from typing import Protocol
from uuid import UUID

from common.domain.clock import Clock
from common.domain.queue import Service, Stage, TagStatus
from common.journal.journal import Journal
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.facts import Fact, TagIssuedOffline, new_id
from common.wire.series import (
    Lease,
    LeaseAnswer,
    LeasedNumber,
    LeaseRequest,
    LeaseReturned,
    LeasesAnswer,
    SeriesKind,
)
from common.wire.shapes import TagRequest, TagView

logger = logging.getLogger(__name__)

BLOCK = 50
RENEWED_EVERY_S = 60.0
SPENT_KEPT = timedelta(days=30)
_LOOKED_THROUGH = 500


class Leases(Protocol):
    """What of the backend's client is needed here."""

    def leases(self) -> LeasesAnswer:
        """Fetch what this station holds."""

    def lease(self, request: LeaseRequest) -> Lease:
        """Lease more numbers."""

    def return_lease(self, lease_id: UUID, told: LeaseReturned) -> LeaseAnswer:
        """Give unused numbers back."""


class TagSeries:
    """Keeps a block of today's numbers at hand while there is a connection; gives them without."""

    def __init__(self, journal: Journal, client: Leases, station: str, clock: Clock) -> None:
        self._journal, self._client = journal, client
        self._station, self._clock = station, clock
        self._ended = Event()
        self._thread = Thread(target=self._run, name="tag-series", daemon=True)

    def start(self) -> None:
        """Begin to keep numbers at hand."""
        self._thread.start()

    def stop(self) -> None:
        """End; the numbers stay in the journal."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def give(self, request: TagRequest) -> tuple[TagView, bool] | None:
        """Give the next number to whoever asks so, or again the one given before.

        Returns the tag and whether it was given before; None where no number is left.
        """
        for waiting in self._journal.waiting(_LOOKED_THROUGH):
            what = waiting.fact.what
            if isinstance(what, TagIssuedOffline) and what.request == request:
                return _view(what, waiting.fact), True
        given: list[TagView] = []

        def fact_of(number: LeasedNumber) -> Fact:
            what = _told(number, request)
            now = self._clock()
            fact = Fact(id=new_id(), what=what, case_id=new_id(), station=self._station, at=now)
            given.append(_view(what, fact))
            return fact

        number = self._journal.spend_number(SeriesKind.TAG, self._clock(), fact_of)
        return None if number is None else (given[-1], False)

    def renew(self) -> None:
        """Give yesterday's numbers back, take up what an answer lost, and fill up the block.

        Raises:
            BackendUnreachableError, RefusedError: Not now.
        """
        now = self._clock()
        for lease in self._client.leases().leases:
            self._journal.keep_lease(lease)
        for lease_id, unspent in self._journal.ended_leases(now).items():
            self._client.return_lease(lease_id, LeaseReturned(unspent=unspent))
            self._journal.forget_unspent(lease_id)
        self._journal.forget_spent(now - SPENT_KEPT)
        missing = BLOCK - self._journal.count_numbers(SeriesKind.TAG, now)
        if missing >= BLOCK // 2:
            request = LeaseRequest(kind=SeriesKind.TAG, count=missing)
            self._journal.keep_lease(self._client.lease(request))

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self.renew()
            except (BackendUnreachableError, RefusedError) as error:
                logger.warning("no offline numbers fetched: %s", error)
            self._ended.wait(RENEWED_EVERY_S)


def _told(number: LeasedNumber, request: TagRequest) -> TagIssuedOffline:
    if number.tag_id is None or number.token is None:
        raise ValueError("a tag's number comes with its id and its code")
    return TagIssuedOffline(
        request=request, tag_id=number.tag_id, number=number.number, token=number.token
    )


def _view(what: TagIssuedOffline, fact: Fact) -> TagView:
    """Show a tag that the backend does not know yet; which stage comes next it will say."""
    return TagView(
        tag_id=what.tag_id,
        number=what.number,
        token=what.token,
        case_id=fact.case_id,
        service=Service.WALK_IN,
        stage=Stage.FORM,
        status=TagStatus.WAITING,
        issued_at=fact.at,
    )
