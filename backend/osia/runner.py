"""What runs beside the service while OSIA is on: telling subscribers, asking a CMS."""

import asyncio
import logging
from functools import partial

from backend.happenings import last_number
from backend.osia import credentials, delivery, notification
from backend.osia.credentials import Cms
from backend.settings import OsiaSettings
from backend.store import Store, StoreError

logger = logging.getLogger(__name__)

_PAUSE_S = 1.0


async def run(store: Store, osia: OsiaSettings, cms: Cms | None) -> None:
    """Work until cancelled. It outlives every failure of the store: what is due stays due."""
    told = -1
    while True:
        try:
            told = await _tell(store, told)
            await _deliver(store, osia.public_address)
            if cms is not None:
                await _ask(store, cms)
        except StoreError:
            logger.warning("other systems could not be served; trying again")
        await asyncio.sleep(_PAUSE_S)


async def _tell(store: Store, told: int) -> int:
    while await store.read(last_number) > told:
        told = await store.command(notification.tell_happenings)
    return told


async def _deliver(store: Store, public_address: str) -> None:
    while await store.read(delivery.is_due):
        taken = await store.command(lambda t: delivery.take(t, public_address))
        outcomes = await asyncio.gather(
            *(asyncio.to_thread(delivery.send, sending) for sending in taken)
        )
        for sending, is_taken in zip(taken, outcomes, strict=True):
            await store.command(partial(delivery.mark, sending=sending, is_taken=is_taken))


async def _ask(store: Store, cms: Cms) -> None:
    while await store.read(credentials.is_due):
        taken = await store.command(lambda t: credentials.take(t, cms.profile))
        outcomes = await asyncio.gather(*(asyncio.to_thread(cms.do, work) for work in taken))
        for work, outcome in zip(taken, outcomes, strict=True):
            mark = partial(credentials.mark, work=work, outcome=outcome, poll=cms.poll)
            await store.command(mark)
