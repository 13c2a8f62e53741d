"""Makes cards: a blank is fed, its chip written, powered anew and read back; each step alone.

The caller notes each step in its journal before the next, since a chip that was written cannot be
made blank again.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from common.equipment.presenter import PresenterDesk
from hardware.core.errors import BadReplyError, DeviceFaultError
from hardware.core.keeper import Keeper
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.identity_chip import personalise, read_serial, verify
from hardware.smartcard.interface import CardPosition, CardUnit
from hardware.smartcard.lds import ChipContent

logger = logging.getLogger(__name__)

T = TypeVar("T")


class ChipFaultyError(Exception):
    """The chip inside will not do: it is silent, refuses, or does not hold what it should.

    Attributes:
        reason: silent, or a reason of hardware.smartcard.chip_errors.ChipError.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ChannelBlockedError(Exception):
    """A card that nobody expects lies in the channel."""


class Encoder(PresenterDesk):
    """A card unit with blank cards in its feeder. It presents, bins and waits as a presenter."""

    def __init__(self, unit: Keeper[CardUnit]) -> None:
        super().__init__(unit)
        self._encoding = unit

    def feed_blank(self) -> None:
        """Draw a blank inside.

        Raises:
            ChannelBlockedError: There is a card already.
            DeviceFaultError: reason empty for an empty feeder, jam for a card that got stuck.
        """
        if self.position() is not CardPosition.NONE:
            raise ChannelBlockedError
        self.feed()

    def serial(self) -> str:
        """Return the number of the chip inside.

        Raises:
            ChipFaultyError: The chip does not give it.
        """
        return self._with_chip(read_serial)

    def write(self, content: ChipContent) -> None:
        """Personalise the chip inside and lock it.

        Raises:
            ChipFaultyError: The chip is no blank, or did not take it.
        """
        self._with_chip(lambda chip: personalise(chip, content))

    def verify(self, content: ChipContent) -> None:
        """Power the chip anew and compare every byte.

        Raises:
            ChipFaultyError: Something is missing or different.
        """
        self._with_chip(lambda chip: verify(chip, content))

    def _with_chip(self, act: Callable[[CardUnit], T]) -> T:
        return self._encoding.use(lambda unit: _powered(unit, act))


def _powered(unit: CardUnit, act: Callable[[CardUnit], T]) -> T:
    try:
        unit.connect()
        return act(unit)
    except DeviceFaultError as fault:
        if fault.reason != "card_error":
            raise
        logger.warning("the chip is silent: %s", fault)
        raise ChipFaultyError("silent") from fault
    except ChipError as error:
        logger.warning("the chip is faulty: %s", error)
        raise ChipFaultyError(error.reason) from error
    except BadReplyError as error:
        # A garbled APDU answer is the chip's fault as far as this card is concerned.
        logger.warning("the chip's answer makes no sense: %s", error)
        raise ChipFaultyError("malformed") from error
    finally:
        unit.disconnect()
