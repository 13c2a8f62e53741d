"""Cases: opened with the tag, found by every later station."""

from contextlib import suppress
from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, bindparam, insert, select, update

from backend.commands import evidence, recipients
from backend.commands.effects import CaseOpened
from backend.commands.identity import Identity, open_identity, seal_identity
from backend.commands.queue import tag_by_token, tag_view
from backend.commands.station import Station
from backend.commands.tag_rows import latest_tag
from backend.keys import SealError
from backend.schema.tables import cards, cases
from backend.tokens import Purpose, TokenError, make_token, open_token
from backend.transaction import Refusal, Transaction
from common.domain.card import CardState
from common.domain.case import CaseState, OldDocument
from common.domain.identity_number import IdentityNumber
from common.domain.queue import HandOffReason, TagRequestBy
from common.wire.evidence import EnrolledFinger
from common.wire.facts import new_id
from common.wire.shapes import CardView, CaseFind, CaseView, Particulars

_PROGRESS = tuple(CaseState)
_FINGERS = TypeAdapter(tuple[EnrolledFinger, ...])
# A bench fills in forms; it has no use for anybody's fingers or face.
_WITHOUT_BIOMETRICS = ("bench", "tag")
_NO_BIOMETRICS: dict[str, object] = {
    "fingers": (),
    "portrait": None,
    "attempts": None,
    "exceptions": None,
    "signature": None,
    "recipient": None,
}

# Built once: building takes longer than running, and every visit asks these.
_INSERT = insert(cases)
_CASE = select(cases).where(cases.c.case_id == bindparam("which"))
_LIVE = select(cases).where(cases.c.live_person == bindparam("of_person"))
_CHANGE = update(cases).where(cases.c.case_id == bindparam("which"))


def open_case(
    transaction: Transaction,
    station: Station,
    who: Identity,
    by: TagRequestBy | Literal["partner"],
    particulars: Particulars,
    old_document: OldDocument,
    known_as: UUID | None = None,
) -> Row[Any]:
    """Open a case; the form may be filled in already, and an offline station may have named it."""
    case_id = str(known_as or new_id())
    complete = not particulars.missing()
    # A case of a person whom nobody recognised is never found by anybody's number.
    person = who.person(transaction) if who.identity_number else ""
    transaction.connection.execute(
        _INSERT,
        {
            "case_id": case_id,
            "office": station.office,
            "person": person,
            "live_person": person or None,
            "state": CaseState.FORM_DONE if complete else CaseState.OPEN,
            "old_document": old_document,
            "done": "form_done" if complete else "",
            "identity": seal_identity(transaction, case_id, who),
            "particulars": seal_particulars(transaction, case_id, particulars),
            "opened_at": transaction.now,
        },
    )
    opened = CaseOpened(by=by, old_document=old_document, form_complete=complete)
    transaction.record("case_opened", case_id, station.name, what=opened)
    return load(transaction, case_id)


def load(transaction: Transaction, case_id: str) -> Row[Any]:
    """Return a case's row.

    Raises:
        Refusal: There is none.
    """
    row = transaction.connection.execute(_CASE, {"which": case_id}).one_or_none()
    if row is None:
        raise Refusal(404, "not_found", "no such case")
    return row


def must_be_here(case: Row[Any], office: str) -> Row[Any]:
    """Return a case that this office took in, or whose card its holder collects here.

    Raises:
        Refusal: It is neither.
    """
    if office not in (case.office, case.collection_office):
        raise Refusal(404, "not_found", "the case belongs to another office")
    return case


def live_case(transaction: Transaction, person: str) -> Row[Any] | None:
    """Return the one case of a person that is not closed."""
    return transaction.connection.execute(_LIVE, {"of_person": person}).one_or_none()


def change(transaction: Transaction, case: Row[Any], **values: Any) -> Row[Any]:
    """Write a case and return the row as it is now."""
    if values:
        transaction.connection.execute(_CHANGE, {"which": case.case_id, **values})
    return load(transaction, case.case_id)


def marked(case: Row[Any], *marks: str) -> str:
    """Return the case's marks with these added, each once, in the order in which they came."""
    return " ".join(dict.fromkeys([*case.done.split(), *marks]))


def progressed(case: Row[Any], state: CaseState) -> CaseState:
    """Return the further of the case's state and this one: a late fact does not turn it back."""
    return max(CaseState(case.state), state, key=_PROGRESS.index)


def is_submitted(case: Row[Any]) -> bool:
    """Tell whether the application has left the office's hands."""
    return _PROGRESS.index(CaseState(case.state)) >= _PROGRESS.index(CaseState.SUBMITTED)


def find(transaction: Transaction, station: Station, by: CaseFind) -> CaseView:
    """Find a case of this office by exactly one thing.

    Raises:
        Refusal: Nothing fits; a wrong code is told apart from no case.
    """
    if sum(value is not None for value in by.model_dump().values()) != 1:
        raise Refusal(422, "bad_request", "name exactly one thing to find a case by")
    case = load(transaction, _find_id(transaction, station.office, by))
    must_be_here(case, station.office)
    found = view(transaction, case)
    if station.kind in _WITHOUT_BIOMETRICS:
        return found.model_copy(update=_NO_BIOMETRICS)
    return found


def _find_id(transaction: Transaction, office: str, by: CaseFind) -> str:
    if by.case_id is not None:
        return str(by.case_id)
    if by.tag_token is not None:
        return str(tag_by_token(transaction, office, by.tag_token).case_id)
    if by.receipt_token is not None:
        return _receipt_id(transaction, office, by.receipt_token)
    try:
        number = IdentityNumber.parse(by.identity_number or "")
    except ValueError as error:
        raise Refusal(404, "number_wrong") from error
    case = live_case(transaction, transaction.keys.person(str(number)))
    if case is None:
        raise Refusal(404, "not_found", "no open case")
    return str(case.case_id)


def _receipt_id(transaction: Transaction, office: str, token: str) -> str:
    """Open a receipt of this office, or of one whose cards are collected here."""
    key = transaction.keys.tokens
    try:
        return str(open_token(key, Purpose.RECEIPT, office, token).id)
    except TokenError as error:
        wrong = error
    senders = transaction.connection.execute(
        select(cases.c.office).where(cases.c.collection_office == office).distinct()
    ).scalars()
    for sender in senders:
        with suppress(TokenError):
            return str(open_token(key, Purpose.RECEIPT, sender, token).id)
    raise Refusal(404, "token_unknown", str(wrong)) from wrong


def view(transaction: Transaction, case: Row[Any]) -> CaseView:
    """Show a case with everything sealed in it.

    Raises:
        Refusal: The case was erased.
    """
    try:
        who = open_identity(transaction, case.case_id, case.identity)
        particulars = open_particulars(transaction, case.case_id, case.particulars)
        fingers = open_fingers(transaction, case)
        portrait = _open(transaction, case, "portrait")
    except SealError as error:
        raise Refusal(410, "erased", "the case was erased") from error
    tag = latest_tag(transaction, case.case_id)
    card = card_row(transaction, case.case_id)
    submitted = case.receipt_number is not None
    return CaseView.model_construct(
        case_id=UUID(case.case_id),
        state=CaseState(case.state),
        tag=None if tag is None else tag_view(transaction, tag),
        identity_number=who.identity_number,
        particulars=particulars,
        missing=particulars.missing(),
        done=tuple(case.done.split()),
        old_document=OldDocument(case.old_document),
        identified_by=case.identified_by,
        fingers=fingers,
        portrait=portrait,
        **evidence.shown(transaction, case),
        recipient=recipients.shown(transaction, case),
        collection_office=case.collection_office or case.office,
        receipt_number=case.receipt_number,
        receipt_token=receipt_token(transaction, case) if submitted else None,
        ready_on=None if case.ready_on is None else date.fromisoformat(case.ready_on),
        hand_off=None if case.hand_off is None else HandOffReason(case.hand_off),
        captured_by=case.captured_by,
        approved_by=case.approved_by,
        card=None if card is None else card_view(card),
    )


def receipt_token(transaction: Transaction, case: Row[Any]) -> str:
    """Make the token on the case's receipt; it has no end."""
    return make_token(
        transaction.keys.tokens, Purpose.RECEIPT, case.office, UUID(case.case_id), None
    )


def card_row(transaction: Transaction, case_id: str) -> Row[Any] | None:
    """Return the case's live card, or None."""
    return transaction.connection.execute(
        select(cards).where(cards.c.live_case == case_id)
    ).one_or_none()


def card_view(card: Row[Any]) -> CardView:
    """Show a card row to a station."""
    return CardView(
        card_id=UUID(card.card_id),
        state=CardState(card.state),
        chip_serial=card.chip_serial,
        location=card.location,
        slot=card.slot,
        version=card.version,
        personalised_by=card.personalised_by,
    )


def seal_particulars(transaction: Transaction, subject: str, particulars: Particulars) -> bytes:
    """Seal a form with the data key of its case or booking."""
    return transaction.seal(subject, particulars.model_dump_json().encode(), "particulars")


def open_particulars(transaction: Transaction, subject: str, sealed: bytes) -> Particulars:
    """Open what `seal_particulars` made."""
    return Particulars.model_validate_json(transaction.unseal(subject, sealed, "particulars"))


def seal_fingers(
    transaction: Transaction, case_id: str, fingers: tuple[EnrolledFinger, ...]
) -> bytes:
    """Seal finger records with the data key of their case."""
    return transaction.seal(case_id, _FINGERS.dump_json(fingers), "fingers")


def open_fingers(transaction: Transaction, case: Row[Any]) -> tuple[EnrolledFinger, ...]:
    """Open the case's finger records; none where none were taken."""
    plain = _open(transaction, case, "fingers")
    return () if plain is None else _FINGERS.validate_json(plain)


def _open(transaction: Transaction, case: Row[Any], column: str) -> bytes | None:
    sealed: bytes | None = getattr(case, column)
    return None if sealed is None else transaction.unseal(case.case_id, sealed, column)
