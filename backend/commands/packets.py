"""Packets as they arrive: announced, chunk by chunk, whole. Nothing here can read them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update

from backend.commands import work_orders
from backend.commands.effects import PacketSettled
from backend.commands.station import Station
from backend.schema.sync_tables import packet_chunks, packets
from backend.transaction import Refusal, Transaction
from common.wire.packets import (
    FIRST,
    SETTLED,
    PacketAnnounced,
    PacketHeader,
    PacketReceipt,
    PacketsHeld,
    PacketState,
    PacketView,
    header_hash,
)
from common.wire.signed import sign

_MOST_ANNOUNCED = 20
_MOST_UNOPENED = 1000
_SKEW = timedelta(minutes=5)


def announce(
    transaction: Transaction, station: Station, told: PacketAnnounced, header: PacketHeader
) -> PacketView:
    """Note a packet whose header was verified; the same packet again is the same.

    Raises:
        Refusal: It is another station's, its place in the station's chain is taken or does not
            fit its neighbours, no order allows it, or too many wait already.
    """
    hashed = header_hash(told.header.encode())
    known = _row(transaction, header.packet_id)
    if known is not None:
        if known.header_hash != hashed:
            raise Refusal(409, "id_reused", "another packet has this id")
        return view(transaction, station, header.packet_id)
    if (header.station, header.office) != (station.name, station.office):
        raise Refusal(403, "other_station")
    _check_chain(transaction, header, hashed)
    _check_order(transaction, station, header)
    _check_quota(transaction, station)
    packet_id = str(header.packet_id)
    transaction.connection.execute(
        insert(packets).values(
            packet_id=packet_id,
            station=station.name,
            office=station.office,
            case_id=str(header.case_id),
            order_id=None if header.order_id is None else str(header.order_id),
            receipt_number=header.receipt_number,
            seq=header.seq,
            prev=header.prev,
            kid=header.kid,
            header_hash=hashed,
            header=told.header.encode(),
            signature=told.signature,
            bytes=header.size,
            state=PacketState.ANNOUNCED,
            reason="",
            announced_at=transaction.now,
        )
    )
    transaction.connection.execute(
        insert(packet_chunks),
        [
            {"packet_id": packet_id, "position": position, "leaf": leaf, "stored": 0}
            for position, leaf in enumerate(told.leaves)
        ],
    )
    return view(transaction, station, header.packet_id)


def load(transaction: Transaction, station: Station, packet_id: UUID) -> Row[Any]:
    """Return a packet of this station.

    Raises:
        Refusal: There is none.
    """
    row = _row(transaction, packet_id)
    if row is None or row.station != station.name:
        raise Refusal(404, "not_found", "no such packet of this station")
    return row


def chunk_leaf(
    transaction: Transaction, station: Station, packet_id: UUID, position: int
) -> tuple[str, bool]:
    """Return the hash that a chunk must have, and whether it is stored already.

    Raises:
        Refusal: No such packet or chunk was announced.
    """
    load(transaction, station, packet_id)
    row = transaction.connection.execute(
        select(packet_chunks).where(
            packet_chunks.c.packet_id == str(packet_id), packet_chunks.c.position == position
        )
    ).one_or_none()
    if row is None:
        raise Refusal(404, "not_found", "the packet has no such chunk")
    return row.leaf, bool(row.stored)


def leaves(transaction: Transaction, packet_id: UUID) -> tuple[str, ...]:
    """Return the hashes of a packet's chunks, in order."""
    return tuple(
        transaction.connection.execute(
            select(packet_chunks.c.leaf)
            .where(packet_chunks.c.packet_id == str(packet_id))
            .order_by(packet_chunks.c.position)
        ).scalars()
    )


def note_chunks(transaction: Transaction, packet_id: UUID, marks: dict[str, bool]) -> None:
    """Write down which chunks lie in the store, by their hashes."""
    for leaf, stored in marks.items():
        transaction.connection.execute(
            update(packet_chunks)
            .where(packet_chunks.c.packet_id == str(packet_id), packet_chunks.c.leaf == leaf)
            .values(stored=int(stored))
        )


def complete(
    transaction: Transaction, station: Station, packet_id: UUID, lost: frozenset[str]
) -> PacketView:
    """Take a packet that is whole, else leave it announced; completing twice is once.

    lost names the chunks that were stored and are not there any more.
    """
    row = load(transaction, station, packet_id)
    if row.state == PacketState.ANNOUNCED:
        note_chunks(transaction, packet_id, dict.fromkeys(lost, False))
    if row.state == PacketState.ANNOUNCED and not _missing(transaction, packet_id):
        change(transaction, row, state=PacketState.RECEIVED, received_at=transaction.now)
        what = PacketSettled(packet_id=packet_id, state=PacketState.RECEIVED)
        transaction.record("packet_received", "", station.name, what=what)
    return view(transaction, station, packet_id)


def change(transaction: Transaction, row: Row[Any], **values: Any) -> None:
    """Write a packet."""
    transaction.connection.execute(
        update(packets).where(packets.c.packet_id == row.packet_id).values(**values)
    )


def view(transaction: Transaction, station: Station, packet_id: UUID) -> PacketView:
    """Show where a packet stands; whole, it comes with the signed receipt."""
    row = load(transaction, station, packet_id)
    state = PacketState(row.state)
    if state is PacketState.ANNOUNCED:
        return PacketView(
            packet_id=packet_id, state=state, missing=_missing(transaction, packet_id)
        )
    receipt = PacketReceipt(
        packet_id=packet_id,
        station=row.station,
        seq=row.seq,
        header_hash=row.header_hash,
        state=state,
        reason=row.reason,
        at=row.settled_at if state in SETTLED else row.received_at,
    )
    signed = sign(transaction.keys.signing_key(), "packet receipt", receipt)
    return PacketView.model_construct(
        packet_id=packet_id, state=state, reason=row.reason, missing=(), signed=signed
    )


def held(transaction: Transaction, station: Station) -> PacketsHeld:
    """Return the last packet of a station, so that it notices when its own store went back."""
    row = transaction.connection.execute(
        select(packets.c.seq, packets.c.header_hash)
        .where(packets.c.station == station.name)
        .order_by(packets.c.seq.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return PacketsHeld(last_seq=0, last_hash=FIRST)
    return PacketsHeld(last_seq=row.seq, last_hash=row.header_hash)


def _row(transaction: Transaction, packet_id: UUID) -> Row[Any] | None:
    return transaction.connection.execute(
        select(packets).where(packets.c.packet_id == str(packet_id))
    ).one_or_none()


def _missing(transaction: Transaction, packet_id: UUID) -> tuple[int, ...]:
    return tuple(
        transaction.connection.execute(
            select(packet_chunks.c.position)
            .where(packet_chunks.c.packet_id == str(packet_id), packet_chunks.c.stored == 0)
            .order_by(packet_chunks.c.position)
        ).scalars()
    )


def _check_chain(transaction: Transaction, header: PacketHeader, hashed: str) -> None:
    """A packet may come before its neighbours do, but it must fit those that are here."""
    near = {
        row.seq: row
        for row in transaction.connection.execute(
            select(packets.c.seq, packets.c.prev, packets.c.header_hash).where(
                packets.c.station == header.station,
                packets.c.seq.in_((header.seq - 1, header.seq, header.seq + 1)),
            )
        )
    }
    if header.seq in near:
        raise Refusal(409, "seq_taken", "another packet of the station has this number")
    before = FIRST if header.seq == 1 else getattr(near.get(header.seq - 1), "header_hash", None)
    after = getattr(near.get(header.seq + 1), "prev", None)
    if before not in (None, header.prev) or after not in (None, hashed):
        raise Refusal(409, "chain_broken", "it does not follow the station's other packets")


def _check_order(transaction: Transaction, station: Station, header: PacketHeader) -> None:
    if header.order_id is None:
        if station.kind == "field":
            raise Refusal(409, "order_needed", "a field station works under a work order")
        return
    order = work_orders.load(transaction, str(header.order_id))
    if order.station != station.name:
        raise Refusal(404, "not_found", "no such work order of this station")
    # After its end an order allows no new work; what was sealed before may still come.
    if not order.made_at - _SKEW <= header.clocks.wall <= order.expires_at:
        raise Refusal(409, "order_over", "it was sealed outside the time of its order")
    count = transaction.connection.execute(
        select(func.count()).select_from(packets).where(packets.c.order_id == order.order_id)
    ).scalar_one()
    if count >= order.most_packets:
        raise Refusal(409, "order_full", "the order allows no more packets")


def _check_quota(transaction: Transaction, station: Station) -> None:
    for state, most in (
        (PacketState.ANNOUNCED, _MOST_ANNOUNCED),
        (PacketState.RECEIVED, _MOST_UNOPENED),
    ):
        waiting = transaction.connection.execute(
            select(func.count())
            .select_from(packets)
            .where(packets.c.station == station.name, packets.c.state == state)
        ).scalar_one()
        if waiting >= most:
            raise Refusal(429, "too_many_packets", f"{waiting} packets are {state}")
