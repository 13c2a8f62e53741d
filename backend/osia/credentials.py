"""Asks an external credential management system for cards (OSIA CMS 1.3.0), and mirrors its word.

What it says is kept beside the card; the card's own custody begins when it is in the office's hands
and goes on as ever.
"""

import base64
import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import Row, insert, select, update

from backend.commands import cases
from backend.commands.identity import open_identity
from backend.keys import read_secret
from backend.osia.mapping import biographic_data
from backend.schema import tables
from backend.schema.osia_tables import osia_credential_requests
from backend.schema.tables import cards
from backend.settings import OsiaSettings
from backend.transaction import Refusal, Transaction
from common.domain.card import CardState
from common.wire.base import Line, Shape

logger = logging.getLogger(__name__)

UNSENT, PENDING, ISSUED, CANCELLED, FAILED = "UNSENT", "PENDING", "ISSUED", "CANCELLED", "FAILED"
LEASE = timedelta(minutes=2)
_PAUSES_MIN = (1, 5, 15, 60, 360)
_PATIENCE_S = (5, 30)
_AT_ONCE = 8


class CredentialMirrored(Shape):
    """What the external system says of a card that it was asked for."""

    status: Line
    credential_id: Line = ""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    status: str
    credentialIds: list[str] = []  # noqa: N815 (OSIA's)


@dataclass(frozen=True, slots=True)
class Work:
    """A leased request: to be sent, with its body, or to be asked about. tries is the mark."""

    card_id: str
    tries: int
    body: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it. An empty status: nobody knows yet, ask again."""

    status: str = ""
    credential_id: str = ""
    reason: str = ""


class Cms:
    """The external system, over HTTP."""

    def __init__(self, url: str, key: str, profile: str, poll: timedelta) -> None:
        self._url, self._key = url.rstrip("/"), key
        self.profile, self.poll = profile, poll

    def do(self, work: Work) -> Outcome:
        """Send a request, or ask what became of it. It may wait; it never raises."""
        try:
            if work.body is not None:
                return self._send(work.card_id, work.body)
            return self._ask(work.card_id)
        except requests.RequestException as error:
            logger.info("the credential system was not reached: %s", type(error).__name__)
            return Outcome(reason="not_reached")
        except (ValidationError, ValueError):
            return Outcome(reason="answer_malformed")

    def _send(self, card_id: str, body: dict[str, Any]) -> Outcome:
        answer = self._call("POST", card_id, body)
        # Our own id: where it is known already, an answer to an earlier try was lost.
        if answer.ok or answer.status_code == requests.codes.conflict:
            return Outcome(PENDING)
        return self._failed(answer)

    def _ask(self, card_id: str) -> Outcome:
        answer = self._call("GET", card_id, None)
        if not answer.ok:
            return self._failed(answer)
        found = _Answer.model_validate_json(answer.content)
        if found.status not in (PENDING, ISSUED, CANCELLED, FAILED):
            return Outcome(reason="status_unknown")
        return Outcome(found.status, (found.credentialIds or [""])[0][:200])

    def _failed(self, answer: requests.Response) -> Outcome:
        reason = f"http_{answer.status_code}"
        # What is wrong with the request stays wrong; access and pace may be mended.
        is_final = answer.status_code in (400, 404, 410, 422)
        return Outcome(FAILED if is_final else "", reason=reason)

    def _call(self, method: str, card_id: str, body: dict[str, Any] | None) -> requests.Response:
        return requests.request(
            method,
            f"{self._url}/v1/credentialRequests/{card_id}",
            params={"transactionId": card_id},
            json=body,
            headers={"Authorization": f"Bearer {self._key}"},
            timeout=_PATIENCE_S,
            allow_redirects=False,
        )


def cms_of(settings: OsiaSettings, folder: Path) -> Cms | None:
    """Return the system that the settings name, if any.

    Raises:
        SecretError: Its key is not there.
    """
    if settings.cms is None:
        return None
    key = read_secret(settings.cms.key, folder)
    poll = timedelta(seconds=settings.cms.poll_seconds)
    return Cms(settings.cms.url, key, settings.cms.profile, poll)


def is_due(transaction: Transaction) -> bool:
    """Tell whether a card was ordered, or a request is due: a question that costs no write."""
    return bool(_ordered(transaction) or _due(transaction))


def take(transaction: Transaction, profile: str) -> list[Work]:
    """Note newly ordered cards, and lease what is due."""
    for card_id in _ordered(transaction):
        transaction.connection.execute(
            insert(osia_credential_requests).values(
                card_id=card_id, status=UNSENT, due_at=transaction.now, tries=0
            )
        )
    taken = []
    for row in _due(transaction):
        body = None
        if row.status == UNSENT:
            body = _body(transaction, row, profile)
            if body is None:
                _write(transaction, row.card_id, status=FAILED, reason="erased")
                continue
        tries, due_at = row.tries + 1, transaction.now + LEASE
        _write(transaction, row.card_id, tries=tries, due_at=due_at)
        taken.append(Work(row.card_id, tries, body))
    return taken


def mark(transaction: Transaction, work: Work, outcome: Outcome, poll: timedelta) -> None:
    """Write what became of a leased request. Who lost the lease meanwhile changes nothing."""
    row = transaction.connection.execute(
        select(osia_credential_requests, cards.c.case_id, tables.cases.c.live_person)
        .join(cards, cards.c.card_id == osia_credential_requests.c.card_id)
        .join(tables.cases, tables.cases.c.case_id == cards.c.case_id)
        .where(
            osia_credential_requests.c.card_id == work.card_id,
            osia_credential_requests.c.tries == work.tries,
        )
    ).one_or_none()
    if row is None:
        return
    if outcome.status in ("", row.status):
        pause = poll
        if outcome.reason:
            pause = timedelta(minutes=_PAUSES_MIN[min(row.tries, len(_PAUSES_MIN)) - 1])
        reason, due_at = outcome.reason or None, transaction.now + pause
        tries = row.tries if outcome.reason else 0
        _write(transaction, work.card_id, reason=reason, due_at=due_at, tries=tries)
        return
    _write(
        transaction,
        work.card_id,
        status=outcome.status,
        credential_id=outcome.credential_id or None,
        reason=outcome.reason or None,
        due_at=transaction.now + poll,
        tries=0,
    )
    if row.live_person is None:
        return  # erased, or about to be: a line would give the case a new key
    what = CredentialMirrored(status=outcome.status, credential_id=outcome.credential_id)
    kind = f"card_request_{outcome.status.lower()}"
    transaction.record(kind, row.case_id, "osia", what=what)


def _ordered(transaction: Transaction) -> list[str]:
    known = osia_credential_requests
    return list(
        transaction.connection.execute(
            select(cards.c.card_id)
            .outerjoin(known, known.c.card_id == cards.c.card_id)
            .where(cards.c.state == CardState.ORDERED, known.c.card_id.is_(None))
            .order_by(cards.c.ordered_at)
            .limit(_AT_ONCE)
        )
        .scalars()
        .all()
    )


def _due(transaction: Transaction) -> list[Row[Any]]:
    known = osia_credential_requests
    return list(
        transaction.connection.execute(
            select(known, cards.c.case_id)
            .join(cards, cards.c.card_id == known.c.card_id)
            .where(known.c.status.in_((UNSENT, PENDING)), known.c.due_at <= transaction.now)
            .order_by(known.c.due_at)
            .limit(_AT_ONCE)
        ).all()
    )


def _body(transaction: Transaction, row: Row[Any], profile: str) -> dict[str, Any] | None:
    case = cases.load(transaction, row.case_id)
    try:
        view = cases.view(transaction, case)
    except Refusal:
        return None
    who = open_identity(transaction, case.case_id, case.identity)
    return {
        "requestData": {
            "priority": 1,
            "credentialProfileId": profile,
            "requestType": "RENEWAL",
            "deliveryOffice": {"name": case.office},
        },
        "personId": case.case_id,
        "biographicData": biographic_data(who, view.particulars),
        "biometricData": _portrait(view.portrait),
    }


def _portrait(portrait: bytes | None) -> list[dict[str, str]]:
    if portrait is None:
        return []
    image = base64.b64encode(portrait).decode()
    return [{"biometricType": "FACE", "biometricSubType": "PORTRAIT", "image": image}]


def _write(transaction: Transaction, card_id: str, **values: Any) -> None:
    transaction.connection.execute(
        update(osia_credential_requests)
        .where(osia_credential_requests.c.card_id == card_id)
        .values(**values)
    )
