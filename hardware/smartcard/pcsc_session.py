"""A PC/SC context on a thread of its own, which is left behind when a call does not return.

Nothing frees a thread that waits in SCardTransmit: SCardCancel ends only waits for a change of
state, and a second context is not let near the card. Only the reader's driver or the end of the
service does. So the caller stops waiting, and the thread lets go of the card whenever it wakes.
"""

from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import ClassVar, Generic, TypeVar

from hardware.core.errors import DeviceAbsentError
from hardware.smartcard.pcsc_calls import UNAWARE, Card, Context, ReaderState
from hardware.smartcard.pcsc_codes import PcscError

CALL_S = 1.0
"""How long any call but an APDU may take: none of them waits for a card's calculation."""
SERVICE_S = 3.0
"""How long the service may take to greet: it may be started by this, and look for readers first."""
CONNECT_S = 5.0
"""How long power and ATR may take: a mute card is tried at several voltages."""
MOST_STUCK = 8

R = TypeVar("R")


class StuckError(Exception):
    """A call did not return in time."""


class _Job(Generic[R]):
    """Something to do for another thread, and what came of it."""

    def __init__(self, action: Callable[[], R]) -> None:
        self._action = action
        self._results: SimpleQueue[R] = SimpleQueue()
        self._error: Exception | None = None

    def do(self) -> None:
        try:
            result = self._action()
        except Exception as error:
            self._error = error
            self._results.put(None)  # type: ignore[arg-type]  # only wakes the other thread
        else:
            self._results.put(result)

    def result(self, timeout_s: float) -> R:
        try:
            result = self._results.get(timeout=timeout_s)
        except Empty:
            raise StuckError(f"no answer within {timeout_s:g} s") from None
        if self._error is not None:
            raise self._error
        return result


class Session:
    """One context, and at most one card connected through it.

    A session that raised StuckError is over; it ends itself as soon as it can.
    """

    _stuck: ClassVar[set["Session"]] = set()
    _stuck_lock: ClassVar[Lock] = Lock()

    def __init__(self, reader: str) -> None:
        """Begin a session for a reader of that name.

        Raises:
            DeviceAbsentError: The service has left too many calls without an answer.
            StuckError: It does not answer now.
            PcscError: It is not there, or refuses.
        """
        with self._stuck_lock:
            if len(self._stuck) >= MOST_STUCK:
                raise DeviceAbsentError("the PC/SC service has left many calls without an answer")
        self.reader = reader
        self._context: Context | None = None
        self._card: Card | None = None
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        Thread(target=self._work, name=f"pcsc {reader}", daemon=True).start()
        try:
            self._call(self._establish, SERVICE_S)
        except PcscError:
            self._jobs.put(None)
            raise

    @classmethod
    def is_stuck_in(cls, reader: str) -> bool:
        """Whether a call of this program to that reader has not returned yet."""
        with cls._stuck_lock:
            return any(session.reader == reader for session in cls._stuck)

    @property
    def has_card(self) -> bool:
        """Whether a card is connected."""
        return self._card is not None

    def readers(self) -> list[str]:
        """Name all readers (StuckError, PcscError)."""
        return self._call(lambda: self._established().readers(), SERVICE_S)

    def state(self) -> ReaderState:
        """Look at the reader (StuckError, PcscError)."""
        known = {self.reader: UNAWARE}
        return self._call(lambda: self._established().changes(known)).get(self.reader, UNAWARE)

    def connect(self) -> tuple[bytes, bool]:
        """Connect the card; returns its ATR and whether extended length passes.

        Raises:
            StuckError, PcscError: No card is connected then.
        """
        return self._call(self._connect, CONNECT_S)

    def transmit(self, command: bytes, timeout_s: float) -> bytes:
        """Send an APDU to the connected card (StuckError, PcscError)."""
        card = self._card
        if card is None:
            raise ValueError("no card is connected")
        return self._call(lambda: card.transmit(command), timeout_s)

    def disconnect(self) -> None:
        """Cut the card's power (StuckError)."""
        if self._card is not None:
            self._call(self._disconnect)

    def end(self) -> None:
        """Let go of the card and the service; never raises and never waits long."""
        with suppress(StuckError):
            self._call(self._let_go)
            self._jobs.put(None)

    def _call(self, action: Callable[[], R], timeout_s: float | None = None) -> R:
        job = _Job(action)
        self._jobs.put(job.do)
        try:
            return job.result(CALL_S if timeout_s is None else timeout_s)
        except StuckError:
            with self._stuck_lock:
                self._stuck.add(self)
            self._jobs.put(_Job(self._let_go).do)
            self._jobs.put(None)
            raise

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
        with self._stuck_lock:
            self._stuck.discard(self)

    # What follows runs on the session's thread, and leaves its results here even when nobody
    # waits for them any more: so nothing is forgotten to be given back.

    def _establish(self) -> None:
        self._context = Context()

    def _established(self) -> Context:
        if self._context is None:
            raise ValueError("there is no context")
        return self._context

    def _connect(self) -> tuple[bytes, bool]:
        self._disconnect()
        self._card = card = self._established().connect(self.reader)
        try:
            return card.atr(), card.takes_extended_length()
        except PcscError:
            self._disconnect()
            raise

    def _disconnect(self) -> None:
        card, self._card = self._card, None
        if card is not None:
            card.disconnect()

    def _let_go(self) -> None:
        self._disconnect()
        context, self._context = self._context, None
        if context is not None:
            context.release()
