"""Carries the outbox to the backend, as long as it takes, and says how the station is."""

import logging
from collections.abc import Callable
from contextlib import suppress
from itertools import groupby
from random import SystemRandom
from threading import Condition, Event, Thread
from time import monotonic

from common.journal.journal import Journal
from common.sync.client import BackendClient, BackendUnreachableError, RefusedError
from common.wire.live import StationState, StationStatus

logger = logging.getLogger(__name__)

BEAT_S = 30.0
"""How often a station says how it is where nothing changed."""
FIRST_PAUSE_S = 0.3
LONGEST_PAUSE_S = 10.0


class Exchange:
    """One thread that empties the outbox. put() in the journal, then poke().

    Args:
        status: Asked from that thread for how the station is; it must not wait for anything.
    """

    def __init__(
        self,
        journal: Journal,
        client: BackendClient,
        status: Callable[[], StationStatus] | None = None,
    ) -> None:
        self._journal = journal
        self._client = client
        self._status = status
        self._told: StationStatus | None = None
        self._told_at = 0.0
        self._ended = Event()
        self._changed = Condition()
        self._poked = True
        self.online = False
        self._thread = Thread(target=self._run, name="exchange", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """End; what was not sent stays in the journal."""
        self._ended.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def poke(self) -> None:
        """Say that there is something to send."""
        with self._changed:
            self._poked = True
            self._changed.notify_all()

    def flush(self, timeout_s: float) -> bool:
        """Wait until the outbox is empty; tell whether it is."""
        self.poke()
        deadline = monotonic() + timeout_s
        with self._changed:
            while self._journal.count_waiting() and not self._ended.is_set():
                left_s = deadline - monotonic()
                if left_s <= 0:
                    return False
                self._changed.wait(left_s)
        return self._journal.count_waiting() == 0

    def _run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._ended.is_set():
            try:
                self._send_all()
                if self._status is not None:
                    self._tell(self._status())
            except BackendUnreachableError as error:
                if self.online:
                    logger.warning("backend lost: %s", error)
                self.online = False
            else:
                if not self.online:
                    logger.info("backend reached")
                self.online = True
            # What was sent, or waits to be, does not lie in clear in memory meanwhile; nor does
            # the error that knows of it.
            self._journal.rest()
            if self.online:
                pause_s = FIRST_PAUSE_S
                self._wait_for_more()
            else:
                self._ended.wait(pause_s * SystemRandom().uniform(0.5, 1.0))
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        if self.online and self._status is not None:
            with suppress(BackendUnreachableError):
                self._tell(StationStatus(state=StationState.CLOSED))

    def _wait_for_more(self) -> None:
        with self._changed:
            self._changed.notify_all()
            if not self._poked and not self._ended.is_set():
                self._changed.wait(5.0)
            self._poked = False

    def _tell(self, status: StationStatus) -> None:
        if status == self._told and monotonic() - self._told_at < BEAT_S:
            return
        try:
            self._client.status(status)
        except RefusedError as refusal:
            # It is said again at its time; meanwhile the facts must go their way.
            logger.warning("the backend does not hear how this station is: %s", refusal)
        self._told, self._told_at = status, monotonic()

    def _send_all(self) -> None:
        while waiting := self._journal.waiting():
            # A fact travels with the session of the officer who made it, so runs of one officer
            # go together and the order stays as it happened.
            token, run = next(
                (token, tuple(group))
                for token, group in groupby(waiting, lambda w: w.officer_token)
            )
            try:
                answer = self._client.facts(tuple(w.fact for w in run), token)
            except RefusedError as refusal:
                self._set_aside(run[0].fact.id, refusal)
                continue
            for receipt in answer.receipts:
                if receipt.outcome == "refused":
                    logger.error("the backend refused a fact: %s", receipt.reason)
                    self._journal.refused(receipt.id, receipt.reason)
                else:
                    self._journal.settled(receipt.id)
            if self._ended.is_set():
                return
        if not self.online and not self._client.healthy():
            raise BackendUnreachableError("no answer")

    def _set_aside(self, fact_id: object, refusal: RefusedError) -> None:
        # The whole request was refused (a revoked key, a shape the backend does not know). The
        # facts stay: nothing is dropped, and the pause keeps the line quiet.
        logger.error("the backend refused the request that began with %s: %s", fact_id, refusal)
        raise BackendUnreachableError(refusal.problem) from refusal
