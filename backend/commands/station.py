"""Who speaks: the station, and the officer where one is signed in."""

from dataclasses import dataclass

from backend.transaction import Refusal
from common.domain.officer import Role


@dataclass(frozen=True, slots=True)
class Station:
    """A station that proved its key."""

    name: str
    kind: str
    office: str
    place: str


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer who signed in at a station. An ended session proves only what is past."""

    officer_id: str
    display_name: str
    roles: tuple[Role, ...]
    station: str
    is_live: bool


def must_have_role(officer: Officer | None, roles: set[Role]) -> Officer:
    """Return the officer, where one is signed in who has one of these roles.

    Raises:
        Refusal: Nobody is signed in, or the officer has another duty.
    """
    if officer is None:
        raise Refusal(401, "sign_in_needed")
    if not roles & set(officer.roles):
        raise Refusal(403, "role_needed", ", ".join(sorted(roles)))
    return officer
