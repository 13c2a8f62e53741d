"""Who speaks: the station, and the officer where one is signed in."""

from dataclasses import dataclass

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
