"""The office has no tag as things are: why, and what can be had."""

from datetime import UTC, date, datetime

from common.domain.identity_number import IdentityNumber
from common.domain.language import Language
from common.ui.moments import day, day_and_hour, in_each, slot
from common.ui.screen import Screen, Value
from common.wire.shapes import OfficePlace
from kiosk_tag.events import Chosen
from kiosk_tag.screens.choices import card, choices
from kiosk_tag.screens.choose_slot import sample
from kiosk_tag.states import (
    NOTHING_MORE,
    ByCard,
    Choice,
    Deciding,
    Offer,
    Question,
)

_PICTURES = {
    Question.GUARDIAN: "companion",
    Question.GUARDIAN_OR_ADULT: "companion",
    Question.COMPANION_YOUNG: "companion",
    Question.COMPANIONS_FULL: "companion",
    Question.CARD_READY: "card",
    Question.CARD_NOT_READY: "card",
    Question.CARD_ELSEWHERE: "card",
}


_LEAVE = {
    Question.OTHER_OFFICE: "tag-leave-keep",
    Question.OTHER_DAY: "tag-leave-keep",
    Question.NO_PLACES: "tag-leave-without",
    Question.GUARDIAN: "common-start-over",
    Question.GUARDIAN_OR_ADULT: "common-start-over",
    Question.COMPANION_YOUNG: "common-back",
    Question.COMPANIONS_FULL: "common-back",
}


def decide(state: Deciding) -> Screen:
    """Return the screen."""
    offer = state.offer
    name = f"tag-decide-{offer.question}"
    subtitle = name
    if offer.question is Question.CARD_NOT_READY and offer.answer.ready_on is None:
        subtitle += "-unknown"
    return choices(
        f"{name}-title",
        subtitle,
        _PICTURES.get(offer.question, "clock"),
        _cards(offer),
        {"choose": lambda chosen: Chosen(Choice(chosen))},
        values=_values(offer),
        leave=_LEAVE.get(offer.question, "common-finish"),
        picture="elsewhere" if offer.question is Question.CARD_ELSEWHERE else "later",
    )


def _cards(offer: Offer) -> list[dict[str, Value]]:
    walk_in = card("tag-choice-walk_in", "tag", Choice.WALK_IN, detail="tag-choice-walk_in-detail")
    other_slot = card(
        "tag-choice-other_slot", "clock", Choice.OTHER_SLOT, detail="tag-choice-other_slot-detail"
    )
    match offer.question:
        case Question.OTHER_OFFICE | Question.OTHER_DAY | Question.NO_PLACES:
            may_walk_in = offer.answer.walk_in and offer.question is not Question.NO_PLACES
            cards = [walk_in] if may_walk_in else []
            if offer.slots or offer.question is Question.NO_PLACES:
                cards.append(other_slot)
            if offer.question is Question.OTHER_OFFICE:
                cards.append(
                    card(
                        "tag-choice-show_way",
                        "home",
                        Choice.SHOW_WAY,
                        detail="tag-choice-show_way-detail",
                    )
                )
            return cards
        case Question.GUARDIAN | Question.GUARDIAN_OR_ADULT:
            answers = [
                card("tag-choice-guardian_here", "companion", Choice.GUARDIAN_HERE),
                card(
                    "tag-choice-guardian_absent",
                    "person",
                    Choice.GUARDIAN_ABSENT,
                    detail="tag-choice-guardian_absent-detail",
                ),
            ]
            if offer.question is Question.GUARDIAN_OR_ADULT:
                answers.append(card("tag-choice-adult", "check", Choice.ADULT))
            return answers
        case Question.COMPANION_YOUNG | Question.COMPANIONS_FULL:
            return [
                card(
                    "tag-choice-own_tag", "tag", Choice.OWN_TAG, detail="tag-choice-own_tag-detail"
                )
            ]
        case Question.CARD_READY:
            kiosk = "tag-choice-kiosk"
            return [
                card(kiosk, "card", Choice.SHOW_WAY, detail=f"{kiosk}-detail"),
                card(
                    "tag-choice-counter",
                    "counter",
                    Choice.COUNTER,
                    detail="tag-choice-counter-detail",
                ),
            ]
        case _:
            return []


def _values(offer: Offer) -> dict[str, Value]:
    answer, values = offer.answer, dict[str, Value]()
    if answer.slot is not None:
        values |= {"when": slot(answer.slot), **day_and_hour(answer.slot)}
    if answer.ready_on is not None:
        # A day without an hour: any time of the office's day stands for it.
        values["when"] = day(answer.ready_on)
    place = offer.place
    values["place"] = "" if place is None else in_each(place.name, place.code)
    values["address"] = "" if place is None else in_each(place.address)
    return values


def offered(question: Question) -> Offer:
    """Return an offer as the office makes it, for previews and tests."""
    offer = sample(question)
    place = OfficePlace(
        code="EAST",
        name={
            Language.ENGLISH: "East Office",
            Language.TRADITIONAL: "東區辦事處",
            Language.SIMPLIFIED: "东区办事处",
        },
        address={
            Language.ENGLISH: "2nd floor, 8 Example Road",
            Language.TRADITIONAL: "示範道8號2樓",
            Language.SIMPLIFIED: "示范道8号2楼",
        },
    )
    more: dict[str, object] = {"slot": datetime(2026, 11, 24, 2, 30, tzinfo=UTC), "place": place}
    if question is Question.CARD_NOT_READY:
        more["ready_on"] = date(2026, 12, 1)
    return Offer(question, offer.answer.model_copy(update=more))


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    asking = ByCard(IdentityNumber.parse("AB987654(3)"), 1980)
    return {str(one): decide(Deciding(asking, NOTHING_MORE, offered(one))) for one in Question}
