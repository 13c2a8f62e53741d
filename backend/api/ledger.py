"""/v1/ledger: what anybody may know to watch over the ledger. There is nothing personal in it."""

from base64 import b64encode
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse

from backend import tree_heads
from backend.api.access import Running
from backend.notes import LogKey
from backend.transaction import Refusal, Transaction
from common.wire.ledger import ConsistencyProof, InclusionProof

router = APIRouter(prefix="/v1/ledger")

Number = Annotated[int, Query(ge=1, le=2**63 - 1)]


@router.get("/checkpoint", response_class=PlainTextResponse)
async def checkpoint(running: Running) -> PlainTextResponse:
    """Answer with the signed head of the ledger, at most ten seconds behind (C2SP checkpoint)."""

    def kept(transaction: Transaction) -> str | None:
        head = tree_heads.latest(transaction.connection)
        if head is None or tree_heads.is_due(transaction, tree_heads.AT_MOST_EVERY):
            return None
        return str(head.note)

    note = await running.store.read(kept)
    if note is None:
        name = running.settings.ledger_name
        note = await running.store.command(lambda transaction: tree_heads.sign(transaction, name))
    return PlainTextResponse(note)


@router.get("/key", response_class=PlainTextResponse)
async def key(running: Running) -> PlainTextResponse:
    """Answer with the key that verifies the heads: NAME+ID+KEY (C2SP signed note)."""
    name = running.settings.ledger_name
    log = await running.store.read(lambda transaction: LogKey(name, transaction.keys.log))
    return PlainTextResponse(f"{log.verifier}\n")


@router.get("/proof/inclusion", response_model=InclusionProof)
async def inclusion(running: Running, line: Number, size: Number) -> InclusionProof:
    """Prove that a line is in the ledger of a size."""

    def prove(transaction: Transaction) -> InclusionProof:
        connection = transaction.connection
        _must_reach(transaction, size)
        if line > size:
            raise Refusal(404, "not_found", "the line comes after this size")
        return InclusionProof(
            line=line,
            size=size,
            leaf=_text(tree_heads.leaf(connection, line)),
            proof=[_text(hash_) for hash_ in tree_heads.inclusion(connection, line, size)],
        )

    return await running.store.read(prove)


@router.get("/proof/consistency", response_model=ConsistencyProof)
async def consistency(running: Running, old: Number, size: Number) -> ConsistencyProof:
    """Prove that the ledger of a size begins with the ledger of an older size."""

    def prove(transaction: Transaction) -> ConsistencyProof:
        _must_reach(transaction, size)
        if old > size:
            raise Refusal(404, "not_found", "the older size is the larger one")
        proof = tree_heads.consistency(transaction.connection, old, size)
        return ConsistencyProof(old=old, size=size, proof=[_text(hash_) for hash_ in proof])

    return await running.store.read(prove)


def _must_reach(transaction: Transaction, size: int) -> None:
    if size > tree_heads.size(transaction.connection):
        raise Refusal(404, "not_found", "the ledger is not so long")


def _text(hash_: bytes) -> str:
    return b64encode(hash_).decode()
