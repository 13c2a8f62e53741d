"""Chooses the screen of each state."""

from typing import assert_never

from common.ui.screen import Screen
from common.ui.screens.busy import busy
from common.ui.screens.out_of_service import out_of_service
from common.ui.screens.take_card import take_card
from kiosk_tag.flow import (
    CardStuck,
    GettingTag,
    GoToReception,
    OutOfService,
    ReadingCard,
    ReturningCard,
    StartingUp,
    State,
    TagIssued,
    TakeCard,
    TypingNumber,
    TypingYear,
    Way,
    Welcome,
)
from kiosk_tag.screens.go_to_reception import go_to_reception
from kiosk_tag.screens.insert_card import insert_card
from kiosk_tag.screens.show_letter import show_letter
from kiosk_tag.screens.type_number import type_number
from kiosk_tag.screens.type_year import type_year
from kiosk_tag.screens.welcome import welcome
from kiosk_tag.screens.your_tag import your_tag


def screen_for(state: State) -> Screen:
    """Return what the window shows in a state."""
    match state:
        case StartingUp():
            return busy()
        case Welcome(chosen=Way.LETTER):
            return show_letter()
        case Welcome(chosen=Way.CARD):
            return insert_card()
        case Welcome():
            return welcome(state)
        case ReadingCard():
            return busy("tag-reading-card", "card")
        case ReturningCard():
            return busy("tag-returning-card", "card")
        case TakeCard(late=True):
            return take_card("tag-take-late-title", "tag-take-late-detail")
        case TakeCard():
            return take_card()
        case CardStuck():
            return out_of_service("tag-stuck-detail")
        case TypingNumber():
            return type_number(state)
        case TypingYear():
            return type_year()
        case GettingTag():
            return busy("tag-asking", "clock")
        case TagIssued():
            return your_tag(state)
        case GoToReception():
            return go_to_reception(state)
        case OutOfService():
            return out_of_service()
        case _:
            assert_never(state)
