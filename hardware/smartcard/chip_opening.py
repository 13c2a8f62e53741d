"""Opening a chip with what is known of the card: PACE, and BAC where the chip has nothing better.

Source: ICAO Doc 9303-11, 4.2 (the order of things).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from hardware.smartcard.apdu import SW, Command
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.lds import CARD_ACCESS
from hardware.smartcard.link import CardLink
from hardware.smartcard.protocols import bac, pace
from hardware.smartcard.protocols.pace import PaceResult
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.security_infos import PaceInfo, SecurityInfos
from hardware.smartcard.protocols.security_infos import parse as parse_infos

APPLICATION = bytes.fromhex("A0000002471001")
MASTER_FILE = bytes.fromhex("3F00")
T = TypeVar("T")
_ABSENT = ("no_file", "refused")
_NEXT = ("wrong_password", "refused")
"""After these the next password is tried. A chip refuses a kind of password that it lacks."""


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """How a chip was opened. The application is selected after BAC, not after PACE.

    Attributes:
        password: The one that did it.
        pace: What PACE left; None after BAC.
        card_access: The file, empty where there is none.
        offered: What it says.
    """

    password: Password
    pace: PaceResult | None
    card_access: bytes
    offered: SecurityInfos

    @property
    def protocol(self) -> str:
        """PACE or BAC."""
        return "BAC" if self.pace is None else "PACE"

    @property
    def mapping(self) -> str:
        """GM, IM or CAM; empty after BAC."""
        return "" if self.pace is None else self.pace.info.mapping


def open_chip(link: CardLink, passwords: Sequence[Password]) -> Opened:
    """Open a chip with the first password that fits; none is tried twice.

    BAC is no way around PACE: it is done only where the chip offers no PACE that is known here.

    Args:
        link: The chip, as after power-on.
        passwords: In the order to try.

    Raises:
        ChipError: None fits (wrong_password), or the chip is no identity card (no_file), refuses,
            or makes no sense.
        DeviceError: The reader or the contact failed.
    """
    card_access = _card_access(link)
    offered = parse_infos(card_access) if card_access else SecurityInfos()
    info = pace.choose(offered)
    if info is not None:
        return _with_pace(link, passwords, info, card_access, offered)
    link.select_application(APPLICATION)
    zones = [password for password in passwords if password.bac_seed is not None]
    if not zones:
        raise ChipError("wrong_password", "this chip opens with its printed zone alone")
    password, _ = _first_that_fits(zones, lambda candidate: bac.run(link, candidate))
    return Opened(password, None, card_access, offered)


def open_again(link: CardLink, opened: Opened) -> Opened:
    """Open a chip anew whose session was lost, in the same way."""
    link.session = None
    if opened.pace is None:
        link.select_application(APPLICATION)
        bac.run(link, opened.password)
        return opened
    select_master_file(link)
    return replace(opened, pace=pace.run(link, opened.pace.info, opened.password))


def select_master_file(link: CardLink) -> None:
    """Leave the application.

    Raises:
        ChipError: The chip refuses.
    """
    answer = link.send(Command(0xA4, 0x00, 0x0C, MASTER_FILE))
    if answer.status_word != SW.OK:  # the identifier may be left out (9303-10, 3.6.2)
        link.send(Command(0xA4, 0x00, 0x0C)).require_ok("the master file")


def _with_pace(
    link: CardLink,
    passwords: Sequence[Password],
    info: PaceInfo,
    card_access: bytes,
    offered: SecurityInfos,
) -> Opened:
    def attempt(password: Password) -> PaceResult:
        return pace.run(link, info, password)

    password, result = _first_that_fits(passwords, attempt)
    return Opened(password, result, card_access, offered)


def _first_that_fits(
    passwords: Sequence[Password], attempt: Callable[[Password], T]
) -> tuple[Password, T]:
    problem: ChipError | None = None
    for password in passwords:
        try:
            return password, attempt(password)
        except ChipError as error:
            if error.reason not in _NEXT:
                raise
            if problem is None or error.reason == "wrong_password":
                problem = error
    raise problem or ChipError("wrong_password", "no password is known")


def _card_access(link: CardLink) -> bytes:
    """Read EF.CardAccess; empty where there is none.

    Anything may be selected where the chip was not just given power, so an absence is believed
    only in the master file. A chip that has none there is known by its application alone.
    """
    try:
        return link.read_file(CARD_ACCESS)
    except ChipError as error:
        if error.reason not in _ABSENT:
            raise
    try:
        select_master_file(link)
        return link.read_file(CARD_ACCESS)
    except ChipError as error:
        if error.reason not in _ABSENT:
            raise
        return b""
