"""Officers' cards: a supervisor gives one to another officer, and ends one.

The card goes into the desk's card unit; its holder types the PIN, and the card signs. So nobody is
given a card that is not in working order, or whose PIN somebody else has.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from booth.duties.shared import BackAsked, Failed, HomeAsked, Left, Note, TryAgainAsked
from common.flow.machine import Step
from common.wire.officer_cards import OfficerCardRow

# States


@dataclass(frozen=True, slots=True)
class Clearing:
    """An officer's card that is still inside comes back first."""

    note: Note | None = None


@dataclass(frozen=True, slots=True)
class CardWaits:
    """The officer's card lies at the gate."""

    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The cards that count are being fetched."""

    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards that count."""

    rows: tuple[OfficerCardRow, ...]
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class AskingRevoke:
    """Is this card to count no more?"""

    row: OfficerCardRow


@dataclass(frozen=True, slots=True)
class Revoking:
    """The centre ends the card."""


@dataclass(frozen=True, slots=True)
class AwaitingCard:
    """The officer's card is to be put in."""


@dataclass(frozen=True, slots=True)
class Binding:
    """The supervisor says whose card it is; its holder types the PIN. tries: as the card says."""

    tries: int
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Checking:
    """The card checks the PIN and signs; then the centre binds it."""

    tries: int


State: TypeAlias = (
    Clearing
    | CardWaits
    | Listing
    | Cards
    | AskingRevoke
    | Revoking
    | AwaitingCard
    | Binding
    | Checking
    | Left
)

# Events


@dataclass(frozen=True, slots=True)
class SlotEmpty:
    """No officer's card is in the unit."""


@dataclass(frozen=True, slots=True)
class CardAtGate:
    """The officer's card lies at the gate."""


@dataclass(frozen=True, slots=True)
class CardsFetched:
    """The centre gave the list."""

    rows: tuple[OfficerCardRow, ...]


@dataclass(frozen=True, slots=True)
class GiveAsked:
    """A card is to be given to an officer."""


@dataclass(frozen=True, slots=True)
class RevokeAsked:
    """The card of this key is to be ended."""

    key_id: str


@dataclass(frozen=True, slots=True)
class RevokeConfirmed:
    """Yes, end it."""


@dataclass(frozen=True, slots=True)
class CardRevoked:
    """It counts no more."""


@dataclass(frozen=True, slots=True)
class CardSeen:
    """An officer's card is inside, and takes so many PINs yet."""

    tries: int


@dataclass(frozen=True, slots=True)
class BindAsked:
    """The officer who holds the card, and the PIN that the holder typed."""

    officer_id: str
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinRefused:
    """The card says that the PIN is wrong; so many tries are left."""

    tries: int


@dataclass(frozen=True, slots=True)
class CardBound:
    """The card is the officer's."""


# Tasks


@dataclass(frozen=True, slots=True)
class GiveCardBack:
    """Bring an officer's card that is inside to the gate."""


@dataclass(frozen=True, slots=True)
class AwaitCardTaken:
    """Wait until the gate is empty."""


@dataclass(frozen=True, slots=True)
class ListCards:
    """Fetch the cards that count."""


@dataclass(frozen=True, slots=True)
class RevokeCard:
    """End a card."""

    key_id: str


@dataclass(frozen=True, slots=True)
class AwaitOfficerCard:
    """Take a card in, and ask it whether it is an officer's."""


@dataclass(frozen=True, slots=True)
class BindCard:
    """Let the card check the PIN and sign, then bind it."""

    officer_id: str
    pin: str = field(repr=False)


Task: TypeAlias = (
    GiveCardBack | AwaitCardTaken | ListCards | RevokeCard | AwaitOfficerCard | BindCard
)
_OF_THE_CARD = frozenset({Note.CARD_BLOCKED, Note.NOT_OFFICERS_CARD, Note.CARD_KNOWN})
"""Troubles that this card has for good: it comes back."""


def start() -> Step[State, Task]:
    """Begin: a card that somebody left inside comes back first."""
    return _clear(None)


def next_step(state: State, event: object) -> Step[State, Task]:
    """Return where the duty goes when event happens in state."""
    match state, event:
        case Clearing(note), CardAtGate():
            return Step(CardWaits(note), (AwaitCardTaken(),))
        case Clearing(note) | CardWaits(note), SlotEmpty():
            return _list(note)
        case Clearing(), Failed(note):
            return _list(note)
        case CardWaits(), Failed(note):
            return Step(CardWaits(note))
        case CardWaits(note), TryAgainAsked():
            return _clear(note)

        case Listing(note), CardsFetched(rows):
            return Step(Cards(rows, note))
        case Listing(), Failed(note):
            return Step(Cards((), note))
        case Cards(), TryAgainAsked():
            return _list(None)
        case Cards(), GiveAsked():
            return Step(AwaitingCard(), (AwaitOfficerCard(),))
        case Cards(rows), RevokeAsked(key_id):
            chosen = next((row for row in rows if row.key_id == key_id), None)
            return Step(state if chosen is None else AskingRevoke(chosen))
        case AskingRevoke(row), RevokeConfirmed():
            return Step(Revoking(), (RevokeCard(row.key_id),))
        case AskingRevoke(), BackAsked():
            return _list(None)
        case Revoking(), CardRevoked():
            return _list(Note.CARD_ENDED)
        case Revoking(), Failed(note):
            return _list(note)

        case AwaitingCard(), CardSeen(tries):
            return Step(Binding(tries))
        case AwaitingCard(), Failed(note):
            return _clear(note)
        case AwaitingCard() | Binding(), BackAsked():
            return _clear(None)
        case Binding(tries), BindAsked(officer_id, pin):
            return Step(Checking(tries), (BindCard(officer_id, pin),))
        case Checking(), PinRefused(tries):
            return Step(Binding(tries, Note.PIN_WRONG))
        case Checking(), CardBound():
            return _clear(Note.CARD_GIVEN)
        case Checking(), Failed(note) if note in _OF_THE_CARD:
            return _clear(note)
        case Checking(tries), Failed(note):
            return Step(Binding(tries, note))

        case Cards(), HomeAsked() | BackAsked():
            return Step(Left())
        case Clearing() | CardWaits() | Listing(), HomeAsked():
            return Step(Left())
        case _:
            return Step(state)


def _clear(note: Note | None) -> Step[State, Task]:
    return Step(Clearing(note), (GiveCardBack(),))


def _list(note: Note | None) -> Step[State, Task]:
    return Step(Listing(note), (ListCards(),))
