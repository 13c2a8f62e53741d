"""/v1/packets: announced, sent chunk by chunk, completed; and what a supervisor looks after."""

import asyncio
import logging
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from backend.api.access import Asked, Caller, Running
from backend.commands import packet_watch, packets
from backend.commands.packet_signers import station_public_key
from backend.commands.station import must_have_role
from backend.packet_files import PacketFiles
from backend.transaction import Refusal, Transaction
from common.domain.officer import Role
from common.wire.packet_sealing import verify
from common.wire.packets import (
    MOST_CHUNKS,
    MissingPacketsAnswer,
    PacketAnnounced,
    PacketError,
    PacketHeader,
    PacketsAnswer,
    PacketsHeld,
    PacketState,
    PacketView,
    leaf,
    read_header,
)

logger = logging.getLogger(__name__)

router = APIRouter()

_KINDS = ("booth", "field")
_CHUNK = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}

Position = Annotated[int, Path(ge=0, lt=MOST_CHUNKS)]


@router.post("/v1/packets", response_model=PacketView)
async def announce(asked: Asked, body: PacketAnnounced) -> Response:
    """Announce a packet by its signed header; the answer names the chunks that are missing."""
    asked.must_be(*_KINDS)
    header = await _verified(asked, body)
    return _shown(
        await asked.command_each_time(
            lambda transaction: packets.announce(transaction, asked.station, body, header)
        )
    )


@router.get("/v1/packets", response_model=PacketsHeld)
async def last_packet(asked: Asked) -> PacketsHeld:
    """Tell the newest packet of this station."""
    asked.must_be(*_KINDS)
    return await asked.read(lambda transaction: packets.held(transaction, asked.station))


@router.put(
    "/v1/packets/{packet_id}/chunks/{position}",
    status_code=204,
    openapi_extra=_CHUNK,
)
async def put_chunk(
    asked: Asked, running: Running, packet_id: UUID, position: Position, request: Request
) -> None:
    """Take one chunk, in any order; the same chunk again is the same."""
    asked.must_be(*_KINDS)
    name, stored = await asked.read(
        lambda transaction: packets.chunk_leaf(transaction, asked.station, packet_id, position)
    )
    if stored:
        return
    chunk = await request.body()
    if leaf(chunk).hex() != name:
        raise Refusal(422, "chunk_wrong", "these are not the bytes of the announced chunk")
    await _keep(running.packet_files, name, chunk)
    await asked.command_each_time(
        lambda transaction: packets.note_chunks(transaction, packet_id, {name: True})
    )


@router.get("/v1/packets/{packet_id}", response_model=PacketView)
async def packet_state(asked: Asked, packet_id: UUID) -> Response:
    """Tell where a packet stands and which chunks are missing."""
    asked.must_be(*_KINDS)
    return _shown(
        await asked.read(lambda transaction: packets.view(transaction, asked.station, packet_id))
    )


@router.post("/v1/packets/{packet_id}/complete", response_model=PacketView)
async def complete(asked: Asked, running: Running, packet_id: UUID) -> Response:
    """Take a packet that is whole and answer with the signed receipt."""
    asked.must_be(*_KINDS)
    lost = await _lost_files(asked, running.packet_files, packet_id)
    view = await asked.command_each_time(
        lambda transaction: packets.complete(transaction, asked.station, packet_id, lost)
    )
    if view.state is PacketState.ANNOUNCED:
        raise Refusal(409, "not_whole", f"{len(view.missing)} chunks are missing")
    return _shown(view)


@router.get("/v1/work/missing-packets", response_model=MissingPacketsAnswer)
async def missing_packets(asked: Asked) -> MissingPacketsAnswer:
    """Name the packets that stations numbered and that never came."""
    asked.must_be("booth")

    def ask(transaction: Transaction) -> MissingPacketsAnswer:
        must_have_role(asked.officer(transaction), {Role.SUPERVISOR})
        return packet_watch.missing(transaction, asked.station.office)

    return await asked.read(ask)


@router.get("/v1/work/packets", response_model=PacketsAnswer)
async def packets_not_accepted(asked: Asked) -> PacketsAnswer:
    """List the packets that were rejected, or whose case went on elsewhere."""
    asked.must_be("booth")

    def ask(transaction: Transaction) -> PacketsAnswer:
        must_have_role(asked.officer(transaction), {Role.SUPERVISOR})
        return packet_watch.not_accepted(transaction, asked.station.office)

    return await asked.read(ask)


async def _verified(asked: Caller, body: PacketAnnounced) -> PacketHeader:
    """Prove the header with the station's own key, away from the store's thread."""
    text, name = body.header.encode(), asked.station.name
    try:
        signer = read_header(text).signer
        key = await asked.read(lambda t: station_public_key(t, name, signer))
        return verify(text, body.signature, [bytes.fromhex(found) for found in body.leaves], key)
    except PacketError as error:
        raise Refusal(422, "packet_wrong", str(error)) from error


async def _keep(files: PacketFiles, name: str, chunk: bytes) -> None:
    try:
        await asyncio.to_thread(files.put, name, chunk)
    except OSError as error:
        logger.error("a chunk could not be kept: %s", error.strerror)  # noqa: TRY400 (no traceback)
        raise Refusal(503, "storage_failed", "the chunk could not be kept; send it again") from None


async def _lost_files(asked: Caller, files: PacketFiles, packet_id: UUID) -> frozenset[str]:
    """A receipt promises the bytes, not the rows: look once more before it is signed."""
    row = await asked.read(lambda t: packets.load(t, asked.station, packet_id))
    if row.received_at is not None:
        return frozenset()
    header = read_header(row.header)
    names = await asked.read(lambda t: packets.leaves(t, packet_id))
    return frozenset(
        name
        for position, name in enumerate(names)
        if not files.has(name, header.chunk_bytes(position))
    )


def _shown(view: PacketView) -> Response:
    # The signature is bytes already; only this way it is not taken for base64 once more.
    return Response(view.model_dump_json(), media_type="application/json")
