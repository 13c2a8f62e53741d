"""smartics chip: reads identity cards through any PC/SC reader, and personalises them."""

import hashlib
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from common.domain.clock import office_day, system_clock
from office.commands.answers import (
    NO,
    YES,
    AsJson,
    CouldNotError,
    complain,
    could_not,
    plain,
    show_json,
)

if TYPE_CHECKING:
    from hardware.smartcard.card_reader import CardReader
    from hardware.smartcard.chip_errors import ChipError
    from hardware.smartcard.pki.trust_store import TrustStore
    from hardware.smartcard.protocols.password import Password
    from hardware.smartcard.verdict import ChipReading, Doubt

app = typer.Typer(no_args_is_help=True, help="Identity cards on a PC/SC reader.")

LIST = "list"
FROM_INPUT = "-"
REFUSALS = ("wrong_password", "not_genuine", "untrusted", "refused", "mismatch")
"""What a card says no with; everything else could not be done."""
ADVICE = {
    "wrong_password": "check the number or zone against the card",
    "not_genuine": "keep the card and tell a supervisor",
    "untrusted": "keep the card and tell a supervisor",
    "refused": "try another password (--can, --mrz)",
    "no_file": "this is no identity card of ICAO Doc 9303",
    "session_lost": "leave the card still on the reader and try again",
    "malformed": "clean the card and try again; it may be damaged",
    "not_supported": "read it with a newer version of this program",
}
DOUBTS = {
    "altered": "what the card says is not what was signed: keep it and tell a supervisor",
    "cloned": "the chip does not prove that it is the genuine one: keep it and tell a supervisor",
    "revoked": "its signer was revoked: keep it and tell a supervisor",
    "expired": "its signer's certificate is over, or this machine's date is wrong",
    "foreign": "nobody in --csca vouches for it: add its country's certificate, or refuse it",
}

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
        _list_readers(as_json)
    try:
        passwords = _passwords(can, mrz, pin)
        wanted = _wanted(dg)
        trust = _trust(csca)
        with _quiet(), _card(reader, wait) as (card, atr):
            found, seconds = _read(card, atr, passwords, trust, wanted, (terminal, terminal_secret))
    except CouldNotError as error:
        could_not(str(error))
    if as_json:
        show_json(_told(found, seconds))
    else:
        _show(found, seconds)
    raise SystemExit(_judge(found, trust is not None))


def _list_readers(as_json: bool) -> None:
    from hardware.smartcard.pcsc_reader import reader_names  # noqa: PLC0415 (PC/SC)

    names = reader_names()
    if as_json:
        show_json({"readers": names})
    else:
        for name in names:
            print(plain(name))
    if not names:
        could_not("no PC/SC reader: plug one in, and see that pcscd runs")
    raise SystemExit(YES)


@contextmanager
def _card(name: str, wait_s: float) -> "Iterator[tuple[CardReader, bytes]]":
    """The card on that reader, with power; every fault of the devices is told in one line."""
    from hardware.core.errors import DeviceError  # noqa: PLC0415
    from hardware.smartcard.chip_errors import ChipError  # noqa: PLC0415

    card = _reader(name)
    try:
        card.open()
        if not card.wait_for_card(wait_s, Event()):
            raise CouldNotError(f"no card on the reader {plain(name)}: lay one on it")
        yield card, card.connect()
    except ChipError as error:
        _refuse(error)
    except DeviceError as error:
        raise CouldNotError(
            f"{plain(str(error))}: check the reader and the card; --reader list names the readers"
        ) from error
    finally:
        card.close()


def _reader(name: str) -> "CardReader":
    from hardware.smartcard.pcsc_reader import PcscReader  # noqa: PLC0415 (PC/SC)

    return PcscReader(name)


def _read(
    card: "CardReader",
    atr: bytes,
    passwords: "list[Password]",
    trust: "TrustStore | None",
    wanted: frozenset[int] | None,
    terminal: tuple[Path | None, str],
) -> "tuple[ChipReading, float]":
    from hardware.smartcard.identity_chip import read_files  # noqa: PLC0415 (cryptography)
    from office.commands.chip_files import load_terminal  # noqa: PLC0415

    folder, secret = terminal
    reads_fingers = None if folder is None else load_terminal(folder, secret)
    today = office_day(system_clock())
    begun = perf_counter()
    found = read_files(card, passwords, trust, reads_fingers, wanted, on=today, atr=atr)
    return found, perf_counter() - begun


def _refuse(error: "ChipError") -> None:
    advice = ADVICE.get(error.reason, "try again")
    sentence = f"{error}: {advice}"
    if error.reason in REFUSALS:
        complain(sentence)
        raise SystemExit(NO)
    could_not(sentence)


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
    with _quiet():
        return TrustStore.from_folder(folder)


def _told(found: "ChipReading", seconds: float) -> dict[str, Any]:
    """What --json prints."""
    return {
        "protocol": found.protocol,
        "mapping": found.mapping,
        "mrz": _zone(found),
        "portrait_bytes": _portrait_bytes(found),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in _named(found).items()},
        "passive_authentication": found.passive.outcome,
        "passive_reason": found.passive.reason,
        "signer_country": found.passive.signer_country,
        "chip_authentication": found.chip_authentication.value,
        "active_authentication": found.active_authentication.value,
        "fingers_granted": found.fingers_granted,
        "doubt": _doubt(found),
        "apdus": found.apdus,
        "seconds": round(seconds, 4),
    }


def _named(found: "ChipReading") -> dict[str, bytes]:
    from hardware.smartcard.lds import CARD_ACCESS, FILE_NAMES  # noqa: PLC0415 (Pillow)

    names = {fid: name for fid, name in FILE_NAMES.items() if fid in found.files}
    named = {name: found.files[fid] for fid, name in sorted(names.items())}
    master = {
        "EF.CardAccess" if fid == CARD_ACCESS else "EF.CardSecurity": data
        for fid, data in found.master_files.items()
    }
    return named | master


def _zone(found: "ChipReading") -> str | None:
    from hardware.smartcard.chip_errors import ChipError  # noqa: PLC0415
    from hardware.smartcard.lds import DG1, zone_of  # noqa: PLC0415 (Pillow)

    try:
        return zone_of(found.files[DG1])
    except ChipError:
        return None


def _portrait_bytes(found: "ChipReading") -> int | None:
    from hardware.smartcard.chip_errors import ChipError  # noqa: PLC0415
    from hardware.smartcard.face_record import decode_portraits  # noqa: PLC0415 (Pillow)
    from hardware.smartcard.lds import DG2  # noqa: PLC0415

    if DG2 not in found.files:
        return None
    try:
        return len(decode_portraits(found.files[DG2])[0][0])
    except ChipError:
        return None


def _doubt(found: "ChipReading") -> "Doubt | None":
    from hardware.smartcard.verdict import doubt  # noqa: PLC0415 (cryptography)

    return doubt(found)


def _show(found: "ChipReading", seconds: float) -> None:
    mapping = f", {found.mapping}" if found.mapping else ""
    reason = f" ({found.passive.reason})" if found.passive.reason else ""
    portrait = _portrait_bytes(found)
    rows = [
        ("opened with", f"{found.protocol}{mapping}"),
        ("signature", found.passive.outcome.replace("_", " ") + reason),
        ("chip's proof", f"{found.chip_authentication.value}, Chip Authentication"),
        ("", f"{found.active_authentication.value}, Active Authentication"),
        ("zone", plain(_zone(found) or "cannot be understood")),
        ("portrait", "not read" if portrait is None else f"{portrait} bytes"),
        ("fingers", "read" if found.fingers_granted else "not read"),
        *((name, f"{len(data)} bytes") for name, data in _named(found).items()),
        ("took", f"{found.apdus} commands, {seconds:.3f} s"),
    ]
    for name, text in rows:
        print(f"{name:16}  {text}")


def _judge(found: "ChipReading", has_anchors: bool) -> int:
    """Say in one line what is wrong with a card that was read."""
    problem = _doubt(found)
    if problem is None or (problem == "foreign" and not has_anchors):
        return YES
    complain(DOUBTS[problem])
    return NO


@contextmanager
def _quiet() -> "Iterator[None]":
    """Nothing but our own line goes to standard error, unless SMARTICS_LOG asks for more."""
    logger = logging.getLogger("hardware.smartcard")
    before = logger.level
    if not logger.isEnabledFor(logging.DEBUG):
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
