"""/osia/v1/topics and /osia/v1/subscriptions: OSIA's Notification interface."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Row

from backend.api.access import Running
from backend.api.osia import REFUSALS, needs, program, switched_on
from backend.bearer import Program
from backend.osia import notification
from backend.osia.shapes import Id, Subscription, Topic
from backend.transaction import Refusal, Transaction
from common.wire.base import WITHOUT_NUL, Line

router = APIRouter(prefix="/osia/v1", tags=["OSIA Notification"], responses=REFUSALS)

_TEXT = {
    "required": True,
    "content": {"text/plain": {"schema": {"type": "string", "maxLength": 10_000}}},
}
_LONGEST_MESSAGE = 10_000
Address = Annotated[str, Query(max_length=200, pattern=WITHOUT_NUL)]
Policy = Annotated[str, Query(max_length=20, pattern="^([0-9]{1,5},-?[0-9]{1,5})?$")]
SubscriptionReader = Annotated[Program, Depends(program("notif.sub.read"))]
SubscriptionWriter = Annotated[Program, Depends(program("notif.sub.write"))]
TopicReader = Annotated[Program, Depends(program("notif.topic.read"))]
TopicWriter = Annotated[Program, Depends(program("notif.topic.write"))]
Publisher = Annotated[Program, Depends(program("notif.topic.publish"))]


@router.post("/subscriptions", response_model=Subscription, openapi_extra=needs("notif.sub.write"))
async def subscribe(
    who: SubscriptionWriter,
    running: Running,
    topic: Id,
    address: Address,
    policy: Policy = "",
    protocol: Literal["http", "email"] = "http",
) -> Subscription:
    """Subscribe to a topic. The address is told nothing until it has confirmed."""
    if protocol != "http":
        raise Refusal(400, "bad_request", "only http")
    hosts = switched_on(running).callback_hosts

    def do(transaction: Transaction) -> Subscription:
        return _subscription(
            notification.subscribe(transaction, who, topic, address, policy, hosts)
        )

    return await running.store.command(do)


@router.get(
    "/subscriptions", response_model=list[Subscription], openapi_extra=needs("notif.sub.read")
)
async def list_subscriptions(who: SubscriptionReader, running: Running) -> list[Subscription]:
    """List the partner's subscriptions."""
    rows = await running.store.read(lambda t: notification.subscriptions(t, who))
    return [_subscription(row) for row in rows]


@router.get("/subscriptions/confirm", openapi_extra=needs("notif.sub.write"))
async def confirm(
    who: SubscriptionWriter, running: Running, token: Annotated[Id, Query()]
) -> dict[str, str]:
    """Confirm a subscription with the token that its address was sent."""
    await running.store.command(lambda t: notification.confirm(t, who, token))
    return {}


@router.delete("/subscriptions/{uuid}", status_code=204, openapi_extra=needs("notif.sub.write"))
async def unsubscribe(who: SubscriptionWriter, running: Running, uuid: UUID) -> None:
    """Unsubscribe from a topic."""
    await running.store.command(lambda t: notification.unsubscribe(t, who, str(uuid)))


@router.post("/topics", response_model=Topic, openapi_extra=needs("notif.topic.write"))
async def create_topic(who: TopicWriter, running: Running, name: Annotated[Id, Query()]) -> Topic:
    """Create a topic of the partner's own."""
    return _topic(await running.store.command(lambda t: notification.create_topic(t, who, name)))


@router.get("/topics", response_model=list[Topic], openapi_extra=needs("notif.topic.read"))
async def list_topics(who: TopicReader, running: Running) -> list[Topic]:
    """List the backend's topics and the partner's own."""
    rows = await running.store.read(lambda t: notification.topics(t, who))
    return [_topic(row) for row in rows]


@router.delete("/topics/{uuid}", status_code=204, openapi_extra=needs("notif.topic.write"))
async def delete_topic(who: TopicWriter, running: Running, uuid: UUID) -> None:
    """Delete a topic of the partner's own."""
    await running.store.command(lambda t: notification.delete_topic(t, who, str(uuid)))


@router.post(
    "/topics/{uuid}/publish",
    openapi_extra={**needs("notif.topic.publish"), "requestBody": _TEXT},
)
async def publish(
    who: Publisher,
    running: Running,
    request: Request,
    uuid: UUID,
    subject: Annotated[Line, Query()] = "",
) -> dict[str, str]:
    """Post a message to the subscribers of a topic of the partner's own."""
    try:
        message = (await request.body()).decode()
    except UnicodeDecodeError as error:
        raise Refusal(400, "bad_request", "not UTF-8") from error
    if "\x00" in message or len(message) > _LONGEST_MESSAGE:
        raise Refusal(400, "bad_request", f"a text of at most {_LONGEST_MESSAGE} letters")
    await running.store.command(lambda t: notification.publish(t, who, str(uuid), subject, message))
    return {}


def _topic(row: Row[Any]) -> Topic:
    return Topic(uuid=UUID(row.topic_id), name=row.name)


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        uuid=UUID(row.subscription_id),
        topic=row.topic_id,
        address=row.address,
        policy=f"{row.pause_s},{row.most_retries}",
        active=bool(row.active),
    )
