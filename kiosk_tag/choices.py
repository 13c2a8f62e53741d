"""Where there is no tag as things are: what the person decides, and where it leads."""

from dataclasses import replace

from common.domain.queue import Guardian
from kiosk_tag.events import (
    Chosen,
    DecisionNeeded,
    EquipmentFailed,
    Event,
    SlipMissing,
    SlipPrinted,
    SlotAnswered,
    SlotChosen,
    TagRefused,
    WentBack,
)
from kiosk_tag.states import (
    NOTHING_MORE,
    ByNobody,
    Choice,
    ChoosingSlot,
    Deciding,
    GettingTag,
    GoToReception,
    HearingWhere,
    Reason,
    Slip,
    SlotsListed,
    SlotTaken,
    State,
    TagIssued,
    TakingSlot,
    Wish,
)

_GUARDIANS = {
    Choice.GUARDIAN_HERE: Guardian.HERE,
    Choice.GUARDIAN_ABSENT: Guardian.ABSENT,
    Choice.ADULT: Guardian.ADULT,
}


def next_choice(state: State, event: Event) -> State | None:
    """Return where a decision leads; None where this is not about one."""
    match state, event:
        case GettingTag(ByNobody()), DecisionNeeded():
            return None
        case GettingTag(asking, _, wish), DecisionNeeded(offer):
            return Deciding(asking, wish, offer)
        # Who came along has no tag of their own; the first one's is shown again.
        case Deciding(wish=Wish(holder=TagIssued() as issued)), WentBack():
            return issued
        case Deciding(), Chosen(choice):
            return _decided(state, choice)
        case ChoosingSlot(asking, wish, offer), SlotChosen(starts_at):
            return TakingSlot(asking, wish, offer, starts_at)
        case ChoosingSlot(asking, wish, offer), Chosen(Choice.WAIT_LIST):
            return TakingSlot(asking, wish, offer, None)
        case ChoosingSlot(offer=offer), Chosen(Choice.PRINT):
            return SlotsListed(offer.slots)
        case ChoosingSlot(asking, wish, offer), WentBack():
            return Deciding(asking, wish, offer)
        case TakingSlot(asking, wish, offer), SlotAnswered(taken):
            if taken.outcome == "full":
                answer = offer.answer.model_copy(update={"offers": taken.offers})
                return ChoosingSlot(asking, wish, replace(offer, answer=answer), is_taken=True)
            if taken.outcome == "refused":
                return GettingTag(ByNobody(Reason.RECEPTION))
            return SlotTaken(taken)
        case TakingSlot(), TagRefused(reason):
            return GoToReception(reason)
        case SlotTaken(slip=Slip.PRINTING) | SlotsListed(slip=Slip.PRINTING), SlipPrinted():
            return replace(state, slip=Slip.PRINTED)
        # What was booked is booked: day, hour and code stay on the screen.
        case (
            SlotTaken(slip=Slip.PRINTING) | SlotsListed(slip=Slip.PRINTING),
            SlipMissing() | EquipmentFailed(),
        ):
            return replace(state, slip=Slip.MISSING)
        case _:
            return None


def _decided(state: Deciding, choice: Choice) -> State:
    asking, wish, offer = state.asking, state.wish, state.offer
    match choice:
        case Choice.WALK_IN if offer.answer.walk_in:
            return GettingTag(asking, wish=replace(wish, walk_in=True))
        case Choice.OTHER_SLOT:
            return ChoosingSlot(asking, wish, offer)
        case Choice.SHOW_WAY:
            return HearingWhere(offer)
        case Choice.GUARDIAN_HERE | Choice.GUARDIAN_ABSENT | Choice.ADULT:
            return GettingTag(asking, wish=replace(wish, guardian=_GUARDIANS[choice]))
        case Choice.OWN_TAG:
            return GettingTag(asking, wish=_alone(wish))
        case Choice.COUNTER:
            return GettingTag(asking, wish=replace(wish, at_counter=True))
        case _:
            return state


def _alone(wish: Wish) -> Wish:
    return replace(NOTHING_MORE, errand=wish.errand)
