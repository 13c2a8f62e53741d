"""Production: an approved case becomes a card whose chip was written and read back, then stored.

A card that has moved cannot be rolled back, so whatever stays uncertain leads to Settling, which
asks the journal and the sensors before anything else moves.
"""

from dataclasses import dataclass
from typing import TypeAlias

from booth.duties.shared import (
    BackAsked,
    CaseOpened,
    Failed,
    FetchWork,
    HomeAsked,
    Left,
    Note,
    OpenCase,
    RowChosen,
    TryAgainAsked,
    WorkFetched,
)
from common.domain.card import CardState
from common.flow.machine import Step
from common.wire.shapes import CaseRow, CaseView

WORK = "approved"
NOTHING_MOVED = (
    Note.CHANGED_MEANWHILE,
    Note.CONTENT_WRONG,
    Note.NOT_ALLOWED,
    Note.FEEDER_EMPTY,
    Note.BIN_FULL,
    Note.CHANNEL_BLOCKED,
)
"""Troubles of the feeder after which every card is where it was."""

# States


@dataclass(frozen=True, slots=True)
class Settling:
    """The journal and the sensors say what became of work that was cut off."""


@dataclass(frozen=True, slots=True)
class NotSettled:
    """What was cut off cannot be settled before an officer has seen to the device."""

    note: Note


@dataclass(frozen=True, slots=True)
class Listing:
    """The work list is being fetched."""

    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """The cards to make, the oldest order first."""

    rows: tuple[CaseRow, ...]
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A case is being fetched."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The officer sees what the card will hold."""

    case: CaseView
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class GivingOut:
    """A card that nobody knows is given out of the channel."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class Feeding:
    """A blank comes from the feeder."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class Personalising:
    """The chip is being written."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class Verifying:
    """The chip is read back through its own protection and compared."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class Binning:
    """The faulty card goes into the bin."""

    case: CaseView
    note: Note


@dataclass(frozen=True, slots=True)
class Faulty:
    """The faulty card lies in the bin; another one can be made."""

    case: CaseView
    note: Note


@dataclass(frozen=True, slots=True)
class AtGate:
    """The finished card lies at the gate for the officer."""

    case: CaseView
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class ChoosingPlace:
    """The officer holds the card and says where it goes."""

    case: CaseView
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class OpeningSlot:
    """A free slot is being unlocked."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class PutIntoSlot:
    """The slot is open; its sensor waits for the card."""

    case: CaseView
    slot: int
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class GivingUpSlot:
    """The officer puts the card elsewhere; the sensor has the last word."""

    case: CaseView
    slot: int


@dataclass(frozen=True, slots=True)
class Stored:
    """The card is in its slot, or with the officer for a collection kiosk when slot is None."""

    case: CaseView
    slot: int | None


@dataclass(frozen=True, slots=True)
class AskingForCard:
    """A finished card is put into the unit, so that it tells whose it is."""


State: TypeAlias = (
    Settling
    | NotSettled
    | Listing
    | Work
    | Opening
    | Chosen
    | GivingOut
    | Feeding
    | Personalising
    | Verifying
    | Binning
    | Faulty
    | AtGate
    | ChoosingPlace
    | OpeningSlot
    | PutIntoSlot
    | GivingUpSlot
    | Stored
    | AskingForCard
    | Left
)

# Events


@dataclass(frozen=True, slots=True)
class NothingToSettle:
    """All earlier work is at an end; note tells what was found, if anything."""

    note: Note | None = None


@dataclass(frozen=True, slots=True)
class FinishedCardFound:
    """This card is finished and in the unit."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class ProduceAsked:
    """Make the card."""


@dataclass(frozen=True, slots=True)
class GiveOutAsked:
    """Give out the card that blocks the channel."""


@dataclass(frozen=True, slots=True)
class BlankFed:
    """A blank is inside."""


@dataclass(frozen=True, slots=True)
class ChipWritten:
    """The chip holds the case."""


@dataclass(frozen=True, slots=True)
class ChipVerified:
    """The chip gave back what was written."""


@dataclass(frozen=True, slots=True)
class CardFaulty:
    """This card will not do."""

    note: Note


@dataclass(frozen=True, slots=True)
class CardBinned:
    """The card is in the bin."""


@dataclass(frozen=True, slots=True)
class CardTaken:
    """The card left the gate."""


@dataclass(frozen=True, slots=True)
class CabinetChosen:
    """The card goes into the e-Cabinet of this booth."""


@dataclass(frozen=True, slots=True)
class KioskChosen:
    """The card goes into a collection kiosk, where it is loaded."""


@dataclass(frozen=True, slots=True)
class SlotOpened:
    """This slot is open."""

    slot: int


@dataclass(frozen=True, slots=True)
class CardPut:
    """The slot's sensor sees the card."""

    slot: int


@dataclass(frozen=True, slots=True)
class SlotGivenUp:
    """The slot is empty."""


@dataclass(frozen=True, slots=True)
class StoreAsked:
    """The officer holds a finished card that has no place yet."""


@dataclass(frozen=True, slots=True)
class NextAsked:
    """On to the next card."""


# Tasks


@dataclass(frozen=True, slots=True)
class Settle:
    """Settle what was cut off."""


@dataclass(frozen=True, slots=True)
class GiveOut:
    """Hold the card in the channel at the gate until it is taken."""


@dataclass(frozen=True, slots=True)
class FeedBlank:
    """Note the intent, then draw a blank."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class WriteChip:
    """Personalise the chip inside."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class VerifyChip:
    """Power the chip anew, read everything back and compare."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class BinCard:
    """Drop the card into the bin and record why, if it had been begun."""


@dataclass(frozen=True, slots=True)
class PresentCard:
    """Hold the card at the gate until it is taken."""


@dataclass(frozen=True, slots=True)
class OpenSlot:
    """Unlock this slot, or the first free one."""

    case: CaseView
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class AwaitPut:
    """Wait until the slot's sensor sees the card, and record it."""

    case: CaseView
    slot: int


@dataclass(frozen=True, slots=True)
class GiveUpSlot:
    """Look at the slot a last time."""

    case: CaseView
    slot: int


@dataclass(frozen=True, slots=True)
class ReadFinishedCard:
    """Take in a finished card and find its case."""


Task: TypeAlias = (
    FetchWork
    | OpenCase
    | Settle
    | GiveOut
    | FeedBlank
    | WriteChip
    | VerifyChip
    | BinCard
    | PresentCard
    | OpenSlot
    | AwaitPut
    | GiveUpSlot
    | ReadFinishedCard
)


def start() -> Step[State, Task]:
    """Begin by settling what was cut off."""
    return Step(Settling(), (Settle(),))


def next_step(state: State, event: object) -> Step[State, Task]:
    """Return where the duty goes when event happens in state."""
    match state, event:
        case Settling(), NothingToSettle(note):
            return _listing(note)
        case Settling() | AskingForCard(), FinishedCardFound(case):
            return Step(AtGate(case), (PresentCard(),))
        case Settling(), Failed(note):
            return Step(NotSettled(note))
        case NotSettled(), TryAgainAsked():
            return start()
        case NotSettled(), HomeAsked() | BackAsked():
            return Step(Left())

        case Listing(note), WorkFetched(rows):
            return Step(Work(rows, note))
        case Listing(), Failed(note):
            return Step(Work((), note))

        case Work(), RowChosen(case_id):
            return Step(Opening(), (OpenCase(case_id),))
        case Work(), StoreAsked():
            return Step(AskingForCard(), (ReadFinishedCard(),))
        case Work(), TryAgainAsked():
            return _listing()
        case Work(), HomeAsked() | BackAsked():
            return Step(Left())

        case Opening(), CaseOpened(case):
            if case.card is None or case.card.state is not CardState.ORDERED:
                return _listing(Note.CHANGED_MEANWHILE)
            return Step(Chosen(case)) if case.portrait else _listing(Note.NO_PORTRAIT)
        case Opening(), Failed(note):
            return _listing(note)

        case Chosen(case), ProduceAsked():
            return Step(Feeding(case), (FeedBlank(case),))
        case Chosen(case, Note.CHANNEL_BLOCKED), GiveOutAsked():
            return Step(GivingOut(case), (GiveOut(),))
        case Chosen(), BackAsked():
            return _listing()

        case GivingOut(case), CardTaken():
            return Step(Chosen(case))
        case GivingOut(case), Failed(note):
            return Step(Chosen(case, note))

        case Feeding(case), BlankFed():
            return Step(Personalising(case), (WriteChip(case),))
        case Feeding(case), Failed(note) if note in NOTHING_MOVED:
            return Step(Chosen(case, note))

        case Personalising(case), ChipWritten():
            return Step(Verifying(case), (VerifyChip(case),))
        case Verifying(case), ChipVerified():
            return Step(AtGate(case), (PresentCard(),))
        case Personalising(case) | Verifying(case), CardFaulty(note):
            return Step(Binning(case, note), (BinCard(),))
        case Binning(case, note), CardBinned():
            return Step(Faulty(case, note))
        case Feeding() | Personalising() | Verifying() | Binning(), Failed(note):
            return Step(NotSettled(note))

        case Faulty(case), TryAgainAsked():
            return Step(Opening(), (OpenCase(case.case_id),))
        case Faulty(), NextAsked() | BackAsked():
            return _listing()

        case AtGate(case), CardTaken():
            return Step(ChoosingPlace(case))
        case AtGate(case), Failed(note):
            return Step(AtGate(case, note))
        case AtGate(case, note), TryAgainAsked() if note is not None:
            return Step(AtGate(case), (PresentCard(),))

        case ChoosingPlace(case), CabinetChosen():
            return Step(OpeningSlot(case), (OpenSlot(case),))
        case ChoosingPlace(case), KioskChosen():
            return Step(Stored(case, None))

        case OpeningSlot(case), SlotOpened(slot):
            return Step(PutIntoSlot(case, slot), (AwaitPut(case, slot),))
        case OpeningSlot(case), Failed(note):
            return Step(ChoosingPlace(case, note))

        case PutIntoSlot(case) | GivingUpSlot(case), CardPut(slot):
            return Step(Stored(case, slot))
        case PutIntoSlot(case, slot), Failed(note):
            return Step(PutIntoSlot(case, slot, note))
        case PutIntoSlot(case, slot), TryAgainAsked():
            return Step(OpeningSlot(case), (OpenSlot(case, slot),))
        case PutIntoSlot(case, slot), BackAsked():
            return Step(GivingUpSlot(case, slot), (GiveUpSlot(case, slot),))

        case GivingUpSlot(case), SlotGivenUp():
            return Step(ChoosingPlace(case))
        case GivingUpSlot(case, slot), Failed(note):
            return Step(PutIntoSlot(case, slot, note))

        case Stored(), NextAsked() | BackAsked():
            return _listing()

        case AskingForCard(), Failed(note):
            return _listing(note)
        case AskingForCard(), BackAsked():
            return _listing()

        case _:
            return Step(state)


def _listing(note: Note | None = None) -> Step[State, Task]:
    return Step(Listing(note), (FetchWork(WORK),))
