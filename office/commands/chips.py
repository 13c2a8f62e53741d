"""smartics chip: reads identity cards through any PC/SC reader, and personalises them."""

import sys
from enum import StrEnum
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

OWN_KEYS = 0x20
"""The version under which a card keeps manager keys of its own."""
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
Content: TypeAlias = Annotated[
    Path, typer.Option("--content", help="TOML or JSON: document_number, surname, portrait ...")
]
SignerFolder: TypeAlias = Annotated[
    Path, typer.Option("--signer", help="Folder of the document signer: *.cer and *.key.pem.")
]
SignerSecret: TypeAlias = Annotated[
    str, typer.Option("--signer-secret", help="Its passphrase: file:PATH or keyring:NAME/NAME.")
]
CvcaFolder: TypeAlias = Annotated[
    Path | None, typer.Option("--cvca", help="Folder with the authority over terminals.")
]
CardKey: TypeAlias = Annotated[
    str | None,
    typer.Option("--card-key", help="The blank's key: file:PATH, keyring:NAME/NAME; else tests'."),
]
MasterKey: TypeAlias = Annotated[
    str | None,
    typer.Option("--master-key", help="What the card's own keys are made of; else none are made."),
]


class Profile(StrEnum):
    """How a blank's applet is written."""

    STORE_DATA = "store_data"
    JMRTD = "jmrtd"


ProfileName: TypeAlias = Annotated[Profile, typer.Option("--profile", help="The blank's applet.")]
WrittenCan: TypeAlias = Annotated[
    str, typer.Option("--can", help="The card access number printed on it, six digits; - reads it.")
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


@app.command()
def personalise(
    reader: ReaderName,
    content: Content,
    can: WrittenCan,
    signer: SignerFolder,
    cvca: CvcaFolder = None,
    profile: ProfileName = Profile.STORE_DATA,
    card_key: CardKey = None,
    master_key: MasterKey = None,
    signer_secret: SignerSecret = "file:passphrase",  # noqa: S107 (where it is, not what it is)
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Write a blank card and lock it for ever; 1 when it refuses or is no blank.

    After a power cut it can be done again. Read the card back with smartics chip read.
    """
    if reader == LIST:
        list_readers(as_json)
    from hardware.smartcard.personalisation import personalise as write  # noqa: PLC0415
    from hardware.smartcard.protocols.scp03_keys import diversify  # noqa: PLC0415
    from office.commands import chip_files  # noqa: PLC0415 (cryptography, Pillow)

    now = system_clock()
    try:
        with quiet():
            holder, number = chip_files.load_content(content), _typed(can)
            authority = chip_files.load_trust_points(cvca) if cvca else ()
            documents = chip_files.load_signer(signer, signer_secret, now)
            keys = chip_files.manager_keys(card_key)
            master = chip_files.load_key(master_key) if master_key else b""
            with card_on(reader, wait) as (card, atr):
                written = write(
                    card,
                    holder,
                    number,
                    documents,
                    authority,
                    keys,
                    chip_files.PROFILES[profile.value],
                    today=office_day(now),
                    own_keys=(lambda told: diversify(master, told, OWN_KEYS)) if master else None,
                    atr=atr,
                )
    except CouldNotError as error:
        could_not(str(error))
    except ValueError as error:
        could_not(f"the card cannot say this: {error}")
    except ChipError as error:
        refuse(error, as_json)
    chip_report.show_written(written, as_json)


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
            found.append(make(_typed(text)))
        except ValueError as error:
            raise CouldNotError(f"{option}: {error}: type it as it is printed") from error
    if not found:
        raise CouldNotError("the card must be opened: give --can, --mrz or --pin")
    return found


def _typed(text: str) -> str:
    return (sys.stdin.read() if text == FROM_INPUT else text).strip()


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
