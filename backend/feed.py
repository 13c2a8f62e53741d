"""Tells programs what happened, as it happens, and first what they missed.

One reader follows the ledger for all listeners of a process. What it read last lies in one ring
that they share; a listener holds a place in it and nothing else. Whoever is behind the ring reads
the ledger itself, page by page. Numbers become visible in their order, for commands are committed
one after another, so nothing below a place that was reached can still appear.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable

from backend.happenings import Line, last_number, lines_after
from backend.store import Store, StoreError
from backend.transaction import Refusal
from common.wire.events import Happening, Reset

logger = logging.getLogger(__name__)

HEARTBEAT_S = 15.0
MOST_REPLAYED = 10_000
_POLL_S = 1.0  # what other processes committed is seen so late; own commits at once
_RING = 2_000
_MOST_LISTENERS = 1_000
# After these somebody may no longer listen, of whatever office.
_ABOUT_TRUST = ("station_", "officer_")


class Feed:
    """Follows the ledger for the listeners of one process. It lives on the loop's thread."""

    def __init__(self) -> None:
        self._ring: deque[Line] = deque(maxlen=_RING)
        self._begin = self._end = 0  # the ring holds all lines after _begin, up to _end
        self._listeners: dict[asyncio.Event, str] = {}
        self._woken = asyncio.Event()
        self._reading = asyncio.Lock()
        self._ended = False

    def wake(self) -> None:
        """Say that something was committed here. Call it on the loop's thread."""
        self._woken.set()

    def end(self) -> None:
        """Let every stream end, so that the service can stop."""
        self._ended = True
        self._tell(set(self._listeners))

    async def follow(self, store: Store) -> None:
        """Read new lines for as long as the service runs and anybody listens."""
        while not self._ended:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _POLL_S)
            self._woken.clear()
            if self._listeners:
                try:
                    async with self._reading:
                        await self._read_on(store)
                except StoreError:
                    logger.warning("the ledger could not be followed; trying again")

    async def events(
        self,
        store: Store,
        office: str,
        after: int | None,
        is_admitted: Callable[[], Awaitable[bool]],
    ) -> AsyncIterator[Happening | Reset | None]:
        """Yield what happened in an office after a line, and None where nothing does for long.

        Args:
            store: The store.
            office: Whose cases.
            after: The last line that is known; None begins with what happens from now on.
            is_admitted: Whether the listener may still listen; asked before each batch is sent.
        """
        flag = asyncio.Event()
        place = await self._join(store, flag, office)
        try:
            if after is not None:
                if not 0 <= place - after <= MOST_REPLAYED:
                    yield Reset(number=place)
                else:
                    place = after
            while not self._ended and await is_admitted():
                flag.clear()
                batch, place = await self._next(store, office, place)
                for told in batch:
                    yield told
                if place < self._end:
                    continue
                try:
                    await asyncio.wait_for(flag.wait(), HEARTBEAT_S)
                except TimeoutError:
                    yield None
        finally:
            self._listeners.pop(flag, None)

    def must_have_room(self) -> None:
        """Refuse one listener too many.

        Raises:
            Refusal: As many listen as one process serves.
        """
        if len(self._listeners) >= _MOST_LISTENERS:
            raise Refusal(503, "busy", "too many listeners")

    async def _join(self, store: Store, flag: asyncio.Event, office: str) -> int:
        async with self._reading:
            if not self._listeners:
                # Nobody followed meanwhile; what lies in the ring has a gap behind it.
                self._ring.clear()
                self._begin = self._end = await store.read(last_number)
            self._listeners[flag] = office
            return self._end

    async def _next(
        self, store: Store, office: str, place: int
    ) -> tuple[list[Happening | Reset], int]:
        if self._end - place > MOST_REPLAYED:
            # It listens too slowly ever to catch up.
            return [Reset(number=self._end)], self._end
        if place >= self._begin:
            found = [one for one in self._ring if one.number > place and one.office == office]
            return [one.told for one in found if one.told is not None], max(place, self._end)
        known = self._end
        page = await store.read(lambda transaction: lines_after(transaction, place, office))
        # Beyond what the ring knows it would be told twice.
        page = [one for one in page if one.number <= known]
        reached = page[-1].number if page else known
        return [one.told for one in page if one.told is not None], reached

    async def _read_on(self, store: Store) -> None:
        while True:
            new = await store.read(lambda transaction: lines_after(transaction, self._end))
            if not new:
                return
            for line in new:
                if len(self._ring) == _RING:
                    self._begin = self._ring[0].number
                self._ring.append(line)
            self._end = new[-1].number
            offices = {line.office for line in new}
            is_about_trust = any(line.kind.startswith(_ABOUT_TRUST) for line in new)
            self._tell(
                {
                    flag
                    for flag, office in self._listeners.items()
                    if is_about_trust or office in offices
                }
            )

    def _tell(self, flags: set[asyncio.Event]) -> None:
        for flag in flags:
            flag.set()
