"""What an office demands before a card is made and goes out: its policy, and who may speak.

The rules are those of FIPS 201-3 and SP 800-63A as decision 35 numbers them.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from backend.commands import actions, custody_book
from backend.commands.station import Officer, Station
from backend.schema.custody_tables import biometric_tries, issuance_policies
from backend.schema.tables import stations
from backend.settings import IssuancePolicy
from backend.transaction import Refusal, Transaction
from common.domain.card import CardMove
from common.domain.custody import ActionKind, Thing
from common.wire.evidence import Attempts
from common.wire.facts import CardMoved, HolderIdentified
from common.wire.shapes import DuplicateSearch


def write_policy(transaction: Transaction, office: str, policy: IssuancePolicy) -> None:
    """Keep an office's policy as the settings have it."""
    row = issuance_policies.c.office == office
    values = {"policy": policy.model_dump_json()}
    done = transaction.connection.execute(update(issuance_policies).where(row).values(**values))
    if done.rowcount == 0:
        transaction.connection.execute(insert(issuance_policies).values(office=office, **values))


def policy(transaction: Transaction, office: str) -> IssuancePolicy:
    """Return an office's policy."""
    kept = transaction.connection.execute(
        select(issuance_policies.c.policy).where(issuance_policies.c.office == office)
    ).scalar_one_or_none()
    return IssuancePolicy() if kept is None else IssuancePolicy.model_validate_json(kept)


def must_be_office(transaction: Transaction, code: str) -> None:
    """Let only an office of this backend be named.

    Raises:
        Refusal: There is none of this code.
    """
    known = select(issuance_policies.c.office).where(issuance_policies.c.office == code)
    if transaction.connection.execute(known).first() is None:
        raise Refusal(404, "not_found", "no such office")


def must_be_authorised(transaction: Transaction, station: Station) -> None:
    """Let only a station work on cards whose device and software are authorised (R18).

    Raises:
        Refusal: It is not, or not any longer.
    """
    authorised = transaction.connection.execute(
        select(stations.c.authorised).where(stations.c.name == station.name)
    ).scalar_one_or_none()
    if not authorised:
        raise Refusal(403, "station_not_authorised", station.name)


def must_be_attended(
    transaction: Transaction, station: Station, officer: Officer | str | None
) -> None:
    """Let a remote station do nothing without its operator (R14).

    Raises:
        Refusal: Nobody is signed in there.
    """
    if officer is None and station.name in policy(transaction, station.office).operator_stations:
        raise Refusal(409, "operator_needed", "a remote station works with an officer on line")


def must_be_fresh(
    transaction: Transaction, case: Row[Any], office: str, day: date, action_id: str | None
) -> None:
    """Let no card go out on biometrics that are too old (R9), unless two officers say so.

    Raises:
        Refusal: They are too old.
    """
    if case.enrolled_on is None or action_id is not None:
        return
    oldest = day - timedelta(days=policy(transaction, office).biometrics_valid_days)
    if date.fromisoformat(case.enrolled_on) < oldest:
        raise Refusal(409, "biometrics_too_old", case.enrolled_on)


def override(transaction: Transaction, card: Row[Any], action_id: str | None) -> str | None:
    """Check an override that came along with a reservation.

    Raises:
        Refusal: Nobody confirmed it, or it is about another card or version.
    """
    if action_id is None:
        return None
    confirmed = actions.objects_of(transaction, action_id, ActionKind.OVERRIDE_ISSUE)
    if (Thing.CARD, card.card_id, card.version) not in confirmed:
        raise Refusal(409, "second_officer_needed", "the override is not confirmed for this card")
    return action_id


def must_go_out(
    transaction: Transaction, case: Row[Any], card: Row[Any], office: str, day: date
) -> None:
    """Check once more, when the card is issued, that its dates hold (R9).

    Raises:
        Refusal: Biometrics too old without an override, or the card's own time is over.
    """
    reserved = custody_book.last_line(transaction, card.card_id, CardMove.RESERVE)
    overridden = None if reserved is None else reserved.action_id
    must_be_fresh(transaction, case, office, day, overridden)
    if card.valid_until is not None and date.fromisoformat(card.valid_until) < day:
        raise Refusal(409, "card_expired", card.valid_until)


def must_be_valid_term(
    transaction: Transaction, office: str, moved: CardMoved, day: date
) -> str | None:
    """Return until when a new card is valid, where its maker said so (R9).

    Raises:
        Refusal: Longer than the policy allows.
    """
    if moved.valid_until is None:
        return None
    longest = day + timedelta(days=policy(transaction, office).card_valid_days)
    if not day < moved.valid_until <= longest:
        raise Refusal(409, "validity_too_long", longest.isoformat())
    return moved.valid_until.isoformat()


def must_be_unique(transaction: Transaction, office: str, search: DuplicateSearch | None) -> None:
    """Approve nobody who is found under another name (R12).

    Raises:
        Refusal: The search found somebody, or is missing where the policy wants it.
    """
    if search is None:
        if policy(transaction, office).duplicate_search_needed:
            raise Refusal(409, "search_needed", "attach the result of the 1:N search")
    elif search.found == "duplicate":
        raise Refusal(409, "duplicate_person")


def must_be_convincing(transaction: Transaction, station: Station, what: HolderIdentified) -> None:
    """Believe a station's comparison only as far as the policy does (R4, R13).

    Raises:
        Refusal: The chip or the face is no genuine one, or the likeness is too small.
    """
    wanted = policy(transaction, station.office)
    if what.liveness == "not_live" or (wanted.liveness_needed and what.liveness != "live"):
        raise Refusal(409, "not_live", what.liveness)
    if what.card == "failed" or (wanted.card_read_needed and what.card != "verified"):
        raise Refusal(409, "card_not_authenticated", what.card)
    if what.score < wanted.lowest_score:
        raise Refusal(409, "score_too_low")


def count_tries(
    transaction: Transaction, station: Station, case_id: str, day: date, attempts: Attempts
) -> None:
    """Count the failed tries of a visit (R16)."""
    failed = sum(one.tries for one in attempts.fingers if not one.matched)
    if failed == 0:
        return
    values = {"case_id": case_id, "station": station.name, "day": day.isoformat()}
    same = [biometric_tries.c[name] == value for name, value in values.items()]
    done = transaction.connection.execute(
        update(biometric_tries).where(*same).values(failed=biometric_tries.c.failed + failed)
    )
    if done.rowcount == 0:
        transaction.connection.execute(insert(biometric_tries).values(failed=failed, **values))


def must_have_tries_left(
    transaction: Transaction, station: Station, case_id: str, day: date
) -> None:
    """Believe no biometric after too many that failed (R16); an officer goes on.

    Raises:
        Refusal: There were too many.
    """
    failed = transaction.connection.execute(
        select(biometric_tries.c.failed).where(
            biometric_tries.c.case_id == case_id,
            biometric_tries.c.station == station.name,
            biometric_tries.c.day == day.isoformat(),
        )
    ).scalar_one_or_none()
    if (failed or 0) > policy(transaction, station.office).tries_at_most:
        raise Refusal(409, "too_many_tries", "an officer identifies the person")
