"""Work orders: what a field station may do, for how long, and the cases it is given along."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from backend.commands import cases
from backend.commands.effects import OrderMade
from backend.commands.station import Officer, Station
from backend.schema.sync_tables import work_order_cases, work_orders
from backend.schema.tables import stations
from backend.transaction import Refusal, Transaction
from common.wire.facts import new_id
from common.wire.field import (
    LONGEST_ORDER,
    Bundle,
    BundleAbout,
    Roster,
    WorkOrder,
    WorkOrderRequest,
    WorkOrdersAnswer,
    bundle_info,
)
from common.wire.packet_keys import PacketPublicKey
from common.wire.signed import Signed, sign

FIELD_KINDS = ("field", "booth")

_BIOMETRICS = {
    "fingers": (),
    "portrait": None,
    "attempts": None,
    "exceptions": None,
    "recipient": None,
}


def make(
    transaction: Transaction, station: Station, officer: Officer, request: WorkOrderRequest
) -> Signed:
    """Send a field station out; return the signed order.

    Raises:
        Refusal: The station is none of this office's field stations, the days do not fit the
            72 hours that an order may last, or a case is not this office's.
    """
    _check_station(transaction, station.office, request.station)
    expires_at = transaction.now + timedelta(hours=request.hours)
    _check_days(transaction.today, request)
    order_id = new_id()
    transaction.connection.execute(
        insert(work_orders).values(
            order_id=str(order_id),
            office=station.office,
            station=request.station,
            place=request.place,
            first_day=request.first_day.isoformat(),
            last_day=request.last_day.isoformat(),
            expected=request.expected,
            most_packets=request.most_packets,
            made_by=officer.officer_id,
            made_at=transaction.now,
            expires_at=expires_at,
        )
    )
    for case_id in dict.fromkeys(request.cases):
        if cases.load(transaction, str(case_id)).office != station.office:
            raise Refusal(404, "not_found", "a case belongs to another office")
        transaction.connection.execute(
            insert(work_order_cases).values(order_id=str(order_id), case_id=str(case_id))
        )
    what = OrderMade(order_id=order_id, to=request.station, expected=request.expected)
    transaction.record("work_order_made", "", station.name, officer.officer_id, what)
    return _signed(transaction, load(transaction, str(order_id)))


def held(transaction: Transaction, station: Station) -> WorkOrdersAnswer:
    """Return the orders of a station that still run, signed."""
    rows = transaction.connection.execute(
        select(work_orders)
        .where(
            work_orders.c.station == station.name,
            work_orders.c.expires_at > transaction.now,
            work_orders.c.revoked_at.is_(None),
        )
        .order_by(work_orders.c.made_at)
        .limit(20)
    )
    return WorkOrdersAnswer(orders=tuple(_signed(transaction, row) for row in rows.all()))


def load(transaction: Transaction, order_id: str) -> Row[Any]:
    """Return an order's row.

    Raises:
        Refusal: There is none.
    """
    row = transaction.connection.execute(
        select(work_orders).where(work_orders.c.order_id == order_id)
    ).one_or_none()
    if row is None:
        raise Refusal(404, "not_found", "no such work order")
    return row


def running(transaction: Transaction, station: Station, order_id: UUID | None) -> Row[Any]:
    """Return an order under which a station may begin new work now.

    Raises:
        Refusal: There is none, it is another station's, or it is over.
    """
    if order_id is None:
        raise Refusal(422, "order_needed", "name the work order")
    row = load(transaction, str(order_id))
    if row.station != station.name:
        raise Refusal(404, "not_found", "no such work order of this station")
    if row.expires_at <= transaction.now or row.revoked_at is not None:
        raise Refusal(409, "order_over", "the work order has ended")
    return row


def revoke(transaction: Transaction, station: str) -> None:
    """End the orders of a lost station."""
    transaction.connection.execute(
        update(work_orders)
        .where(work_orders.c.station == station, work_orders.c.revoked_at.is_(None))
        .values(revoked_at=transaction.now)
    )


def bundle(
    transaction: Transaction, station: Station, order_id: UUID, recipient: PacketPublicKey
) -> Bundle:
    """Seal the roster of a running order to a key of the station's.

    Fingers, faces and portraits stay: in the field a person is known by card and officer.

    Raises:
        Refusal: The order does not run, or a case of it was erased.
    """
    order = running(transaction, station, order_id)
    rows = transaction.connection.execute(
        select(work_order_cases.c.case_id).where(work_order_cases.c.order_id == order.order_id)
    )
    views = [
        cases.view(transaction, cases.load(transaction, row.case_id)).model_copy(update=_BIOMETRICS)
        for row in rows.all()
    ]
    plain = Roster(cases=tuple(views)).model_dump_json().encode()
    sealed = recipient.seal(plain, bundle_info(order_id, station.name))
    about = BundleAbout(
        order_id=order_id,
        station=station.name,
        kid=recipient.kid,
        sealed_hash=hashlib.sha256(sealed).hexdigest(),
    )
    what = OrderMade(order_id=order_id, to=station.name, expected=len(views))
    transaction.record("case_bundle_given", "", station.name, what=what)
    signed = sign(transaction.keys.signing_key(), "case bundle", about)
    return Bundle.model_construct(signed=signed, sealed=sealed)


def _check_station(transaction: Transaction, office: str, name: str) -> None:
    row = transaction.connection.execute(
        select(stations).where(stations.c.name == name)
    ).one_or_none()
    if row is None or row.office != office or row.kind not in FIELD_KINDS:
        raise Refusal(404, "not_found", "no such field station of this office")


def _check_days(today: date, request: WorkOrderRequest) -> None:
    longest = today + LONGEST_ORDER
    if not today <= request.first_day <= request.last_day <= longest:
        raise Refusal(422, "days_wrong", "an order runs at most 72 hours, from today on")


def _signed(transaction: Transaction, row: Row[Any]) -> Signed:
    listed = transaction.connection.execute(
        select(work_order_cases.c.case_id)
        .where(work_order_cases.c.order_id == row.order_id)
        .order_by(work_order_cases.c.case_id)
    ).scalars()
    order = WorkOrder(
        order_id=UUID(row.order_id),
        office=row.office,
        station=row.station,
        place=row.place,
        first_day=_day(row.first_day),
        last_day=_day(row.last_day),
        expected=row.expected,
        most_packets=row.most_packets,
        issued_at=row.made_at,
        expires_at=row.expires_at,
        cases=tuple(UUID(case_id) for case_id in listed),
    )
    return sign(transaction.keys.signing_key(), "work order", order)


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()
