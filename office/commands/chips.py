"""smartics chip: reads identity cards through any PC/SC reader, and personalises them."""

import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from common.domain.clock import office_day, system_clock
from hardware.smartcard.chip_errors import ChipError
from office.commands import chip_report
from office.commands.answers import AsJson, CouldNotError, could_not, show_json
from office.commands.chip_reader import card_on, list_readers, quiet, refuse

if TYPE_CHECKING:
    from hardware.smartcard.pki.trust_store import TrustStore
    from hardware.smartcard.protocols.password import Password

app = typer.Typer(no_args_is_help=True, help="Identity cards on a PC/SC reader.")

LIST = "list"
FROM_INPUT = "-"

ReaderName: TypeAlias = Annotated[
    str, typer.Option("--reader", help="The PC/SC reader or a part of its name; list names them.")
]
Can: TypeAlias = Annotated[
    str | None, typer.Option("--can", help="Card access number; - reads it from standard input.")
]
Zone: TypeAlias = Annotated[
    str | None,
    typer.Option("--mrz", help="The zone's lines, joined, or with / between; - reads them."),
]
Pin: TypeAlias = Annotated[
    str | None, typer.Option("--pin", help="The holder's PIN; three wrong ones block it. - reads.")
]
Groups: TypeAlias = Annotated[
    str | None, typer.Option("--dg", help="Data groups to read, such as 1,2,11.")
]
Csca: TypeAlias = Annotated[
    Path | None,
    typer.Option("--csca", help="Folder of CSCA certificates, CRLs and master lists."),
]
TerminalFolder: TypeAlias = Annotated[
    Path | None, typer.Option("--terminal", help="Folder of the terminal that may read fingers.")
]
Secret: TypeAlias = Annotated[
    str, typer.Option("--terminal-secret", help="Its passphrase: file:PATH or keyring:NAME/NAME.")
]
Wait: TypeAlias = Annotated[
    float, typer.Option("--wait", min=0, max=3600, help="Seconds to wait for a card.")
]


@app.callback()
def group() -> None:
    """Identity cards on a PC/SC reader."""


@app.command()
def read(
    reader: ReaderName,
    can: Can = None,
    mrz: Zone = None,
    pin: Pin = None,
    dg: Groups = None,
    csca: Csca = None,
    terminal: TerminalFolder = None,
    terminal_secret: Secret = "file:passphrase",  # noqa: S107 (where it is, not what it is)
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Read a card; 1 when it refuses or is not genuine.

    What is typed on a command line can be seen by others on this machine: use - for the passwords.
    """
    if reader == LIST:
        list_readers(as_json)
    from hardware.smartcard.identity_chip import read_files  # noqa: PLC0415 (cryptography)
    from office.commands.chip_files import load_terminal  # noqa: PLC0415 (cryptography)

    try:
        with quiet():
            passwords, wanted, trust = _passwords(can, mrz, pin), _wanted(dg), _trust(csca)
            fingers = None if terminal is None else load_terminal(terminal, terminal_secret)
            today = office_day(system_clock())
            with card_on(reader, wait) as (card, atr):
                begun = perf_counter()
                found = read_files(card, passwords, trust, fingers, wanted, on=today, atr=atr)
                seconds = perf_counter() - begun
    except CouldNotError as error:
        could_not(str(error))
    except ChipError as error:
        refuse(error, as_json)
    if as_json:
        show_json(chip_report.told(found, seconds))
    else:
        chip_report.show(found, seconds)
    raise SystemExit(chip_report.judge(found, trust is not None))


def _passwords(can: str | None, mrz: str | None, pin: str | None) -> "list[Password]":
    from hardware.smartcard.protocols.password import Password  # noqa: PLC0415 (cryptography)

    if [can, mrz, pin].count(FROM_INPUT) > 1:
        raise CouldNotError("only one password can come from standard input")
    made = {
        "--can": (can, Password.can),
        "--mrz": (mrz, lambda text: Password.from_mrz_text(text.replace("/", "\n").upper())),
        "--pin": (pin, Password.pin),
    }
    found = []
    for option, (text, make) in made.items():
        if text is None:
            continue
        try:
            found.append(make(sys.stdin.read().strip() if text == FROM_INPUT else text.strip()))
        except ValueError as error:
            raise CouldNotError(f"{option}: {error}: type it as it is printed") from error
    if not found:
        raise CouldNotError("the card must be opened: give --can, --mrz or --pin")
    return found


def _wanted(groups: str | None) -> frozenset[int] | None:
    if groups is None:
        return None
    numbers = [part.strip().upper().removeprefix("DG") for part in groups.split(",")]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= 16 for part in numbers):
        raise CouldNotError("--dg takes numbers from 1 to 16 with commas between, such as 1,2,11")
    from hardware.smartcard.lds import DG1  # noqa: PLC0415 (Pillow)

    return frozenset(DG1 - 1 + int(part) for part in numbers)


def _trust(folder: Path | None) -> "TrustStore | None":
    if folder is None:
        return None
    from hardware.smartcard.pki.trust_store import TrustStore  # noqa: PLC0415 (cryptography)

    if not folder.is_dir():
        raise CouldNotError(f"{folder} is no folder: give one with CSCA certificates")
    return TrustStore.from_folder(folder)
