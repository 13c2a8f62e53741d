"""Carries out what the tag kiosk's flow asks for, with devices and the backend."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event as Flag
from typing import assert_never

from PIL.Image import Image

from common.domain.language import Language
from common.equipment.cards import CardDesk, CardUnreadable
from common.equipment.codes import ReadsCodes, token_in
from common.equipment.slips import SlipDesk, SlipOutcome
from common.flow.machine import Stay
from common.sync.client import (
    BackendClient,
    BackendUnreachableError,
    OutOfServiceError,
    RefusedError,
)
from common.wire.facts import new_id
from common.wire.shapes import TagRequest, TagView
from hardware.camera.interface import Pixels
from hardware.core.errors import DeviceError, DeviceTimeoutError, RequestCancelledError
from hardware.smartcard.interface import CardPosition
from kiosk_tag.events import (
    CardAtGate,
    CardFoundInside,
    CardInserted,
    CardNotRead,
    CardNotTaken,
    CardRead,
    CardTaken,
    Event,
    LetterShown,
    NoCardInside,
    OfficeOpened,
    OfficeShut,
    ReadLongEnough,
    SlipMissing,
    SlipPrinted,
    SlotAnswered,
    TagGranted,
    TagRefused,
    WayBack,
    WayMissing,
)
from kiosk_tag.house import House
from kiosk_tag.papers import appointment_slip, slots_slip, tag_slip
from kiosk_tag.questions import said, slot_request, tag_request
from kiosk_tag.states import Asking, ByNobody, Reason, Way, Wish
from kiosk_tag.tasks import (
    AskForTag,
    AwaitCard,
    AwaitCardTaken,
    FreeCard,
    GiveCardBack,
    LookForCard,
    PrintAppointment,
    PrintSlip,
    PrintSlots,
    ReadCard,
    ShowFor,
    TakeSlot,
    Task,
    WatchForLetter,
    WatchHours,
)

logger = logging.getLogger(__name__)

LOOK_S = 30.0
PROVEN_S = 2.0
RETRY_S = 3.0
CARD_TAKEN_S = 30.0
ASK_TWICE = 2
HOURS_S = 5.0


def lane(task: Task) -> str:
    """Name the worker of a task: one for each device, one for the backend, one for time."""
    match task:
        case WatchForLetter():
            return "camera"
        case LookForCard() | AwaitCard() | ReadCard() | GiveCardBack() | FreeCard():
            return "card_unit"
        case AwaitCardTaken():
            return "card_unit"
        case PrintSlip() | PrintAppointment() | PrintSlots():
            return "ticket_printer"
        case AskForTag() | TakeSlot():
            return "backend"
        case WatchHours():
            return "hours"
        case ShowFor():
            return "time"
        case _:
            assert_never(task)


@dataclass(frozen=True)
class TagDesk:
    """What a tag kiosk has to work with. cards is None where the kiosk has no card unit.

    Attributes:
        house: What is known of the kiosk's own office; None where its hours do not matter.
    """

    cards: CardDesk | None
    codes: ReadsCodes
    slips: SlipDesk
    client: BackendClient
    office: str
    clock: Callable[[], datetime]
    language: Callable[[], Language]
    show: Callable[[Pixels], None] | None = None
    house: House | None = None
    give_offline: Callable[[TagRequest], tuple[TagView, bool] | None] = lambda _request: None

    def perform(self, task: Task, stay: Stay) -> Event | None:
        """Do one task and say what came of it."""
        match task:
            case LookForCard():
                return self._look_for_card()
            case WatchForLetter():
                return self._watch_for_letter(stay)
            case AwaitCard():
                return self._await_card(stay)
            case ReadCard():
                return self._read_card()
            case GiveCardBack():
                return self._give_card_back()
            case FreeCard():
                return self._free_card(stay)
            case AwaitCardTaken():
                return self._await_card_taken(stay)
            case WatchHours(is_open):
                return self._watch_hours(is_open, stay)
            case AskForTag(asking, wish):
                return self._ask_for_tag(asking, wish)
            case TakeSlot(asking, wish, starts_at):
                return self._take_slot(asking, wish, starts_at)
            case PrintSlip(tag, unsent, coming):
                language, office = self.language(), self.office
                slip = tag_slip(tag, office, self.clock(), language, unsent=unsent, coming=coming)
                return self._print(slip)
            case PrintAppointment(taken):
                return self._print(
                    appointment_slip(taken, self.office, self.clock(), self.language())
                )
            case PrintSlots(slots):
                return self._print(slots_slip(slots, self.office, self.clock(), self.language()))
            case ShowFor(seconds):
                stay.left.wait(seconds)
                return ReadLongEnough()
            case _:
                assert_never(task)

    def _look_for_card(self) -> Event:
        if self.cards is None:
            return WayMissing(Way.CARD)
        try:
            position = self.cards.position()
        except DeviceError as error:
            logger.warning("no card unit: %s", error)
            return WayMissing(Way.CARD)
        return NoCardInside() if position is CardPosition.NONE else CardFoundInside()

    def _watch_for_letter(self, stay: Stay) -> Event | None:
        is_back = False

        def works() -> None:
            nonlocal is_back
            if not is_back:
                is_back = True
                stay.tell(WayBack(Way.LETTER))

        while not stay.left.is_set():
            is_back = False
            try:
                text = self.codes.wait_for_code(LOOK_S, stay.left, self.show, works)
            except DeviceTimeoutError:
                # Frames come, but no code; a stream that stands still is missing.
                if not is_back:
                    _note_missing(stay, Way.LETTER, DeviceTimeoutError("no picture"))
                continue
            except RequestCancelledError:
                return None
            except DeviceError as error:
                _note_missing(stay, Way.LETTER, error)
                continue
            if token := token_in(text):
                return LetterShown(token)
        return None

    def _await_card(self, stay: Stay) -> Event | None:
        # A unit that is jammed still says where a card is; only a gate that opens proves it well.
        is_proven = False
        while self.cards is not None and not stay.left.is_set():
            try:
                # A card that was drawn in while the visit moved on still lies inside.
                if self.cards.position() is CardPosition.INSIDE:
                    return CardInserted()
                if self.cards.wait_for_card(LOOK_S if is_proven else PROVEN_S, stay.left):
                    return CardInserted()
                if not is_proven:
                    is_proven = True
                    stay.tell(WayBack(Way.CARD))
            except RequestCancelledError:
                return None
            except DeviceError as error:
                is_proven = False
                _note_missing(stay, Way.CARD, error)
        return None

    def _read_card(self) -> Event:
        found = self._unit().read_who()
        if isinstance(found, CardUnreadable):
            return CardNotRead(found.problem)
        return CardRead(found.identity_number, found.date_of_birth.year)

    def _give_card_back(self) -> Event:
        unit = self._unit()
        unit.give_back()
        return CardTaken() if unit.position() is CardPosition.NONE else CardAtGate()

    def _free_card(self, stay: Stay) -> Event | None:
        """Staff may clear the unit by hand meanwhile, so the sensors are asked each time."""
        while not stay.left.wait(RETRY_S):
            try:
                return self._give_card_back()
            except DeviceError as error:
                logger.warning("the card does not come out: %s", error)
        return None

    def _await_card_taken(self, stay: Stay) -> Event | None:
        try:
            taken = self._unit().wait_taken(CARD_TAKEN_S, stay.left)
        except RequestCancelledError:
            return None
        if taken:
            return CardTaken()
        logger.warning("a card waits at the gate: staff are needed")
        return CardNotTaken()

    def _unit(self) -> CardDesk:
        if self.cards is None:
            raise RuntimeError("a card was spoken of where there is no card unit")
        return self.cards

    def _watch_hours(self, is_open: bool, stay: Stay) -> Event | None:
        """Wait until the office's hours end or begin; what is known is asked anew each minute."""
        told: datetime | None = None
        while self.house is not None and not stay.left.is_set():
            self.house.look()
            is_shut, opens_at = self.house.shut_until()
            if is_shut is is_open:
                return OfficeShut(opens_at) if is_shut else OfficeOpened()
            if is_shut and opens_at != told:
                told = opens_at
                stay.tell(OfficeShut(opens_at))
            stay.left.wait(HOURS_S)
        return None

    def _ask_for_tag(self, asking: Asking, wish: Wish) -> Event:
        request, key = tag_request(asking, wish), new_id()
        for attempt in range(ASK_TWICE):
            try:
                # The same key: a tag that was made although the answer got lost is the same tag.
                return said(self.client.tag(request, key))
            except OutOfServiceError as error:
                # The office is there and takes nothing from this kiosk: no number is its to give.
                logger.warning("no tag: %s", error)
                return TagRefused(Reason.NO_CONNECTION)
            except BackendUnreachableError as error:
                logger.warning("no tag (try %d): %s", attempt + 1, error)
            except RefusedError as refusal:
                logger.warning("no tag: %s", refusal)
                is_full = refusal.problem == "day_full"
                return TagRefused(Reason.NO_TAGS_LEFT if is_full else Reason.NO_CONNECTION)
        # Nobody's number, and needs told afterwards, are not worth one of the few that are leased.
        if isinstance(asking, ByNobody) or wish.needs:
            return TagRefused(Reason.NO_CONNECTION)
        return self._give_offline(request)

    def _give_offline(self, request: TagRequest) -> Event:
        """Without the office, give a number that it leased to this kiosk; the tag reaches it later.

        Should the office have made a tag whose answer got lost, the slip of now takes its place.
        """
        given = self.give_offline(request)
        if given is None:
            return TagRefused(Reason.NO_CONNECTION)
        tag, again = given
        return TagGranted(tag, reprinted=again, unsent=True)

    def _take_slot(self, asking: Asking, wish: Wish, starts_at: datetime | None) -> Event:
        request, key = slot_request(asking, wish, starts_at), new_id()
        for attempt in range(ASK_TWICE):
            try:
                return SlotAnswered(self.client.take_slot(request, key))
            except BackendUnreachableError as error:
                logger.warning("no slot (try %d): %s", attempt + 1, error)
            except RefusedError as refusal:
                logger.warning("no slot: %s", refusal)
                break
        return TagRefused(Reason.NO_CONNECTION)

    def _print(self, picture: Image) -> Event:
        printed = self.slips.print(picture) is SlipOutcome.PRINTED
        return SlipPrinted() if printed else SlipMissing()


def _note_missing(stay: Stay, way: Way, error: DeviceError) -> None:
    logger.warning("%s is not possible: %s", way, error)
    stay.tell(WayMissing(way))
    _pause(stay.left)


def _pause(left: Flag) -> None:
    left.wait(RETRY_S)
