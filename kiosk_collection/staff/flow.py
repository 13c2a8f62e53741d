"""Staff's own work at the collection kiosk: load cards into pockets, count, leave.

Read next_step from top to bottom: it is the whole work. enter says what each state asks for.
"""

from dataclasses import replace
from typing import assert_never

from common.flow.machine import Step
from kiosk_collection.staff.words import (
    AwaitCard,
    AwaitingCard,
    BinsEmptied,
    CardHandedBack,
    CardPlaced,
    Count,
    Counted,
    EmptyBins,
    Event,
    Leave,
    LeaveChosen,
    Leaving,
    Left,
    LoadChosen,
    Menu,
    MenuChosen,
    NewCardInserted,
    NewCardKnown,
    NewCardUseless,
    NobodyInserted,
    NoCardInside,
    NotPlaced,
    OfficerGone,
    PlaceCard,
    PlacingCard,
    ReadCard,
    ReadingCard,
    RecordStored,
    ReturnCard,
    ReturningCard,
    SettleAsGone,
    SettleByHand,
    State,
    TakenOutByHand,
    Task,
    WrongPocket,
)


def enter(state: State) -> Step[State, Task]:
    """Arrive in a state with the tasks it asks for."""
    match state:
        case Menu(officer, stand) if stand is None:
            return Step(state, (Count(officer),))
        case AwaitingCard():
            return Step(state, (AwaitCard(),))
        case ReadingCard(officer):
            return Step(state, (ReadCard(officer),))
        case ReturningCard():
            return Step(state, (ReturnCard(),))
        case PlacingCard(_, card, _, wrong_pocket):
            return Step(state, (PlaceCard(card, wrong_pocket),))
        case Leaving(officer):
            return Step(state, (Leave(officer),))
    return Step(state)


def next_step(state: State, event: Event) -> Step[State, Task]:
    """Return where the work goes when event happens in state."""
    match state, event:
        case Menu(officer), Counted(stand):
            return Step(Menu(officer, stand))
        case Menu(officer, stand), LoadChosen() if stand is not None and not stand.stuck:
            # While a release is open, what lies in the intake is no new card.
            return enter(AwaitingCard(officer))
        case Menu(officer), BinsEmptied():
            return Step(Menu(officer), (EmptyBins(officer), Count(officer)))
        case Menu(officer), TakenOutByHand():
            return Step(Menu(officer), (SettleByHand(officer), Count(officer)))
        case Menu(officer), NoCardInside():
            return Step(Menu(officer), (SettleAsGone(officer), Count(officer)))

        case AwaitingCard(), NobodyInserted():
            return enter(state)
        case AwaitingCard(officer, loaded), NewCardInserted():
            return enter(ReadingCard(officer, loaded))
        case AwaitingCard(officer), MenuChosen():
            return enter(Menu(officer))
        case ReadingCard(officer, loaded), NewCardKnown(card):
            return enter(PlacingCard(officer, card, loaded))
        case ReadingCard(officer, loaded), NewCardUseless(problem):
            return enter(ReturningCard(officer, problem, loaded))
        case ReturningCard(officer, problem, loaded), CardHandedBack():
            return enter(AwaitingCard(officer, loaded, problem=problem))

        case PlacingCard(officer, card, loaded), CardPlaced():
            reached = enter(AwaitingCard(officer, loaded + 1, card.pocket))
            return Step(reached.state, (RecordStored(card, officer), *reached.tasks))
        case PlacingCard(), WrongPocket(pocket):
            return enter(replace(state, wrong_pocket=pocket, late=False))
        case PlacingCard(), NotPlaced():
            return enter(replace(state, late=True))
        case PlacingCard(officer), MenuChosen():
            return enter(Menu(officer))

        case Leaving(), OfficerGone():
            return Step(Left())
        case Leaving() | Left(), _:
            return Step(state)
        case Menu(officer) | AwaitingCard(officer) | PlacingCard(officer), LeaveChosen():
            return enter(Leaving(officer))
        case _:
            return Step(state)


def failed(state: State) -> Step[State, Task]:
    """Go on after something that no flow foresees: back to the menu, or out."""
    match state:
        case (
            AwaitingCard(officer)
            | ReadingCard(officer)
            | ReturningCard(officer)
            | PlacingCard(officer)
        ):
            return Step(Menu(officer), (Count(officer),))
        case Menu(officer):
            return enter(Leaving(officer))
        case Leaving() | Left():
            return Step(Left())
        case _:
            assert_never(state)
