"""Two offices of one backend, with the officers that custody needs."""

import itertools
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from backend.commands import issuance
from backend.schema.trust_tables import station_keys
from backend.settings import IssuancePolicy, Settings, from_dict
from common.domain.identity_number import IdentityNumber
from common.wire.custody import ActionRequest
from tests.support.backend_office import OFFICERS, BackendOffice, office_table, running_office

ROLES = {
    "head": ["supervisor"],
    "deputy": ["supervisor"],
    "keeper": ["custodian"],
    "engineer": ["technician"],
}
OTHER = (("booth-9", "booth", "R9"), ("collection-9", "collection", "C9"))
NUMBERS = (str(IdentityNumber("K", f"{n}")) for n in itertools.count(400_001))
SLOTS = itertools.count(1)


def custody_settings(folder: Path, database: str) -> Settings:
    """Describe both offices."""
    table = office_table(folder, tuple(OFFICERS), database=database)
    first = table.pop("office")
    names = {"en": "Other Office", "zh-Hant": "另一辦事處", "zh-Hans": "另一办事处"}
    table["offices"] = [first, {**first, "code": "KT", "name": names}]
    for name, kind, place in OTHER:
        table["stations"].append(
            {
                "name": name,
                "kind": kind,
                "place": place,
                "office": "KT",
            }
        )
    table["officers"] += [
        {"id": id_, "display_name": id_, "roles": roles, "password": "file:password"}
        for id_, roles in ROLES.items()
    ]
    return from_dict(table, folder)


@contextmanager
def custody_office(folder: Path, database: str):
    """Run both offices."""
    with running_office(custody_settings(folder, database)) as office:
        yield office


@contextmanager
def policy(office: BackendOffice, **values: Any):
    """Let an office demand more for a while."""

    def demand(wanted):
        office.store.submit(lambda t: issuance.write_policy(t, "HQ", wanted)).result()

    demand(IssuancePolicy(**values))
    try:
        yield
    finally:
        demand(IssuancePolicy())


def stored(office: BackendOffice) -> tuple[str, str]:
    """Bring a new person's card into storage; return case and card."""
    return office.stored(next(NUMBERS), slot=next(SLOTS))


def card_of(office: BackendOffice, case: str, station: str = "booth-1") -> dict[str, Any]:
    """Look at a case's card."""
    return office.find(case, station)["card"]


def collected(office: BackendOffice, case: str, card: str) -> None:
    """Let the collection kiosk recognise the holder and hand the card out."""
    body = {"expect_version": card_of(office, case)["version"]}
    office.good("collection-1", f"/v1/cards/{card}/reserve", body)
    office.recognised(case)
    for move in ("present", "issue"):
        receipt = office.move("collection-1", case, card, move=move)
        assert receipt["outcome"] == "accepted", receipt


def proposal(kind: str, *objects: tuple[str, str, int], **more: Any) -> dict[str, Any]:
    """Write what the first officer proposes."""
    seen = [{"thing": thing, "id": id_, "version": version} for thing, id_, version in objects]
    return {"kind": kind, "objects": seen, "reason": "as found", **more}


def seen(body: dict[str, Any]) -> dict[str, Any]:
    """Write what a second officer confirms who saw this proposal."""
    return {"seen": ActionRequest.model_validate(body).digest()}


def acted(
    office: BackendOffice,
    body: dict[str, Any],
    first: str = "head",
    second: str = "deputy",
    station: str = "booth-1",
) -> str:
    """Let two officers do something; return the action's id."""
    made = office.good(station, "/v1/actions", body, officer=first)
    confirmed = office.good(
        station, f"/v1/actions/{made['action_id']}/confirm", seen(body), officer=second
    )
    assert confirmed["confirmed_by"] == second
    return str(made["action_id"])


def next_day(office: BackendOffice, days: float = 1) -> None:
    """Let time pass; every session ends with its day, and stations renew their certificates."""
    office.clock.advance(days * 24 * 3600)
    ends = office.clock() + timedelta(days=30)
    renew = update(station_keys).values(expires_at=ends)
    office.store.submit(lambda transaction: transaction.connection.execute(renew)).result()
    office._tokens.clear()


def tried(office: BackendOffice, *statements: Any) -> str:
    """Write past the rules of the code; return with which words the database refused it."""

    def write(transaction):
        for statement in statements:
            transaction.connection.execute(statement)

    error = office.store.submit(write).exception()
    assert error is None or isinstance(error.__cause__, IntegrityError), repr(error)
    return "" if error is None else str(error.__cause__)
