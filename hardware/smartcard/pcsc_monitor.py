"""Watches all PC/SC readers and their cards, over every restart of the service."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from threading import Event, RLock, Thread
from types import TracebackType
from typing import Protocol, Self

from hardware.smartcard.pcsc_calls import UNAWARE, Context, ReaderState
from hardware.smartcard.pcsc_codes import READER_GONE, PcscError

LOOK_S = 0.2
"""How long one look waits: a new reader is found, and an end noticed, within that time."""
STOP_S = 0.5


class ChangeKind(StrEnum):
    """What a monitor tells."""

    SERVICE_UP = "service_up"
    SERVICE_DOWN = "service_down"
    READER_FOUND = "reader_found"
    READER_GONE = "reader_gone"
    CARD_IN = "card_in"
    CARD_OUT = "card_out"
    """There is no card, or none any more: every reader found is empty or has a card in."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened.

    After READER_GONE and SERVICE_DOWN nothing is known of the cards; what is there is told again
    when the reader or the service is back.

    Attributes:
        reader: Its whole name; empty where the service is meant.
        atr: Of a card that came; empty where it is mute.
    """

    kind: ChangeKind
    reader: str = ""
    atr: bytes = b""


class ManagerContext(Protocol):
    """The part of a PC/SC context that a monitor needs; all but release() raises PcscError."""

    def readers(self) -> list[str]:
        """Name the readers."""
        ...

    def changes(
        self, known: dict[str, ReaderState], timeout_s: float = 0.0
    ) -> dict[str, ReaderState]:
        """Wait for a change."""
        ...

    def release(self) -> None:
        """Give the context back."""
        ...


class PcscMonitor:
    """Tells changes from a thread of its own, one at a time, from start() until stop()."""

    def __init__(
        self,
        tell: Callable[[Change], None],
        establish: Callable[[], ManagerContext] = Context,
        look_s: float = LOOK_S,
    ) -> None:
        self._tell = tell
        self._establish = establish
        self._look_s = look_s
        self._ended = Event()
        self._telling = RLock()
        self._known: dict[str, ReaderState] = {}
        self._is_service_up: bool | None = None
        self._thread = Thread(target=self._run, name="pcsc monitor", daemon=True)

    def start(self) -> None:
        """Begin to watch. What is there already is told first. A monitor is started once."""
        self._thread.start()

    def stop(self) -> None:
        """End within STOP_S; nothing is told any more. Safe to repeat, also from tell()."""
        # A change that is being told at this moment is told to its end, unless that takes long.
        is_locked = self._telling.acquire(timeout=STOP_S)
        self._ended.set()
        if is_locked:
            self._telling.release()

    def join(self, timeout_s: float = STOP_S) -> bool:
        """Wait for the thread's end; False when the service still holds it."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                context = self._establish()
            except PcscError:
                self._service(is_up=False)
            else:
                self._watch(context)
            self._ended.wait(self._look_s)

    def _watch(self, context: ManagerContext) -> None:
        try:
            while not self._ended.is_set():
                readers = context.readers()
                self._service(is_up=True)
                self._list(readers)
                if self._known:
                    self._look(context)
                else:
                    self._ended.wait(self._look_s)
        except PcscError:
            self._service(is_up=False)
        finally:
            context.release()

    def _look(self, context: ManagerContext) -> None:
        try:
            self._see(context.changes(self._known, self._look_s))
        except PcscError as error:
            if error.code not in READER_GONE:  # such a reader is missing from the next list
                raise

    def _service(self, *, is_up: bool) -> None:
        if is_up is self._is_service_up:
            return
        self._is_service_up = is_up
        if not is_up:
            self._known.clear()
        self._say(Change(ChangeKind.SERVICE_UP if is_up else ChangeKind.SERVICE_DOWN))

    def _list(self, readers: list[str]) -> None:
        for reader in [known for known in self._known if known not in readers]:
            del self._known[reader]
            self._say(Change(ChangeKind.READER_GONE, reader))
        for reader in readers:
            if reader not in self._known:
                self._known[reader] = UNAWARE
                self._say(Change(ChangeKind.READER_FOUND, reader))

    def _see(self, states: dict[str, ReaderState]) -> None:
        for reader, now in states.items():
            before = self._known.get(reader, UNAWARE)
            if not now.has_changed or not now.is_known:
                continue  # a reader that is gone is missing from the next list
            self._known[reader] = now
            is_another = before.has_card and now.cards_moved != before.cards_moved
            if is_another or (not now.has_card and (before.has_card or before == UNAWARE)):
                self._say(Change(ChangeKind.CARD_OUT, reader))
            if now.has_card and (is_another or not before.has_card):
                self._say(Change(ChangeKind.CARD_IN, reader, now.atr))

    def _say(self, change: Change) -> None:
        with self._telling:
            if not self._ended.is_set():
                self._tell(change)
