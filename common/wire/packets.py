"""The shapes of packets: a header that commits to everything, receipts, what the backend answers.

A packet is one application, sealed the moment the officer completes it. Whoever carries it, and
the edge that takes it in, can prove whose it is and that it is whole without being able to read it.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Base64Bytes, Field, ValidationError

from common.wire.base import WITHOUT_NUL, Bytes, Digest, Line, Name, Shape, Token
from common.wire.facts import FACT_SCHEMA, Fact
from common.wire.signed import Signed, canonical

CHUNK = 256 * 1024
TAG_BYTES = 16
MOST_CHUNKS = 64
LARGEST_PLAIN = CHUNK * MOST_CHUNKS
FIRST = "0" * 64
"""What stands for the packet before a station's first."""

HeaderText = Annotated[str, Field(max_length=8_000, pattern=WITHOUT_NUL)]
Chunks = Annotated[int, Field(ge=1, le=MOST_CHUNKS)]
Index = Annotated[int, Field(ge=0, lt=MOST_CHUNKS)]
KeyName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
Sequence64 = Annotated[int, Field(ge=1, lt=2**53)]


class PacketError(Exception):
    """A packet is not what its station sealed; the message names what does not fit."""


class Clocks(Shape):
    """What the station's clocks said. Order comes from seq; these only help to investigate.

    Attributes:
        wall: The station's own clock.
        monotonic_ms: Milliseconds that never go back, since boot_id began.
        last_server: The last time that the backend signed for this station.
    """

    wall: AwareDatetime
    monotonic_ms: Annotated[int, Field(ge=0, lt=2**53)]
    boot_id: UUID
    last_server: AwareDatetime | None = None


class PacketAbout(Shape):
    """What is known of a packet before it is sealed; its ciphertext is bound to every word.

    Attributes:
        signer: The name of the key that the station signs with.
        seq: Counts the station's packets, from 1.
        prev: The hash of the header before this one; FIRST for the first.
        kid: The name of the key that the packet is sealed to.
        size: Of what is sealed, in bytes.
    """

    format: Literal["smartics-packet-1"] = "smartics-packet-1"
    packet_id: UUID
    case_id: UUID
    order_id: UUID | None = None
    receipt_number: Name | None = None
    station: Name
    signer: KeyName
    office: Name
    officers: Annotated[tuple[Name, ...], Field(min_length=1, max_length=4)]
    seq: Sequence64
    prev: Digest
    fact_schema: Literal[1] = FACT_SCHEMA
    clocks: Clocks
    kid: Digest
    suite: Literal["MLKEM768-X25519 HKDF-SHA256 AES-256-GCM"] = (
        "MLKEM768-X25519 HKDF-SHA256 AES-256-GCM"
    )
    size: Annotated[int, Field(ge=1, le=LARGEST_PLAIN)]
    chunk: Literal[262144] = 262144

    @property
    def chunks(self) -> int:
        """How many chunks the ciphertext has."""
        return -(-self.size // self.chunk)

    def chunk_bytes(self, index: int) -> int:
        """Return the length of one ciphertext chunk."""
        last = index == self.chunks - 1
        plain = self.size - (self.chunks - 1) * self.chunk if last else self.chunk
        return plain + TAG_BYTES


class PacketHeader(PacketAbout):
    """What the station signs: root is the Merkle root over the ciphertext chunks."""

    wrapped_key: Annotated[Base64Bytes, Bytes(0, 3_000)]
    root: Digest


class OfficersFacts(Shape):
    """Facts in the order in which they happened, with the session of the officer who made them."""

    officer_token: Token | None = None
    facts: Annotated[tuple[Fact, ...], Field(min_length=1, max_length=50)]


class NewcomersCase(Shape):
    """A person who was not on the roster: the station opened a case of its own."""

    identity_number: Annotated[str, Field(max_length=12, pattern=WITHOUT_NUL)]
    year_of_birth: Annotated[int, Field(ge=1880, le=2100)]


class PacketContent(Shape):
    """What is sealed in a packet: one application, complete."""

    newcomer: NewcomersCase | None = None
    runs: Annotated[tuple[OfficersFacts, ...], Field(min_length=1, max_length=40)]


class PacketState(StrEnum):
    """Where a packet stands at the backend."""

    ANNOUNCED = "announced"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


SETTLED = frozenset({PacketState.ACCEPTED, PacketState.REJECTED, PacketState.DUPLICATE})
"""The states that are the backend's last word; duplicate: an officer compares the two."""


class PacketAnnounced(Shape):
    """POST /v1/packets. leaves are the hashes of the chunks, which the header's root commits to."""

    header: HeaderText
    signature: Annotated[Base64Bytes, Bytes(0, 200)]
    leaves: Annotated[tuple[Digest, ...], Field(min_length=1, max_length=MOST_CHUNKS)]


class PacketReceipt(Shape):
    """What the backend signs about a packet that lies safely in its store."""

    packet_id: UUID
    station: Name
    seq: int
    header_hash: Digest
    state: PacketState
    reason: Line = ""
    at: datetime


class PacketView(Shape):
    """GET /v1/packets/{id}: what is missing.

    Attributes:
        signed: Once the packet is whole, its PacketReceipt for the purpose "packet receipt".
    """

    packet_id: UUID
    state: PacketState
    reason: Line = ""
    missing: tuple[Index, ...] = ()
    signed: Signed | None = None


class PacketsHeld(Shape):
    """GET /v1/packets: the newest packet of this station that the backend knows."""

    last_seq: Annotated[int, Field(ge=0, lt=2**53)]
    last_hash: Digest


class PacketRow(Shape):
    """A packet that was not accepted."""

    packet_id: UUID
    station: Name
    seq: int
    case_id: UUID
    receipt_number: Line | None
    state: PacketState
    reason: Line
    settled_at: datetime


class PacketsAnswer(Shape):
    """GET /v1/work/packets."""

    packets: tuple[PacketRow, ...]


class MissingPackets(Shape):
    """An alarm: packets that a station numbered and the backend never got whole.

    Attributes:
        first_seq: The first missing number; last_seq: the last.
        why: never_came leaves a gap before a later packet; never_completed was only announced.
        since: When the backend first could know.
    """

    station: Name
    first_seq: int
    last_seq: int
    why: Literal["never_came", "never_completed"]
    since: datetime


class MissingPacketsAnswer(Shape):
    """GET /v1/work/missing-packets."""

    missing: tuple[MissingPackets, ...]


def header_hash(header: bytes) -> str:
    """Return the hash by which the next packet names this one."""
    return hashlib.sha256(header).hexdigest()


def read_header(text: bytes) -> PacketHeader:
    """Read a header that is written in the one canonical way.

    Raises:
        PacketError: It is not; two texts of one meaning would have two hashes.
    """
    try:
        header = PacketHeader.model_validate_json(text)
    except ValidationError:
        raise PacketError("the header has another shape") from None
    if write_header(header) != text:
        raise PacketError("the header is not canonical")
    return header


def write_header(header: PacketAbout) -> bytes:
    """Write a header, or what stands in it before it is sealed, in the canonical way."""
    return canonical(header.model_dump(mode="json"))


def leaf(chunk: bytes | memoryview) -> bytes:
    """Return the hash of one chunk; leaf and node hashes never meet (RFC 9162, 2.1.1)."""
    digest = hashlib.sha256(b"\0")
    digest.update(chunk)
    return digest.digest()


def root(leaves: Sequence[bytes]) -> str:
    """Return the Merkle root over leaf hashes; an odd one goes up as it is.

    Raises:
        PacketError: There is no leaf.
    """
    if not leaves:
        raise PacketError("a packet has at least one chunk")
    level = list(leaves)
    while len(level) > 1:
        pairs = [b"".join(level[i : i + 2]) for i in range(0, len(level), 2)]
        level = [
            hashlib.sha256(b"\1" + pair).digest() if len(pair) == 64 else pair for pair in pairs
        ]
    return level[0].hex()
