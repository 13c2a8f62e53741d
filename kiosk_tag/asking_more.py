"""Once there is a tag: its slip, what the person needs, and who comes along."""

from dataclasses import replace

from common.domain.queue import Need
from kiosk_tag.events import (
    CompanionChosen,
    CompanionWanted,
    DecisionNeeded,
    EquipmentFailed,
    Event,
    LanguageChosen,
    MoreWanted,
    NeedsChosen,
    NeedsWanted,
    OfficeShut,
    SlipMissing,
    SlipPrinted,
    TagGranted,
    TagRefused,
    WentBack,
)
from kiosk_tag.states import (
    ChoosingCompanion,
    ChoosingLanguage,
    ChoosingNeeds,
    SayingMore,
    Slip,
    State,
    TagIssued,
    TellingNeeds,
    Welcome,
    Wish,
)


def next_after_tag(state: State, event: Event) -> State | None:
    """Return where the visit goes once there is a tag; None where this is not about one."""
    match state, event:
        case TagIssued(slip=Slip.PRINTING), SlipPrinted():
            return replace(state, slip=Slip.PRINTED)
        # The tag exists anyway: number and code stay on the screen.
        case TagIssued(slip=Slip.PRINTING), SlipMissing() | EquipmentFailed():
            return replace(state, slip=Slip.MISSING)
        case TagIssued(), MoreWanted() if state.may_say_more:
            return SayingMore(state)
        case SayingMore(issued), NeedsWanted():
            return ChoosingNeeds(issued)
        case SayingMore(issued), CompanionWanted():
            return ChoosingCompanion(issued)
        case SayingMore(issued), WentBack():
            return issued
        case ChoosingNeeds(issued) | ChoosingCompanion(issued), WentBack():
            return SayingMore(issued)
        case ChoosingLanguage(issued), WentBack():
            return ChoosingNeeds(issued)
        case ChoosingNeeds(issued), NeedsChosen(()):
            return issued
        case ChoosingNeeds(issued), NeedsChosen(needs) if Need.INTERPRETER in needs:
            return ChoosingLanguage(issued, needs)
        case ChoosingNeeds(issued), NeedsChosen(needs):
            return TellingNeeds(issued, needs)
        case ChoosingLanguage(issued, needs), LanguageChosen(language):
            return TellingNeeds(issued, needs, language)
        # The slip in hand stays good, whatever was said: its number does not change.
        case TellingNeeds(issued), TagGranted(tag, unsent=False):
            return replace(issued, tag=tag, told=True)
        case (
            TellingNeeds(issued),
            TagGranted() | TagRefused() | DecisionNeeded() | OfficeShut() | EquipmentFailed(),
        ):
            return replace(issued, told=False)
        case ChoosingCompanion(issued), CompanionChosen(companion):
            return Welcome(wish=Wish(holder=issued, companion=companion))
        case _:
            return None
