"""Reads backend.toml and says in which key it is wrong."""

import tomllib
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from backend.working_days import Calendar
from common.domain.language import Language
from common.domain.officer import Role
from common.wire.base import Name

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Where = Annotated[str, Field(min_length=3, max_length=300)]


_WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class SettingsError(Exception):
    """backend.toml does not describe a backend; the message names the key."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OfficeSettings(_Section):
    """One office: its name, its hours, its slots. A demo office is open at any hour.

    Of each slot's places, walk_in_percent are kept for people without an appointment and
    group_percent for groups. A booking can be changed until change_working_days before its day.
    After a closure, carried_per_hour people at most are told the same hour.
    """

    code: Name
    name: dict[Language, str]
    processing_working_days: Annotated[int, Field(ge=0, le=60)] = 5
    opens: time = time(8)
    closes: time = time(20)
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] = (
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
    )
    hours: dict[Weekday, tuple[time, time]] = {}
    general_holidays: Literal["hong-kong", "none"] = "hong-kong"
    holidays: tuple[date, ...] = ()
    slot_minutes: Annotated[int, Field(ge=5, le=60)] = 15
    slot_capacity: Annotated[int, Field(ge=1, le=500)] = 4
    walk_in_percent: Annotated[int, Field(ge=0, le=50)] = 15
    group_percent: Annotated[int, Field(ge=0, le=50)] = 10
    days_ahead: Annotated[int, Field(ge=1, le=96)] = 14
    change_working_days: Annotated[int, Field(ge=0, le=30)] = 1
    carried_per_hour: Annotated[int, Field(ge=1, le=500)] = 8
    demo: bool = False

    @model_validator(mode="after")
    def _named_in_every_language(self) -> "OfficeSettings":
        if set(self.name) != set(Language):
            raise ValueError("name needs " + ", ".join(Language))
        return self

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "OfficeSettings":
        if any(opens >= closes for opens, closes in ((self.opens, self.closes), *self._others)):
            raise ValueError("opens must be before closes")
        return self

    @property
    def _others(self) -> tuple[tuple[time, time], ...]:
        return tuple(self.hours.values())

    @property
    def calendar(self) -> Calendar:
        """The holidays that the office keeps."""
        return Calendar(self.general_holidays == "hong-kong", self.holidays)

    def open_between(self, day: date) -> tuple[timedelta, timedelta] | None:
        """Return when the office opens and closes, from midnight, or None where it is closed."""
        if self.demo:
            return timedelta(), timedelta(days=1)
        weekday = _WEEKDAYS[day.weekday()]
        if weekday not in self.weekdays or self.calendar.is_holiday(day):
            return None
        opens, closes = self.hours.get(weekday, (self.opens, self.closes))
        return _since_midnight(opens), _since_midnight(closes)


class BookingSettings(_Section):
    """How long things are kept for a person, and how much one person or source may take.

    A place is held for hold_minutes after the last sign of life, and hold_longest_minutes in all;
    then it may go to others, yet nothing that was typed is lost. A source is an internet address:
    a household, or a whole company. After wrong_codes a person's number opens nothing for
    lock_minutes, twice as long the next time. An offer of a freed place stands offer_hours.
    """

    hold_minutes: Annotated[int, Field(ge=1, le=120)] = 20
    hold_longest_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 180
    holds_per_source: Annotated[int, Field(ge=1, le=1_000_000)] = 20
    holds_per_source_day: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    wrong_codes: Annotated[int, Field(ge=1, le=20)] = 5
    lock_minutes: Annotated[int, Field(ge=1, le=120)] = 30
    offer_hours: Annotated[int, Field(ge=1, le=72)] = 4


class StationSettings(_Section):
    """A station that may speak, and where its key is."""

    name: Name
    kind: Literal["tag", "registration", "bench", "collection", "booth", "display"]
    place: Annotated[str, Field(max_length=60)] = ""
    office: Name | None = None
    key: Where


class OfficerSettings(_Section):
    """An officer, and where the first password is."""

    id: Name
    display_name: Annotated[str, Field(min_length=1, max_length=100)]
    roles: tuple[Role, ...]
    password: Where


class ServiceSettings(_Section):
    """Where the service listens and what it keeps."""

    address: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8600
    # A file beside backend.toml, or "postgresql://USER@HOST:PORT/NAME" in libpq's own spelling.
    database: Annotated[str, Field(min_length=1, max_length=1000)] = "backend.sqlite"
    database_key: Where | None = None
    database_password: Where | None = None
    master_key: Where = "file:master.key"
    demo: bool = False
    metrics_secret: Where | None = None
    posts_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 60
    trusted_proxies: tuple[str, ...] = ()


class Settings(_Section):
    """All of backend.toml. Paths are relative to folder, where the file lies."""

    folder: Path
    backend: ServiceSettings = ServiceSettings()
    booking: BookingSettings = BookingSettings()
    offices: Annotated[tuple[OfficeSettings, ...], Field(min_length=1)]
    stations: tuple[StationSettings, ...] = ()
    officers: tuple[OfficerSettings, ...] = ()

    @property
    def on_postgresql(self) -> bool:
        """Whether the database is a PostgreSQL server's, and not a file."""
        return self.backend.database.startswith(("postgresql:", "postgres:"))

    @property
    def database(self) -> Path:
        """The database file, where it is one."""
        return self.folder / self.backend.database

    def office(self, code: str) -> OfficeSettings | None:
        """Return an office by its code."""
        return next((office for office in self.offices if office.code == code), None)


def read(file: Path) -> Settings:
    """Read and check backend.toml.

    Raises:
        SettingsError: It is missing, not TOML, or a key is missing, unknown or wrong.
    """
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: {error}") from error
    return from_dict(found, file.parent, str(file))


def from_dict(found: dict[str, object], folder: Path, source: str = "settings") -> Settings:
    """Check settings that are already read. One [office] may stand for a list of one.

    Raises:
        SettingsError: A key is missing, unknown or wrong.
    """
    plain = dict(found)
    if "office" in plain:
        plain["offices"] = [plain.pop("office")]
    try:
        settings = Settings.model_validate({**plain, "folder": folder.absolute()})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{source}: {key}: {first['msg']}") from error
    if not settings.backend.demo:
        return settings
    offices = tuple(office.model_copy(update={"demo": True}) for office in settings.offices)
    return settings.model_copy(update={"offices": offices})


def _since_midnight(clock_time: time) -> timedelta:
    return timedelta(hours=clock_time.hour, minutes=clock_time.minute)
