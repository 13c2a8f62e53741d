"""The next free slots of this office; wait list and a printed list below them."""

from datetime import UTC, datetime, timedelta

from common.domain.identity_number import IdentityNumber
from common.ui.moments import day_and_hour
from common.ui.screen import Screen
from common.wire.shapes import SlotTime, TagAnswer
from kiosk_tag.events import AskedForStaff, Chosen, SlotChosen, WentBack
from kiosk_tag.screens import HERE
from kiosk_tag.screens.choices import PATIENCE_S
from kiosk_tag.states import (
    NOTHING_MORE,
    ByCard,
    Choice,
    ChoosingSlot,
    Offer,
    Question,
)


def choose_slot(state: ChoosingSlot) -> Screen:
    """Return the screen. Who has an appointment already keeps it, and needs no wait list."""
    found = state.offer.slots
    has_none = state.offer.question is Question.NO_PLACES and not state.wish.walk_in
    subtitle = "tag-slots-subtitle"
    if not found:
        subtitle = "tag-slots-none-wait" if has_none else "tag-slots-none-stays"
    return Screen(
        HERE / "choose_slot.qml",
        {
            "title": "tag-slots-title" if found else "tag-slots-none",
            "subtitle": subtitle,
            "slots": [
                {"value": one.starts_at.isoformat(), "values": day_and_hour(one.starts_at)}
                for one in found
            ],
            "note": "tag-slots-taken" if state.is_taken and found else "",
            "wait_list": has_none,
        },
        {
            "slot": lambda typed: SlotChosen(datetime.fromisoformat(typed)),
            "choose": lambda typed: Chosen(Choice(typed)),
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def sample(question: Question, count: int = 5) -> Offer:
    """Return an offer as the office makes it, for previews and tests."""
    first = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    offers = tuple(
        SlotTime(office="HQ", starts_at=first + timedelta(minutes=30 * n)) for n in range(count)
    )
    return Offer(
        question, TagAnswer(outcome="choose", reason=question.value, walk_in=True, offers=offers)
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    asking = ByCard(IdentityNumber.parse("AB987654(3)"), 1980)
    full = ChoosingSlot(asking, NOTHING_MORE, sample(Question.NO_PLACES))
    return {
        "none_left_today": choose_slot(full),
        "taken": choose_slot(
            ChoosingSlot(asking, NOTHING_MORE, sample(Question.OTHER_DAY), is_taken=True)
        ),
        "nothing_free": choose_slot(
            ChoosingSlot(asking, NOTHING_MORE, sample(Question.NO_PLACES, 0))
        ),
        "nothing_else": choose_slot(
            ChoosingSlot(asking, NOTHING_MORE, sample(Question.OTHER_DAY, 0), is_taken=True)
        ),
    }
