"""What the service does by itself every now and then: opens days, sends reminders, forgets."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from backend import idempotency, packet_upkeep, tree_heads
from backend.api.doorkeeper import forget_nonces
from backend.commands import (
    bookings,
    enquiry,
    holds,
    notices,
    officer_cards,
    sign_in,
    slot_plan,
    waiting,
    wishes,
)
from backend.notices import outbox
from backend.packet_files import PacketFiles
from backend.settings import Settings
from backend.store import Store
from backend.transaction import Transaction

logger = logging.getLogger(__name__)

EVERY_S = 600.0


async def keep_house(store: Store, settings: Settings, files: PacketFiles) -> None:
    """Do every step each ten minutes; one that fails is tried again next time."""
    steps: dict[str, Callable[[], Awaitable[object]]] = {
        "open days": lambda: store.command(lambda transaction: open_days(transaction, settings)),
        "old answers": lambda: store.command(idempotency.forget_old),
        "old holds": lambda: store.command(holds.forget_old),
        "old bookings": lambda: store.command(bookings.forget_old),
        "old enquiries": lambda: store.command(enquiry.forget_old),
        "old wishes": lambda: store.command(wishes.forget_old),
        "old waits": lambda: store.command(waiting.forget_old),
        "packets": lambda: packet_upkeep.sweep(store, files),
        "notices": lambda: store.command(outbox.tidy),
        "reminders": lambda: _remind(store),
        "sign-ins": lambda: store.command(sign_in.forget_old),
        "challenges": lambda: store.command(officer_cards.forget_old),
        "nonces": lambda: store.command(forget_nonces),
        "ledger's head": lambda: store.command(lambda transaction: _sign(transaction, settings)),
    }
    while True:
        await asyncio.sleep(EVERY_S)
        for name, step in steps.items():
            try:
                await step()
            except Exception as error:
                # Its text may quote what is personal.
                logger.error("housekeeping, %s: %s", name, type(error).__name__)  # noqa: TRY400


def open_days(transaction: Transaction, settings: Settings) -> None:
    """Make the slots of the days that can be booked by now, and offer places given back."""
    holds.release_expired(transaction)
    for office in settings.offices:
        slot_plan.open_days(transaction, office)
    wishes.offer_places(transaction, settings.booking, settings.offices)


async def _remind(store: Store) -> None:
    while await store.command(notices.remind):
        pass


def _sign(transaction: Transaction, settings: Settings) -> None:
    if tree_heads.is_due(transaction, tree_heads.AT_LEAST_EVERY):
        tree_heads.sign(transaction, settings.ledger_name)
