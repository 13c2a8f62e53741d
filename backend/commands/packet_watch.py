"""What a supervisor has to look after: packets that never came, and those not accepted."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from backend.schema.sync_tables import packets
from backend.transaction import Transaction
from common.wire.packets import (
    MissingPackets,
    MissingPacketsAnswer,
    PacketRow,
    PacketsAnswer,
    PacketState,
)

_MOST_ROWS = 500
_SLOW = timedelta(hours=1)


def missing(transaction: Transaction, office: str) -> MissingPacketsAnswer:
    """Name the gaps in every station's numbers, and what was announced and never came whole."""
    return MissingPacketsAnswer(
        missing=_never_came(transaction, office) + _never_completed(transaction, office)
    )


def not_accepted(transaction: Transaction, office: str) -> PacketsAnswer:
    """List the packets that an officer has to look at: rejected, and those of cases elsewhere."""
    rows = transaction.connection.execute(
        select(packets)
        .where(
            packets.c.office == office,
            packets.c.state.in_((PacketState.REJECTED, PacketState.DUPLICATE)),
        )
        .order_by(packets.c.settled_at.desc())
        .limit(_MOST_ROWS)
    )
    return PacketsAnswer(
        packets=tuple(
            PacketRow(
                packet_id=UUID(row.packet_id),
                station=row.station,
                seq=row.seq,
                case_id=UUID(row.case_id),
                receipt_number=row.receipt_number,
                state=PacketState(row.state),
                reason=row.reason,
                settled_at=row.settled_at,
            )
            for row in rows
        )
    )


def _never_came(transaction: Transaction, office: str) -> tuple[MissingPackets, ...]:
    before = func.lag(packets.c.seq).over(partition_by=packets.c.station, order_by=packets.c.seq)
    numbered = (
        select(
            packets.c.station,
            packets.c.seq,
            packets.c.announced_at,
            func.coalesce(before, 0).label("before"),
        )
        .where(packets.c.office == office)
        .subquery()
    )
    rows = transaction.connection.execute(
        select(numbered)
        .where(numbered.c.seq - numbered.c.before > 1)
        .order_by(numbered.c.station, numbered.c.seq)
        .limit(_MOST_ROWS)
    )
    return tuple(
        MissingPackets(
            station=row.station,
            first_seq=row.before + 1,
            last_seq=row.seq - 1,
            why="never_came",
            since=row.announced_at,
        )
        for row in rows
    )


def _never_completed(transaction: Transaction, office: str) -> tuple[MissingPackets, ...]:
    rows = transaction.connection.execute(
        select(packets)
        .where(
            packets.c.office == office,
            packets.c.state == PacketState.ANNOUNCED,
            packets.c.announced_at < transaction.now - _SLOW,
        )
        .order_by(packets.c.station, packets.c.seq)
        .limit(_MOST_ROWS)
    )
    return tuple(
        MissingPackets(
            station=row.station,
            first_seq=row.seq,
            last_seq=row.seq,
            why="never_completed",
            since=row.announced_at,
        )
        for row in rows
    )
