"""The step that opens packets: in the backend, or as `smartics backend open-packets`."""

import asyncio
import logging

from backend.commands import opening
from backend.packet_files import PacketFiles
from backend.settings import OfficeSettings
from backend.store import Store, StoreError
from common.wire.packet_keys import PacketPrivateKey
from common.wire.packets import PacketContent

logger = logging.getLogger(__name__)

PAUSE_S = 5.0


async def open_waiting(
    store: Store,
    files: PacketFiles,
    key: PacketPrivateKey,
    offices: dict[str, OfficeSettings],
) -> int:
    """Open the packets that wait; return how many found their end.

    A packet whose file cannot be read stays for the next round and holds nobody up; one that
    breaks the program itself is rejected, so that it does not come again and again.
    """
    kid, settled = key.public().kid, 0
    for packet_id, header, leaves in await store.read(lambda t: opening.waiting(t, kid)):
        try:
            opened = await asyncio.to_thread(opening.unseal, header, leaves, files, key)
        except OSError as error:
            logger.error("a packet's file cannot be read: %s", type(error).__name__)  # noqa: TRY400
            continue
        await _settle(store, packet_id, opened, offices)
        settled += 1
    return settled


async def keep_opening(
    store: Store,
    files: PacketFiles,
    key: PacketPrivateKey,
    offices: dict[str, OfficeSettings],
) -> None:
    """Open packets until cancelled."""
    while True:
        try:
            settled = await open_waiting(store, files, key, offices)
        except StoreError as error:
            logger.warning("packets wait: %s", error)
            settled = 0
        if not settled:
            await asyncio.sleep(PAUSE_S)


async def _settle(
    store: Store,
    packet_id: str,
    opened: PacketContent | str,
    offices: dict[str, OfficeSettings],
) -> None:
    try:
        await store.command(lambda t: opening.settle(t, packet_id, opened, offices))
    except StoreError:
        raise
    except Exception as error:
        # Its message may quote what was sealed; the type is enough.
        word = f"failed {type(error).__name__}"
        logger.error("a packet breaks the program: %s", word)  # noqa: TRY400 (see above)
        await store.command(lambda t: opening.settle(t, packet_id, word, offices))
