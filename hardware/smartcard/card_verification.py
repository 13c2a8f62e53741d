"""The quality step: a card just personalised is read as a stranger's reader would, and put to test.

It must open with its passwords and not without, prove that it is genuine, hold byte for byte what
was written, and keep its fingers from terminals without authority.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from hardware.smartcard.applet_profiles import STORE_DATA, AppletProfile
from hardware.smartcard.card_data import CardOptions, WrittenCard, digests
from hardware.smartcard.chip_errors import ChipError, ChipMismatchError
from hardware.smartcard.chip_opening import APPLICATION, open_chip
from hardware.smartcard.identity_chip import EVERYTHING, read
from hardware.smartcard.interface import Chip
from hardware.smartcard.lds import (
    CARD_ACCESS,
    CARD_SECURITY,
    DG1,
    DG3,
    EF_COM,
    FILE_NAMES,
    ChipContent,
    encode,
)
from hardware.smartcard.link import CardLink
from hardware.smartcard.pki.trust_store import TrustStore
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.terminal_authentication import Terminal
from hardware.smartcard.verdict import ChipReading, Doubt, Proof, doubt

SHUT = ("refused", "no_file")
"""How a chip keeps a file from who has no right to it."""
MASTER_FILE_NAMES = {CARD_ACCESS: "EF.CardAccess", CARD_SECURITY: "EF.CardSecurity"}


def verify_personalised(
    chip: Chip,
    content: ChipContent,
    passwords: Sequence[Password],
    trust: TrustStore,
    terminal: Terminal | None,
    *,
    today: date,
    profile: AppletProfile = STORE_DATA,
    written: WrittenCard | None = None,
    atr: bytes = b"",
) -> None:
    """Read a card that was given power anew, and check all that it promises.

    Args:
        chip: The chip.
        content: What it should say.
        passwords: Its passwords, at least one; each of them must open it.
        trust: The certificates of the country, against which EF.SOD is verified.
        terminal: May read fingers; without it DG3 is not compared.
        today: The day.
        profile: How it was personalised, which tells what it must speak.
        written: The digests that personalise returned; None to compare with content alone.
        atr: The answer to reset.

    Raises:
        ChipMismatchError: A file is absent or says something else.
        ChipError: not_genuine, untrusted: a proof or a signature fails; mismatch: something is
            open that should be shut, or shut that should be open; or as identity_chip.read.
        DeviceError: The reader or the contact failed.
    """
    options = profile.options
    reading = read(chip, passwords[:1], trust, terminal, EVERYTHING, on=today, atr=atr)
    _require_proofs(reading, options)
    if terminal is not None and content.has_fingers and not reading.fingers_granted:
        raise ChipError("mismatch", "DG3 stays shut for a terminal with the right")
    _require_content(reading, content)
    if written is not None:
        _require_digests(reading.files, written.files, FILE_NAMES, set() if terminal else {DG3})
    # Without a terminal the chip proves itself by the mapping, where it can.
    for password in passwords[1:] or passwords:
        other = read(chip, [password], trust, None, frozenset({DG1}), on=today, atr=atr)
        _require_proofs(other, options)
        if written is not None:
            seen = set(written.master_files) - set(other.master_files)
            _require_digests(other.master_files, written.master_files, MASTER_FILE_NAMES, seen)
    _require_doors(chip, passwords[0], content.has_fingers, atr)


def _require_proofs(reading: ChipReading, options: CardOptions) -> None:
    if options.pace != (reading.protocol == "PACE"):
        raise ChipError("mismatch", "the card was opened in another way")
    problem = doubt(reading)
    if problem is Doubt.CLONED or not (problem or reading.is_proven):
        raise ChipError("not_genuine", "the chip's own proof")
    if problem is not None:
        raise ChipError("untrusted", f"EF.SOD: {problem}")
    is_asked = options.active_authentication and EF_COM in reading.files
    if is_asked and reading.active_authentication is not Proof.VERIFIED:
        raise ChipError("not_genuine", "Active Authentication")


def _require_content(reading: ChipReading, content: ChipContent) -> None:
    """Compare the groups with what content becomes."""
    made = encode(content)
    del made[EF_COM]  # it also lists the groups that are made when a card is personalised
    if not reading.fingers_granted:
        made.pop(DG3, None)
    for identifier, data in made.items():
        if reading.files.get(identifier) != data:
            raise ChipMismatchError(FILE_NAMES[identifier])


def _require_digests(
    files: Mapping[int, bytes],
    written: Mapping[int, str],
    names: Mapping[int, str],
    unseen: set[int],
) -> None:
    found = digests(files)
    for identifier, digest in written.items():
        if identifier not in unseen and found.get(identifier) != digest:
            raise ChipMismatchError(names.get(identifier, f"file {identifier:04X}"))


def _require_doors(chip: Chip, password: Password, has_fingers: bool, atr: bytes) -> None:
    """Try what must not open: DG1 without a password, DG3 without a terminal's right."""
    link = CardLink(chip, atr)
    link.select_application(APPLICATION)
    _require_shut(link, DG1, "DG1 opens without a password")
    if has_fingers:
        link = CardLink(chip, atr)
        if open_chip(link, [password]).pace is not None:
            link.select_application(APPLICATION)
        _require_shut(link, DG3, "DG3 opens without a terminal's right")


def _require_shut(link: CardLink, identifier: int, what: str) -> None:
    try:
        link.read_file(identifier)
    except ChipError as error:
        if error.reason in SHUT:
            return
        raise
    raise ChipError("mismatch", what)
