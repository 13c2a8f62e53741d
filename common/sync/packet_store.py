"""The field laptop's packets: drafts, sealed packets on their way, and what became of them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import RLock
from uuid import UUID

from common.journal.encrypted_book import BookError, open_book
from common.wire.packet_keys import PacketPublicKey
from common.wire.packet_sealing import Sealing, Sign, signed_bytes
from common.wire.packets import FIRST, Clocks, PacketAbout, PacketContent, header_hash
from common.wire.series import Lease

SCHEMA = """
CREATE TABLE IF NOT EXISTS draft(
    case_id TEXT PRIMARY KEY,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS packet(
    seq INTEGER PRIMARY KEY,
    packet_id TEXT NOT NULL UNIQUE,
    case_id TEXT NOT NULL,
    header BLOB NOT NULL,
    header_hash TEXT NOT NULL,
    signature BLOB NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    receipt TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS chunk(
    seq INTEGER NOT NULL REFERENCES packet(seq),
    position INTEGER NOT NULL,
    leaf TEXT NOT NULL,
    body BLOB,
    PRIMARY KEY(seq, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS receipt(
    number TEXT PRIMARY KEY,
    lease_id TEXT NOT NULL,
    until TEXT NOT NULL,
    case_id TEXT UNIQUE
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS note(
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


class LocalState(StrEnum):
    """Where a packet stands at the station; parked: the backend will not take it, staff look."""

    SEALED = "sealed"
    UPLOADING = "uploading"
    PARKED = "parked"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


class StoreError(Exception):
    """The store does not open with this key, or there is nothing of what was asked for."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One sealed packet. is_purged: its ciphertext is gone from here, since the backend has it."""

    seq: int
    packet_id: UUID
    case_id: UUID
    header: bytes
    signature: bytes
    leaves: tuple[str, ...]
    state: LocalState
    reason: str
    is_purged: bool

    @property
    def header_hash(self) -> str:
        """The hash that the backend's receipt names."""
        return header_hash(self.header)


@dataclass(frozen=True, slots=True)
class About:
    """What the store does not know by itself when a packet is sealed."""

    packet_id: UUID
    station: str
    signer: str
    office: str
    officers: tuple[str, ...]
    clocks: Clocks
    order_id: UUID | None = None
    receipt_number: str | None = None


class PacketStore:
    """One SQLCipher file, FULL sync. Only drafts can be read here; what is sealed no more.

    Safe to use from several threads.
    """

    def __init__(self, file: Path, key: bytes) -> None:
        """Open or make the store at file with a raw 32-byte key.

        Raises:
            StoreError: The key does not fit the file.
        """
        self._lock = RLock()
        try:
            self._book = open_book(file, key, SCHEMA)
        except BookError as error:
            raise StoreError(f"the packet store: {error}") from error

    def close(self) -> None:
        """Close the store."""
        with self._lock:
            self._book.close()

    def keep_draft(self, case_id: UUID, content: PacketContent) -> None:
        """Keep an application that is not complete yet, instead of its earlier draft."""
        with self._lock:
            self._book.execute(
                "INSERT INTO draft VALUES(?, ?) ON CONFLICT(case_id) DO UPDATE SET"
                " body = excluded.body",
                (str(case_id), content.model_dump_json().encode()),
            )

    def draft(self, case_id: UUID) -> PacketContent | None:
        """Return a draft, or None."""
        body = self._draft_body(case_id)
        return None if body is None else PacketContent.model_validate_json(body)

    def seal(self, case_id: UUID, about: About, recipient: PacketPublicKey, sign: Sign) -> Packet:
        """Seal a draft as the station's next packet; from then on nobody reads it here.

        Number, ciphertext and the end of the draft are one transaction: after a power cut there is
        either the draft or the packet.

        Raises:
            StoreError: There is no draft of this case.
        """
        with self._lock, self._book:
            self._book.execute("BEGIN IMMEDIATE")
            plain = self._draft_body(case_id)
            if plain is None:
                raise StoreError("there is no draft of this case")
            last_seq, last_hash = self.last()
            sealing = Sealing(
                PacketAbout(
                    packet_id=about.packet_id,
                    case_id=case_id,
                    order_id=about.order_id,
                    receipt_number=about.receipt_number,
                    station=about.station,
                    signer=about.signer,
                    office=about.office,
                    officers=about.officers,
                    seq=last_seq + 1,
                    prev=last_hash,
                    clocks=about.clocks,
                    kid=recipient.kid,
                    size=len(plain),
                ),
                recipient,
            )
            chunks = list(sealing.chunks(plain))
            header = sealing.header()
            self._book.execute(
                "INSERT INTO packet(seq, packet_id, case_id, header, header_hash, signature, state)"
                " VALUES(?, ?, ?, ?, ?, ?, ?)",
                (
                    last_seq + 1,
                    str(about.packet_id),
                    str(case_id),
                    header,
                    header_hash(header),
                    sign(signed_bytes(header)),
                    LocalState.SEALED,
                ),
            )
            self._book.executemany(
                "INSERT INTO chunk VALUES(?, ?, ?, ?)",
                [
                    (last_seq + 1, position, leaf.hex(), chunk)
                    for position, (leaf, chunk) in enumerate(
                        zip(sealing.leaves, chunks, strict=True)
                    )
                ],
            )
            self._book.execute("DELETE FROM draft WHERE case_id = ?", (str(case_id),))
        return self.packet(about.packet_id)

    def keep_receipts(self, lease: Lease) -> None:
        """Keep leased receipt numbers; one that was given to a case stays with it."""
        with self._lock, self._book:
            self._book.execute("BEGIN IMMEDIATE")
            self._book.executemany(
                "INSERT INTO receipt(number, lease_id, until) VALUES(?, ?, ?)"
                " ON CONFLICT(number) DO UPDATE SET until = excluded.until",
                [
                    (number.number, str(lease.lease_id), _utc(lease.expires_at))
                    for number in lease.numbers
                ],
            )

    def receipt_for(self, case_id: UUID, at: datetime) -> str | None:
        """Give a case its receipt number, the same again for the same case.

        Returns None where no lease runs that has a number left: then nobody gets a receipt.
        """
        with self._lock, self._book:
            self._book.execute("BEGIN IMMEDIATE")
            known = self._book.execute(
                "SELECT number FROM receipt WHERE case_id = ?", (str(case_id),)
            ).fetchone()
            if known is not None:
                return str(known[0])
            row = self._book.execute(
                "SELECT number FROM receipt WHERE case_id IS NULL AND until > ?"
                " ORDER BY number LIMIT 1",
                (_utc(at),),
            ).fetchone()
            if row is None:
                return None
            self._book.execute(
                "UPDATE receipt SET case_id = ? WHERE number = ?", (str(case_id), row[0])
            )
        return str(row[0])

    def unused_receipts(self) -> dict[UUID, tuple[str, ...]]:
        """Return the numbers that no case got, by lease: what goes back at the base."""
        with self._lock:
            rows = self._book.execute(
                "SELECT lease_id, number FROM receipt WHERE case_id IS NULL ORDER BY number"
            ).fetchall()
        unused: dict[UUID, tuple[str, ...]] = {}
        for lease_id, number in rows:
            unused[UUID(lease_id)] = (*unused.get(UUID(lease_id), ()), number)
        return unused

    def forget_unused(self, lease_id: UUID) -> None:
        """Forget the numbers of a lease that went back."""
        with self._lock:
            self._book.execute(
                "DELETE FROM receipt WHERE lease_id = ? AND case_id IS NULL", (str(lease_id),)
            )

    def last(self) -> tuple[int, str]:
        """Return number and header hash of the newest packet; 0 and FIRST where there is none."""
        with self._lock:
            row = self._book.execute(
                "SELECT seq, header_hash FROM packet ORDER BY seq DESC LIMIT 1"
            ).fetchone()
        return (0, FIRST) if row is None else (int(row[0]), str(row[1]))

    def packet(self, packet_id: UUID) -> Packet:
        """Return a packet.

        Raises:
            StoreError: There is none.
        """
        found = self._packets("packet_id = ?", str(packet_id))
        if not found:
            raise StoreError("there is no such packet")
        return found[0]

    def to_send(self) -> tuple[Packet, ...]:
        """Return the packets whose receipt is not here yet, oldest first."""
        return self._packets("state IN (?, ?)", LocalState.SEALED, LocalState.UPLOADING)

    def to_follow(self) -> tuple[Packet, ...]:
        """Return the packets that the backend has and whose end is not known yet."""
        return self._packets("state = ?", LocalState.RECEIVED)

    def unfinished(self) -> int:
        """Count what is not with the backend for good: the number on the lamp, 0 at day's end."""
        with self._lock:
            row = self._book.execute(
                "SELECT (SELECT count(*) FROM draft) + (SELECT count(*) FROM packet"
                " WHERE state IN (?, ?, ?, ?))",
                (
                    LocalState.SEALED,
                    LocalState.UPLOADING,
                    LocalState.PARKED,
                    LocalState.RECEIVED,
                ),
            ).fetchone()
        return int(row[0])

    def chunk(self, packet: Packet, position: int) -> bytes:
        """Return one chunk of ciphertext.

        Raises:
            StoreError: It is not here any more.
        """
        with self._lock:
            row = self._book.execute(
                "SELECT body FROM chunk WHERE seq = ? AND position = ?", (packet.seq, position)
            ).fetchone()
        if row is None or row[0] is None:
            raise StoreError("the chunk is not here")
        return bytes(row[0])

    def move(self, packet: Packet, state: LocalState, reason: str = "") -> None:
        """Write down where a packet stands; its ciphertext stays."""
        with self._lock:
            self._book.execute(
                "UPDATE packet SET state = ?, reason = ? WHERE seq = ?",
                (state, reason, packet.seq),
            )

    def purge(self, packet: Packet, state: LocalState, reason: str, receipt: str) -> None:
        """Remove a packet's ciphertext against a receipt that was proven; the header stays."""
        with self._lock, self._book:
            self._book.execute("BEGIN IMMEDIATE")
            self._book.execute(
                "UPDATE packet SET state = ?, reason = ?, receipt = ? WHERE seq = ?",
                (state, reason, receipt, packet.seq),
            )
            self._book.execute("UPDATE chunk SET body = NULL WHERE seq = ?", (packet.seq,))

    def note_server_time(self, at: datetime) -> None:
        """Remember the newest time that the backend signed; it never goes back."""
        known = self.server_time()
        if known is not None and known >= at:
            return
        with self._lock:
            self._book.execute(
                "INSERT INTO note VALUES('server_time', ?) ON CONFLICT(name) DO UPDATE SET"
                " value = excluded.value",
                (at.isoformat(),),
            )

    def server_time(self) -> datetime | None:
        """Return the newest time that the backend signed, or None."""
        with self._lock:
            row = self._book.execute("SELECT value FROM note WHERE name = 'server_time'").fetchone()
        return None if row is None else datetime.fromisoformat(row[0])

    def _draft_body(self, case_id: UUID) -> bytes | None:
        with self._lock:
            row = self._book.execute(
                "SELECT body FROM draft WHERE case_id = ?", (str(case_id),)
            ).fetchone()
        return None if row is None else bytes(row[0])

    def _packets(self, where: str, *values: str) -> tuple[Packet, ...]:
        with self._lock:
            rows = self._book.execute(
                "SELECT seq, packet_id, case_id, header, signature, state, reason, receipt"  # noqa: S608
                f" FROM packet WHERE {where} ORDER BY seq",
                values,
            ).fetchall()
            leaves = {
                row[0]: tuple(
                    leaf
                    for (leaf,) in self._book.execute(
                        "SELECT leaf FROM chunk WHERE seq = ? ORDER BY position", (row[0],)
                    )
                )
                for row in rows
            }
        return tuple(
            Packet(
                seq=row[0],
                packet_id=UUID(row[1]),
                case_id=UUID(row[2]),
                header=bytes(row[3]),
                signature=bytes(row[4]),
                leaves=leaves[row[0]],
                state=LocalState(row[5]),
                reason=row[6],
                is_purged=row[7] is not None,
            )
            for row in rows
        )


def _utc(moment: datetime) -> str:
    """Write a moment so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
