"""Takes identity cards in, reads who holds them, and gives them back."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Event

from common.domain.identity_number import IdentityNumber
from common.matching.fingers import FingerTemplate, RecordError
from hardware.core.errors import BadReplyError, DeviceFaultError, DeviceTimeoutError
from hardware.core.keeper import Keeper
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.identity_chip import read_chip, read_serial
from hardware.smartcard.interface import CardPosition, CardUnit
from hardware.smartcard.lds import ChipContent

logger = logging.getLogger(__name__)


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
    """The card inside is none that can be used here.

    reason: no_answer (dirty, upside down, no chip), not_ours (another application), damaged.
    """

    reason: str


class CardDesk:
    """One motor card unit. Motions are states to reach; after a lost answer the sensors decide.

    Everything here raises DeviceAbsentError or DeviceFaultError when the unit cannot.
    """

    def __init__(self, unit: Keeper[CardUnit]) -> None:
        self._unit = unit

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
        """Read the chip of the card inside."""
        return self._unit.use(_read)

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


def _read(unit: CardUnit) -> CardHolder | CardUnreadable:
    try:
        unit.connect()
        serial, content = read_serial(unit), read_chip(unit)
    except DeviceFaultError as fault:
        if fault.reason != "card_error":
            raise
        logger.info("the chip does not answer: %s", fault)
        return CardUnreadable("no_answer")
    except (ChipError, BadReplyError) as error:
        logger.info("no card of ours: %s", type(error).__name__)
        return CardUnreadable("not_ours")
    finally:
        unit.disconnect()
    return holder_of(content, serial)


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
            fingers=tuple(
                (finger.position, FingerTemplate.from_bytes(finger.record))
                for finger in content.fingers
            ),
            portrait_jpeg=content.portrait_jpeg,
            chip_serial=chip_serial,
        )
    except (ValueError, RecordError) as error:
        logger.info("the card's content is damaged: %s", type(error).__name__)
        return CardUnreadable("damaged")
