"""Starts the backend from its settings."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from sqlalchemy import delete, insert, select, update

from backend import idempotency, ledger
from backend.api import (
    cards,
    cases,
    display,
    facts,
    officers,
    offices,
    operator,
    queue,
    shield,
    tags,
)
from backend.api.access import Service
from backend.commands import bookings, enquiry, holds, slots
from backend.commands.officers import hash_password, password_fits
from backend.commands.station import Station
from backend.database import database_of, keys_of, prepare
from backend.guards import Guard, sign_in_guard
from backend.keys import read_secret, station_key_hash
from backend.ledger import Check
from backend.metrics import Counted, Metrics
from backend.panels import Panels
from backend.schema import tables
from backend.settings import Settings, read
from backend.store import Store
from backend.transaction import Transaction
from backend.web import (
    app_pages,
    booking_pages,
    form_pages,
    letter_pages,
    pages,
    status_pages,
    tag_pages,
)
from backend.working_days import add_working_days
from common.domain.clock import Clock, office_day, system_clock

logger = logging.getLogger(__name__)

_HOUSEKEEPING = timedelta(minutes=10)
_WEB = Path(__file__).parent / "web"


def serve(config: Path) -> None:
    """Run the backend until it is told to stop.

    Raises:
        SettingsError, SecretError, StoreError: It cannot start; the message says why.
    """
    settings = read(config)
    app = create_app(settings)
    logger.info("backend at %s:%d", settings.backend.address, settings.backend.port)
    uvicorn.run(
        app,
        host=settings.backend.address,
        port=settings.backend.port,
        log_config=None,
        # Addresses of letters and tags are secrets, so requests are not logged.
        access_log=False,
        # Who asked through which proxy is for guards.source to say.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )


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


def create_app(settings: Settings, clock: Clock = system_clock) -> FastAPI:
    """Build the service; it opens its store when it starts."""
    keys, database = prepare(settings)
    stations = {
        entry.name: (
            Station(entry.name, entry.kind, entry.office or settings.offices[0].code, entry.place),
            station_key_hash(read_secret(entry.key, settings.folder)),
        )
        for entry in settings.stations
    }

    # The calendar of holidays takes most of a second to load: not while an officer waits.
    add_working_days(office_day(clock()), 1)

    metrics = Metrics()

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        panels = Panels()

        def tell(offices: set[str]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(panels.changed, offices)

        store = Store(database, keys, clock, tell, metrics.committed)
        app.state.service = Service(
            settings=settings,
            store=store,
            stations=stations,
            panels=panels,
            guard=sign_in_guard(),
            posts=Guard(settings.backend.posts_per_minute),
            metrics=metrics,
            clock=clock,
        )
        await store.command(lambda transaction: _seed(transaction, settings, stations))
        upkeep = asyncio.create_task(_keep_house(store, settings))
        try:
            yield
        finally:
            panels.end()
            upkeep.cancel()
            await asyncio.to_thread(store.close)

    app = FastAPI(
        title="smartics backend",
        version="1",
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        responses=shield.REFUSALS,
    )
    for module in (tags, cases, facts, queue, officers, cards, display, offices, operator):
        app.include_router(module.router)
    for web in (
        pages,
        booking_pages,
        letter_pages,
        form_pages,
        tag_pages,
        status_pages,
        app_pages,
    ):
        app.include_router(web.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_WEB / "static"), name="static")
    shield.install(app, pages.refusal_page)

    app.add_middleware(Counted, metrics=metrics)
    return app


def _seed(
    transaction: Transaction, settings: Settings, stations: dict[str, tuple[Station, bytes]]
) -> None:
    """Write stations and officers as the settings name them; who left them is let in no more."""
    for station, key_hash in stations.values():
        _write_station(transaction, station, key_hash)
    officer_ids = {officer.id for officer in settings.officers}
    transaction.connection.execute(
        delete(tables.sessions).where(tables.sessions.c.officer_id.not_in(officer_ids))
    )
    transaction.connection.execute(
        delete(tables.officers).where(tables.officers.c.officer_id.not_in(officer_ids))
    )
    for officer in settings.officers:
        password = read_secret(officer.password, settings.folder)
        roles = " ".join(officer.roles)
        _write_officer(transaction, officer.id, officer.display_name, roles, password)
    _open_days(transaction, settings)


def _write_station(transaction: Transaction, station: Station, key_hash: bytes) -> None:
    values = {
        "kind": station.kind,
        "office": station.office,
        "place": station.place,
        "key_hash": key_hash,
    }
    row = tables.stations.c.name == station.name
    done = transaction.connection.execute(update(tables.stations).where(row).values(**values))
    if done.rowcount == 0:
        transaction.connection.execute(insert(tables.stations).values(name=station.name, **values))


def _write_officer(
    transaction: Transaction, officer_id: str, display_name: str, roles: str, password: str
) -> None:
    row = tables.officers.c.officer_id == officer_id
    kept = transaction.connection.execute(
        select(tables.officers.c.password).where(row)
    ).scalar_one_or_none()
    values = {"display_name": display_name, "roles": roles}
    if kept is None or not password_fits(password, kept):
        values["password"] = hash_password(password)
    if kept is None:
        transaction.connection.execute(
            insert(tables.officers).values(officer_id=officer_id, **values)
        )
    else:
        transaction.connection.execute(update(tables.officers).where(row).values(**values))


async def _keep_house(store: Store, settings: Settings) -> None:
    """Open new days for booking and drop what is too old, every now and then."""
    while True:
        await asyncio.sleep(_HOUSEKEEPING.total_seconds())
        await store.command(lambda transaction: _open_days(transaction, settings))
        await store.command(idempotency.forget_old)
        await store.command(holds.forget_old)
        await store.command(bookings.forget_old)
        await store.command(enquiry.forget_old)


def _open_days(transaction: Transaction, settings: Settings) -> None:
    holds.release_expired(transaction)
    for office in settings.offices:
        slots.open_days(transaction, office)
