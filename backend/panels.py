"""Tells whoever watches a hall's panel that it changed."""

import asyncio
from collections.abc import AsyncIterator

from backend.commands.panel import display_state
from backend.store import Store
from common.wire.shapes import DisplayState

HEARTBEAT_S = 15.0
_MOST_LISTENERS = 200


class Panels:
    """Tells the listeners of an office that its panel changed.

    A listener holds one flag and no queue: it always sends the state as it is now, so a slow one
    skips states and never takes memory.
    """

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = {}
        self._ended = False

    def changed(self, offices: set[str]) -> None:
        """Wake the listeners of these offices. Call it on the loop's thread."""
        for office in offices:
            for flag in self._listeners.get(office, ()):
                flag.set()

    def end(self) -> None:
        """Let every stream end, so that the service can stop."""
        self._ended = True
        self.changed(set(self._listeners))

    async def states(self, store: Store, office: str) -> AsyncIterator[DisplayState | None]:
        """Yield the state now and after each change, and None where nothing changed for long."""
        flag = asyncio.Event()
        listeners = self._listeners.setdefault(office, set())
        if len(listeners) >= _MOST_LISTENERS:
            return
        listeners.add(flag)
        last = -1
        try:
            while not self._ended:
                flag.clear()
                state = await store.read(lambda transaction: display_state(transaction, office))
                if state.revision != last:
                    last = state.revision
                    yield state
                try:
                    await asyncio.wait_for(flag.wait(), HEARTBEAT_S)
                except TimeoutError:
                    yield None
        finally:
            listeners.discard(flag)
