"""/v1/health, /v1/ready, /v1/metrics: for whoever keeps the service running."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from sqlalchemy import Select, func, select

from backend.api.access import Running, Service
from backend.guards import source
from backend.keys import read_secret
from backend.metrics import CONTENT_TYPE
from backend.notices import outbox
from backend.schema import tables
from backend.transaction import Refusal, Transaction
from common.wire.base import Shape

router = APIRouter(tags=["operator"])

_LOOPBACK = ("127.0.0.1", "::1")


class Health(Shape):
    """The service answers."""

    ok: bool = True


class Ready(Shape):
    """The service and its database answer."""

    ok: bool = True
    waiting: int
    """Commands that wait to be written."""


@router.get("/v1/health")
async def health() -> Health:
    """Tell that the service answers."""
    return Health()


@router.get("/v1/ready")
async def ready(running: Running) -> Ready:
    """Tell that the database answers too; a balancer sends requests only where it does."""
    await running.store.read(lambda t: t.connection.execute(select(1)).scalar_one())
    return Ready(waiting=running.store.waiting)


@router.get(
    "/v1/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}}
)
async def metrics(
    request: Request,
    running: Running,
    authorization: Annotated[str, Header(max_length=300)] = "",
) -> Response:
    """Show the counters, to this machine or to who brings the operator's secret."""
    _check(request, running, authorization)
    counted = await running.store.read(_count)
    running.metrics.set("store_waiting", "Commands that wait.", running.store.waiting)
    for name, value in counted.items():
        running.metrics.set(name, name.replace("_", " ").capitalize() + ".", value)
    return Response(running.metrics.text(), media_type=CONTENT_TYPE)


def _check(request: Request, running: Service, authorization: str) -> None:
    where = running.settings.backend.metrics_secret
    if where is None:
        # Whom a proxy on this machine passes on is not this machine.
        is_passed_on = "x-forwarded-for" in request.headers
        if is_passed_on or source(request, ()) not in _LOOPBACK:
            raise Refusal(403, "not_allowed_here")
        return
    secret = read_secret(where, running.settings.folder)
    if not hmac.compare_digest(authorization.encode(), f"Bearer {secret}".encode()):
        raise Refusal(401, "secret_wrong")


def _count(transaction: Transaction) -> dict[str, float]:
    def how_many(statement: Select[int]) -> float:
        return float(transaction.connection.execute(statement).scalar_one())

    tags, cases = tables.tags, tables.cases
    today = transaction.today.isoformat()
    waiting = (tags.c.day == today) & (tags.c.status == "waiting")
    lines = select(func.coalesce(func.max(tables.ledger.c.number), 0))
    return {
        "ledger_lines": how_many(lines),
        "facts_refused": how_many(select(func.count()).select_from(tables.refused_facts)),
        "tags_waiting": how_many(select(func.count()).select_from(tags).where(waiting)),
        "cases_ready": how_many(
            select(func.count()).select_from(cases).where(cases.c.state == "ready")
        ),
        **{f"notices_{state}": count for state, count in outbox.counts(transaction).items()},
    }
