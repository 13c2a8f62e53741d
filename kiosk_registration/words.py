"""The nouns of a visit to the registration kiosk: case, old card, proof, choices."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from common.domain.finger_ladder import FingerLadder
from common.domain.identity_number import IdentityNumber
from common.domain.language import OfficeLanguage
from common.domain.portrait import PortraitRule
from common.matching.finger_enrolment import Kept
from common.matching.finger_template import FingerTemplate
from common.wire.shapes import Particulars

NOTICE = "registration-consent-1"
"""The notice that is shown before anything is read; a new text gets a new number."""
OF_AGE = 18


@dataclass(frozen=True, slots=True, repr=False)
class OldCard:
    """What the old card says about its holder."""

    identity_number: IdentityNumber
    surname: str
    given_names: str
    chinese_name: str
    sex: str
    date_of_birth: date
    fingers: tuple[tuple[int, FingerTemplate], ...]
    portrait_jpeg: bytes = b""
    chip_serial: str = ""

    def impressions(self, position: int) -> tuple[FingerTemplate, ...]:
        """What the card holds of one finger."""
        return tuple(template for where, template in self.fingers if where == position)

    def __repr__(self) -> str:
        return "OldCard(<redacted>)"


@dataclass(frozen=True, slots=True)
class FingerTaken:
    """A finger just given that is the holder's, and the impressions of it to enrol."""

    position: int
    score: float
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class HolderProof:
    """By what the person is the holder, with all that was tried before.

    Attributes:
        score: Of the best finger, or of the face.
        taken: The fingers that are enrolled anew; none after a face.
    """

    by: Literal["finger", "face"]
    ladder: FingerLadder
    score: float
    taken: tuple[FingerTaken, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class OpenCase:
    """The case in work.

    Attributes:
        number: The tag's, the only thing of it that a screen may always show.
        done: The backend's marks of what is done already.
        card_inside: Whether the old card is in this kiosk.
        token: What the code on the slip says.
        twin: The face alone does not say who this is.
        gives_no_fingers: The person said so, at the tag kiosk or before the card was read.
        office: Where the new card will be collected.
        offers: What this kiosk can do for this case besides what every kiosk does.
        today: The office's day on which the visit began.
    """

    case_id: UUID
    number: str
    identity_number: IdentityNumber
    particulars: Particulars
    done: frozenset[str] = frozenset()
    card_inside: bool = False
    token: str = ""
    twin: bool = False
    gives_no_fingers: bool = False
    office: str = ""
    offers: frozenset["Offer"] = frozenset()
    today: date | None = None

    def with_done(self, *marks: str) -> "OpenCase":
        """Return the case with more marked as done."""
        return replace(self, done=self.done | set(marks))

    @property
    def is_of_age(self) -> bool:
        """Whether the holder is eighteen, as far as the form says."""
        born = self.particulars.date_of_birth
        if born is None or self.today is None:
            return False
        years = self.today.year - born.year
        return years - ((self.today.month, self.today.day) < (born.month, born.day)) >= OF_AGE

    def __repr__(self) -> str:
        return f"OpenCase({self.number})"


class NotYet(StrEnum):
    """Why a tag shown here cannot be served here."""

    CALLED_ELSEWHERE = "called_elsewhere"
    NOT_CALLED = "not_called"
    UNKNOWN = "unknown"
    NO_CONNECTION = "no_connection"
    DONE_HERE = "done_here"
    FORM_FIRST = "form_first"
    NOT_OURS = "not_ours"
    OTHER_DAY = "other_day"


class WrongCard(StrEnum):
    """A card that can be read, and is not the one that this tag needs: two may have swapped."""

    OF_ANOTHER = "of_another"


class Offer(StrEnum):
    """What a kiosk may have or not."""

    PHOTOGRAPH = "photograph"
    SIGNATURE_PAD = "signature_pad"
    PRINTER = "printer"


@dataclass(frozen=True, slots=True, repr=False)
class Shot:
    """One photograph, cut to a portrait; broken names the rules that it does not keep."""

    jpeg: bytes
    broken: tuple[PortraitRule, ...] = ()

    def __repr__(self) -> str:
        return f"Shot({len(self.broken)} broken)"


@dataclass(frozen=True, slots=True)
class OfficeChoice:
    """An office where cards are collected, with name and address in each language."""

    code: str
    names: tuple[tuple[OfficeLanguage, str], ...]
    addresses: tuple[tuple[OfficeLanguage, str], ...] = ()
    is_here: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """Where notices shall go: a mobile number in the form of E.164, and in which language."""

    mobile: str
    language: OfficeLanguage

    def __repr__(self) -> str:
        return "Contact(<redacted>)"


class CodeTrouble(StrEnum):
    """Why a number is not checked, or not yet."""

    WRONG = "wrong"
    TOO_OLD = "too_old"
    TOO_MANY = "too_many"
    NO_CONNECTION = "no_connection"
    NO_MESSAGES = "no_messages"


class Change(StrEnum):
    """What of the form has changed since it was filled in."""

    ADDRESS = "address"
    TELEPHONE = "telephone"
    OCCUPATION = "occupation"
    CARD_FACE = "card_face"
    OTHER = "other"
