"""Reads backend.toml and says in which key it is wrong."""

import tomllib
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from backend.queue_rules import QueueRules
from backend.working_days import Calendar
from common.domain.language import OFFICE_LANGUAGES, OfficeLanguage
from common.domain.notice import Channel
from common.domain.officer import Role, is_lawful
from common.domain.queue import Errand
from common.wire.base import Name

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Where = Annotated[str, Field(min_length=3, max_length=300)]


_WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class SettingsError(Exception):
    """backend.toml does not describe a backend; the message names the key."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CalledUp(_Section):
    """Who is asked to replace a card in a replacement exercise, by year of birth, and when."""

    born_from: Annotated[int, Field(ge=1880, le=2200)]
    born_to: Annotated[int, Field(ge=1880, le=2200)]
    first: date
    last: date

    @model_validator(mode="after")
    def _runs_forward(self) -> "CalledUp":
        if self.born_from > self.born_to or self.first > self.last:
            raise ValueError("born_from and first come before born_to and last")
        return self


class IssuancePolicy(_Section):
    """What an office demands before a card is made and goes out (decision 35: rules R1 to R20).

    Attributes:
        biometrics_valid_days: How old fingers and face may be when the card goes out (R9).
        card_valid_days: How long a card may be valid from the day on which it is made (R9).
        tries_at_most: Failed tries of fingers at one station on one day; then an officer (R16).
        lowest_score: The matcher's score that a recipient must reach (R4); its report gives it.
        liveness_needed: A kiosk must say that the face was alive (R4).
        card_read_needed: A kiosk must have verified the old card's chip (R13).
        source_documents_needed: Two originals, one of them strong, before submission (R7).
        notice_needed: The notice on biometrics was shown and agreed to, before submission (R19).
        duplicate_search_needed: The 1:N search is attached to the decision (R12).
        content_needed: The maker states which data went into the card (R6).
        stock_accounted: Only blanks that a custodian received are made into cards (R11, R15).
        operator_stations: Remote stations, where an officer is on line for the visit (R14).
        second_officer_minutes: How long a proposed action waits for its second officer.
        call_ups: The periods of a replacement exercise; whoever comes late says why, and who was
            not called up yet is an officer's to decide. None: everybody may come.
    """

    biometrics_valid_days: Annotated[int, Field(ge=1, le=20_000)] = 4383
    card_valid_days: Annotated[int, Field(ge=1, le=20_000)] = 3653
    tries_at_most: Annotated[int, Field(ge=1, le=10)] = 10
    lowest_score: Annotated[float, Field(ge=0)] = 0.0
    liveness_needed: bool = False
    card_read_needed: bool = False
    source_documents_needed: bool = False
    notice_needed: bool = False
    duplicate_search_needed: bool = False
    content_needed: bool = False
    stock_accounted: bool = False
    operator_stations: tuple[Name, ...] = ()
    second_officer_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 60
    call_ups: tuple[CalledUp, ...] = ()


class OfficeSettings(_Section):
    """One office: its name, its hours, its slots. A demo office is open at any hour.

    collect_within_days: working days that a card waits for its holder before it is overdue.
    Of each slot's places, walk_in_percent are kept for people without an appointment and
    group_percent for groups. A booking can be changed until change_working_days before its day.
    After a closure, carried_per_hour people at most are told the same hour. address is shown to who
    has to go there; fees are in whole Hong Kong dollars.
    """

    code: Name
    name: dict[OfficeLanguage, str]
    address: dict[OfficeLanguage, Annotated[str, Field(max_length=200)]] = {}
    fees: dict[Errand, Annotated[int, Field(ge=0, le=100_000)]] = {
        Errand.LOST: 370,
        Errand.DAMAGED: 370,
        Errand.CHANGED: 460,
    }
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
    queue: QueueRules = QueueRules()
    demo: bool = False
    collect_within_days: Annotated[int, Field(ge=1, le=500)] = 60
    issuance: IssuancePolicy = IssuancePolicy()

    @model_validator(mode="after")
    def _named_in_every_language(self) -> "OfficeSettings":
        if set(self.name) != set(OFFICE_LANGUAGES):
            raise ValueError("name needs " + ", ".join(OFFICE_LANGUAGES))
        if self.address and set(self.address) != set(OFFICE_LANGUAGES):
            raise ValueError("address needs " + ", ".join(OFFICE_LANGUAGES))
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
    """A station that is planned. It may speak once it is paired."""

    name: Name
    kind: Literal["tag", "registration", "bench", "collection", "booth", "display", "field"]
    place: Annotated[str, Field(max_length=60)] = ""
    office: Name | None = None


class OfficerSettings(_Section):
    """An officer, and where the first password is."""

    id: Name
    display_name: Annotated[str, Field(min_length=1, max_length=100)]
    roles: tuple[Role, ...]
    password: Where

    @model_validator(mode="after")
    def _machines_or_cards(self) -> "OfficerSettings":
        if not is_lawful(self.roles):
            raise ValueError("technicians and administrators have no other role")
        return self


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
    packets: Path = Path("packets")
    packet_key: Where | None = None
    packet_public_key: Where | None = None
    metrics_secret: Where | None = None
    posts_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 60
    tls: TlsSettings | None = None
    trusted_proxies: tuple[str, ...] = ()


class LedgerSettings(_Section):
    """How the ledger is known to those who watch over it; the name stays for ever."""

    name: Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9./_-]+$")] | None = None


class SmtpSettings(_Section):
    """The server that takes mail. Without TLS nothing leaves but to this machine itself."""

    host: Annotated[str, Field(min_length=1, max_length=253)]
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: Annotated[str, Field(max_length=200)] = ""
    password: Where | None = None
    ca_file: Path | None = None
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 15.0

    @model_validator(mode="after")
    def _is_safe(self) -> "SmtpSettings":
        if self.security == "none" and self.host not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError("security none is for this machine only: addresses are personal")
        if bool(self.user) != (self.password is not None):
            raise ValueError("user and password go together")
        return self


class SmsSettings(_Section):
    """An account with the SMS provider, and the number or name that texts come from."""

    account: Annotated[str, Field(pattern=r"^AC[0-9a-f]{32}$")]
    token: Where
    sender: Annotated[str, Field(pattern=r"^(\+[1-9][0-9]{7,14}|[A-Za-z0-9 ]{1,11})$")]
    address: Annotated[str, Field(pattern=r"^https?://[^/]+$")] = "https://api.twilio.com"
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 15.0


class NoticeSettings(_Section):
    """How people are told: by mail, by SMS, or into a folder where a demo shows both."""

    public_address: Annotated[str, Field(pattern=r"^https?://[^/]+$")]
    sender: Annotated[str, Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$", max_length=254)]
    smtp: SmtpSettings | None = None
    sms: SmsSettings | None = None
    folder: Path | None = None
    per_minute: Annotated[int, Field(ge=1, le=6000)] = 120

    @model_validator(mode="after")
    def _goes_one_way(self) -> "NoticeSettings":
        if (self.folder is None) == (self.smtp is None and self.sms is None):
            raise ValueError("name smtp or sms or both, or else folder")
        return self

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that a person can choose."""
        by_mail = self.smtp is not None or self.folder is not None
        by_sms = self.sms is not None or self.folder is not None
        offered = ((Channel.MAIL, by_mail), (Channel.SMS, by_sms))
        return tuple(channel for channel, is_offered in offered if is_offered)


class Settings(_Section):
    """All of backend.toml. Paths are relative to folder, where the file lies."""

    folder: Path
    backend: ServiceSettings = ServiceSettings()
    ledger: LedgerSettings = LedgerSettings()
    trust: TrustSettings = TrustSettings()
    booking: BookingSettings = BookingSettings()
    offices: Annotated[tuple[OfficeSettings, ...], Field(min_length=1)]
    stations: tuple[StationSettings, ...] = ()
    officers: tuple[OfficerSettings, ...] = ()
    issuers: tuple[IssuerSettings, ...] = ()
    osia: OsiaSettings | None = None
    notices: NoticeSettings | None = None

    @property
    def packets(self) -> Path:
        """The folder of the packets' ciphertext."""
        return self.folder / self.backend.packets

    @property
    def on_postgresql(self) -> bool:
        """Whether the database is a PostgreSQL server's, and not a file."""
        return self.backend.database.startswith(("postgresql:", "postgres:"))

    @property
    def database(self) -> Path:
        """The database file, where it is one."""
        return self.folder / self.backend.database

    @property
    def ledger_name(self) -> str:
        """The origin of the ledger's checkpoints."""
        return self.ledger.name or f"smartics/{self.offices[0].code}"

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


def _since_midnight(clock_time: time) -> timedelta:
    return timedelta(hours=clock_time.hour, minutes=clock_time.minute)
