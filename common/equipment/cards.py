"""Takes identity cards in, opens their chips with what is printed on them, and gives them back."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Event
from typing import Protocol

from common.domain.card_problem import CardProblem
from common.domain.identity_number import IdentityNumber
from common.equipment.card_fingers import card_fingers
from common.equipment.zones import ZoneFound, ZoneMissing
from common.matching.fingers import FingerTemplate, RecordError
from hardware.core.errors import BadReplyError, DeviceFaultError, DeviceTimeoutError
from hardware.core.keeper import Keeper
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.identity_chip import (
    ALL_GROUPS,
    ChipReading,
    Doubt,
    doubt,
    read,
    read_serial,
)
from hardware.smartcard.interface import CardPosition, CardUnit
from hardware.smartcard.lds import DG1, DG11, ChipContent
from hardware.smartcard.pki.trust_store import TrustStore
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.terminal_authentication import Terminal

logger = logging.getLogger(__name__)

WHO = frozenset({DG1, DG11})
"""The groups that say who somebody is, without portrait and fingers."""

_PROBLEMS = {
    "wrong_password": CardProblem.DOUBTFUL,
    "not_genuine": CardProblem.DOUBTFUL,
    "untrusted": CardProblem.DOUBTFUL,
    "malformed": CardProblem.CHIP_SILENT,
    "session_lost": CardProblem.CHIP_SILENT,
}
"""What a failed reading means; any other chip is none of the identity cards."""
_DOUBTS = {
    Doubt.ALTERED: CardProblem.DOUBTFUL,
    Doubt.CLONED: CardProblem.DOUBTFUL,
    Doubt.REVOKED: CardProblem.NOT_VALID,
    Doubt.EXPIRED: CardProblem.NOT_VALID,
    Doubt.FOREIGN: CardProblem.FOREIGN,
}


@dataclass(frozen=True, slots=True, repr=False)
class CardHolder:
    """What the chip of an identity card says about its holder.

    fingers are (ISO position, template); the portrait is a JPEG.
    """

    identity_number: IdentityNumber
    surname: str
    given_names: str
    chinese_name: str
    sex: str
    date_of_birth: date
    fingers: tuple[tuple[int, FingerTemplate], ...]
    portrait_jpeg: bytes
    chip_serial: str

    def __repr__(self) -> str:
        return "CardHolder(<redacted>)"


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    """The card inside is none that can be used here."""

    problem: CardProblem


@dataclass(frozen=True, slots=True)
class CardTrust:
    """Whose cards count, and what this station may read out of them.

    Attributes:
        authorities: Gives the certificates and revocation lists as they are today.
        terminal: What opens the fingers in a card; None where they are not read.
    """

    authorities: Callable[[], TrustStore]
    terminal: Terminal | None
    today: Callable[[], date]


class ReadsZones(Protocol):
    """What sees the printed side of the card inside; ZoneDesk does."""

    def read(self, cancelled: Event, timeout_s: float = ..., /) -> ZoneFound | ZoneMissing:
        """Look until the printed zone was read or the time is over."""
        ...


class CardDesk:
    """One motor card unit, and the camera that sees the card inside.

    Motions are states to reach; after a lost answer the sensors decide. Everything here raises
    DeviceAbsentError or DeviceFaultError when the unit or the camera cannot.
    """

    def __init__(self, unit: Keeper[CardUnit], zones: ReadsZones, trust: CardTrust) -> None:
        self._unit = unit
        self._zones = zones
        self._trust = trust

    def position(self) -> CardPosition:
        """Ask the sensors where a card is."""
        return self._unit.use(lambda unit: unit.status().position)

    def wait_for_card(self, timeout_s: float, cancelled: Event) -> bool:
        """Open the gate and wait for a card; tell whether one was drawn inside.

        Raises:
            RequestCancelledError: cancelled was set; the gate is shut again.
        """
        return self._unit.use(lambda unit: _accept(unit, timeout_s, cancelled))

    def read_holder(self) -> CardHolder | CardUnreadable:
        """Read the card inside: its printed zone first, then with that its chip, whole."""
        return self._read(ALL_GROUPS)

    def read_number(self) -> IdentityNumber | CardUnreadable:
        """Read only whose card it is: quicker, and no more than is needed."""
        found = self.read_who()
        return found if isinstance(found, CardUnreadable) else found.identity_number

    def read_who(self) -> CardHolder | CardUnreadable:
        """Read only who the holder is, without portrait and fingers."""
        return self._read(WHO)

    def _read(self, wanted: frozenset[int]) -> CardHolder | CardUnreadable:
        zone = self._zones.read(Event())
        if isinstance(zone, ZoneMissing):
            logger.info("the printed zone was not read: %s", zone.why)
            return CardUnreadable(CardProblem.ZONE_UNREADABLE)
        passwords = zone.passwords()
        return self._unit.use(lambda unit: _holder(unit, passwords, self._trust, wanted))

    def give_back(self) -> None:
        """Hold the card at the gate. With no card in the unit this does nothing."""
        self._unit.use(lambda unit: _move(unit, unit.hold_at_gate, CardPosition.GATE))

    def draw_in(self) -> None:
        """Take the card at the gate back inside. With no card in the unit this does nothing."""
        self._unit.use(lambda unit: _move(unit, unit.draw_in, CardPosition.INSIDE))

    def wait_taken(self, timeout_s: float, cancelled: Event) -> bool:
        """Wait until the card at the gate is taken; tell whether it was.

        Raises:
            RequestCancelledError: cancelled was set.
        """
        return self._unit.use(lambda unit: _taken(unit, timeout_s, cancelled))

    def keep(self) -> None:
        """Move the card into the bin. With no card in the unit this does nothing."""
        self._unit.use(lambda unit: _move(unit, unit.capture, CardPosition.NONE))


def _accept(unit: CardUnit, timeout_s: float, cancelled: Event) -> bool:
    try:
        unit.accept(timeout_s, cancelled)
    except DeviceTimeoutError:
        # The time-out may have met a card on its way in.
        return unit.status().position is CardPosition.INSIDE
    return True


def _taken(unit: CardUnit, timeout_s: float, cancelled: Event) -> bool:
    try:
        unit.wait_taken(timeout_s, cancelled)
    except DeviceTimeoutError:
        return unit.status().position is CardPosition.NONE
    return True


def _move(unit: CardUnit, motion: Callable[[], None], goal: CardPosition) -> None:
    """Make one motion, unless the sensors say that it is done or that there is nothing to move.

    With an empty channel the unit would draw a card from its feeder, hence the look before.
    """
    if unit.status().position in (goal, CardPosition.NONE):
        return
    unit.disconnect()
    try:
        motion()
    except DeviceTimeoutError:
        if unit.status().position is not goal:
            raise


def _holder(
    unit: CardUnit, passwords: Sequence[Password], trust: CardTrust, wanted: frozenset[int]
) -> CardHolder | CardUnreadable:
    try:
        reading, serial = read_powered(unit, passwords, trust, wanted)
    except DeviceFaultError as fault:
        if fault.reason != "card_error":
            raise
        logger.info("the chip does not answer: %s", fault)
        return CardUnreadable(CardProblem.CHIP_SILENT)
    except BadReplyError as error:
        logger.info("the chip's answer makes no sense: %s", error)
        return CardUnreadable(CardProblem.CHIP_SILENT)
    except ChipError as error:
        logger.warning("no card of ours: %s", error)
        return CardUnreadable(_PROBLEMS.get(error.reason, CardProblem.FOREIGN))
    if (found := doubt(reading)) is not None:
        logger.warning("the card is refused: %s %s", found, reading.passive.reason)
        return CardUnreadable(_DOUBTS[found])
    if not reading.is_proven:
        # All our cards can prove themselves; one that cannot may be a copy of what was signed.
        logger.warning("the card is refused: it cannot prove that it is no copy")
        return CardUnreadable(CardProblem.DOUBTFUL)
    return holder_of(reading.content, serial)


def read_powered(
    unit: CardUnit, passwords: Sequence[Password], trust: CardTrust, wanted: frozenset[int]
) -> tuple[ChipReading, str]:
    """Power the chip inside, read and check it, and power it off; with its serial number.

    Raises:
        ChipError: It is no identity card, or does not open with these passwords.
        DeviceError: The unit or the contact failed.
    """
    try:
        atr = unit.connect()
        serial = _serial(unit)
        reading = read(
            unit,
            passwords,
            trust.authorities(),
            trust.terminal,
            wanted=wanted,
            on=trust.today(),
            atr=atr,
        )
    finally:
        unit.disconnect()
    return reading, serial


def _serial(unit: CardUnit) -> str:
    """Return the chip's own number; other makers' chips may keep theirs to themselves."""
    try:
        return read_serial(unit)
    except ChipError:
        return ""


def holder_of(content: ChipContent, chip_serial: str) -> CardHolder | CardUnreadable:
    """Turn what a chip holds into words of the domain; nothing that is wrong is believed."""
    zone = content.mrz
    try:
        return CardHolder(
            identity_number=IdentityNumber.parse(content.personal_number or zone.document_number),
            surname=zone.surname,
            given_names=zone.given_names,
            chinese_name=content.chinese_name,
            sex=zone.sex,
            date_of_birth=zone.date_of_birth,
            fingers=card_fingers(content),
            portrait_jpeg=content.portrait_jpeg,
            chip_serial=chip_serial,
        )
    except (ValueError, RecordError) as error:
        logger.info("the card's content is damaged: %s", type(error).__name__)
        return CardUnreadable(CardProblem.DOUBTFUL)
