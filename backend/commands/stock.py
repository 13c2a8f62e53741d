"""The stock of blank cards, serial by serial (R11); a custodian takes them in (R15)."""

from sqlalchemy import Row, func, select

from backend.commands import custody_book
from backend.commands.custody_book import Hands
from backend.commands.effects import BlanksReceived
from backend.commands.station import Officer, Station, must_have_role
from backend.schema.custody_tables import blank_cards
from backend.transaction import Refusal, Transaction
from common.domain.custody import BlankMove, BlankState, Thing
from common.domain.officer import Role
from common.wire.custody import SpoiledRequest, StockRequest, StockView

USED = "made into a card"
_ACCOUNTS = {Role.CUSTODIAN, Role.PRODUCTION, Role.SUPERVISOR}


def receive(
    transaction: Transaction, station: Station, officer: Officer | None, request: StockRequest
) -> StockView:
    """Take a delivery into the stock, all of it or nothing.

    Raises:
        Refusal: No custodian does it, or a serial was taken in before.
    """
    custodian = must_have_role(officer, {Role.CUSTODIAN})
    received = BlanksReceived(batch=request.batch, place=request.place, count=len(request.serials))
    number = transaction.record("blanks_received", "", station.name, custodian.officer_id, received)
    hands = Hands(station.name, custodian.officer_id, transaction.now, number)
    for serial in request.serials:
        if _blank(transaction, serial) is not None:
            raise Refusal(409, "serial_known", serial)
        custody_book.begin(
            transaction,
            Thing.BLANK,
            serial,
            "receive",
            hands,
            request.place,
            office=station.office,
            batch=request.batch,
            place=request.place,
            received_by=custodian.officer_id,
            state=BlankState.IN_STOCK,
        )
    return account(transaction, station, officer)


def spoil(
    transaction: Transaction, station: Station, officer: Officer | None, request: SpoiledRequest
) -> StockView:
    """Account for a blank that will never be a card.

    Raises:
        Refusal: It is none of this office's stock.
    """
    who = must_have_role(officer, _ACCOUNTS)
    number = transaction.record("blank_spoiled", "", station.name, who.officer_id, request)
    hands = Hands(station.name, who.officer_id, transaction.now, number)
    if not spoil_if_known(transaction, station.office, request.serial, hands):
        raise Refusal(404, "not_in_stock", request.serial)
    return account(transaction, station, officer)


def use(transaction: Transaction, office: str, serial: str, hands: Hands, accounted: bool) -> None:
    """Take the blank that became a card out of the stock.

    Raises:
        Refusal: It was used or spoiled before, is another office's, or was never taken in where
            the stock is accounted for; or its custodian makes it into a card.
    """
    blank = _blank(transaction, serial)
    if blank is None:
        if accounted:
            raise Refusal(409, "not_in_stock", serial)
        return
    if blank.office != office:
        raise Refusal(409, "not_in_stock", serial)
    if blank.received_by == hands.officer:
        raise Refusal(403, "same_officer", "a custodian of blanks makes no cards of them")
    custody_book.turn(transaction, Thing.BLANK, blank, BlankMove.USE, hands, USED, place=USED)


def spoil_if_known(transaction: Transaction, office: str, serial: str, hands: Hands) -> bool:
    """Account for a blank that was spoiled, where the stock knows it."""
    blank = _blank(transaction, serial)
    if blank is None or blank.office != office:
        return False
    where = hands.station
    custody_book.turn(transaction, Thing.BLANK, blank, BlankMove.SPOIL, hands, where, place=where)
    return True


def account(transaction: Transaction, station: Station, officer: Officer | None) -> StockView:
    """Say how many blanks are in which state.

    Raises:
        Refusal: Nobody is signed in who may know.
    """
    must_have_role(officer, _ACCOUNTS)
    rows = transaction.connection.execute(
        select(blank_cards.c.state, func.count().label("many"))
        .where(blank_cards.c.office == station.office)
        .group_by(blank_cards.c.state)
    )
    return StockView.model_validate({row.state: row.many for row in rows})


def _blank(transaction: Transaction, serial: str) -> Row[tuple[object, ...]] | None:
    return transaction.connection.execute(
        select(blank_cards).where(blank_cards.c.serial == serial)
    ).one_or_none()
