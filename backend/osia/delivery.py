"""The outbox of notifications: each is leased, sent to its subscriber, and marked."""

import logging
from dataclasses import dataclass
from datetime import timedelta

import requests
from sqlalchemy import delete, select, update

from backend.osia.notification import CONFIRMATION, confirmation
from backend.schema.osia_tables import osia_messages, osia_subscriptions
from backend.transaction import Transaction

logger = logging.getLogger(__name__)

AT_ONCE = 8
LEASE = timedelta(minutes=2)
_LONGEST = timedelta(days=30)
_PATIENCE_S = (5, 10)


@dataclass(frozen=True, slots=True)
class Sending:
    """A leased message. tries is the lease's mark."""

    message_id: str
    tries: int
    address: str
    headers: dict[str, str]
    body: dict[str, str]


def is_due(transaction: Transaction) -> bool:
    """Tell whether anything waits to be sent: a question that costs no write."""
    return (
        transaction.connection.execute(
            select(osia_messages.c.message_id)
            .where(osia_messages.c.due_at <= transaction.now)
            .limit(1)
        ).first()
        is not None
    )


def take(transaction: Transaction, public_address: str) -> list[Sending]:
    """Lease the messages that are due. Whoever dies with them lets them be due again."""
    rows = transaction.connection.execute(
        select(osia_messages, osia_subscriptions.c.address, osia_subscriptions.c.topic_id)
        .join(
            osia_subscriptions,
            osia_subscriptions.c.subscription_id == osia_messages.c.subscription_id,
        )
        .where(osia_messages.c.due_at <= transaction.now)
        .order_by(osia_messages.c.due_at, osia_messages.c.made_at, osia_messages.c.message_id)
        .limit(AT_ONCE)
    ).all()
    taken = []
    for row in rows:
        transaction.connection.execute(
            update(osia_messages)
            .where(osia_messages.c.message_id == row.message_id)
            .values(tries=row.tries + 1, due_at=transaction.now + LEASE)
        )
        body = {
            "type": row.kind,
            "topic": row.topic_id,
            "message": row.message,
            "messageId": row.message_id,
            "subject": row.subject,
            "timestamp": row.made_at.isoformat(),
        }
        if row.kind == CONFIRMATION:
            token = confirmation(transaction, row.subscription_id)
            body["token"] = token
            url = f"{public_address}/osia/v1/subscriptions/confirm?token={token}"
            body["subscribeURL"] = url
        headers = {
            "message-type": row.kind,
            "subscription-id": row.subscription_id,
            "message-id": row.message_id,
            "topic-id": row.topic_id,
        }
        taken.append(Sending(row.message_id, row.tries + 1, row.address, headers, body))
    return taken


def send(sending: Sending) -> bool:
    """Hand a message to its subscriber; it is taken where the answer is a 2xx. May wait."""
    try:
        with requests.post(
            sending.address,
            json=sending.body,
            headers=sending.headers,
            timeout=_PATIENCE_S,
            allow_redirects=False,
            stream=True,
        ) as answer:
            return 200 <= answer.status_code < 300
    except requests.RequestException as error:
        logger.info("a subscriber was not reached: %s", type(error).__name__)
        return False


def mark(transaction: Transaction, sending: Sending, *, is_taken: bool) -> None:
    """Write what became of a leased message. Who lost the lease meanwhile changes nothing."""
    row = transaction.connection.execute(
        select(osia_messages, osia_subscriptions.c.pause_s, osia_subscriptions.c.most_retries)
        .join(
            osia_subscriptions,
            osia_subscriptions.c.subscription_id == osia_messages.c.subscription_id,
        )
        .where(
            osia_messages.c.message_id == sending.message_id,
            osia_messages.c.tries == sending.tries,
        )
    ).one_or_none()
    if row is None:
        return
    of = osia_messages.c.message_id == sending.message_id
    is_spent = 0 <= row.most_retries < row.tries or transaction.now - row.made_at > _LONGEST
    if is_taken or is_spent:
        transaction.connection.execute(delete(osia_messages).where(of))
        transaction.count("osia delivered" if is_taken else "osia given up")
        return
    due_at = transaction.now + timedelta(seconds=row.pause_s)
    transaction.connection.execute(update(osia_messages).where(of).values(due_at=due_at))
