"""The visit's words in the office's own: what is asked, and what the answer means."""

from datetime import datetime
from typing import assert_never

from common.domain.queue import Errand, Service, TagRequestBy
from common.wire.shapes import SlotRequest, TagAnswer, TagRequest
from kiosk_tag.events import DecisionNeeded, Event, OfficeShut, TagGranted, TagRefused
from kiosk_tag.states import (
    Asking,
    ByCard,
    ByLetter,
    ByNobody,
    ByNumber,
    Coming,
    Offer,
    Question,
    Reason,
    Wish,
)


def tag_request(asking: Asking, wish: Wish) -> TagRequest:
    """Return what the office is asked for a tag."""
    # An errand that was chosen before stays the same; a letter or card may say another.
    plain = _who(asking)
    return plain.model_copy(
        update={
            "errand": wish.errand,
            "with_tag": None if wish.holder is None else wish.holder.tag.token,
            "companion": wish.companion,
            "guardian": wish.guardian,
            "walk_in": wish.walk_in,
            "needs": wish.needs,
            "interpreter": wish.interpreter,
            "service": Service.COLLECTION if wish.at_counter else None,
        }
    )


def slot_request(asking: Asking, wish: Wish, starts_at: datetime | None) -> SlotRequest:
    """Return what the office is asked for a slot, or with None for the wait list."""
    who = _who(asking)
    return SlotRequest(
        by=who.by,
        letter_token=who.letter_token,
        identity_number=who.identity_number,
        year_of_birth=who.year_of_birth,
        errand=None if wish.errand is Errand.COLLECT else wish.errand,
        starts_at=starts_at,
    )


def _who(asking: Asking) -> TagRequest:
    match asking:
        case ByLetter(token):
            return TagRequest(by=TagRequestBy.LETTER, letter_token=token)
        case ByCard(number, year):
            return TagRequest(by=TagRequestBy.CARD, identity_number=str(number), year_of_birth=year)
        case ByNumber(number, year):
            return TagRequest(
                by=TagRequestBy.NUMBER, identity_number=str(number), year_of_birth=year
            )
        case ByNobody():
            return TagRequest(by=TagRequestBy.NOBODY)
        case _:
            assert_never(asking)


def said(answer: TagAnswer) -> Event:
    """Return what the office's answer is to the visit."""
    if answer.reason == "closed":
        return OfficeShut(answer.opens_at)
    if answer.outcome == "choose" and answer.reason is not None:
        return DecisionNeeded(Offer(Question(answer.reason), answer))
    if answer.tag is None:
        return TagRefused(Reason(answer.reason) if answer.reason else Reason.RECEPTION)
    coming = None
    if answer.arrival is not None and answer.slot is not None:
        coming = Coming(answer.arrival, answer.slot, answer.be_back_at)
    return TagGranted(
        answer.tag,
        reprinted=answer.outcome == "reprinted",
        coming=coming,
        reception=Reason.CHILD if answer.reason == "child" else None,
    )
