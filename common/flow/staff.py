"""Staff's work at a public kiosk: officer's card and PIN in, a menu of duties, out again.

Read next_step from top to bottom: it is the whole work. A kiosk's own flow holds it in one state,
hands it the events of staff_words, and starts up for visitors once it is StaffGone.
"""

from common.flow.machine import Step
from common.flow.staff_words import (
    OFFLINE_ACTS,
    TO_CONFIRM,
    Act,
    ActChosen,
    Acted,
    AtOwnWork,
    AwaitingOfficerCard,
    AwaitOfficerCard,
    AwaitOfficerCardTaken,
    CheckingPassword,
    CheckingPin,
    CheckPassword,
    CheckPin,
    ChoosingReason,
    CloseChosen,
    CloseKiosk,
    Confirming,
    DoAct,
    Doing,
    LetIn,
    LookAtCard,
    LookingAtCard,
    MakeReport,
    Member,
    NobodyCame,
    NotLetIn,
    OfficerCardAtGate,
    OfficerCardFound,
    OfficerCardInserted,
    OfficerCardNotTaken,
    OfficerCardTaken,
    OwnWorkChosen,
    PasswordTyped,
    PinTyped,
    PinWrong,
    ReasonChosen,
    Refused,
    Reported,
    ReturningOfficerCard,
    ReturnOfficerCard,
    SaidYes,
    SignedOut,
    SigningOut,
    SignOut,
    SlotUnusable,
    StaffDone,
    StaffEvent,
    StaffGone,
    StaffMenu,
    StaffState,
    StaffTask,
    TakeOfficerCard,
    TurnedAway,
    TypingPassword,
    TypingPin,
    WentBack,
)


def enter(state: StaffState) -> Step[StaffState, StaffTask]:
    """Arrive in a state with the tasks it asks for."""
    match state:
        case AwaitingOfficerCard():
            return Step(state, (AwaitOfficerCard(),))
        case LookingAtCard():
            return Step(state, (LookAtCard(),))
        case ReturningOfficerCard():
            return Step(state, (ReturnOfficerCard(),))
        case TakeOfficerCard():
            return Step(state, (AwaitOfficerCardTaken(),))
        case StaffMenu(_, None):
            return Step(state, (MakeReport(),))
        case Doing(member, act):
            return Step(state, (DoAct(member, act),))
        case SigningOut(member):
            return Step(state, (SignOut(member),))
    return Step(state)


def next_step(state: StaffState, event: StaffEvent) -> Step[StaffState, StaffTask]:
    """Return where the work goes when event happens in state."""
    match state, event:
        # Who is it?
        case AwaitingOfficerCard(), OfficerCardInserted():
            return enter(LookingAtCard())
        case AwaitingOfficerCard(), NobodyCame() | StaffDone():
            # A card that came in at this very moment comes out again.
            return enter(ReturningOfficerCard(None))
        case AwaitingOfficerCard(), SlotUnusable():
            return Step(TypingPassword())
        case TypingPassword(), PasswordTyped(officer_id, password):
            return Step(CheckingPassword(), (CheckPassword(officer_id, password),))
        case TypingPassword(), StaffDone():
            return Step(StaffGone())
        case CheckingPassword(), LetIn(member):
            return enter(StaffMenu(member))
        case CheckingPassword(), TurnedAway(why):
            return Step(TypingPassword(why))
        case LookingAtCard(), OfficerCardFound(tries_left):
            return Step(TypingPin(tries_left))
        case LookingAtCard() | CheckingPin(), TurnedAway(why):
            return enter(ReturningOfficerCard(why))
        case TypingPin(), PinTyped(pin):
            return Step(CheckingPin(), (CheckPin(pin),))
        case TypingPin(), StaffDone():
            return enter(ReturningOfficerCard(None))
        case CheckingPin(), PinWrong(tries_left):
            return Step(TypingPin(tries_left, wrong=True))
        case CheckingPin(), LetIn(member):
            return enter(ReturningOfficerCard(member))

        # The card is given back before the menu: nobody forgets it, and its slot is free.
        case ReturningOfficerCard(then), OfficerCardAtGate():
            return enter(TakeOfficerCard(then))
        case ReturningOfficerCard(then) | TakeOfficerCard(then), OfficerCardTaken():
            return _after_card(then)
        case TakeOfficerCard(then, late), OfficerCardNotTaken():
            return Step(state, (AwaitOfficerCardTaken(),)) if late else _late(then)
        case TakeOfficerCard(Member() as member, late), StaffDone():
            # Who leaves without the card has left the menu too; the card waits.
            step = enter(TakeOfficerCard(None, late))
            return Step(step.state, (SignOut(member), *step.tasks))
        case NotLetIn(), StaffDone():
            return Step(StaffGone())

        # The menu
        case StaffMenu(member, _, last, went_well), Reported(report):
            return Step(StaffMenu(member, report, last, went_well))
        case StaffMenu(member), ActChosen(act) if may(member, act):
            return enter(Confirming(member, act) if act in TO_CONFIRM else Doing(member, act))
        case StaffMenu(member), CloseChosen():
            return Step(ChoosingReason(member))
        case StaffMenu(member), OwnWorkChosen() if not member.is_offline:
            return Step(AtOwnWork(member))
        case StaffMenu(member), StaffDone():
            return enter(SigningOut(member))
        case ChoosingReason(member), ReasonChosen(closing):
            return Step(StaffMenu(member), (CloseKiosk(member, closing), MakeReport()))
        case Confirming(member, act), SaidYes():
            return enter(Doing(member, act))
        case ChoosingReason(member) | Confirming(member), WentBack():
            return enter(StaffMenu(member))
        case ChoosingReason(member) | Confirming(member), StaffDone():
            return enter(SigningOut(member))
        case Doing(member), Acted(act, went_well, report):
            return Step(StaffMenu(member, report, act, went_well))
        case AtOwnWork(member), StaffDone():
            return enter(SigningOut(member))
        case SigningOut(), SignedOut():
            return Step(StaffGone())
        case _:
            return Step(state)


def failed(state: StaffState) -> Step[StaffState, StaffTask]:
    """Go on after something that no flow foresees: the card comes out, the session ends."""
    match state:
        case AwaitingOfficerCard():
            return Step(TypingPassword())
        case LookingAtCard() | TypingPin() | CheckingPin():
            return enter(ReturningOfficerCard(Refused.CARD_FAILED))
        # The kiosk's own start asks the slot where the card is, and gives it back.
        case ReturningOfficerCard(Member() as member) | TakeOfficerCard(Member() as member):
            return enter(SigningOut(member))
        case ReturningOfficerCard(then) | TakeOfficerCard(then):
            return _after_card(then)
        case CheckingPassword():
            return Step(TypingPassword(Refused.NO_CONNECTION))
        case Doing(member, act):
            return Step(StaffMenu(member, None, act, went_well=False), (MakeReport(),))
        case StaffMenu(member) | ChoosingReason(member) | Confirming(member) | AtOwnWork(member):
            return enter(SigningOut(member))
        case _:
            return Step(StaffGone())


def may(member: Member, act: Act) -> bool:
    """Tell whether this officer may do this act."""
    return not member.is_offline or act in OFFLINE_ACTS


def _after_card(then: Member | Refused | None) -> Step[StaffState, StaffTask]:
    match then:
        case Member():
            return enter(StaffMenu(then))
        case Refused():
            return Step(NotLetIn(then))
        case None:
            return Step(StaffGone())


def _late(then: Member | Refused | None) -> Step[StaffState, StaffTask]:
    return enter(TakeOfficerCard(then, late=True))
