"""The portrait of a case: an officer takes it, or a kiosk does and an officer approves it."""

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import Row

from backend.commands import cases
from backend.commands.station import Station
from backend.transaction import Refusal, Transaction
from common.domain.case import CaseState
from common.wire.facts import Fact, PhotographApproved, PhotographTaken


def taken(
    transaction: Transaction,
    station: Station,
    case: Row[Any],
    fact: Fact,
    what: PhotographTaken,
    day: date,
) -> dict[str, object]:
    """Keep a portrait. What a kiosk took alone counts only once an officer has approved it.

    Raises:
        Refusal: A kiosk would take the place of what an officer took or approved.
    """
    kept = {
        "portrait": transaction.seal(case.case_id, what.portrait, "portrait"),
        "enrolled_on": case.enrolled_on or day.isoformat(),
    }
    if station.kind == "registration":
        if "photographed" in case.done.split():
            raise Refusal(409, "already_photographed", "an officer took or approved the portrait")
        return kept | {"done": cases.marked(case, "self_photographed")}
    return kept | _counts(case, fact)


def approved(
    transaction: Transaction, case: Row[Any], fact: Fact, what: PhotographApproved
) -> dict[str, object]:
    """Let a kiosk's portrait count.

    Raises:
        Refusal: No officer says so, or the officer looked at another portrait.
    """
    if fact.officer is None:
        raise Refusal(409, "officer_needed", "an officer approves a kiosk's photograph")
    portrait = b""
    if case.portrait is not None:
        portrait = transaction.unseal(case.case_id, case.portrait, "portrait")
    if hashlib.sha256(portrait).hexdigest() != what.seen:
        raise Refusal(409, "seen_otherwise", "the portrait is another than the one approved")
    return _counts(case, fact)


def _counts(case: Row[Any], fact: Fact) -> dict[str, object]:
    return {
        "state": cases.progressed(case, CaseState.PHOTOGRAPHED),
        "done": cases.marked(case, "photographed"),
        "captured_by": fact.officer,
    }
