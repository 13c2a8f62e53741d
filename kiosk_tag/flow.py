"""A visit to the tag kiosk: letter, card or number in, tag out.

Read next_step from top to bottom: it is the visit up to the tag. choices.py goes on where a person
has to decide, and asking_more.py with what a person may add. enter says what each state asks for.
"""

from dataclasses import replace

from common.domain.queue import WITH_FEE
from common.flow.machine import Step
from kiosk_tag.asking_more import next_after_tag
from kiosk_tag.choices import next_choice
from kiosk_tag.events import (
    AskedForStaff,
    CardAtGate,
    CardFoundInside,
    CardInserted,
    CardNotRead,
    CardNotTaken,
    CardRead,
    CardTaken,
    EquipmentFailed,
    ErrandChosen,
    ErrandsWanted,
    Event,
    FeeAccepted,
    LetterShown,
    NoCardInside,
    NoneOfThese,
    NumberChosen,
    NumberTyped,
    OfficeOpened,
    OfficeShut,
    PersonLeft,
    ReadLongEnough,
    Started,
    TagGranted,
    TagRefused,
    WayBack,
    WayChosen,
    WayMissing,
    WentBack,
    YearTyped,
)
from kiosk_tag.states import (
    CALLED,
    NOTHING_MORE,
    SHOW_AGAIN,
    TRY_AGAIN,
    WRONG_NUMBERS,
    ByCard,
    ByLetter,
    ByNobody,
    ByNumber,
    CardStuck,
    ChoosingErrand,
    Closed,
    GettingTag,
    GoToReception,
    HearingFee,
    HearingWhere,
    OutOfService,
    ReadingCard,
    Reason,
    ReturningCard,
    Slip,
    SlotsListed,
    SlotTaken,
    StartingUp,
    State,
    TagIssued,
    TakeCard,
    TakingSlot,
    TellingNeeds,
    Then,
    TypingNumber,
    TypingYear,
    Unread,
    Way,
    Welcome,
    Wish,
)
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

RECEPTION_READ_S = 15.0
REST_S = 10.0


def enter(state: State) -> Step[State, Task]:
    """Return the step into a state, with what the station has to do there."""
    return Step(state, _asked_in(state))


def _asked_in(state: State) -> tuple[Task, ...]:
    match state:
        case StartingUp():
            return (LookForCard(),)
        case Closed():
            return (WatchHours(is_open=False),)
        case Welcome():
            return (WatchForLetter(), AwaitCard(), WatchHours(is_open=True))
        case Unread():
            return (WatchForLetter(), AwaitCard())
        case ReadingCard():
            return (ReadCard(),)
        case ReturningCard():
            return (GiveCardBack(),)
        case TakeCard():
            return (AwaitCardTaken(),)
        case CardStuck():
            return (FreeCard(),)
        case GettingTag(asking, _, wish):
            return (AskForTag(asking, wish),)
        case TellingNeeds(issued, needs, interpreter):
            wish = Wish(needs=needs, interpreter=interpreter)
            return (AskForTag(ByLetter(issued.tag.token), wish),)
        case TakingSlot(asking, wish, _, starts_at):
            return (TakeSlot(asking, wish, starts_at),)
        case TagIssued(tag, _, Slip.PRINTING, unsent, coming):
            return (PrintSlip(tag, unsent, coming),)
        case SlotTaken(taken, Slip.PRINTING):
            return (PrintAppointment(taken),)
        case SlotsListed(slots, Slip.PRINTING):
            return (PrintSlots(slots),)
        case GoToReception():
            return (ShowFor(RECEPTION_READ_S),)
        case OutOfService():
            return (ShowFor(REST_S),)
        case _:
            return ()


def next_step(state: State, event: Event) -> Step[State, Task]:
    """Return where the visit goes when event happens in state."""
    other = next_choice(state, event) or next_after_tag(state, event)
    if other is not None:
        return enter(other)
    match state, event:
        case StartingUp(), Started():
            return enter(state)
        case StartingUp(), NoCardInside():
            return enter(Welcome())
        case StartingUp(), CardFoundInside():
            return enter(ReturningCard(None))
        case StartingUp(), WayMissing(way):
            return enter(Welcome(frozenset({way})))

        case Welcome(wish=wish), OfficeShut(opens_at) if wish == NOTHING_MORE:
            return enter(Closed(opens_at))
        case Closed(), OfficeOpened():
            return enter(StartingUp())
        case Closed(), OfficeShut(opens_at):
            return _or_stay(state, Closed(opens_at))

        case Welcome(missing, chosen), WayMissing(way) if way not in missing:
            left = None if chosen == way else chosen
            return enter(replace(state, missing=missing | {way}, chosen=left))
        case Welcome(missing), WayBack(way) if way in missing:
            return enter(replace(state, missing=missing - {way}))
        case Welcome(missing), WayChosen(way) if way not in missing:
            return _or_stay(state, replace(state, chosen=way))
        case Welcome(missing), PersonLeft():
            return _or_stay(state, Welcome(missing))
        case Welcome(missing, chosen, wish), WentBack() if (
            chosen is not None or wish != NOTHING_MORE
        ):
            return enter(_before(missing, chosen, wish))
        # Where something could not be read it is shown once more, or the number typed: no queue.
        case Welcome(wish=wish) | Unread(_, wish), LetterShown(token):
            return enter(GettingTag(ByLetter(token), wish=wish))
        case Welcome(wish=wish) | Unread(_, wish), CardInserted():
            return enter(ReadingCard(wish))
        case Welcome(wish=wish) | Unread(_, wish), NumberChosen():
            return enter(TypingNumber(wish=wish))
        case Unread(_, wish), WayChosen(way):
            return enter(Welcome(chosen=way, wish=wish))
        case Unread(_, wish) | TypingNumber(_, wish), WentBack():
            return enter(Welcome(wish=wish, came_back=True))

        case ChoosingErrand() | Unread(), NoneOfThese():
            return enter(led_to(Reason.RECEPTION))
        case Welcome(wish=wish), NoneOfThese() if wish.errand is not None:
            return enter(led_to(Reason.RECEPTION))

        case Welcome(missing), ErrandsWanted():
            return enter(ChoosingErrand(missing))
        case ChoosingErrand(missing), ErrandChosen(errand) if errand in WITH_FEE:
            return enter(HearingFee(errand, missing))
        case ChoosingErrand(missing), ErrandChosen(errand):
            return enter(Welcome(missing, wish=Wish(errand)))
        case HearingFee(errand, missing), FeeAccepted():
            return enter(Welcome(missing, wish=Wish(errand)))
        case HearingFee(_, missing), WentBack():
            return enter(ChoosingErrand(missing))
        case ChoosingErrand(missing), WentBack():
            return enter(Welcome(missing, came_back=True))

        # The card goes back before anything else happens: who holds a tag forgets the card.
        case ReadingCard(wish), CardRead(number, year):
            return enter(ReturningCard(ByCard(number, year), wish))
        case ReadingCard(wish), CardNotRead(problem):
            return enter(ReturningCard(Reason(f"card_{problem}"), wish))
        case ReturningCard(then, wish), CardAtGate():
            return enter(TakeCard(then, wish=wish))
        case CardStuck(), CardAtGate():
            return enter(TakeCard(None))
        case ReturningCard(then) | TakeCard(then), CardTaken():
            return enter(_after_card(then, state.wish))
        case CardStuck(), CardTaken():
            return enter(StartingUp())
        case TakeCard(then, _, wish), CardNotTaken():
            return _still_waiting(TakeCard(then, True, wish), state)

        case TypingNumber(wrong, wish), NumberTyped(number):
            return enter(TypingYear(number, wrong, wish))
        case TypingYear(number, wrong, wish), YearTyped(year):
            return enter(GettingTag(ByNumber(number, year), wrong, wish))
        case TypingYear(_, wrong, wish), WentBack():
            return enter(TypingNumber(wrong, wish))

        case GettingTag(ByNobody(reason)), TagGranted(tag):
            return enter(TagIssued(tag, False, reception=reason))
        case GettingTag(ByNobody(reason)), TagRefused() | EquipmentFailed():
            return enter(GoToReception(reason))
        case GettingTag(), TagGranted(tag, reprinted, unsent, coming, reception):
            return enter(
                TagIssued(tag, reprinted, unsent=unsent, coming=coming, reception=reception)
            )
        case GettingTag(ByNumber(), wrong, wish), TagRefused(reason) if (
            reason in TRY_AGAIN and wrong + 1 < WRONG_NUMBERS
        ):
            return enter(TypingNumber(wrong + 1, wish))
        case GettingTag(wish=wish), TagRefused(reason):
            return enter(led_to(reason, wish))
        case GettingTag(), OfficeShut(opens_at):
            return enter(Closed(opens_at))

        case GoToReception() | OutOfService(), ReadLongEnough():
            return enter(StartingUp())

        case _, PersonLeft() | WentBack() | AskedForStaff() | EquipmentFailed():
            return _leave(state, event)
        case _:
            return Step(state)


def led_to(reason: Reason, wish: Wish = NOTHING_MORE) -> State:
    """Return the state that a reason leads to: once more, or reception with a tag or without."""
    if reason in SHOW_AGAIN:
        return Unread(reason, wish)
    return GettingTag(ByNobody(reason)) if reason in CALLED else GoToReception(reason)


def _before(missing: frozenset[Way], chosen: Way | None, wish: Wish) -> State:
    """Return the page before a way's own page, or before the page that asks who somebody is."""
    if chosen is not None:
        return Welcome(missing, wish=wish, came_back=True)
    return ChoosingErrand(missing) if wish.holder is None else wish.holder


def _after_card(then: Then, wish: Wish) -> State:
    match then:
        case None:
            return StartingUp()
        case Reason():
            return led_to(then, wish)
        case _:
            return GettingTag(then, wish=wish)


def _still_waiting(late: TakeCard, state: State) -> Step[State, Task]:
    """Never swallow a card: the wait begins anew in the same state."""
    return Step(state, (AwaitCardTaken(),)) if state == late else enter(late)


def _leave(state: State, event: Event) -> Step[State, Task]:
    """End the visit, except where a card has to be given back first."""
    match state, event:
        case StartingUp() | Welcome() | OutOfService() | Closed(), EquipmentFailed():
            return _or_stay(state, OutOfService())
        case Welcome(), AskedForStaff():
            return enter(GoToReception(Reason.ASKED_FOR_STAFF))
        case StartingUp() | Welcome() | Closed(), _:
            return Step(state)
        case ReadingCard(), EquipmentFailed():
            return enter(ReturningCard(Reason.EQUIPMENT_FAILED))
        case ReadingCard() | ReturningCard(), PersonLeft():
            return _or_stay(state, ReturningCard(None))
        case TakeCard(_, late), PersonLeft():
            return _or_stay(state, TakeCard(None, late))
        case ReturningCard() | TakeCard(), EquipmentFailed():
            return enter(CardStuck())
        case CardStuck(), EquipmentFailed():
            return Step(state, (FreeCard(),))
        case ReadingCard() | ReturningCard() | TakeCard() | CardStuck(), _:
            return Step(state)
        case GoToReception(), AskedForStaff():
            return Step(state)
        case GoToReception() | TagIssued() | HearingWhere(), EquipmentFailed():
            return enter(StartingUp())
        case _, EquipmentFailed():
            return enter(GoToReception(Reason.EQUIPMENT_FAILED))
        case _, AskedForStaff():
            return enter(GoToReception(Reason.ASKED_FOR_STAFF))
        # What was asked of office or printer is waited for, whoever walks away.
        case GettingTag() | TakingSlot() | TellingNeeds(), _:
            return Step(state)
        case TagIssued() | SlotTaken() | SlotsListed(), _ if state.slip is Slip.PRINTING:
            return Step(state)
        case _:
            return enter(StartingUp())


def _or_stay(state: State, other: State) -> Step[State, Task]:
    """Go to the other state; tasks are not asked for twice where the visit is there already."""
    return Step(state) if state == other else enter(other)
