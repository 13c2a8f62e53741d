"""The identity chip in verbs: open it, let it prove itself, read it, check who signed it.

Sources: ICAO Doc 9303-11, 4 to 7; BSI TR-03110-1, 2.3 (advanced inspection procedure).
"""

import logging
from collections.abc import Sequence
from datetime import date

from hardware.smartcard.apdu import SHORT_ANSWER, Command
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.chip_inspection import Inspection
from hardware.smartcard.interface import Chip
from hardware.smartcard.lds import DG1, DG2, DG3, DG11, DG15, EF_COM
from hardware.smartcard.link import CardLink
from hardware.smartcard.pki.trust_store import TrustStore
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.terminal_authentication import Terminal
from hardware.smartcard.verdict import ChipReading, Doubt, Proof, doubt

__all__ = [
    "ALL_GROUPS",
    "EVERYTHING",
    "ChipReading",
    "Doubt",
    "Proof",
    "doubt",
    "read",
    "read_files",
    "read_serial",
]

logger = logging.getLogger(__name__)

ALL_GROUPS = frozenset({DG1, DG2, DG3, DG11})
"""The groups that are understood, by file identifier."""
EVERYTHING = ALL_GROUPS | {EF_COM, DG15}
"""Also what a quality step compares. With DG15 Active Authentication is done in any case."""
PRODUCTION_RECORD = bytes.fromhex("9F7F2A")
"""Tag and length of the card production life cycle data (GlobalPlatform CPLC)."""


def read(
    chip: Chip,
    passwords: Sequence[Password],
    trust: TrustStore | None,
    terminal: Terminal | None = None,
    wanted: frozenset[int] | None = None,
    *,
    on: date,
    atr: bytes = b"",
) -> ChipReading:
    """Open a chip, let it prove itself, read it, check the signature, and understand it.

    What is wrong with a chip that could be read is told by the reading: ask doubt().

    Args:
        chip: The powered chip, not yet spoken to if that can be.
        passwords: To be tried in this order, each once.
        trust: Whose signatures count; None for nobody's.
        terminal: May read fingers; None where they are not read.
        wanted: File identifiers of the groups to read as far as the chip has them; ALL_GROUPS by
            default. DG1 comes always, and what the proofs need.
        on: Today.
        atr: The answer to reset, which may announce extended length.

    Raises:
        ChipError: wrong_password; not_genuine: the chip hides what it can do; no_file: it is no
            identity card; refused, malformed, session_lost, not_supported.
        DeviceError: The reader or the contact failed.
    """
    reading = read_files(chip, passwords, trust, terminal, wanted, on=on, atr=atr)
    if isinstance(reading.understood, ChipError):
        raise reading.understood
    return reading


def read_files(
    chip: Chip,
    passwords: Sequence[Password],
    trust: TrustStore | None,
    terminal: Terminal | None = None,
    wanted: frozenset[int] | None = None,
    *,
    on: date,
    atr: bytes = b"",
) -> ChipReading:
    """As read, but files that cannot be understood are no error: content tells it later."""
    link = CardLink(chip, atr)
    groups = (ALL_GROUPS if wanted is None else wanted) | {DG1}
    link.learn_limits()
    try:
        return Inspection(link, trust, terminal, groups, on).run(passwords)
    except ChipError as error:
        if error.reason != "session_lost" or link.longest_answer <= SHORT_ANSWER:
            raise
    # There are readers that spoil long answers; the seal tells, and short ones may pass.
    logger.warning("the session was lost: once more with short answers")
    link.session, link.longest_answer = None, SHORT_ANSWER
    return Inspection(link, trust, terminal, groups, on).run(passwords)


def read_serial(chip: Chip) -> str:
    """Return the chip's own number, the same for its whole life: 16 hexadecimal digits.

    It is made of the date, serial and batch number that the chip's maker burnt in. Ask before
    read(), since a command in the clear ends a session.
    """
    command = Command(0xCA, 0x9F, 0x7F, expected=SHORT_ANSWER, cla=0x80)
    record = CardLink(chip).send(command).require_ok("the production record")
    if len(record) != 45 or not record.startswith(PRODUCTION_RECORD):
        raise ChipError("malformed", "not a production record")
    return record[13:21].hex().upper()
