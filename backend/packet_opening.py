"""The step that opens packets: in the backend, or as `smartics backend open-packets`."""

import asyncio
import contextlib
import logging
from pathlib import Path

from backend.commands import opening
from backend.database import prepare
from backend.keys import SecretError
from backend.packet_files import PacketFiles
from backend.packet_secrets import packet_keys
from backend.settings import OfficeSettings, SettingsError, read
from backend.store import Store, StoreError
from common.domain.clock import system_clock
from common.wire.packet_keys import PacketPrivateKey
from common.wire.packets import PacketContent

logger = logging.getLogger(__name__)

PAUSE_S = 5.0


def run(config: Path, *, once: bool = False) -> int:
    """Open packets until interrupted; or only what waits now, and return how many that were.

    Raises:
        SettingsError: The settings are wrong, or the database is a file: only one program may
            write it, so that there the backend itself opens packets.
        SecretError, StoreError: There is no packet key, or the database does not open.
    """
    settings = read(config)
    if not settings.on_postgresql:
        raise SettingsError("on SQLite the backend opens packets itself: name packet_key there")
    key, _ = packet_keys(settings)
    if key is None:
        raise SecretError("packet_key is not named")
    keys, database = prepare(settings)
    offices = {office.code: office for office in settings.offices}
    store, files = Store(database, keys, system_clock), PacketFiles(settings.packets)
    opened = 0

    async def work() -> None:
        nonlocal opened
        if not once:
            await keep_opening(store, files, key, offices)
        while settled := await open_waiting(store, files, key, offices):
            opened += settled

    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(work())
    finally:
        store.close()
    return opened


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
