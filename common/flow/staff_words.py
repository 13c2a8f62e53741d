"""The words of staff's work at a public kiosk: states, events and tasks, alike in all of them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from common.domain.officer import Role


class Refused(StrEnum):
    """Why nobody is let in."""

    WRONG = "wrong"
    NOT_OFFICERS = "not_officers"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
    NOT_ALLOWED = "not_allowed"
    NO_CONNECTION = "no_connection"
    CARD_FAILED = "card_failed"


class Closing(StrEnum):
    """Why a kiosk is taken out of service, as the public is told."""

    CLEANING = "cleaning"
    PAPER = "paper"
    REPAIR = "repair"
    OTHER = "other"


class Act(StrEnum):
    """What an officer may do at every kiosk; each is written into the log."""

    OPEN = "open"
    TEST_DEVICES = "test_devices"
    TEST_PRINT = "test_print"
    FREE_CARD = "free_card"
    RESTART = "restart"
    SHUT_DOWN = "shut_down"


TO_CONFIRM = frozenset({Act.RESTART, Act.SHUT_DOWN})
"""Acts that end the program: a second touch confirms them."""
OFFLINE_ACTS = frozenset({Act.OPEN, Act.TEST_DEVICES, Act.TEST_PRINT, Act.FREE_CARD, Act.RESTART})
"""What an officer may do whom only the kept list of cards knows: nothing that touches cards of the
public's beyond giving one back, and nothing that leaves the kiosk dark."""


@dataclass(frozen=True, slots=True)
class Member:
    """The officer at the kiosk. token is empty where the backend was out of reach."""

    officer_id: str
    display_name: str
    roles: tuple[Role, ...]
    token: str = field(default="", repr=False)

    @property
    def is_offline(self) -> bool:
        """Whether only the list kept here knows the officer: his duties are limited."""
        return self.token == ""


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One device as staff see it. state is a word of DeviceState."""

    role: str
    state: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What the kiosk says of itself. closing: why it is out of service, if staff took it out."""

    devices: tuple[DeviceRow, ...] = ()
    unsent: int = 0
    closing: Closing | None = None


# States


@dataclass(frozen=True, slots=True)
class AwaitingOfficerCard:
    """The officer's card is to be inserted."""


@dataclass(frozen=True, slots=True)
class LookingAtCard:
    """A card is inside; is it an officer's?"""


@dataclass(frozen=True, slots=True)
class TypingPin:
    """The officer types the PIN. tries_left: as the card says; wrong: the last one was."""

    tries_left: int
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class CheckingPin:
    """Card and backend are asked."""


@dataclass(frozen=True, slots=True)
class TypingPassword:
    """The kiosk has no slot that takes a card now: the officer types id and password."""

    problem: Refused | None = None


@dataclass(frozen=True, slots=True)
class CheckingPassword:
    """The backend is asked."""


@dataclass(frozen=True, slots=True)
class ReturningOfficerCard:
    """The card comes back: before anything else is done, so that nobody forgets it."""

    then: Member | Refused | None


@dataclass(frozen=True, slots=True)
class TakeOfficerCard:
    """The card waits at the gate, as long as it takes."""

    then: Member | Refused | None
    late: bool = False


@dataclass(frozen=True, slots=True)
class NotLetIn:
    """The reason is told."""

    why: Refused


@dataclass(frozen=True, slots=True)
class StaffMenu:
    """The officer chooses. report is None until the devices were asked; last: what was just done.

    went_well: what came of it.
    """

    member: Member
    report: Report | None = None
    last: Act | None = None
    went_well: bool = True


@dataclass(frozen=True, slots=True)
class ChoosingReason:
    """Why is the kiosk taken out of service?"""

    member: Member


@dataclass(frozen=True, slots=True)
class Confirming:
    """Really?"""

    member: Member
    act: Act


@dataclass(frozen=True, slots=True)
class Doing:
    """The act is at work."""

    member: Member
    act: Act


@dataclass(frozen=True, slots=True)
class SigningOut:
    """The session ends."""

    member: Member


@dataclass(frozen=True, slots=True)
class StaffGone:
    """Staff's work is over; the kiosk starts up for visitors."""


@dataclass(frozen=True, slots=True)
class AtOwnWork:
    """The officer goes on to what only this kind of kiosk has, such as loading cards."""

    member: Member


StaffState: TypeAlias = (
    AwaitingOfficerCard
    | LookingAtCard
    | TypingPin
    | CheckingPin
    | TypingPassword
    | CheckingPassword
    | ReturningOfficerCard
    | TakeOfficerCard
    | NotLetIn
    | StaffMenu
    | ChoosingReason
    | Confirming
    | Doing
    | SigningOut
    | StaffGone
    | AtOwnWork
)

# Events


@dataclass(frozen=True, slots=True)
class OfficerCardInserted:
    """A card was drawn in."""


@dataclass(frozen=True, slots=True)
class NobodyCame:
    """No card came for a while."""


@dataclass(frozen=True, slots=True)
class SlotUnusable:
    """There is no slot, it does not work, or something lies in it."""


@dataclass(frozen=True, slots=True)
class PasswordTyped:
    """Id and password."""

    officer_id: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OfficerCardFound:
    """The card inside is an officer's."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class PinTyped:
    """Six to eight digits."""

    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinWrong:
    """The card said no, and how many tries are left."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class LetIn:
    """Card, PIN and backend agree."""

    member: Member


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """They do not."""

    why: Refused


@dataclass(frozen=True, slots=True)
class OfficerCardAtGate:
    """The card can be taken."""


@dataclass(frozen=True, slots=True)
class OfficerCardTaken:
    """The gate is empty."""


@dataclass(frozen=True, slots=True)
class OfficerCardNotTaken:
    """It still waits."""


@dataclass(frozen=True, slots=True)
class Reported:
    """The kiosk has looked at itself."""

    report: Report


@dataclass(frozen=True, slots=True)
class ActChosen:
    """The officer wants something done."""

    act: Act


@dataclass(frozen=True, slots=True)
class CloseChosen:
    """The officer wants the kiosk out of service."""


@dataclass(frozen=True, slots=True)
class ReasonChosen:
    """And this is what the public is told."""

    closing: Closing


@dataclass(frozen=True, slots=True)
class OwnWorkChosen:
    """The officer goes to this kind of kiosk's own work."""


@dataclass(frozen=True, slots=True)
class SaidYes:
    """Yes, really."""


@dataclass(frozen=True, slots=True)
class WentBack:
    """One step back."""


@dataclass(frozen=True, slots=True)
class Acted:
    """The act is done, well or not."""

    act: Act
    went_well: bool
    report: Report


@dataclass(frozen=True, slots=True)
class StaffDone:
    """The officer is done."""


@dataclass(frozen=True, slots=True)
class SignedOut:
    """The session is over, as far as it could be told."""


StaffEvent: TypeAlias = (
    OfficerCardInserted
    | NobodyCame
    | SlotUnusable
    | PasswordTyped
    | OfficerCardFound
    | PinTyped
    | PinWrong
    | LetIn
    | TurnedAway
    | OfficerCardAtGate
    | OfficerCardTaken
    | OfficerCardNotTaken
    | Reported
    | ActChosen
    | CloseChosen
    | ReasonChosen
    | OwnWorkChosen
    | SaidYes
    | WentBack
    | Acted
    | StaffDone
    | SignedOut
)

# Tasks


@dataclass(frozen=True, slots=True)
class AwaitOfficerCard:
    """Open the gate for the officer's card."""


@dataclass(frozen=True, slots=True)
class LookAtCard:
    """Ask the card whether it is an officer's."""


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Let the card check the PIN and sign; let the backend, or the kept list, say who it is."""

    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CheckPassword:
    """Ask the backend who this is."""

    officer_id: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReturnOfficerCard:
    """Move the card to the gate."""


@dataclass(frozen=True, slots=True)
class AwaitOfficerCardTaken:
    """Wait for the card to be taken."""


@dataclass(frozen=True, slots=True)
class MakeReport:
    """Ask the devices and the journal."""


@dataclass(frozen=True, slots=True)
class DoAct:
    """Do it, and write it into the log."""

    member: Member
    act: Act


@dataclass(frozen=True, slots=True)
class CloseKiosk:
    """Take the kiosk out of service, until staff open it again."""

    member: Member
    closing: Closing


@dataclass(frozen=True, slots=True)
class SignOut:
    """End the session at the backend."""

    member: Member


StaffTask: TypeAlias = (
    AwaitOfficerCard
    | LookAtCard
    | CheckPin
    | CheckPassword
    | ReturnOfficerCard
    | AwaitOfficerCardTaken
    | MakeReport
    | DoAct
    | CloseKiosk
    | SignOut
)
