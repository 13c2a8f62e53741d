"""Topics and subscriptions: who is told what, where, once the address has proved itself."""

import hmac
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, delete, insert, select, update

from backend.bearer import Program
from backend.happenings import Line, last_number, lines_after
from backend.schema.base import upsert
from backend.schema.osia_tables import osia_messages, osia_subscriptions, osia_topics
from backend.schema.tables import counters
from backend.transaction import Refusal, Transaction
from common.wire.facts import new_id

OWN_TOPICS = ("case", "card", "tag")
CONFIRMATION, NOTIFICATION = "SubscriptionConfirmation", "Notification"
_OURS = ""
_TOLD = "osia told"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_MOST_SUBSCRIPTIONS = 100
# OSIA's own: every hour for seven days.
_PAUSE_S, _MOST_RETRIES = 3600, 168


def make_own_topics(transaction: Transaction) -> None:
    """Make the topics that the backend itself tells of."""
    for name in OWN_TOPICS:
        if _topic_named(transaction, _OURS, name) is None:
            _add_topic(transaction, _OURS, name)


def topics(transaction: Transaction, program: Program) -> list[Row[Any]]:
    """Return the backend's topics and the partner's."""
    return list(
        transaction.connection.execute(
            select(osia_topics)
            .where(osia_topics.c.issuer.in_((_OURS, program.issuer)))
            .order_by(osia_topics.c.issuer, osia_topics.c.name)
        ).all()
    )


def create_topic(transaction: Transaction, program: Program, name: str) -> Row[Any]:
    """Make a topic of a partner; the same again is the same."""
    found = _topic(transaction, program, name)
    if found is not None:
        return found
    if len(topics(transaction, program)) >= _MOST_SUBSCRIPTIONS:
        raise Refusal(400, "too_many", f"at most {_MOST_SUBSCRIPTIONS} topics")
    return _add_topic(transaction, program.issuer, name)


def delete_topic(transaction: Transaction, program: Program, topic_id: str) -> None:
    """Remove a partner's topic with its subscriptions.

    Raises:
        Refusal: There is none, or it is the backend's.
    """
    topic = _own_topic(transaction, program, topic_id)
    for subscription in transaction.connection.execute(
        select(osia_subscriptions).where(osia_subscriptions.c.topic_id == topic.topic_id)
    ).all():
        _remove(transaction, subscription)
    transaction.connection.execute(
        delete(osia_topics).where(osia_topics.c.topic_id == topic.topic_id)
    )


def subscribe(
    transaction: Transaction,
    program: Program,
    topic_name: str,
    address: str,
    policy: str,
    hosts: tuple[str, ...],
) -> Row[Any]:
    """Note whom to tell; the address gets a token first, and hears nothing else until it is back.

    Raises:
        Refusal: There is no such topic, or the address is not one where we tell anybody anything.
    """
    topic = _topic(transaction, program, topic_name)
    if topic is None:
        raise Refusal(400, "bad_request", "no such topic")
    _check_address(address, hosts)
    for row in subscriptions(transaction, program):
        if (row.topic_id, row.address) == (topic.topic_id, address):
            return row
    if len(subscriptions(transaction, program)) >= _MOST_SUBSCRIPTIONS:
        raise Refusal(400, "too_many", f"at most {_MOST_SUBSCRIPTIONS} subscriptions")
    pause_s, most_retries = _policy(policy)
    subscription_id = str(new_id())
    transaction.connection.execute(
        insert(osia_subscriptions).values(
            subscription_id=subscription_id,
            topic_id=topic.topic_id,
            issuer=program.issuer,
            office=program.office,
            address=address,
            pause_s=pause_s,
            most_retries=most_retries,
            active=0,
        )
    )
    _queue(transaction, subscription_id, CONFIRMATION, "", "")
    return _subscription(transaction, program, subscription_id)


def subscriptions(transaction: Transaction, program: Program) -> list[Row[Any]]:
    """Return the partner's subscriptions."""
    return list(
        transaction.connection.execute(
            select(osia_subscriptions)
            .where(osia_subscriptions.c.issuer == program.issuer)
            .order_by(osia_subscriptions.c.subscription_id)
        ).all()
    )


def unsubscribe(transaction: Transaction, program: Program, subscription_id: str) -> None:
    """Remove a subscription and what waits for it.

    Raises:
        Refusal: There is none.
    """
    _remove(transaction, _subscription(transaction, program, subscription_id))


def confirmation(transaction: Transaction, subscription_id: str) -> str:
    """Return the token that a subscription's address is sent."""
    return f"{subscription_id}.{transaction.keys.callback(subscription_id)}"


def confirm(transaction: Transaction, program: Program, token: str) -> None:
    """Let an address be told from now on: it gave back the token that it was sent.

    Raises:
        Refusal: It is no such token.
    """
    subscription_id, _, proof = token.partition(".")
    known = transaction.keys.callback(subscription_id)
    if not hmac.compare_digest(proof.encode(), known.encode()):
        raise Refusal(400, "token_wrong")
    _subscription(transaction, program, subscription_id)
    transaction.connection.execute(
        update(osia_subscriptions)
        .where(osia_subscriptions.c.subscription_id == subscription_id)
        .values(active=1)
    )


def publish(
    transaction: Transaction, program: Program, topic_id: str, subject: str, message: str
) -> None:
    """Tell a partner's message to whoever subscribed to its topic.

    Raises:
        Refusal: There is no such topic, or it is the backend's.
    """
    topic = _own_topic(transaction, program, topic_id)
    for one in _listeners(transaction, topic.topic_id):
        _queue(transaction, one.subscription_id, NOTIFICATION, subject, message)


def tell_happenings(transaction: Transaction) -> int:
    """Queue what happened since this was last asked; return the last line that was looked at.

    Where it was never asked it begins now: nobody subscribed before. Queueing and noting how far
    it went are one command, so nothing is left out or queued twice by whatever process asks.
    """
    last = transaction.connection.execute(
        select(counters.c.last).where(counters.c.name == _TOLD)
    ).scalar_one_or_none()
    if last is None:
        return _note_told(transaction, last_number(transaction))
    lines = lines_after(transaction, last)
    if not lines:
        return int(last)
    own = {
        name: topic
        for name in OWN_TOPICS
        if (topic := _topic_named(transaction, _OURS, name)) is not None
    }
    listeners = {name: _listeners(transaction, topic.topic_id) for name, topic in own.items()}
    for line in lines:
        _tell(transaction, line, listeners)
    return _note_told(transaction, lines[-1].number)


def _tell(transaction: Transaction, line: Line, listeners: dict[str, list[Row[Any]]]) -> None:
    if line.told is None:
        return
    for one in listeners.get(line.told.about, ()):
        if one.office == line.office:
            message = line.told.model_dump_json()
            _queue(transaction, one.subscription_id, NOTIFICATION, line.kind, message)


def _note_told(transaction: Transaction, number: int) -> int:
    statement = upsert(transaction.connection.dialect.name, counters).values(
        name=_TOLD, last=number
    )
    transaction.connection.execute(
        statement.on_conflict_do_update(index_elements=[counters.c.name], set_={"last": number})
    )
    return number


def _queue(
    transaction: Transaction, subscription_id: str, kind: str, subject: str, message: str
) -> None:
    transaction.connection.execute(
        insert(osia_messages).values(
            message_id=str(new_id()),
            subscription_id=subscription_id,
            kind=kind,
            subject=subject,
            message=message,
            made_at=transaction.now,
            due_at=transaction.now,
            tries=0,
        )
    )


def _listeners(transaction: Transaction, topic_id: str) -> list[Row[Any]]:
    return list(
        transaction.connection.execute(
            select(osia_subscriptions).where(
                osia_subscriptions.c.topic_id == topic_id, osia_subscriptions.c.active == 1
            )
        ).all()
    )


def _check_address(address: str, hosts: tuple[str, ...]) -> None:
    # Only where the operator allows it: else a partner could let us knock at doors inside.
    try:
        parts = urlsplit(address)
        host, user = parts.hostname or "", parts.username
    except ValueError:
        host, user = "", None
        parts = urlsplit("")
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if host not in hosts or not is_safe or user is not None or parts.fragment:
        raise Refusal(400, "address_not_allowed", "ask the operator to allow the host")


def _policy(text: str) -> tuple[int, int]:
    """Read OSIA's "countdown,max": seconds between tries, and retries (-1 has no end)."""
    if not text:
        return _PAUSE_S, _MOST_RETRIES
    try:
        pause_s, most = (int(part) for part in text.split(","))
    except ValueError as error:
        raise Refusal(400, "bad_request", "policy is countdown,max") from error
    if not (1 <= pause_s <= 86_400 and -1 <= most <= 10_000):
        raise Refusal(400, "bad_request", "policy is out of bounds")
    return pause_s, most


def _topic(transaction: Transaction, program: Program, name: str) -> Row[Any] | None:
    ours = _topic_named(transaction, _OURS, name)
    return ours if ours is not None else _topic_named(transaction, program.issuer, name)


def _topic_named(transaction: Transaction, issuer: str, name: str) -> Row[Any] | None:
    return transaction.connection.execute(
        select(osia_topics).where(osia_topics.c.issuer == issuer, osia_topics.c.name == name)
    ).one_or_none()


def _add_topic(transaction: Transaction, issuer: str, name: str) -> Row[Any]:
    topic_id = str(new_id())
    transaction.connection.execute(
        insert(osia_topics).values(topic_id=topic_id, issuer=issuer, name=name)
    )
    return transaction.connection.execute(
        select(osia_topics).where(osia_topics.c.topic_id == topic_id)
    ).one()


def _own_topic(transaction: Transaction, program: Program, topic_id: str) -> Row[Any]:
    row = transaction.connection.execute(
        select(osia_topics).where(osia_topics.c.topic_id == topic_id)
    ).one_or_none()
    if row is None or row.issuer not in (_OURS, program.issuer):
        raise Refusal(404, "not_found", "no such topic")
    if row.issuer == _OURS:
        raise Refusal(403, "not_allowed", "the topic is the backend's own")
    return row


def _subscription(transaction: Transaction, program: Program, subscription_id: str) -> Row[Any]:
    row = transaction.connection.execute(
        select(osia_subscriptions).where(osia_subscriptions.c.subscription_id == subscription_id)
    ).one_or_none()
    if row is None or row.issuer != program.issuer:
        raise Refusal(404, "not_found", "no such subscription")
    return row


def _remove(transaction: Transaction, row: Row[Any]) -> None:
    id_ = row.subscription_id
    transaction.connection.execute(
        delete(osia_messages).where(osia_messages.c.subscription_id == id_)
    )
    transaction.connection.execute(
        delete(osia_subscriptions).where(osia_subscriptions.c.subscription_id == id_)
    )
