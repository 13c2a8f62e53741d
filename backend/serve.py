"""Starts the backend from its settings."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from backend import authority, idempotency, ledger, listeners
from backend.api import (
    cards,
    cases,
    display,
    events,
    facts,
    officers,
    openapi,
    operator,
    osia,
    osia_notification,
    queue,
    shield,
    stations,
    tags,
)
from backend.api.access import Service
from backend.api.doorkeeper import Doorkeeper, forget_nonces
from backend.authority import Authority
from backend.bearer import Bearers
from backend.commands import officer_book, sign_in, slots
from backend.commands import station as stations_
from backend.commands.officer_book import Planned
from backend.commands.station import Station
from backend.database import database_of, keys_of, prepare
from backend.feed import Feed
from backend.guards import PostGuard
from backend.keys import read_secret
from backend.ledger import Check
from backend.metrics import Counted, Metrics
from backend.osia import notification, runner
from backend.osia.credentials import cms_of
from backend.panels import Panels
from backend.settings import Settings, read
from backend.store import Command, Store
from backend.transaction import Transaction
from backend.web import form_pages, pages
from backend.working_days import add_working_days
from common.domain.clock import Clock, office_day, system_clock

logger = logging.getLogger(__name__)

T = TypeVar("T")

_HOUSEKEEPING = timedelta(minutes=10)
_SIGN_INS_A_MINUTE = 60
_WEB = Path(__file__).parent / "web"


def serve(config: Path) -> None:
    """Run the backend until it is told to stop.

    Raises:
        SettingsError, SecretError, StoreError: It cannot start; the message says why.
    """
    settings = read(config)
    app = create_app(settings)
    logger.info("backend at %s:%d", settings.backend.address, settings.backend.port)
    listeners.run(app, settings)


def migrate(config: Path) -> None:
    """Bring the database to the present schema, making it and the master key if need be.

    Raises:
        SettingsError, SecretError, StoreError: The settings, a secret or the file is wrong.
    """
    prepare(read(config))


def check(config: Path) -> Check:
    """Read the ledger from end to end and say whether its chain holds.

    Raises:
        SettingsError, SecretError, StoreError: The settings, a secret or the file is wrong.
    """
    settings = read(config)
    keys = keys_of(settings)
    engine = database_of(settings).reader()
    try:
        with engine.connect() as connection, connection.begin():
            return ledger.check(connection, keys)
    finally:
        engine.dispose()


def administer(settings: Settings, do: Command[T]) -> T:
    """Run one command of the operator, beside a service that may be running or not.

    Raises:
        SecretError, StoreError: A secret or the database does not open.
        Refusal: The command says no.
    """
    keys, database = prepare(settings)
    store = Store(database, keys, system_clock)
    try:
        store.submit(lambda transaction: _write_plan(transaction, settings)).result()
        return store.submit(do).result()
    finally:
        store.close()


def create_app(settings: Settings, clock: Clock = system_clock) -> FastAPI:
    """Build the service; it opens its store when it starts."""
    keys, database = prepare(settings)
    skew = timedelta(seconds=settings.trust.clock_skew_seconds)

    # The calendar of holidays takes most of a second to load: not while an officer waits.
    add_working_days(office_day(clock()), 1)

    metrics = Metrics()
    bearers = Bearers(settings)
    cms = None if settings.osia is None else cms_of(settings.osia, settings.folder)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        panels = Panels()

        def tell(offices: set[str]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(panels.changed, offices)

        feed = Feed()

        def committed(many: int, seconds: float, kept: bool) -> None:
            metrics.committed(many, seconds, kept)
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(feed.wake)

        store = Store(database, keys, clock, tell, committed)
        own = await store.command(lambda transaction: _seed(transaction, settings))
        app.state.service = Service(
            settings=settings,
            store=store,
            panels=panels,
            authority=own,
            door=Doorkeeper(store, clock, skew),
            sign_ins=PostGuard(_SIGN_INS_A_MINUTE),
            posts=PostGuard(settings.backend.posts_per_minute),
            metrics=metrics,
            bearers=bearers,
            feed=feed,
            clock=clock,
        )
        tasks = [
            asyncio.create_task(_keep_house(store, settings)),
            asyncio.create_task(feed.follow(store)),
        ]
        if settings.osia is not None:
            tasks.append(asyncio.create_task(runner.run(store, settings.osia, cms)))
        try:
            yield
        finally:
            panels.end()
            feed.end()
            for task in tasks:
                task.cancel()
            await asyncio.to_thread(store.close)

    app = FastAPI(
        title="smartics backend",
        version="1",
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        responses=shield.REFUSALS,
    )
    _route(app)
    app.include_router(pages.router, include_in_schema=False)
    app.include_router(form_pages.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_WEB / "static"), name="static")
    shield.install(app, pages.refusal_page)

    app.add_middleware(Counted, metrics=metrics)
    return app


def describe() -> dict[str, Any]:
    """Return the OpenAPI document of every address for programs."""
    app = FastAPI(title="smartics backend", version="1", responses=shield.REFUSALS)
    _route(app)
    return app.openapi()


def _route(app: FastAPI) -> None:
    for module in (
        tags,
        cases,
        facts,
        queue,
        officers,
        cards,
        display,
        events,
        operator,
        osia,
        osia_notification,
        stations,
    ):
        app.include_router(module.router)
    openapi.install(app)


def _seed(transaction: Transaction, settings: Settings) -> Authority:
    """Write what the settings plan; return the authority, made where there was none."""
    _write_plan(transaction, settings)
    _open_days(transaction, settings)
    if settings.osia is not None:
        notification.make_own_topics(transaction)
    return authority.found(transaction)


def _write_plan(transaction: Transaction, settings: Settings) -> None:
    """Write stations and officers as the settings name them; who left them is let in no more."""
    here = settings.offices[0].code
    stations_.plan(
        transaction,
        [
            Station(entry.name, entry.kind, entry.office or here, entry.place)
            for entry in settings.stations
        ],
    )
    officer_book.write_settings(
        transaction,
        [
            Planned(
                entry.id,
                entry.display_name,
                entry.roles,
                read_secret(entry.password, settings.folder),
            )
            for entry in settings.officers
        ],
    )


async def _keep_house(store: Store, settings: Settings) -> None:
    """Open new days for booking and drop what is too old, every now and then."""
    while True:
        await asyncio.sleep(_HOUSEKEEPING.total_seconds())
        await store.command(lambda transaction: _open_days(transaction, settings))
        await store.command(idempotency.forget_old)
        await store.command(sign_in.forget_old)
        await store.command(forget_nonces)


def _open_days(transaction: Transaction, settings: Settings) -> None:
    for office in settings.offices:
        slots.open_days(transaction, office)
