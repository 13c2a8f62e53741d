"""Keeps the ciphertext of packets no longer than it is needed."""

import asyncio
from datetime import timedelta

from sqlalchemy import delete, exists, select

from backend.packet_files import PacketFiles
from backend.schema.sync_tables import packet_chunks, packets
from backend.store import Store
from backend.transaction import Transaction
from common.wire.packets import PacketState

KEPT = timedelta(days=30)
"""How long an accepted packet's ciphertext is kept for a dispute; others stay until looked at."""

_UNNAMED_S = 24 * 3600.0


async def sweep(store: Store, files: PacketFiles) -> int:
    """Remove the files that no packet names any more; return how many.

    A file gets its row within seconds, so that a day-old file without one is what a crash left.
    """
    await store.command(_forget)
    now = await store.read(lambda transaction: transaction.now.timestamp())
    old = await asyncio.to_thread(files.names, _UNNAMED_S, now)
    named = await store.read(lambda transaction: _named(transaction, old))
    await asyncio.to_thread(files.remove, old - named)
    return len(old - named)


def _forget(transaction: Transaction) -> None:
    """Forget the chunks of packets that were accepted long ago."""
    old = (
        select(packets.c.packet_id)
        .where(
            packets.c.packet_id == packet_chunks.c.packet_id,
            packets.c.state == PacketState.ACCEPTED,
            packets.c.settled_at < transaction.now - KEPT,
        )
        .correlate(packet_chunks)
    )
    transaction.connection.execute(delete(packet_chunks).where(exists(old)))


def _named(transaction: Transaction, names: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    wanted = sorted(names)
    for start in range(0, len(wanted), 500):
        rows = transaction.connection.execute(
            select(packet_chunks.c.leaf).where(
                packet_chunks.c.leaf.in_(wanted[start : start + 500])
            )
        )
        found.update(rows.scalars())
    return frozenset(found)
