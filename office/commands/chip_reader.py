"""The card that lies on a PC/SC reader while smartics chip works with it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, NoReturn

from hardware.core.errors import DeviceError
from hardware.smartcard.chip_errors import ChipError
from office.commands.answers import (
    NO,
    YES,
    CouldNotError,
    complain,
    could_not,
    plain,
    show_json,
)

if TYPE_CHECKING:
    from hardware.smartcard.card_reader import CardReader

REFUSALS = (
    "wrong_password",
    "not_genuine",
    "untrusted",
    "refused",
    "mismatch",
    "already_personalised",
)
"""What a card says no with; everything else could not be done."""
ADVICE = {
    "wrong_password": "check the number or zone against the card",
    "not_genuine": "keep the card and tell a supervisor",
    "untrusted": "keep the card and tell a supervisor",
    "refused": "try another password (--can, --mrz)",
    "no_file": "this is no identity card of ICAO Doc 9303",
    "session_lost": "leave the card still on the reader and try again",
    "malformed": "clean the card and try again; it may be damaged",
    "already_personalised": "take a blank one",
    "mismatch": "the card is faulty: take another",
    "not_supported": "read it with a newer version of this program",
}


def list_readers(as_json: bool) -> NoReturn:
    """Name the readers and end."""
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
def card_on(name: str, wait_s: float) -> "Iterator[tuple[CardReader, bytes]]":
    """The card on that reader, with power, and its answer to reset.

    Raises:
        CouldNotError: No card, no reader, or one of them is lost. Errors of the chip pass.
    """
    card = reader_named(name)
    try:
        card.open()
        if not card.wait_for_card(wait_s, Event()):
            raise CouldNotError(f"no card on the reader {plain(name)}: lay one on it")
        yield card, card.connect()
    except ChipError:
        raise
    except DeviceError as error:
        raise CouldNotError(
            f"{plain(str(error))}: check the reader and the card; --reader list names the readers"
        ) from error
    finally:
        card.close()


def reader_named(name: str) -> "CardReader":
    """The driver for a reader by its name or a part of it."""
    from hardware.smartcard.pcsc_reader import PcscReader  # noqa: PLC0415 (PC/SC)

    return PcscReader(name)


def refuse(error: ChipError, as_json: bool) -> NoReturn:
    """Say what the chip's error means and what to do, and end."""
    sentence = f"{error}: {ADVICE.get(error.reason, 'try again')}"
    if error.reason not in REFUSALS:
        could_not(sentence)
    if as_json:
        show_json({"error": error.reason})
    complain(sentence)
    raise SystemExit(NO)


@contextmanager
def quiet() -> "Iterator[None]":
    """Nothing but our own line goes to standard error, unless SMARTICS_LOG is DEBUG."""
    logger = logging.getLogger("hardware.smartcard")
    before = logger.level
    if not logger.isEnabledFor(logging.DEBUG):
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
