"""Opens packets that arrived whole and turns their facts into the case: wholly, once, or not.

Only this needs the packet key. It may run in the backend, or as a worker of its own on a machine
that the stations cannot reach.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Row, select

from backend.commands import cases, decisions, facts, packets, series
from backend.commands.effects import PacketSettled
from backend.commands.identity import identity
from backend.commands.officers import by_session
from backend.commands.station import Officer, Station
from backend.packet_files import PacketFiles
from backend.schema import sync_tables, tables
from backend.settings import OfficeSettings
from backend.transaction import Refusal, Transaction
from common.domain.case import OldDocument
from common.domain.identity_number import IdentityNumber
from common.domain.queue import TagRequestBy
from common.wire.facts import FactsRequest
from common.wire.packet_keys import PacketPrivateKey
from common.wire.packet_sealing import open_chunks
from common.wire.packets import (
    NewcomersCase,
    OfficersFacts,
    PacketContent,
    PacketError,
    PacketHeader,
    PacketState,
    read_header,
)
from common.wire.series import SeriesKind
from common.wire.shapes import Particulars

_AT_ONCE = 50
# What an officer did in the field counts however long ago the session went silent.
_LONG_SINCE = timedelta(days=365)
# The application went on somewhere else meanwhile: an officer compares the two.
_ELSEWHERE = {"already_submitted", "case_elsewhere"}


def waiting(transaction: Transaction, kid: str) -> tuple[tuple[str, bytes, tuple[str, ...]], ...]:
    """Return packets that wait to be opened with a key: id, header, and the names of the chunks."""
    rows = transaction.connection.execute(
        select(sync_tables.packets.c.packet_id, sync_tables.packets.c.header)
        .where(
            sync_tables.packets.c.state == PacketState.RECEIVED, sync_tables.packets.c.kid == kid
        )
        .order_by(sync_tables.packets.c.received_at, sync_tables.packets.c.packet_id)
        .limit(_AT_ONCE)
    ).all()
    return tuple(
        (row.packet_id, row.header, packets.leaves(transaction, UUID(row.packet_id)))
        for row in rows
    )


def unseal(
    header: bytes, leaves: tuple[str, ...], files: PacketFiles, key: PacketPrivateKey
) -> PacketContent | str:
    """Decrypt a packet, away from the store's thread; or say in a word why it does not open.

    Raises:
        OSError: A chunk cannot be read from the disk: that is not the packet's fault.
    """
    found = read_header(header)
    try:
        plain = b"".join(open_chunks(found, (files.get(leaf) for leaf in leaves), key))
    except PacketError:
        return "does_not_open"
    try:
        return PacketContent.model_validate_json(plain)
    except ValidationError:
        return "content_unreadable"


def settle(
    transaction: Transaction,
    packet_id: str,
    opened: PacketContent | str,
    offices: dict[str, OfficeSettings],
) -> PacketState:
    """Take in what was in a packet, exactly once; return what became of the packet.

    One fact that is refused refuses the packet, and nothing of it stays but its ciphertext.
    """
    row = transaction.connection.execute(
        select(sync_tables.packets).where(sync_tables.packets.c.packet_id == packet_id)
    ).one()
    if row.state != PacketState.RECEIVED:
        return PacketState(row.state)
    header, state, reason = read_header(row.header), PacketState.ACCEPTED, ""
    station = _station(transaction, row)
    try:
        with transaction.attempt():
            _take(transaction, station, header, opened, offices[station.office])
    except Refusal as refusal:
        elsewhere = refusal.problem in _ELSEWHERE
        state = PacketState.DUPLICATE if elsewhere else PacketState.REJECTED
        reason = f"{refusal.problem} {refusal.detail}".strip()[:200]
        if header.receipt_number is not None:
            why = f"packet {state}: {reason}"
            series.spoil(transaction, station, SeriesKind.RECEIPT, header.receipt_number, None, why)
    packets.change(transaction, row, state=state, reason=reason, settled_at=transaction.now)
    what = PacketSettled(packet_id=header.packet_id, state=state, reason=reason)
    transaction.record("packet_settled", "", station.name, what=what)
    return state


def _station(transaction: Transaction, row: Row[Any]) -> Station:
    found = transaction.connection.execute(
        select(tables.stations).where(tables.stations.c.name == row.station)
    ).one()
    return Station(row.station, found.kind, row.office, found.place)


def _take(
    transaction: Transaction,
    station: Station,
    header: PacketHeader,
    content: PacketContent | str,
    office: OfficeSettings,
) -> None:
    if isinstance(content, str):
        raise Refusal(422, content)
    told = [fact for run in content.runs for fact in run.facts]
    if any(fact.case_id != header.case_id for fact in told):
        raise Refusal(422, "other_case", "a packet holds one application")
    if content.newcomer is not None:
        _open_case(transaction, station, header, content.newcomer)
    officer: Officer | None = None
    for run in content.runs:
        officer = _take_run(transaction, station, header, run) or officer
    if header.receipt_number is not None:
        _submit(transaction, station, office, officer, header)


def _open_case(
    transaction: Transaction, station: Station, header: PacketHeader, who: NewcomersCase
) -> None:
    try:
        number = IdentityNumber.parse(who.identity_number)
    except ValueError as error:
        raise Refusal(422, "number_wrong") from error
    known = identity(number, who.year_of_birth)
    case = cases.live_case(transaction, known.person(transaction))
    if case is None:
        cases.open_case(
            transaction,
            station,
            known,
            TagRequestBy.NUMBER,
            Particulars(),
            OldDocument.OLD_CARD,
            header.case_id,
        )
    elif case.case_id != str(header.case_id):
        raise Refusal(409, "case_elsewhere", "the person has another case")


def _take_run(
    transaction: Transaction, station: Station, header: PacketHeader, run: OfficersFacts
) -> Officer | None:
    officer = None
    if run.officer_token is not None:
        officer = by_session(transaction, station, run.officer_token, _LONG_SINCE)
        if officer is None or officer.officer_id not in header.officers:
            raise Refusal(403, "officer_unproven")
    answer = facts.accept_all(transaction, station, officer, FactsRequest(facts=run.facts))
    for receipt in answer.receipts:
        if receipt.outcome == "refused":
            word, _, detail = receipt.reason.partition(" ")
            raise Refusal(409, word, detail)
    return officer


def _submit(
    transaction: Transaction,
    station: Station,
    office: OfficeSettings,
    officer: Officer | None,
    header: PacketHeader,
) -> None:
    """Submit under the number on the receipt that the person already has in hand."""
    number = header.receipt_number or ""
    case = cases.load(transaction, str(header.case_id))
    if case.receipt_number is not None:
        raise Refusal(409, "already_submitted", "the case has another receipt")
    series.spend(transaction, station, SeriesKind.RECEIPT, number, None)
    decisions.submit(transaction, station, office, officer, header.case_id, number)
