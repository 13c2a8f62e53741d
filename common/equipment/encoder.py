"""Makes cards: a blank is fed, its chip written, powered anew and read back; each step alone.

The caller notes each step in its journal before the next, since a chip that was written cannot be
made blank again.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TypeVar

from common.equipment.cards import CardTrust, ReadsZones
from common.equipment.presenter import PresenterDesk
from common.equipment.zones import ZoneMissing
from hardware.core.errors import BadReplyError, DeviceFaultError
from hardware.core.keeper import Keeper
from hardware.smartcard.card_writing import OwnKeys
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.identity_chip import read_serial
from hardware.smartcard.interface import CardPosition, CardUnit
from hardware.smartcard.lds import ChipContent
from hardware.smartcard.personalisation import WrittenCard, personalise, verify_personalised
from hardware.smartcard.pki.keys import KeyStoreError
from hardware.smartcard.pki.sod import DocumentSigner
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.scp03_keys import CardManagerKeys

logger = logging.getLogger(__name__)

ENGRAVING_S = 30.0
"""How long the engraver may take until the camera sees the printed zone."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)
class Issuer:
    """What a desk that makes cards signs and opens them with.

    Attributes:
        signer: Gives the document signer that may sign now; raises KeyStoreError.
        authority: Gives the CV certificates that a card takes as its trust points for terminals.
        card_keys: The card manager's keys as the blanks come.
        own_keys: Makes the keys of its own that each card gets instead.
    """

    signer: Callable[[], DocumentSigner]
    authority: Callable[[], tuple[bytes, ...]]
    card_keys: CardManagerKeys
    own_keys: OwnKeys


class NotAnIssuerError(Exception):
    """station.toml has no [issuing]: this desk makes no cards."""


def access_number() -> str:
    """Draw a card access number: six digits, printed on the card and known to its chip."""
    return f"{secrets.randbelow(10**6):06d}"


class ChipFaultyError(Exception):
    """The chip inside will not do: it is silent, refuses, or does not hold what it should.

    Attributes:
        reason: silent, or a reason of hardware.smartcard.chip_errors.ChipError.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FaceFaultyError(Exception):
    """The printed side of the card inside cannot be read, or is another card's."""


class ChannelBlockedError(Exception):
    """A card that nobody expects lies in the channel."""


class Encoder(PresenterDesk):
    """A card unit with blank cards in its feeder. It presents, bins and waits as a presenter."""

    def __init__(
        self,
        unit: Keeper[CardUnit],
        zones: ReadsZones,
        trust: CardTrust,
        issuer: Issuer | None,
    ) -> None:
        super().__init__(unit, zones, trust)
        self._encoding = unit
        self._issuer = issuer

    @property
    def makes_cards(self) -> bool:
        """Whether this desk has what cards are signed with."""
        return self._issuer is not None

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
        return self._with_chip(lambda chip, _atr: read_serial(chip))

    def write(self, content: ChipContent, can: str) -> WrittenCard:
        """Personalise the chip inside and lock it; return digests of what it holds now.

        Raises:
            ChipFaultyError: The chip is no blank, or did not take it.
            NotAnIssuerError: This desk makes no cards, or may sign none now.
        """
        issuer = self._issuer
        if issuer is None:
            raise NotAnIssuerError
        try:
            signer, authority = issuer.signer(), issuer.authority()
        except KeyStoreError as error:
            logger.warning("nobody may sign cards here now: %s", error)
            raise NotAnIssuerError from error
        return self._with_chip(
            lambda chip, atr: personalise(
                chip,
                content,
                can,
                signer,
                authority,
                issuer.card_keys,
                today=self._trust.today(),
                own_keys=issuer.own_keys,
                atr=atr,
            )
        )

    def verify(self, content: ChipContent, can: str, written: WrittenCard) -> None:
        """Read the card as any reader will: the printed zone, and with it the chip, powered anew.

        Raises:
            FaceFaultyError: The zone cannot be read, or is not the one of this content.
            ChipFaultyError: Something is missing, different, unsigned or unprotected.
        """
        zone = self._zones.read(Event(), ENGRAVING_S)
        if isinstance(zone, ZoneMissing) or zone.mrz != content.mrz.text():
            logger.warning("the printed side of the new card cannot be read")
            raise FaceFaultyError
        # Both ways into the chip that are printed on the card must open it.
        passwords = (zone.passwords()[0], Password.can(can))
        trust = self._trust
        self._with_chip(
            lambda chip, atr: verify_personalised(
                chip,
                content,
                passwords,
                trust.authorities(),
                trust.terminal,
                today=trust.today(),
                written=written,
                atr=atr,
            )
        )

    def _with_chip(self, act: Callable[[CardUnit, bytes], T]) -> T:
        return self._encoding.use(lambda unit: _powered(unit, act))


def _powered(unit: CardUnit, act: Callable[[CardUnit, bytes], T]) -> T:
    try:
        atr = unit.connect()
        return act(unit, atr)
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
