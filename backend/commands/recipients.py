"""Who comes for the new card, and by what that is believed."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row

from backend.commands import actions, evidence, issuance
from backend.commands.station import Officer, Station
from backend.transaction import Refusal, Transaction
from common.domain.card import CardMove
from common.domain.clock import OFFICE_ZONE, office_day
from common.domain.custody import ActionKind, Thing
from common.domain.proxy import objection
from common.wire.evidence import OfficersProof
from common.wire.facts import Fact, HolderIdentified, Witnessed
from common.wire.shapes import Recipient


def shown(transaction: Transaction, case: Row[Any]) -> Recipient | None:
    """Return who comes today, as far as that is proven.

    Raises:
        SealError: The case was erased.
    """
    came = _recipient(transaction, case)
    return came if came is not None and came.day == transaction.today else None


def identified(
    transaction: Transaction,
    station: Station,
    case: Row[Any],
    fact: Fact,
    what: HolderIdentified,
    born: date | None,
) -> dict[str, object]:
    """Keep how the person who comes for the new card was proven; one biometric alone is nothing.

    born is the holder's day of birth.

    Raises:
        Refusal: An officer's proof without officer, documents or comparison, or of a proxy who may
            not collect for this holder; or face and finger from a station that compares neither
            with the case.
    """
    day = office_day(fact.at)
    must_be_believed(transaction, station, case, fact, what)
    if what.by not in ("face_and_finger", "officer"):
        return {}
    if what.by == "face_and_finger" and station.kind != "collection":
        raise Refusal(409, "not_compared_here", station.kind)
    if what.by == "officer":
        if fact.officer is None:
            raise Refusal(409, "officer_needed")
        if what.proof is None or not what.proof.is_enough:
            raise Refusal(409, "proof_needed", "two source documents, and the photograph compared")
        _must_suit(case, what.proof, born, day)
    elif station.kind == "collection":
        issuance.must_be_convincing(transaction, station, what)
    version = (case.recipient_version or 0) + 1
    if what.proof is not None and fact.officer is not None:
        actions.keep(
            transaction,
            station.office,
            fact.officer,
            ActionKind.ISSUE_WITHOUT_BIOMETRICS,
            [(Thing.CASE, case.case_id, version)],
            what.proof.digest(case.case_id),
            "recipient",
            fact.at,
            _day_end(fact.at),
        )
    came = Recipient(by=what.by, day=day, proof=what.proof, officer=fact.officer)
    return {
        "recipient": evidence.seal(transaction, case.case_id, "recipient", came),
        "recipient_version": version,
    }


def witnessed(
    transaction: Transaction,
    case: Row[Any],
    officer: Officer | None,
    what: Witnessed,
    at: datetime,
) -> dict[str, object]:
    """Keep a second officer's confirmation of what the first knew the person by.

    Raises:
        Refusal: It is the same officer, has no such duty, or saw something else.
    """
    second = evidence.must_confirm(officer)
    came, proposed = _recipient(transaction, case), proof_action(transaction, case)
    if came is None or proposed is None:
        raise Refusal(409, "seen_otherwise", "nothing is proposed")
    actions.confirm(transaction, proposed, second.officer_id, what.seen, at)
    both = came.model_copy(update={"confirmed_by": second.officer_id})
    return {"recipient": evidence.seal(transaction, case.case_id, "recipient", both)}


def proof_action(transaction: Transaction, case: Row[Any]) -> Row[Any] | None:
    """Return the action by which an officer's proof of the present recipient is confirmed."""
    return actions.newest_about(
        transaction,
        ActionKind.ISSUE_WITHOUT_BIOMETRICS,
        Thing.CASE,
        case.case_id,
        case.recipient_version,
    )


def must_be_proven(
    transaction: Transaction, case: Row[Any], day: date, personalised_by: str | None
) -> Recipient:
    """Let a card go only to a person who was proven to be its holder on this day; return how.

    Raises:
        Refusal: Nobody was, or one officer alone says so.
    """
    came = _recipient(transaction, case)
    if came is None or came.day != day:
        raise Refusal(409, "recipient_unproven", "face and finger, or two officers, on the day")
    if not came.is_proven:
        raise Refusal(409, "second_officer_needed")
    if personalised_by is not None and personalised_by in (came.officer, came.confirmed_by):
        raise Refusal(403, "same_officer", "who personalised a card proves no recipient")
    return came


def must_go_as_proven(came: Recipient, how: CardMove) -> None:
    """Let a card count at once in its holder's hand, and in a proxy's only after activation.

    Raises:
        Refusal: It is to go out otherwise than the person who comes was proven.
    """
    to_proxy = came.by == "officer" and came.proof is not None and came.proof.needs_activation
    if to_proxy != (how is CardMove.ISSUE_TO_PROXY):
        raise Refusal(409, "recipient_unproven", "a proxy's card waits to be activated, no other")


def must_be_believed(
    transaction: Transaction, station: Station, case: Row[Any], fact: Fact, what: HolderIdentified
) -> None:
    """Believe a comparison only of an attended station, and not after too many failed tries.

    Raises:
        Refusal: A remote station's operator is missing, or only an officer may go on.
    """
    issuance.must_be_attended(transaction, station, fact.officer)
    if what.by != "officer":
        issuance.must_have_tries_left(transaction, station, case.case_id, office_day(fact.at))


def _must_suit(case: Row[Any], proof: OfficersProof, born: date | None, day: date) -> None:
    if proof.proxy is None:
        return
    enrolled = "enrolled" in case.done.split()
    against = objection(proof.proxy.paper, born, enrolled=enrolled, day=day)
    if against is not None:
        raise Refusal(409, against)


def _recipient(transaction: Transaction, case: Row[Any]) -> Recipient | None:
    return evidence.unsealed(transaction, case, "recipient", Recipient)


def _day_end(moment: datetime) -> datetime:
    return datetime.combine(office_day(moment), time.max, OFFICE_ZONE)
