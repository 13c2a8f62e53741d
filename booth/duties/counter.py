"""The counter: a person handed over by a kiosk gets the new card from an officer.

Nothing done so far is repeated: whom a kiosk identified by face and finger today is identified.
Everybody else shows two source documents and is compared with the photograph, and a second officer
confirms that; without the one or the other the centre lets no card out of its slot. Who collects
for the holder shows the authorisation and a document of their own; what a parent brings away counts
at once, what another proxy brings away once its holder has been compared with it at a kiosk.
"""

from dataclasses import dataclass
from typing import TypeAlias

from booth.duties import second_officer
from booth.duties.queueing import (
    FindOpenCase,
    QueueAct,
    QueueState,
    QueueTask,
    Ready,
    Resuming,
    TellingQueue,
    in_queue,
)
from booth.duties.registration import CloseCase, Closed, SecondOfficerAsked, ShowCamera
from booth.duties.second_officer import AskingSecondOfficer, SecondOfficerConfirmed
from booth.duties.shared import (
    BackAsked,
    CaseOpened,
    Failed,
    Note,
    Record,
    Recorded,
    TryAgainAsked,
)
from common.domain.queue import Stage
from common.flow.machine import Step
from common.wire.evidence import OfficersProof
from common.wire.facts import HolderIdentified
from common.wire.shapes import CaseView, Recipient


@dataclass(frozen=True, slots=True)
class CardFace:
    """What the chip of the new card says."""

    identity_number: str
    name: str
    chinese_name: str
    date_of_birth: str
    sex: str
    portrait: bytes


# States


@dataclass(frozen=True, slots=True)
class Finding:
    """A case is looked for by what the officer typed or scanned."""


@dataclass(frozen=True, slots=True)
class AtCase:
    """The person is here; the officer sees why, and what is done."""

    case: CaseView
    identified: bool
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Identifying:
    """The officer compares the person with the portrait, and inspects two documents."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class CheckingProxy:
    """Somebody else came; the officer looks at the papers and writes down who that is."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class Recording:
    """The officer's decision is on its way to the disk."""

    case: CaseView
    what: HolderIdentified


@dataclass(frozen=True, slots=True)
class Reserving:
    """The centre reserves the card for this desk, then its slot is unlocked."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class TakeFromSlot:
    """The slot is open; its sensor waits until the card is out."""

    case: CaseView
    slot: int
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class CheckingCard:
    """The officer puts the card into the unit, which reads whose it is."""

    case: CaseView
    slot: int


@dataclass(frozen=True, slots=True)
class CardTrouble:
    """The card cannot be handed over as it is."""

    case: CaseView
    slot: int
    note: Note


@dataclass(frozen=True, slots=True)
class HandOver:
    """The person reads the face of the card; the officer keeps the old document."""

    case: CaseView
    slot: int
    face: CardFace
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Issuing:
    """The hand-over is on its way to the disk."""

    case: CaseView
    slot: int
    face: CardFace


@dataclass(frozen=True, slots=True)
class PuttingBack:
    """The card goes back into its slot."""

    case: CaseView
    slot: int


@dataclass(frozen=True, slots=True)
class PutBackStuck:
    """The card is not back in its slot yet."""

    case: CaseView
    slot: int
    note: Note


@dataclass(frozen=True, slots=True)
class Binning:
    """The faulty card goes into the bin."""

    case: CaseView
    slot: int


@dataclass(frozen=True, slots=True)
class Done:
    """The visit is over. issued is False where the card was faulty and is made again."""

    case: CaseView
    issued: bool


@dataclass(frozen=True, slots=True)
class Closing:
    """The desk forgets the case."""

    case: CaseView


State: TypeAlias = (
    QueueState
    | Finding
    | AtCase
    | Identifying
    | CheckingProxy
    | Recording
    | AskingSecondOfficer
    | second_officer.Confirming
    | Reserving
    | TakeFromSlot
    | CheckingCard
    | CardTrouble
    | HandOver
    | Issuing
    | PuttingBack
    | PutBackStuck
    | Binning
    | Done
    | Closing
)

# Events


@dataclass(frozen=True, slots=True)
class FindAsked:
    """The officer typed an identity or receipt number, or scanned a receipt."""

    typed: str

    def __repr__(self) -> str:
        return "FindAsked(<redacted>)"


@dataclass(frozen=True, slots=True)
class CardOut:
    """When the desk stopped, this card was out of its slot."""

    case: CaseView
    slot: int


@dataclass(frozen=True, slots=True)
class IdentifyAsked:
    """The officer is going to compare face and portrait."""


@dataclass(frozen=True, slots=True)
class ProxyAsked:
    """Somebody collects for the holder."""


@dataclass(frozen=True, slots=True)
class HolderProven:
    """The officer is sure that this is the holder, or the holder's proxy, and says by what."""

    proof: OfficersProof


@dataclass(frozen=True, slots=True)
class HolderDenied:
    """The officer is sure that this is not the holder."""


@dataclass(frozen=True, slots=True)
class FetchCardAsked:
    """Bring the card."""


@dataclass(frozen=True, slots=True)
class SlotOpened:
    """The card is reserved and its slot open."""

    slot: int


@dataclass(frozen=True, slots=True)
class CardTakenOut:
    """The slot's sensor sees no card any more."""


@dataclass(frozen=True, slots=True)
class CardRead:
    """The card is the right one, and back in the officer's hand."""

    face: CardFace


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The person has the card. kept_here: the old document was kept at this desk."""

    kept_here: bool


@dataclass(frozen=True, slots=True)
class CardIssued:
    """The hand-over is in the journal."""


@dataclass(frozen=True, slots=True)
class PutBackAsked:
    """The card is not handed over now."""


@dataclass(frozen=True, slots=True)
class CardBack:
    """The card is in its slot and its reservation released."""


@dataclass(frozen=True, slots=True)
class FaultyAsked:
    """The card is faulty for good."""


@dataclass(frozen=True, slots=True)
class CardBinned:
    """The card is in the bin."""


@dataclass(frozen=True, slots=True)
class NextAsked:
    """The person goes, or the case is set aside."""


# Tasks


@dataclass(frozen=True, slots=True)
class FindCase:
    """Find a case by what was typed."""

    typed: str

    def __repr__(self) -> str:
        return "FindCase(<redacted>)"


@dataclass(frozen=True, slots=True)
class RecordProxy:
    """Write who comes for the holder into the journal, unless this paper is not for this holder."""

    case: CaseView
    what: HolderIdentified


@dataclass(frozen=True, slots=True)
class ReserveCard:
    """Reserve the card and unlock its slot."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class AwaitTakenOut:
    """Wait until the slot is empty; every other slot must stay as it is."""

    case: CaseView
    slot: int


@dataclass(frozen=True, slots=True)
class CheckCard:
    """Take the card in, read its chip, compare it with the case and give it back."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class IssueCard:
    """Record that the card was handed over and the old document kept."""

    case: CaseView
    kept_here: bool


@dataclass(frozen=True, slots=True)
class PutBack:
    """Unlock the slot, wait for the card, release the reservation."""

    case: CaseView
    slot: int


@dataclass(frozen=True, slots=True)
class BinFaultyCard:
    """Take the card in, drop it into the bin, record that it failed."""

    case: CaseView


Task: TypeAlias = (
    QueueTask
    | Record
    | second_officer.Confirm
    | ShowCamera
    | FindCase
    | RecordProxy
    | ReserveCard
    | AwaitTakenOut
    | CheckCard
    | IssueCard
    | PutBack
    | BinFaultyCard
    | CloseCase
)


def start() -> Step[State, Task]:
    """Begin: a card or a case left open at this desk comes first."""
    return Step(Resuming(Stage.COUNTER), (FindOpenCase(Stage.COUNTER),))


def next_step(state: State, event: object) -> Step[State, Task]:
    """Return where the visit goes when event happens in state."""
    match state, event:
        case Resuming(), CardOut(case, slot):
            return Step(CardTrouble(case, slot, Note.SETTLED))
        case Resuming() | Finding() | TellingQueue(act=QueueAct.ARRIVE), CaseOpened(case):
            return Step(AtCase(case, _is_proven(case)))
        case Ready(), FindAsked(typed):
            return Step(Finding(), (FindCase(typed),))
        case Finding(), Failed(note):
            return Step(Ready(Stage.COUNTER, note))

        case AtCase(case, identified), IdentifyAsked() if not identified:
            return Step(Identifying(case), (ShowCamera(),))
        case AtCase(case, False), ProxyAsked():
            return Step(CheckingProxy(case))
        case AtCase(case, False), SecondOfficerAsked() if case.recipient is not None:
            return Step(AskingSecondOfficer(case, "recipient"))
        case AtCase(case, True), FetchCardAsked():
            return Step(Reserving(case), (ReserveCard(case),))
        case AtCase(case), NextAsked():
            return Step(Closing(case), (CloseCase(case),))

        case Identifying(case), HolderProven(proof):
            what = HolderIdentified(by="officer", note=proof.note, proof=proof)
            return Step(Recording(case, what), (Record(case.case_id, what),))
        case Identifying(case), HolderDenied():
            return Step(AtCase(case, identified=False, note=Note.NOT_THE_HOLDER))
        case CheckingProxy(case), HolderProven(proof):
            what = HolderIdentified(by="officer", note=proof.note, proof=proof)
            return Step(Recording(case, what), (RecordProxy(case, what),))
        case Identifying(case) | CheckingProxy(case), BackAsked():
            return Step(AtCase(case, identified=False))

        case Recording(case, what), Recorded():
            came = Recipient(by="officer", proof=what.proof)
            with_proof = case.model_copy(update={"recipient": came})
            return Step(AskingSecondOfficer(with_proof, "recipient"))
        case Recording(case), Failed(note):
            return Step(AtCase(case, identified=False, note=note))
        case _ if isinstance(state, AskingSecondOfficer | second_officer.Confirming) and (
            with_second := second_officer.next_step(state, event)
        ):
            return Step(with_second.state, with_second.tasks)
        case second_officer.Confirming(), SecondOfficerConfirmed(case):
            return Step(AtCase(case, identified=_is_proven(case), note=Note.CONFIRMED))
        case AskingSecondOfficer(case), BackAsked():
            return Step(AtCase(case, identified=False))

        case Reserving(case), SlotOpened(slot):
            return Step(TakeFromSlot(case, slot), (AwaitTakenOut(case, slot),))
        case Reserving(case), Failed(Note.RECIPIENT_UNPROVEN as note):
            return Step(AtCase(case, identified=False, note=note))
        case Reserving(case), Failed(note):
            return Step(AtCase(case, identified=True, note=note))

        case TakeFromSlot(case, slot), CardTakenOut():
            return Step(CheckingCard(case, slot), (CheckCard(case),))
        case TakeFromSlot(case, slot), Failed(note):
            return Step(TakeFromSlot(case, slot, note))
        case TakeFromSlot(case, slot, note), TryAgainAsked() if note is not None:
            return Step(Reserving(case), (ReserveCard(case),))
        case TakeFromSlot(case, slot), PutBackAsked():
            return Step(PuttingBack(case, slot), (PutBack(case, slot),))

        case CheckingCard(case, slot), CardRead(face):
            return Step(HandOver(case, slot, face))
        case CheckingCard(case, slot), Failed(note):
            return Step(CardTrouble(case, slot, note))

        case CardTrouble(case, slot), TryAgainAsked():
            return Step(CheckingCard(case, slot), (CheckCard(case),))
        case CardTrouble(case, slot), FaultyAsked():
            return Step(Binning(case, slot), (BinFaultyCard(case),))
        case CardTrouble(case, slot) | HandOver(case, slot), PutBackAsked():
            return Step(PuttingBack(case, slot), (PutBack(case, slot),))

        case HandOver(case, slot, face), HandedOver(kept_here):
            return Step(Issuing(case, slot, face), (IssueCard(case, kept_here),))
        case Issuing(case), CardIssued():
            return Step(Done(case, issued=True))
        case Issuing(case, slot, face), Failed(note):
            return Step(HandOver(case, slot, face, note))

        case PuttingBack(case), CardBack():
            return Step(AtCase(case, identified=True, note=Note.PUT_BACK))
        case PuttingBack(case, slot), Failed(note):
            return Step(PutBackStuck(case, slot, note))
        case PutBackStuck(case, slot), TryAgainAsked():
            return Step(PuttingBack(case, slot), (PutBack(case, slot),))
        case PutBackStuck(case, slot), BackAsked():
            return Step(CheckingCard(case, slot), (CheckCard(case),))

        case Binning(case), CardBinned():
            return Step(Done(case, issued=False))
        case Binning(case, slot), Failed(note):
            return Step(CardTrouble(case, slot, note))

        case Done(case), NextAsked():
            return Step(Closing(case), (CloseCase(case),))

        case Closing(), Closed():
            return Step(Ready(Stage.COUNTER))
        case Closing(), Failed(note):
            return Step(Ready(Stage.COUNTER, note))

        case _ if isinstance(state, QueueState):
            return in_queue(state, event)
        case _:
            return Step(state)


def _is_proven(case: CaseView) -> bool:
    return case.recipient is not None and case.recipient.is_proven
