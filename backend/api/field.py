"""/v1/keys, /v1/time, /v1/work-orders: what a field station takes along."""

from typing import Annotated, Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from fastapi import APIRouter, Query, Response

from backend.api.access import Asked, Commanded, Running
from backend.commands import work_orders
from backend.commands.packet_signers import station_public_key
from backend.commands.station import must_have_role
from backend.transaction import Refusal, Transaction
from common.domain.officer import Role
from common.wire.base import Token
from common.wire.field import (
    BackendKeys,
    Bundle,
    BundleRequest,
    ServerTime,
    WorkOrderRequest,
    WorkOrdersAnswer,
    bundle_key_bytes,
)
from common.wire.packets import PacketError
from common.wire.signed import Signed, sign

router = APIRouter()


@router.get("/v1/keys", response_model=BackendKeys)
async def keys(asked: Asked, running: Running) -> Response:
    """Tell the keys that a station proves the backend's word with, and seals packets to."""
    public = await asked.read(
        lambda transaction: transaction.keys.signing_key().public_key().public_bytes_raw()
    )
    return _shown(BackendKeys.model_construct(signing=public, packets=running.packet_public_key))


@router.get("/v1/time", response_model=Signed)
async def server_time(asked: Asked, nonce: Annotated[Token, Query()]) -> Response:
    """Sign the time together with the station's nonce, so that no old answer passes for a new."""

    def tell(transaction: Transaction) -> Signed:
        time = ServerTime(station=asked.station.name, nonce=nonce, at=transaction.now)
        return sign(transaction.keys.signing_key(), "server time", time)

    return _shown(await asked.read(tell))


@router.post("/v1/work-orders", response_model=Signed)
async def make_order(asked: Commanded, body: WorkOrderRequest) -> Response:
    """Send a field station out: a supervisor says where, when, for whom."""
    asked.must_be("booth")

    def make(transaction: Transaction) -> Signed:
        officer = must_have_role(asked.officer(transaction), {Role.SUPERVISOR})
        return work_orders.make(transaction, asked.station, officer, body)

    return await asked.command(make)


@router.get("/v1/work-orders", response_model=WorkOrdersAnswer)
async def orders(asked: Asked) -> Response:
    """Fetch the signed orders of this station that still run."""
    asked.must_be(*work_orders.FIELD_KINDS)
    return _shown(
        await asked.read(lambda transaction: work_orders.held(transaction, asked.station))
    )


@router.post("/v1/work-orders/{order_id}/bundle", response_model=Bundle)
async def bundle(asked: Asked, order_id: UUID, body: BundleRequest) -> Response:
    """Seal the expected cases to a key that the station made and signed for this fetch."""
    asked.must_be(*work_orders.FIELD_KINDS)
    name = asked.station.name
    key = await asked.read(lambda transaction: station_public_key(transaction, name, body.signer))
    told = bundle_key_bytes(order_id, body.recipient)
    try:
        key.verify(body.signature, told, ECDSA(SHA256()))
    except InvalidSignature as error:
        raise Refusal(403, "signature_wrong", "the station did not sign this key") from error

    def seal(transaction: Transaction) -> Bundle:
        try:
            return work_orders.bundle(transaction, asked.station, order_id, body.recipient)
        except PacketError as error:
            raise Refusal(422, "key_wrong", str(error)) from error

    # Each fetch is sealed anew, to a key of its own: nothing of it is kept for repetition.
    return _shown(await asked.command_each_time(seal))


def _shown(answer: Any) -> Response:
    # Signatures and ciphertext are bytes already; only so they are not taken for base64 again.
    return Response(answer.model_dump_json(), media_type="application/json")
