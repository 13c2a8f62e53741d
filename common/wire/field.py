"""What a field team takes along: keys, the signed time, work orders and case bundles."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Base64Bytes, Field

from common.wire.base import Bytes, Day, Digest, Line, Name, Sentence, Shape, Token
from common.wire.packet_keys import PacketPublicKey
from common.wire.packets import KeyName
from common.wire.shapes import CaseView
from common.wire.signed import Signed

LONGEST_ORDER = timedelta(hours=72)
MOST_CASES = 200


class BackendKeys(Shape):
    """GET /v1/keys: what a station learns at pairing and proves the backend's word with.

    Attributes:
        signing: Ed25519, raw.
        packets: What packets are sealed to; None where no packet key is configured.
    """

    signing: Annotated[Base64Bytes, Bytes(32, 32)]
    packets: PacketPublicKey | None


class ServerTime(Shape):
    """The backend's time, signed for the purpose "server time" with the nonce that was asked."""

    station: Name
    nonce: Token
    at: datetime


class WorkOrderRequest(Shape):
    """POST /v1/work-orders: a supervisor sends a field station out."""

    station: Name
    place: Sentence
    first_day: Day
    last_day: Day
    expected: Annotated[int, Field(strict=True, ge=1, le=500)]
    most_packets: Annotated[int, Field(strict=True, ge=1, le=500)]
    hours: Annotated[int, Field(strict=True, ge=1, le=72)]
    cases: Annotated[tuple[UUID, ...], Field(max_length=MOST_CASES)] = ()


class WorkOrder(Shape):
    """What a field station may do, signed for the purpose "work order"."""

    order_id: UUID
    office: Name
    station: Name
    place: Line
    first_day: date
    last_day: date
    expected: int
    most_packets: int
    issued_at: datetime
    expires_at: datetime
    cases: tuple[UUID, ...]


class WorkOrdersAnswer(Shape):
    """GET /v1/work-orders: the orders of this station that still run."""

    orders: tuple[Signed, ...]


class BundleRequest(Shape):
    """POST /v1/work-orders/{id}/bundle: the key that the roster is to be sealed to.

    The station makes the key for this one fetch and signs bundle_key_bytes with its own, so that
    nobody between gets a roster sealed to a key of theirs.
    """

    recipient: PacketPublicKey
    signer: KeyName
    signature: Annotated[Base64Bytes, Bytes(0, 200)]


class BundleAbout(Shape):
    """What the backend signs about a bundle, for the purpose "case bundle"."""

    order_id: UUID
    station: Name
    kid: Digest
    sealed_hash: Digest


class Bundle(Shape):
    """The roster of an order, sealed."""

    signed: Signed
    sealed: Annotated[Base64Bytes, Bytes(0, 8_000_000)]


class Roster(Shape):
    """What a bundle holds: the expected cases, without finger, face and portrait."""

    cases: Annotated[tuple[CaseView, ...], Field(max_length=MOST_CASES)]


def bundle_key_bytes(order_id: UUID, recipient: PacketPublicKey) -> bytes:
    """Return what a station signs when it asks for a bundle."""
    return b"smartics bundle key\0" + order_id.bytes + bytes.fromhex(recipient.kid)


def bundle_info(order_id: UUID, station: str) -> bytes:
    """Return what the sealing of a bundle is bound to."""
    return b"smartics bundle\0" + order_id.bytes + station.encode()
