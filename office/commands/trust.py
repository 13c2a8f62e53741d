"""smartics backend pair, revoke, stations, officer …: what the operator of a backend decides.

Each is one command on the backend's own database, beside a service that may be running or not, and
counts at once. The programs of the backend are imported only where they are asked for.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

import typer

from common.domain.officer import Role
from office.commands.answers import NO, AsJson, complain, could_not, plain, show_json

if TYPE_CHECKING:
    from backend.settings import Settings
    from backend.transaction import Transaction

T = TypeVar("T")

officer = typer.Typer(no_args_is_help=True, help="Who may sign in, and what each may do.")

Config: TypeAlias = Annotated[Path, typer.Option("--config", help="backend.toml")]
Station: TypeAlias = Annotated[str, typer.Option(help="The station's name in backend.toml.")]
Id: TypeAlias = Annotated[str, typer.Argument(help="What the officer types to sign in.")]
Roles: TypeAlias = Annotated[list[Role], typer.Option("--role", help="Give it once for each role.")]
PasswordFile: TypeAlias = Annotated[
    Path | None, typer.Option(help="File that holds the password; without it, it is asked for.")
]


def pair(config: Config, station: Station, as_json: AsJson = False) -> None:
    """Make a one-time code with which a planned station pairs."""
    from backend.commands import pairing  # noqa: PLC0415

    code = pairing.Code(station)

    def do(transaction: "Transaction", settings: "Settings") -> Any:
        return pairing.offer(transaction, code, settings.trust, pairing.BACKEND, None)

    offered = operate(config, do)
    if as_json:
        show_json(offered.model_dump(mode="json"))
        return
    print(f"{offered.station}: {offered.code}")
    print(f"good once, until {offered.ends_at:%H:%M} UTC; at the station:")
    print(f"smartics station pair --config station.toml --code {offered.code}")


def revoke(
    config: Config,
    station: Station,
    reason: Annotated[str, typer.Option(help="Why; it stands in the ledger.")],
) -> None:
    """Take a station out of service at once."""
    from backend.commands import pairing, revocation  # noqa: PLC0415

    if not reason.strip():
        could_not("say why: --reason TEXT")

    def do(transaction: "Transaction", _settings: "Settings") -> Any:
        return revocation.revoke(transaction, station, reason[:200], pairing.BACKEND, None)

    operate(config, do)
    print(f"{plain(station)} is out of service")


def stations(config: Config, as_json: AsJson = False) -> None:
    """List the stations: how they stand, and what they said they run."""
    from backend.commands.station import listed  # noqa: PLC0415

    def do(transaction: "Transaction", settings: "Settings") -> Any:
        return [row for office in settings.offices for row in listed(transaction, office.code)]

    rows = operate(config, do)
    if as_json:
        show_json({"stations": [row.model_dump(mode="json") for row in rows]})
        return
    for row in rows:
        ends = f"{row.certificate_ends:%Y-%m-%d}" if row.certificate_ends else "-"
        print(f"{row.name:20} {row.kind:13} {row.status:8} until {ends:10} {row.software[:12]}")


@officer.command("add")
def add(
    officer_id: Id,
    config: Config,
    name: Annotated[str, typer.Option(help="What screens show.")],
    role: Roles,
    password_file: PasswordFile = None,
) -> None:
    """Enter a new officer with a first password."""
    from backend.commands import officer_book, officers  # noqa: PLC0415

    hashed = officers.hash_password(_password(password_file))

    def do(transaction: "Transaction", _settings: "Settings") -> None:
        officer_book.add(transaction, officer_id, name, role, hashed)

    operate(config, do)
    print(f"{plain(officer_id)} may sign in")


@officer.command("roles")
def roles(officer_id: Id, config: Config, role: Roles) -> None:
    """Give an officer other roles, and let him sign in again if he was disabled."""
    _change(config, officer_id, role, enabled=True)


@officer.command("disable")
def disable(officer_id: Id, config: Config) -> None:
    """Let an officer sign in no more; his sessions are over at once."""
    _change(config, officer_id, None, enabled=False)


@officer.command("password")
def password(officer_id: Id, config: Config, password_file: PasswordFile = None) -> None:
    """Give an officer another password."""
    from backend.commands import officer_book, officers  # noqa: PLC0415

    hashed = officers.hash_password(_password(password_file))
    operate(
        config,
        lambda transaction, _settings: officer_book.set_password(transaction, officer_id, hashed),
    )
    print(f"{plain(officer_id)} has a new password")


@officer.command("card")
def card(
    officer_id: Id,
    config: Config,
    certificate: Annotated[Path, typer.Option(help="What smartics officer-card make wrote.")],
) -> None:
    """Bind a card to an officer: with it and its PIN he signs in."""
    from backend.commands import officer_cards  # noqa: PLC0415

    try:
        content = certificate.read_bytes()
    except OSError as error:
        could_not(f"cannot read {certificate}: {error.strerror}")
    given = operate(
        config,
        lambda transaction, _settings: officer_cards.give(
            transaction, officer_id, content, "backend", None
        ),
    )
    print(f"{plain(officer_id)} has the card {given.key_id}")


@officer.command("card-revoke")
def card_revoke(
    key_id: Annotated[str, typer.Argument(help="The card, as it was named when it was given.")],
    config: Config,
) -> None:
    """Let a card count no more; its officer's sessions are over."""
    from backend.commands import officer_cards  # noqa: PLC0415

    operate(
        config,
        lambda transaction, _settings: officer_cards.revoke(transaction, key_id, "backend", None),
    )
    print(f"the card {plain(key_id)} counts no more")


def operate(config: Path, do: "Callable[[Transaction, Settings], T]") -> T:
    """Run one command on the database that backend.toml names; end with 1 where it says no."""
    from backend.keys import SecretError  # noqa: PLC0415
    from backend.serve import administer  # noqa: PLC0415
    from backend.settings import SettingsError, read  # noqa: PLC0415
    from backend.store import StoreError  # noqa: PLC0415
    from backend.transaction import Refusal  # noqa: PLC0415

    try:
        settings = read(config)
        return administer(settings, lambda transaction: do(transaction, settings))
    except (SettingsError, SecretError, StoreError) as error:
        could_not(str(error))
    except Refusal as refusal:
        complain(f"{refusal.problem}: {refusal.detail}")
        raise SystemExit(NO) from refusal


def _change(config: Path, officer_id: str, given: list[Role] | None, *, enabled: bool) -> None:
    from backend.commands import officer_book  # noqa: PLC0415

    def do(transaction: "Transaction", _settings: "Settings") -> None:
        officer_book.change(transaction, officer_id, given, enabled=enabled, at="backend", by=None)

    operate(config, do)
    print(f"{plain(officer_id)} {'may sign in' if enabled else 'signs in no more'}")


def _password(file: Path | None) -> str:
    if file is None:
        typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    try:
        found = file.read_text("utf-8").strip()
    except OSError as error:
        could_not(f"cannot read the password from {file}: {error.strerror}")
    if not found:
        could_not(f"{file} is empty")
    return found
