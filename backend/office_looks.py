"""How busy an office is, for the public: looked at every few seconds, however many ask."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.commands import live
from backend.settings import OfficeSettings
from backend.store import Store
from common.wire.live import OfficeLive, OfficeWaits

_FRESH = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Look:
    """An office at one moment."""

    live: OfficeLive
    waits: OfficeWaits


@dataclass(slots=True)
class OfficeLooks:
    """Keeps the last look at each office, so that a crowd of readers costs no more than one."""

    _last: dict[str, Look] = field(default_factory=dict)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def at(self, store: Store, office: OfficeSettings, now: datetime) -> Look:
        """Return an office as it was a few seconds ago at most."""
        async with self._looking:
            last = self._last.get(office.code)
            if last is None or not now - _FRESH < last.live.at <= now:
                last = await store.read(
                    lambda transaction: Look(
                        live.live(transaction, office), live.waits(transaction, office.code)
                    )
                )
                self._last[office.code] = last
            return last
