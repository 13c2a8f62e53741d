"""Carries out what the tag kiosk's flow asks for, with devices and the backend."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event as Flag
from typing import assert_never

from common.domain.language import Language
from common.domain.queue import TagRequestBy
from common.equipment.cards import CardDesk, CardUnreadable
from common.equipment.codes import ReadsCodes, token_in
from common.equipment.slips import SlipDesk, SlipOutcome
from common.flow.machine import Stay
from common.sync.client import BackendClient, BackendUnreachableError, RefusedError
from common.wire.facts import new_id
from common.wire.shapes import TagAnswer, TagRequest, TagView
from hardware.camera.interface import Pixels
from hardware.core.errors import DeviceError, DeviceTimeoutError, RequestCancelledError
from hardware.smartcard.interface import CardPosition
from kiosk_tag.flow import (
    AskForTag,
    Asking,
    AwaitCard,
    AwaitCardTaken,
    ByCard,
    ByLetter,
    ByNumber,
    CardAtGate,
    CardFoundInside,
    CardInserted,
    CardNotRead,
    CardNotTaken,
    CardRead,
    CardTaken,
    Event,
    FreeCard,
    GiveCardBack,
    LetterShown,
    LookForCard,
    NoCardInside,
    PrintSlip,
    ReadCard,
    ReadLongEnough,
    Reason,
    ShowFor,
    SlipMissing,
    SlipPrinted,
    TagGranted,
    TagRefused,
    Task,
    WatchForLetter,
    Way,
    WayBack,
    WayMissing,
)
from kiosk_tag.papers import tag_slip

logger = logging.getLogger(__name__)

LOOK_S = 30.0
RETRY_S = 3.0
CARD_TAKEN_S = 30.0
ASK_TWICE = 2


def lane(task: Task) -> str:
    """Name the worker of a task: one for each device, one for the backend, one for time."""
    match task:
        case WatchForLetter():
            return "camera"
        case LookForCard() | AwaitCard() | ReadCard() | GiveCardBack() | FreeCard():
            return "card_unit"
        case AwaitCardTaken():
            return "card_unit"
        case PrintSlip():
            return "ticket_printer"
        case AskForTag():
            return "backend"
        case ShowFor():
            return "time"
        case _:
            assert_never(task)


@dataclass(frozen=True)
class TagDesk:
    """What a tag kiosk has to work with. cards is None where the kiosk has no card unit."""

    cards: CardDesk | None
    codes: ReadsCodes
    slips: SlipDesk
    client: BackendClient
    office: str
    clock: Callable[[], datetime]
    language: Callable[[], Language]
    show: Callable[[Pixels], None] | None = None
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
            case AskForTag(asking):
                return self._ask_for_tag(asking)
            case PrintSlip(tag, unsent):
                return self._print_slip(tag, unsent)
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
        while self.cards is not None and not stay.left.is_set():
            try:
                # A card that was drawn in while the visit moved on still lies inside.
                if self.cards.position() is CardPosition.INSIDE:
                    return CardInserted()
                stay.tell(WayBack(Way.CARD))
                if self.cards.wait_for_card(LOOK_S, stay.left):
                    return CardInserted()
            except RequestCancelledError:
                return None
            except DeviceError as error:
                _note_missing(stay, Way.CARD, error)
        return None

    def _read_card(self) -> Event:
        found = self._unit().read_number()
        if isinstance(found, CardUnreadable):
            return CardNotRead(found.problem)
        return CardRead(found)

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

    def _ask_for_tag(self, asking: Asking) -> Event:
        request, key = _request(asking), new_id()
        for attempt in range(ASK_TWICE):
            try:
                # The same key: a tag that was made although the answer got lost is the same tag.
                return _said(self.client.tag(request, key))
            except BackendUnreachableError as error:
                logger.warning("no tag (try %d): %s", attempt + 1, error)
            except RefusedError as refusal:
                logger.warning("no tag: %s", refusal)
                is_full = refusal.problem == "day_full"
                return TagRefused(Reason.NO_TAGS_LEFT if is_full else Reason.NO_CONNECTION)
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

    def _print_slip(self, tag: TagView, unsent: bool) -> Event:
        picture = tag_slip(tag, self.office, self.clock(), self.language(), unsent=unsent)
        printed = self.slips.print(picture) is SlipOutcome.PRINTED
        return SlipPrinted() if printed else SlipMissing()


def _note_missing(stay: Stay, way: Way, error: DeviceError) -> None:
    logger.warning("%s is not possible: %s", way, error)
    stay.tell(WayMissing(way))
    _pause(stay.left)


def _pause(left: Flag) -> None:
    left.wait(RETRY_S)


def _request(asking: Asking) -> TagRequest:
    match asking:
        case ByLetter(token):
            return TagRequest(by=TagRequestBy.LETTER, letter_token=token)
        case ByCard(number):
            return TagRequest(by=TagRequestBy.CARD, identity_number=str(number))
        case ByNumber(number, year):
            return TagRequest(
                by=TagRequestBy.NUMBER, identity_number=str(number), year_of_birth=year
            )
        case _:
            assert_never(asking)


def _said(answer: TagAnswer) -> Event:
    if answer.tag is not None:
        return TagGranted(answer.tag, reprinted=answer.outcome == "reprinted")
    return TagRefused(Reason(answer.reason) if answer.reason else Reason.NO_CONNECTION)
