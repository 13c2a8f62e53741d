"""smartics pki: the authority that signs chips and lets readers read fingers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from common.domain.clock import system_clock
from office.commands.answers import (
    NO,
    YES,
    AsJson,
    CouldNotError,
    could_not,
    plain,
    show_json,
)

if TYPE_CHECKING:
    from hardware.smartcard.pki.authority import Authority
    from hardware.smartcard.pki.keys import KeyStore
    from hardware.smartcard.pki.register import Issued

SOON = timedelta(days=30)
app = typer.Typer(no_args_is_help=True, help="Keys and certificates of chips and readers.")

Folder: TypeAlias = Annotated[Path, typer.Option(help="The authority's folder.")]
Keys: TypeAlias = Annotated[
    str,
    typer.Option(help="Its keys: file:FOLDER, or pkcs11:token=T?module-path=M&pin-source=SECRET."),
]
Secret: TypeAlias = Annotated[
    str, typer.Option(help="Passphrase of keys in files: file:PATH or keyring:SERVICE/NAME.")
]
To: TypeAlias = Annotated[Path, typer.Option("--to", help="The station's folder.")]
ToKeys: TypeAlias = Annotated[
    str, typer.Option("--to-keys", help="The station's keys, like --keys; in its folder if not.")
]
ToSecret: TypeAlias = Annotated[
    str, typer.Option("--to-secret", help="Passphrase of the station's keys, like --secret.")
]
AUTHORITY, OWN_KEYS, OWN_SECRET = Path("authority"), "file:keys", "file:passphrase"
STATION_KEYS = "file:."


@app.command()
def create(
    country: Annotated[str, typer.Argument(help="Two letters: HK.")],
    folder: Folder = AUTHORITY,
    keys: Keys = OWN_KEYS,
    secret: Secret = OWN_SECRET,
    state: Annotated[str, typer.Option(help="The state in the card's zone: HKG.")] = "",
    organisation: Annotated[str, typer.Option(help="Told in the CSCA's name.")] = "",
    mnemonic: Annotated[str, typer.Option(help="Name of the authority over readers.")] = "CVCA",
    curve: Annotated[str, typer.Option(help="secp384r1 or secp256r1.")] = "secp384r1",
    as_json: AsJson = False,
) -> None:
    """Found an authority: one over chips (CSCA), one over readers (CVCA)."""
    with _plainly():
        from hardware.smartcard.pki.authority import Authority  # noqa: PLC0415 (cryptography)

        made = Authority.create(
            folder,
            country.upper(),
            _store(keys, secret, folder, makes_secret=True),
            system_clock(),
            state=state.upper(),
            organisation=organisation,
            mnemonic=mnemonic.upper(),
            curve=curve,
        )
        _tell(made.issued(), as_json)


@app.command()
def show(folder: Folder = AUTHORITY, as_json: AsJson = False) -> None:
    """Say what there is and until when; 1 where a key must be renewed within 30 days."""
    with _plainly():
        from hardware.smartcard.pki.authority import Authority  # noqa: PLC0415 (cryptography)

        found = Authority(folder, _NoKeys())
        now = system_clock()
        gone = {f"{one.serial:X}": one for one in found.revoked()}
        due = _due(found, now)
        rows = [
            _row(issued) | {"revoked": _when(gone[issued.reference].at)}
            if issued.reference in gone
            else _row(issued)
            for issued in found.issued()
        ]
    if as_json:
        show_json({"settings": dict(found.settings), "issued": rows, "due": due})
    else:
        for row in rows:
            print(_line(row))
        for sentence in due:
            print(f"DUE: {sentence}")
    raise SystemExit(NO if due else YES)


@app.command("roll-over")
def roll_over(
    which: Annotated[str, typer.Argument(help="csca (chips) or cvca (readers).")],
    folder: Folder = AUTHORITY,
    keys: Keys = OWN_KEYS,
    secret: Secret = OWN_SECRET,
    as_json: AsJson = False,
) -> None:
    """Give an authority a new key, which the old one signs; then publish."""
    with _plainly():
        authority = _opened(folder, keys, secret)
        if which not in ("csca", "cvca"):
            raise CouldNotError(f"{which!r} cannot be rolled over: choose csca or cvca")
        act = authority.roll_over_csca if which == "csca" else authority.roll_over_cvca
        _tell([act(system_clock())], as_json)


@app.command()
def signer(
    to: To,
    folder: Folder = AUTHORITY,
    keys: Keys = OWN_KEYS,
    secret: Secret = OWN_SECRET,
    to_keys: ToKeys = STATION_KEYS,
    to_secret: ToSecret = OWN_SECRET,
    as_json: AsJson = False,
) -> None:
    """Make a document signer for the station that writes chips: its key and certificate."""
    with _plainly():
        authority = _opened(folder, keys, secret)
        store = _store(to_keys, to_secret, to, makes_secret=True)
        _tell([authority.issue_document_signer(system_clock(), store, to)], as_json)


@app.command()
def terminal(
    name: Annotated[str, typer.Argument(help="One to nine letters and digits: COLLECT1.")],
    to: To,
    folder: Folder = AUTHORITY,
    keys: Keys = OWN_KEYS,
    secret: Secret = OWN_SECRET,
    to_keys: ToKeys = STATION_KEYS,
    to_secret: ToSecret = OWN_SECRET,
    as_json: AsJson = False,
) -> None:
    """Let a reader read fingerprints: its key, and certificates that cards believe."""
    with _plainly():
        authority = _opened(folder, keys, secret)
        store = _store(to_keys, to_secret, to, makes_secret=True)
        _tell([authority.issue_terminal(name.upper(), to, store, system_clock())], as_json)


@app.command()
def revoke(
    serial: Annotated[str, typer.Argument(help="The certificate's number, as show tells it.")],
    reason: Annotated[str, typer.Option(help="key_compromise, superseded, cessation ...")],
    folder: Folder = AUTHORITY,
    as_json: AsJson = False,
) -> None:
    """Believe a certificate no more; then publish. 1 where it was revoked before."""
    with _plainly():
        from hardware.smartcard.pki.authority import Authority  # noqa: PLC0415 (cryptography)

        try:
            number = int(serial, 16)
        except ValueError:
            raise CouldNotError(f"{plain(serial)} is no number: take it from show") from None
        is_new = Authority(folder, _NoKeys()).revoke(number, reason, system_clock())
    if as_json:
        show_json({"serial": f"{number:X}", "was_revoked_before": not is_new})
    else:
        print(f"{number:X} revoked: now publish" if is_new else f"{number:X} was revoked before")
    raise SystemExit(YES if is_new else NO)


@app.command()
def publish(
    to: Annotated[Path, typer.Argument(help="The folder that stations believe.")],
    folder: Folder = AUTHORITY,
    keys: Keys = OWN_KEYS,
    secret: Secret = OWN_SECRET,
    as_json: AsJson = False,
) -> None:
    """Write certificates and a new list of the revoked for the stations."""
    with _plainly():
        names = _opened(folder, keys, secret).publish(to, system_clock())
    if as_json:
        show_json({"files": names})
    else:
        for name in names:
            print(name)


class _NoKeys:
    """Stands for the key store where none is needed, so that nobody must type a secret."""

    def generate(self, label: str, curve: str) -> Any:
        raise CouldNotError(f"no keys were given for {label} on {curve}")

    def open(self, label: str) -> Any:
        raise CouldNotError(f"no keys were given for {label}")

    def labels(self) -> list[str]:
        return []

    def destroy(self, label: str) -> None:
        raise CouldNotError(f"no keys were given for {label}")


def _opened(folder: Path, keys: str, secret: str) -> "Authority":
    from hardware.smartcard.pki.authority import Authority  # noqa: PLC0415 (cryptography)

    return Authority(folder, _store(keys, secret, folder, makes_secret=False))


def _store(where: str, secret: str, folder: Path, *, makes_secret: bool) -> "KeyStore":
    """A key store as typed; paths in it are relative to the folder that it belongs to."""
    from hardware.smartcard.pki import keys as key_stores  # noqa: PLC0415 (cryptography)

    kind, _, rest = where.partition(":")
    if kind == "pkcs11":
        from hardware.smartcard.pki import pkcs11_keys  # noqa: PLC0415 (loads the wrapper)

        return pkcs11_keys.Pkcs11KeyStore(*pkcs11_keys.TokenAddress.parse(where, folder))
    if kind != "file" or not rest:
        raise CouldNotError(f"{plain(where)} names no keys: write file:FOLDER or pkcs11:...")
    source = key_stores.secret_from(secret, folder)
    if makes_secret and secret.startswith("file:"):
        key_stores.make_secret_file(folder / secret.removeprefix("file:"))
    return key_stores.FolderKeyStore(folder / rest, source)


@contextmanager
def _plainly() -> Iterator[None]:
    """Tell every refusal in one line, and end with status 2."""
    from hardware.smartcard.pki.keys import KeyStoreError  # noqa: PLC0415 (cryptography)
    from hardware.smartcard.pki.register import AuthorityError, RegisterError  # noqa: PLC0415

    try:
        yield
    except (AuthorityError, KeyStoreError, RegisterError, CouldNotError, ValueError) as error:
        could_not(str(error))
    except OSError as error:
        could_not(f"{error.filename} cannot be written or read ({error.strerror})")


def _due(authority: "Authority", now: datetime) -> list[str]:
    """What a technician must do within 30 days."""
    acts = {
        "csca": "roll-over csca",
        "cvca": "roll-over cvca",
        "document_signer": "signer",
    }
    found = []
    for kind, act in acts.items():
        issued = authority.issued(kind)
        if issued and issued[-1].key_ends < now + SOON:
            found.append(f"{act}: the newest key may sign until {_when(issued[-1].key_ends)}")
    newest: dict[str, Issued] = {one.name: one for one in authority.issued("terminal")}
    found.extend(
        f"terminal {name}: it may read until {_when(issued.ends)}"
        for name, issued in newest.items()
        if issued.ends < now + timedelta(days=7)
    )
    return found


def _tell(issued: "list[Issued]", as_json: bool) -> None:
    rows = [_row(one) for one in issued]
    if as_json:
        show_json({"issued": rows})
        return
    for row in rows:
        print(_line(row))


def _row(issued: "Issued") -> dict[str, str]:
    return {
        "kind": issued.kind,
        "reference": issued.reference,
        "name": issued.name,
        "key": issued.key_label,
        "signs_until": _when(issued.key_ends),
        "valid_until": _when(issued.ends),
    }


def _line(row: dict[str, str]) -> str:
    until = f"signs until {row['signs_until']}, valid until {row['valid_until']}"
    gone = f", REVOKED {row['revoked']}" if "revoked" in row else ""
    return f"{row['kind']:15}  {row['reference']:20}  {plain(row['name'])}: {until}{gone}"


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
