"""Tells whoever watches a hall's panel that it changed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

from backend.commands.panel import display_state
from backend.settings import OfficeSettings
from backend.store import Store
from common.domain.clock import Clock
from common.wire.shapes import DisplayState

HEARTBEAT_S = 15.0
"""A listener hears something at least so often, so that it knows a dead line from a quiet hall."""
_MOST_LISTENERS = 200
_WORTH_SAYING = timedelta(minutes=5)


class _Hall:
    """The listeners of one office, and the state that they share."""

    def __init__(self) -> None:
        self.flags: set[asyncio.Event] = set()
        self.state: DisplayState | None = None
        self.changes = 0
        self.read_at = 0.0
        self._reading = asyncio.Lock()

    def changed(self) -> None:
        """Wake every listener."""
        self.changes += 1
        self.state = None
        for flag in self.flags:
            flag.set()

    async def now(self, store: Store, office: OfficeSettings) -> DisplayState:
        """Return the state; a change costs one question, however many listen."""
        async with self._reading:
            state = self.state
            if state is None:
                self.read_at = asyncio.get_running_loop().time()
                changes = self.changes
                state = await store.read(lambda transaction: display_state(transaction, office))
                if changes == self.changes:
                    self.state = state
            return state

    def forget_old(self) -> None:
        """Let the state be read again; another process may have changed it."""
        if asyncio.get_running_loop().time() - self.read_at > HEARTBEAT_S / 2:
            self.state = None


class Panels:
    """Tells the listeners of an office that its panel changed.

    A listener holds one flag and no queue: it always sends the state as it is now, so a slow one
    skips states and never takes memory. What it may not skip is who was called: each state says
    which of the standing calls this listener has not been told of.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._halls: dict[str, _Hall] = {}
        self._ended = False

    def changed(self, offices: set[str]) -> None:
        """Wake the listeners of these offices. Call it on the loop's thread."""
        for office in offices:
            if office in self._halls:
                self._halls[office].changed()

    def end(self) -> None:
        """Let every stream end, so that the service can stop."""
        self._ended = True
        self.changed(set(self._halls))

    async def states(
        self, store: Store, office: OfficeSettings, after: int | None = None
    ) -> AsyncIterator[DisplayState]:
        """Yield the state now, after each change, and again where nothing changed for long.

        Args:
            store: What knows.
            office: Whose panel.
            after: The revision of the last state that the listener saw before its line was lost.
        """
        hall = self._halls.setdefault(office.code, _Hall())
        if len(hall.flags) >= _MOST_LISTENERS:
            return
        flag = asyncio.Event()
        hall.flags.add(flag)
        try:
            while not self._ended:
                flag.clear()
                state = await hall.now(store, office)
                yield self._announcing(state, after)
                after = state.revision
                try:
                    await asyncio.wait_for(flag.wait(), HEARTBEAT_S)
                except TimeoutError:
                    hall.forget_old()
        finally:
            hall.flags.discard(flag)

    def _announcing(self, state: DisplayState, after: int | None) -> DisplayState:
        # A number that was never given is of another database: nothing can be told from it.
        if after is None or after >= state.revision:
            return state
        since = self._clock() - _WORTH_SAYING
        untold = [call for call in state.calls if call.revision > after and call.called_at > since]
        untold.sort(key=lambda call: (call.revision, call.tag_number))
        return state.model_copy(update={"announce": tuple(untold)})
