"""Chooses the screen of each state."""

from collections.abc import Callable
from typing import assert_never

from common.domain.queue import Errand
from common.ui.screen import Screen
from common.ui.screens.busy import busy
from common.ui.screens.out_of_service import card_stuck, out_of_service
from common.ui.screens.take_card import card_left, take_card
from common.ui.screens.type_number import type_number
from common.ui.screens.type_year import type_year
from kiosk_tag.events import AskedForStaff, NumberTyped, WentBack, YearTyped
from kiosk_tag.screens.choose_companion import choose_companion
from kiosk_tag.screens.choose_errand import choose_errand
from kiosk_tag.screens.choose_language import choose_language
from kiosk_tag.screens.choose_needs import choose_needs
from kiosk_tag.screens.choose_slot import choose_slot
from kiosk_tag.screens.closed import closed
from kiosk_tag.screens.decide import decide
from kiosk_tag.screens.go_to_reception import go_to_reception
from kiosk_tag.screens.hear_fee import hear_fee
from kiosk_tag.screens.hear_where import hear_where
from kiosk_tag.screens.insert_card import insert_card
from kiosk_tag.screens.say_more import say_more
from kiosk_tag.screens.show_letter import show_letter
from kiosk_tag.screens.slot_taken import slot_taken, slots_listed
from kiosk_tag.screens.unread import unread
from kiosk_tag.screens.welcome import welcome
from kiosk_tag.screens.your_tag import your_tag
from kiosk_tag.states import (
    WRONG_NUMBERS,
    CardStuck,
    ChoosingCompanion,
    ChoosingErrand,
    ChoosingLanguage,
    ChoosingNeeds,
    ChoosingSlot,
    Closed,
    Deciding,
    GettingTag,
    GoToReception,
    HearingFee,
    HearingWhere,
    OutOfService,
    ReadingCard,
    ReturningCard,
    SayingMore,
    SlotsListed,
    SlotTaken,
    StartingUp,
    State,
    TagIssued,
    TakeCard,
    TakingSlot,
    TellingNeeds,
    TypingNumber,
    TypingYear,
    Unread,
    Way,
    Welcome,
)

Fee = Callable[[Errand], int | None]
LEAVING: dict[str, Callable[[str], object]] = {
    "back": lambda _: WentBack(),
    "call_staff": lambda _: AskedForStaff(),
}


def screen_for(state: State, fee: Fee = lambda _errand: None) -> Screen:
    """Return what the window shows in a state; fee says what an errand costs."""
    match state:
        case StartingUp():
            return busy()
        case Closed():
            return closed(state)
        case Welcome(chosen=Way.LETTER):
            return show_letter()
        case Welcome(chosen=Way.CARD):
            return insert_card()
        case Welcome():
            return welcome(state)
        case ChoosingErrand():
            return choose_errand()
        case HearingFee(errand):
            return hear_fee(errand, fee(errand))
        case ReadingCard():
            return busy("tag-reading-card", "card")
        case ReturningCard():
            return busy("tag-returning-card", "card")
        case TakeCard(late=True):
            return card_left("tag-take-late-title")
        case TakeCard():
            return take_card()
        case Unread():
            return unread(state)
        case CardStuck():
            return card_stuck()
        case TypingNumber():
            return type_number(NumberTyped, LEAVING, state.wrong, WRONG_NUMBERS)
        case TypingYear():
            return type_year(YearTyped, LEAVING)
        case GettingTag():
            return busy("tag-asking", "clock")
        case Deciding():
            return decide(state)
        case ChoosingSlot():
            return choose_slot(state)
        case TakingSlot():
            return busy("tag-taking-slot", "clock")
        case SlotTaken():
            return slot_taken(state)
        case SlotsListed():
            return slots_listed(state)
        case HearingWhere():
            return hear_where(state)
        case TagIssued():
            return your_tag(state)
        case SayingMore():
            return say_more()
        case ChoosingNeeds():
            return choose_needs()
        case ChoosingLanguage():
            return choose_language()
        case TellingNeeds():
            return busy("tag-telling-needs", "help")
        case ChoosingCompanion():
            return choose_companion()
        case GoToReception():
            return go_to_reception(state)
        case OutOfService():
            return out_of_service()
        case _:
            assert_never(state)
