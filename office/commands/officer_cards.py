"""smartics officer-card: makes the cards with which officers sign in, on any PC/SC reader."""

from pathlib import Path
from typing import Annotated

import typer

from common.domain.clock import system_clock
from hardware.smartcard.chip_errors import ChipError
from office.commands.answers import CouldNotError, could_not, plain
from office.commands.chip_reader import card_on, quiet, refuse

app = typer.Typer(no_args_is_help=True, help="Officers' cards (PIV) on a PC/SC reader.")


@app.callback()
def group() -> None:
    """Officers' cards (PIV) on a PC/SC reader."""


@app.command()
def make(
    officer_id: Annotated[str, typer.Argument(help="What the officer's books call him.")],
    reader: Annotated[str, typer.Option(help="The PC/SC reader or a part of its name.")],
    manager_key: Annotated[
        str, typer.Option(help="The blank's manager key in hexadecimal: file:PATH or keyring:A/B.")
    ],
    out: Annotated[Path, typer.Option(help="Where the certificate goes, to be bound.")],
    wait: Annotated[float, typer.Option(min=0, max=3600, help="Seconds to wait for it.")] = 0.0,
) -> None:
    """Make an officer's card of a blank one. The officer types the PIN, twice."""
    from hardware.smartcard.officer_card import OfficerCard, padded  # noqa: PLC0415
    from hardware.smartcard.officer_card_making import make as write  # noqa: PLC0415
    from hardware.smartcard.pki.keys import KeyStoreError, secret_from  # noqa: PLC0415

    pin: str = typer.prompt("PIN, 6 to 8 digits", hide_input=True, confirmation_prompt=True)
    try:
        padded(pin)
        key = bytes.fromhex(secret_from(manager_key, Path())())
        with quiet(), card_on(reader, wait) as (chip, atr):
            certificate = write(
                OfficerCard(chip, atr), officer_id, manager_key=key, pin=pin, begins=system_clock()
            )
        out.write_bytes(certificate)
    except (CouldNotError, KeyStoreError, ValueError, OSError) as error:
        could_not(str(error))
    except ChipError as error:
        refuse(error, as_json=False)
    print(f"{out} is {plain(officer_id)}'s certificate; bind it:")
    print(
        f"smartics backend officer card {plain(officer_id)} --config backend.toml "
        f"--certificate {out}"
    )
