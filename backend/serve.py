"""Starts the backend from its settings."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.routing import BaseRoute

from backend import authority, listeners
from backend.api import (
    actions,
    cards,
    cases,
    custody,
    display,
    events,
    facts,
    field,
    ledger,
    live,
    officer_cards,
    officers,
    offices,
    openapi,
    operator,
    osia,
    osia_notification,
    packets,
    queue,
    series,
    shield,
    stations,
    tags,
)
from backend.api.access import Service
from backend.api.doorkeeper import Doorkeeper
from backend.authority import Authority
from backend.bearer import Bearers
from backend.commands import issuance, officer_book
from backend.commands import station as stations_
from backend.commands.line import set_rules
from backend.commands.officer_book import Planned
from backend.commands.station import Station
from backend.database import prepare
from backend.feed import Feed
from backend.guards import Guard
from backend.housekeeping import keep_house, open_days
from backend.keys import read_secret
from backend.metrics import Counted, Metrics
from backend.notices.sender import Sender, Transports, transports
from backend.office_looks import OfficeLooks
from backend.osia import notification, runner
from backend.osia.credentials import cms_of
from backend.packet_files import PacketFiles
from backend.packet_opening import keep_opening
from backend.packet_secrets import packet_keys
from backend.panels import Panels
from backend.settings import Settings, read
from backend.store import Command, Store
from backend.transaction import Transaction
from backend.web import (
    app_pages,
    booking_changes,
    booking_pages,
    form_pages,
    hall_pages,
    letter_pages,
    notice_pages,
    pages,
    status_pages,
    tag_pages,
    wish_pages,
)
from backend.working_days import add_working_days
from common.domain.clock import Clock, office_day, system_clock
from common.wire.packet_keys import PacketPrivateKey

logger = logging.getLogger(__name__)

T = TypeVar("T")

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
    files = PacketFiles(settings.packets)
    private_key, public_key = packet_keys(settings)

    # The calendar of holidays takes most of a second to load: not while an officer waits.
    add_working_days(office_day(clock()), 1)

    ways = Transports()
    if settings.notices is not None:
        ways = transports(settings.notices, settings.folder)
    metrics = Metrics()
    bearers = Bearers(settings)
    cms = None if settings.osia is None else cms_of(settings.osia, settings.folder)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        panels = Panels(clock)

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
            looks=OfficeLooks(),
            authority=own,
            door=Doorkeeper(store, clock, skew),
            sign_ins=Guard(_SIGN_INS_A_MINUTE),
            posts=Guard(settings.backend.posts_per_minute),
            metrics=metrics,
            bearers=bearers,
            feed=feed,
            clock=clock,
            packet_files=files,
            packet_public_key=public_key,
        )
        sender = None
        if settings.notices is not None:
            sender = Sender(
                store, settings, settings.notices, ways, clock, letter_pages.mailed_letter
            )
            sender.start()
        tasks = [
            asyncio.create_task(keep_house(store, settings, files)),
            asyncio.create_task(_open_packets(store, settings, files, private_key)),
            asyncio.create_task(feed.follow(store)),
        ]
        if settings.osia is not None:
            tasks.append(asyncio.create_task(runner.run(store, settings.osia, cms)))
        try:
            yield
        finally:
            panels.end()
            feed.end()
            if sender is not None:
                await sender.close()
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
    openapi.install(app)
    app.router.routes.extend(_routes())
    app.state.notice_ways = ways
    app.mount("/static", StaticFiles(directory=_WEB / "static"), name="static")
    shield.install(app, pages.refusal_page)

    app.add_middleware(Counted, metrics=metrics)
    return app


def describe() -> dict[str, Any]:
    """Return the OpenAPI document of every address for programs."""
    app = FastAPI(title="smartics backend", version="1", responses=shield.REFUSALS)
    _route(app)
    openapi.install(app)
    return app.openapi()


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Lead to every address. FastAPI takes half a second to read all shapes: once for a process."""
    shared = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, responses=shield.REFUSALS)
    _route(shared)
    for public in (
        pages,
        letter_pages,
        booking_pages,
        booking_changes,
        wish_pages,
        form_pages,
        tag_pages,
        status_pages,
        app_pages,
        notice_pages,
        hall_pages,
    ):
        shared.include_router(public.router, include_in_schema=False)
    return tuple(shared.routes)


def _route(app: FastAPI) -> None:
    # Before the cases, whose work lists are found by a name in the same place of the address.
    for module in (
        actions,
        custody,
        packets,
        series,
        field,
        tags,
        cases,
        facts,
        queue,
        live,
        officer_cards,
        officers,
        cards,
        display,
        events,
        offices,
        operator,
        osia,
        osia_notification,
        ledger,
        stations,
    ):
        app.include_router(module.router)


def _seed(transaction: Transaction, settings: Settings) -> Authority:
    """Write what the settings plan; return the authority, made where there was none."""
    _write_plan(transaction, settings)
    for office in settings.offices:
        issuance.write_policy(transaction, office.code, office.issuance)
        set_rules(transaction, office.code, office.queue)
    open_days(transaction, settings)
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


async def _open_packets(
    store: Store, settings: Settings, files: PacketFiles, key: PacketPrivateKey | None
) -> None:
    if key is not None:
        offices = {office.code: office for office in settings.offices}
        await keep_opening(store, files, key, offices)
