"""Reads backend.toml and says in which key it is wrong."""

import tomllib
from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from common.domain.language import Language
from common.domain.officer import Role
from common.wire.base import Name

Where = Annotated[str, Field(min_length=3, max_length=300)]


class SettingsError(Exception):
    """backend.toml does not describe a backend; the message names the key."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OfficeSettings(_Section):
    """One office: its name, its hours, its slots. A demo office is open at any hour."""

    code: Name
    name: dict[Language, str]
    processing_working_days: Annotated[int, Field(ge=0, le=60)] = 5
    opens: time = time(8)
    closes: time = time(20)
    slot_minutes: Annotated[int, Field(ge=5, le=60)] = 15
    slot_capacity: Annotated[int, Field(ge=1, le=500)] = 4
    days_ahead: Annotated[int, Field(ge=1, le=96)] = 14
    demo: bool = False

    @model_validator(mode="after")
    def _named_in_every_language(self) -> "OfficeSettings":
        if set(self.name) != set(Language):
            raise ValueError("name needs " + ", ".join(Language))
        return self


class StationSettings(_Section):
    """A station that is planned. It may speak once it is paired."""

    name: Name
    kind: Literal["tag", "registration", "bench", "collection", "booth", "display"]
    place: Annotated[str, Field(max_length=60)] = ""
    office: Name | None = None


class OfficerSettings(_Section):
    """An officer, and where the first password is."""

    id: Name
    display_name: Annotated[str, Field(min_length=1, max_length=100)]
    roles: tuple[Role, ...]
    password: Where


class TlsSettings(_Section):
    """The listener for stations, TLS 1.3 with a certificate of the backend's own authority.

    Attributes:
        names: Host names and addresses by which stations reach it.
        client_certificate: Whether a station must also show its certificate to the listener.
    """

    address: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8643
    names: Annotated[tuple[str, ...], Field(min_length=1)] = ("localhost", "127.0.0.1")
    client_certificate: Literal["none", "optional", "required"] = "none"


class TrustSettings(_Section):
    """How stations and officers are trusted.

    Attributes:
        two_officers: Whether a second officer confirms a pairing and a revocation; what is not
            said means yes, and no in a demo office.
        session_idle_minutes: An officer's session ends after so long without a word.
        fresh_minutes: For what is sensitive the password was typed no longer ago.
    """

    clock_skew_seconds: Annotated[int, Field(ge=5, le=300)] = 60
    certificate_days: Annotated[int, Field(ge=7, le=90)] = 30
    pairing_minutes: Annotated[int, Field(ge=5, le=240)] = 30
    two_officers: bool | None = None
    session_idle_minutes: Annotated[int, Field(ge=1, le=720)] = 30
    fresh_minutes: Annotated[int, Field(ge=1, le=60)] = 10


class IssuerSettings(_Section):
    """Who issues tokens to programs of others (RFC 7519), and whose data these reach.

    Attributes:
        name: The claim iss.
        key: For HS256 a shared secret of 32 bytes or more, for ES256 a public key in PEM.
        audience: The claim aud.
    """

    name: Annotated[str, Field(min_length=1, max_length=200)]
    algorithm: Literal["HS256", "ES256"]
    key: Where
    audience: Annotated[str, Field(min_length=1, max_length=200)] = "smartics"
    office: Name | None = None


class CmsSettings(_Section):
    """An external credential management system that is asked for each card.

    Attributes:
        key: The secret or token that it wants as bearer.
        profile: The credential profile that it knows our cards by.
    """

    url: Annotated[str, Field(max_length=300, pattern=r"^https?://[^\s?#]+$")]
    key: Where
    profile: Annotated[str, Field(min_length=1, max_length=100)] = "identity-card"
    poll_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300


class OsiaSettings(_Section):
    """The interfaces of OSIA; without this section they are off.

    Attributes:
        public_address: Where partners reach this backend, for links in messages to them.
        callback_hosts: The hosts that subscribers may be told at. Other than on this machine
            only by https.
    """

    public_address: Annotated[str, Field(max_length=200)] = "http://127.0.0.1:8600"
    callback_hosts: tuple[str, ...] = ()
    largest_buffer: Annotated[int, Field(ge=1024, le=16 * 2**20)] = 2**20
    cms: CmsSettings | None = None


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
    tls: TlsSettings | None = None


class Settings(_Section):
    """All of backend.toml. Paths are relative to folder, where the file lies."""

    folder: Path
    backend: ServiceSettings = ServiceSettings()
    trust: TrustSettings = TrustSettings()
    offices: Annotated[tuple[OfficeSettings, ...], Field(min_length=1)]
    stations: tuple[StationSettings, ...] = ()
    officers: tuple[OfficerSettings, ...] = ()
    issuers: tuple[IssuerSettings, ...] = ()
    osia: OsiaSettings | None = None

    @property
    def on_postgresql(self) -> bool:
        """Whether the database is a PostgreSQL server's, and not a file."""
        return self.backend.database.startswith(("postgresql:", "postgres:"))

    @property
    def database(self) -> Path:
        """The database file, where it is one."""
        return self.folder / self.backend.database

    @property
    def two_officers(self) -> bool:
        """Whether a pairing and a revocation need a second officer."""
        asked = self.trust.two_officers
        return not self.backend.demo if asked is None else asked

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
