"""Does what staff's common work at a kiosk asks for; each act is a line in the log."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from PIL.Image import Image

from common.domain.clock import OFFICE_ZONE
from common.domain.language import Language
from common.equipment.slip_paper import SlipPaper
from common.flow.machine import Stay
from common.flow.staff_words import (
    Act,
    Acted,
    AwaitOfficerCard,
    AwaitOfficerCardTaken,
    CheckPassword,
    CheckPin,
    CloseKiosk,
    Closing,
    DeviceRow,
    DoAct,
    LookAtCard,
    MakeReport,
    Member,
    NobodyCame,
    OfficerCardAtGate,
    OfficerCardFound,
    OfficerCardInserted,
    OfficerCardNotTaken,
    OfficerCardTaken,
    Refused,
    Report,
    Reported,
    ReturnOfficerCard,
    SignedOut,
    SignOut,
    SlotUnusable,
    StaffEvent,
    StaffTask,
    TurnedAway,
)
from common.station.officer_cards import OfficerDoor
from common.station.station import Station
from hardware.core.device import DeviceState
from hardware.core.errors import DeviceError, DeviceTimeoutError, RequestCancelledError
from hardware.core.keeper import Keeper
from hardware.smartcard.interface import CardPosition, CardUnit

logger = logging.getLogger(__name__)

INSERT_S = 45.0
TAKEN_S = 30.0
RESTART, SHUT_DOWN = 75, 88
"""How the program ends: to be started again, or to have the machine shut down (installers)."""
GOOD = frozenset({DeviceState.ONLINE, DeviceState.BUSY})


@dataclass(frozen=True)
class StaffMode:
    """What staff's work at one kiosk stands on.

    Attributes:
        unit: The slot that takes the officer's card; None where the kiosk has none.
        test_print: Prints a test page and tells whether it came out; None without a printer.
        may_free: Whether a card in the slot may simply be given back.
    """

    station: Station
    door: OfficerDoor
    unit: Keeper[CardUnit] | None
    test_print: Callable[[], bool] | None
    may_free: Callable[[], bool] = lambda: True
    insert_s: float = INSERT_S

    def perform(self, task: StaffTask, stay: Stay) -> StaffEvent | None:
        """Do one task and say what came of it."""
        match task:
            case AwaitOfficerCard():
                return self._await_card(stay)
            case LookAtCard():
                return self.door.look(self._slot)
            case CheckPin(pin):
                return self.door.check_pin(self._slot, pin)
            case CheckPassword(officer_id, password):
                return self.door.check_password(officer_id, password)
            case ReturnOfficerCard():
                return self._give_back()
            case AwaitOfficerCardTaken():
                return self._await_taken(stay)
            case MakeReport():
                return Reported(self._report())
            case DoAct(member, act):
                return self._do(member, act)
            case CloseKiosk(member, closing):
                _log(f"closed for {closing}", member)
                self.station.close_for(closing)
                return None
            case SignOut(member):
                self.door.sign_out(member)
                _log("leaves", member)
                return SignedOut()
            case _:
                assert_never(task)

    def officer_card(self) -> OfficerCardFound | TurnedAway | None:
        """Look whether the card inside is an officer's; None where it is none, or is not asked."""
        try:
            found = self.door.look(self._slot)
        except DeviceError as error:
            logger.warning("the card inside was not looked at: %s", error)
            return None
        return None if found == TurnedAway(Refused.NOT_OFFICERS) else found

    @property
    def _slot(self) -> Keeper[CardUnit]:
        if self.unit is None:
            raise LookupError("this kiosk takes no cards")
        return self.unit

    # The officer's card

    def _await_card(self, stay: Stay) -> StaffEvent | None:
        if self.unit is None:
            return SlotUnusable()
        try:
            if self.unit.use(lambda unit: unit.status().position) is not CardPosition.NONE:
                return SlotUnusable()
            self.unit.use(lambda unit: unit.accept(self.insert_s, stay.left))
        except RequestCancelledError:
            return None
        except DeviceTimeoutError:
            return NobodyCame()
        except DeviceError as error:
            logger.warning("no officer's card can be taken: %s", error)
            return SlotUnusable()
        return OfficerCardInserted()

    def _give_back(self) -> StaffEvent:
        position = self._slot.use(_moved_to_gate)
        return OfficerCardTaken() if position is CardPosition.NONE else OfficerCardAtGate()

    def _await_taken(self, stay: Stay) -> StaffEvent | None:
        try:
            self._slot.use(lambda unit: unit.wait_taken(TAKEN_S, stay.left))
        except RequestCancelledError:
            return None
        except DeviceTimeoutError:
            return OfficerCardNotTaken()
        return OfficerCardTaken()

    # The menu

    def _report(self) -> Report:
        devices = tuple(
            DeviceRow(role, health.state, health.state in GOOD)
            for role, health in sorted(self.station.devices().items())
        )
        closing = Closing(self.station.closing) if self.station.closing else None
        return Report(devices, self.station.journal.count_waiting(), closing)

    def _do(self, member: Member, act: Act) -> StaffEvent:
        went_well = self._done(act)
        _log(f"{act} {'done' if went_well else 'failed'}", member)
        return Acted(act, went_well, self._report())

    def _done(self, act: Act) -> bool:
        match act:
            case Act.OPEN:
                self.station.close_for("")
                return True
            case Act.TEST_DEVICES:
                return all(health.state in GOOD for health in self.station.devices().values())
            case Act.TEST_PRINT:
                return self.test_print is not None and self.test_print()
            case Act.FREE_CARD:
                return self._free()
            case Act.RESTART:
                self.station.end_status = RESTART
                return True
            case Act.SHUT_DOWN:
                self.station.end_status = SHUT_DOWN
                return True
            case _:
                assert_never(act)

    def _free(self) -> bool:
        if self.unit is None or not self.may_free():
            return False
        try:
            position = self.unit.use(_moved_to_gate)
        except DeviceError as error:
            logger.warning("the card in the slot does not come out: %s", error)
            return False
        return position in (CardPosition.NONE, CardPosition.GATE)


def trial_page(station: Station) -> Image:
    """Draw what a test print shows: the station and the time, in every script."""
    paper = SlipPaper(Language.ENGLISH)
    paper.line(station.config.name, 32, bold=True)
    paper.line(f"{station.clock().astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}", 28)
    paper.rule()
    paper.line("TEST · 測試 · 测试", 32, bold=True)
    paper.code(station.config.name)
    return paper.picture()


def _moved_to_gate(unit: CardUnit) -> CardPosition:
    """Bring what is in the slot to its gate; with no card this does nothing."""
    position = unit.status().position
    if position in (CardPosition.NONE, CardPosition.GATE):
        return position
    unit.disconnect()
    try:
        unit.hold_at_gate()
    except DeviceTimeoutError:
        if (position := unit.status().position) not in (CardPosition.NONE, CardPosition.GATE):
            raise
        return position
    return unit.status().position


def _log(what: str, member: Member) -> None:
    logger.info("staff: %s, by %s%s", what, member.officer_id, " (offline)" * member.is_offline)
