"""The shapes that stations and the backend exchange, version 1."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from common.domain.card import CardState
from common.domain.case import CaseState, Decision, LateReason, OldDocument
from common.domain.language import OfficeLanguage
from common.domain.officer import Role
from common.domain.queue import (
    Arrival,
    Companion,
    Errand,
    Guardian,
    HandOffReason,
    Interpreted,
    Need,
    ParkReason,
    Service,
    Stage,
    TagRequestBy,
    TagStatus,
    VoidReason,
)
from common.wire.base import (
    WITHOUT_NUL,
    Day,
    Flag,
    Instant,
    Line,
    Name,
    Picture,
    Shape,
    Token,
    Whole,
)
from common.wire.evidence import Attempts, EnrolledFinger, Exceptions, OfficersProof


class Particulars(Shape):
    """What the application form holds. An empty text is a field not filled in yet.

    Attributes:
        chinese_codes: The Chinese commercial code of each character of chinese_name, four digits
            and at most one more that tells which glyph, parted by spaces. A character without a
            code has none, so nobody must fill them in.
    """

    surname: Line = ""
    given_names: Line = ""
    chinese_name: Annotated[str, Field(max_length=6, pattern=WITHOUT_NUL)] = ""
    chinese_codes: Annotated[
        str, Field(max_length=35, pattern=r"^([0-9]{4,5}( [0-9]{4,5}){0,5})?$")
    ] = ""
    sex: Literal["M", "F", ""] = ""
    date_of_birth: Day | None = None
    place_of_birth: Line = ""
    nationality: Line = ""
    marital_status: Literal["single", "married", "divorced", "widowed", ""] = ""
    occupation: Line = ""
    address: Line = ""
    telephone: Annotated[str, Field(max_length=20, pattern=r"^[0-9 +-]*$")] = ""

    def missing(self) -> tuple[str, ...]:
        """Name the fields that a complete form still needs, in form order."""
        return tuple(name for name in REQUIRED_FIELDS if not getattr(self, name))


REQUIRED_FIELDS = (
    "surname",
    "given_names",
    "sex",
    "date_of_birth",
    "place_of_birth",
    "nationality",
    "marital_status",
    "address",
    "telephone",
)


class TagRequest(Shape):
    """POST /v1/tags.

    letter_token goes with LETTER, identity_number with CARD and NUMBER, year_of_birth with NUMBER
    and, where the card says it, with CARD.

    Attributes:
        letter_token: The code of a letter, of a receipt, or of a slip of today.
        service: The class that the person or an officer asks for; None: by appointment or without.
            COLLECTION gives who comes for a ready card a tag for the counter.
        with_tag: The tag of a companion: both are called together.
        for_place: The only place to be called to, such as the officer's who knows the case.
        errand: What the person comes for; None: an old card that works is replaced.
        needs: What the later stations must know; without any, what was told before stands.
        interpreter: The language, with Need.INTERPRETER.
        companion: Why the person comes along with with_tag, who alone needs an appointment.
        guardian: What a person under 18 says about the parent.
        walk_in: Today without appointment; one that is elsewhere or on another day is given up.
    """

    by: TagRequestBy
    letter_token: Token | None = None
    identity_number: Annotated[str, Field(max_length=12, pattern=WITHOUT_NUL)] | None = None
    year_of_birth: Annotated[int, Field(strict=True, ge=1880, le=2100)] | None = None
    service: Service | None = None
    with_tag: Token | None = None
    for_place: Name | None = None
    errand: Errand | None = None
    needs: Annotated[tuple[Need, ...], Field(max_length=len(Need))] = ()
    interpreter: Interpreted | None = None
    companion: Companion | None = None
    guardian: Guardian | None = None
    walk_in: Flag = False


class TagView(Shape):
    """A tag as stations and its holder see it. token is what the slip's QR carries.

    Attributes:
        group: Tags with the same one are called together.
        for_place: The only place that it will be called to.
        reason: Why it is missed, parked or void, or station_lost: given back by a dead place.
        errand: What the person comes for, with a tag that is not the usual replacement's.
        needs: What the station has to know of the person; interpreter is the language.
    """

    tag_id: UUID
    number: Annotated[str, Field(pattern=r"^[A-Z][0-9]{3,4}$")]
    token: Token
    case_id: UUID
    service: Service
    stage: Stage
    status: TagStatus
    place: Line | None = None
    issued_at: datetime
    people_ahead: int = 0
    wait_low_min: int = 0
    wait_high_min: int = 0
    group: UUID | None = None
    for_place: Line | None = None
    reason: Line | None = None
    errand: Errand | None = None
    needs: tuple[Need, ...] = ()
    interpreter: Interpreted | None = None


TagReason = Literal[
    "letter_unknown",
    "letter_other_day",
    "number_wrong",
    "year_wrong",
    "case_closed",
    "reception",
    "closed",
    "child",
    "other_office",
    "other_day",
    "no_places",
    "guardian",
    "guardian_or_adult",
    "companion_young",
    "companions_full",
    "card_ready",
    "card_not_ready",
    "card_elsewhere",
    "no_card",
]


class SlotTime(Shape):
    """A slot of an office that can be booked."""

    office: Name
    starts_at: datetime


class OfficePlace(Shape):
    """An office with what a person needs to find it."""

    code: Name
    name: dict[OfficeLanguage, Line]
    address: dict[OfficeLanguage, Line] = Field(default_factory=dict)


class TagAnswer(Shape):
    """What became of a request for a tag.

    choose: nothing was done; reason says what the person has to decide, and the request is sent
    again with the answer. reception: no tag, or with reason child one for reception's booth.

    Attributes:
        arrival: How the person came to the appointment, where there is one today.
        slot: The appointment; be_back_at: when who is early has to be here again.
        walk_in: A walk-in is possible today, where something has to be chosen.
        offers: Slots of this office that can be taken instead (POST /v1/tags/slot).
        place: The other office, of the appointment or of the card.
        ready_on: From when a card can be collected.
        opens_at: When the office opens again, with closed.
    """

    outcome: Literal["issued", "reprinted", "reception", "choose"]
    reason: TagReason | None = None
    tag: TagView | None = None
    arrival: Arrival | None = None
    slot: datetime | None = None
    be_back_at: datetime | None = None
    walk_in: bool = False
    offers: tuple[SlotTime, ...] = ()
    place: OfficePlace | None = None
    ready_on: date | None = None
    opens_at: datetime | None = None


class SlotRequest(Shape):
    """POST /v1/tags/slot: the person of a TagRequest takes a slot of this office, or a wish.

    starts_at: The slot; None puts the person on the wait list.
    """

    by: TagRequestBy
    letter_token: Token | None = None
    identity_number: Annotated[str, Field(max_length=12, pattern=WITHOUT_NUL)] | None = None
    year_of_birth: Annotated[int, Field(strict=True, ge=1880, le=2100)] | None = None
    errand: Errand | None = None
    starts_at: Instant | None = None


class SlotAnswer(Shape):
    """What became of it.

    full: nothing was changed, and the slot has no place. refused: this person cannot book here;
    why is not told, so that nobody learns who has an appointment.

    Attributes:
        letter_token: What the letter's code says, for the paper.
        enquiry_code: The four digits that open the booking on the web; None where they stay.
    """

    outcome: Literal["booked", "moved", "waiting", "full", "refused"]
    slot: datetime | None = None
    letter_token: Token | None = None
    enquiry_code: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None
    offers: tuple[SlotTime, ...] = ()


class WatchRequest(Shape):
    """POST /v1/watched: whoever comes under this number is led to reception, or no longer."""

    identity_number: Annotated[str, Field(max_length=12, pattern=WITHOUT_NUL)]
    is_watched: Flag


class CardView(Shape):
    """A new card in custody. location is "STATION.DEVICE" and slot counts from 1."""

    card_id: UUID
    state: CardState
    chip_serial: Line | None = None
    location: Line | None = None
    slot: int | None = None
    version: int
    personalised_by: Line | None = None


class CaseFind(Shape):
    """POST /v1/cases/find, by exactly one of these."""

    tag_token: Token | None = None
    receipt_token: Token | None = None
    identity_number: Annotated[str, Field(max_length=12, pattern=WITHOUT_NUL)] | None = None
    case_id: UUID | None = None


class CaseView(Shape):
    """Everything a later station needs, so that nobody is asked twice.

    done holds marks in order: form_done, noticed, late_declared, attempted, identified, enrolled,
    particulars_confirmed, office_chosen, contact_asked, self_photographed, signed,
    signs_at_booth, form_printed, registered, photographed, submitted, approved, ready, collected.

    Attributes:
        attempts: What the last kiosk tried of the person's fingers and face.
        exceptions: The fingers that are not given; excepted_by recorded them, and
            exceptions_confirmed_by is the second officer who saw the same.
        twin: The face alone never says who this is.
        signature: A PNG, where the person signed on a pad. lateness: what was declared.
        recipient: Who comes for the new card, as far as that is proven today.
    """

    case_id: UUID
    state: CaseState
    tag: TagView | None
    identity_number: str
    particulars: Particulars
    missing: tuple[str, ...]
    done: tuple[str, ...]
    old_document: OldDocument
    identified_by: Line | None = None
    fingers: tuple[EnrolledFinger, ...] = ()
    portrait: Picture | None = None
    attempts: Attempts | None = None
    exceptions: Exceptions | None = None
    excepted_by: Line | None = None
    exceptions_confirmed_by: Line | None = None
    twin: bool = False
    signature: Picture | None = None
    lateness: LateReason | None = None
    recipient: "Recipient | None" = None
    collection_office: Line
    receipt_number: Line | None = None
    receipt_token: Token | None = None
    ready_on: date | None = None
    hand_off: HandOffReason | None = None
    captured_by: Line | None = None
    approved_by: Line | None = None
    card: CardView | None = None


class Recipient(Shape):
    """How the person who comes for the new card was proven to be its holder, and on which day.

    Attributes:
        day: The office's; None where it was recorded at this desk a moment ago.
        proof: What an officer went by, with by == "officer".
        officer: Who that was; confirmed_by: the second officer.
    """

    by: Literal["face_and_finger", "officer"]
    day: date | None = None
    proof: OfficersProof | None = None
    officer: Line | None = None
    confirmed_by: Line | None = None

    @property
    def is_proven(self) -> bool:
        """Whether the card may be issued on this: two biometrics, or two officers."""
        return self.by == "face_and_finger" or self.confirmed_by is not None


class CaseRow(Shape):
    """A line in a work list: no name, no number."""

    case_id: UUID
    receipt_number: Line
    state: CaseState
    submitted_at: datetime
    captured_by: Line
    card_id: UUID | None = None


class SubmitAnswer(Shape):
    """POST /v1/cases/{id}/submit: the central receipt."""

    receipt_number: Line
    receipt_token: Token
    ready_on: date


class DecisionRequest(Shape):
    """POST /v1/cases/{id}/decide."""

    decision: Decision
    reason: Line = ""
    search: "DuplicateSearch | None" = None


class DuplicateSearch(Shape):
    """What a search of the person's face and fingers among all others found.

    cleared: there were candidates, and an officer looked at each and found another person.
    """

    reference: Line
    found: Literal["nobody", "cleared", "duplicate"]


class CallRequest(Shape):
    """POST /v1/queue/call: the next tag of one of these stages, for this place."""

    place: Name
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=4)]


class CallAnswer(Shape):
    """tag is None where nobody waits. companions are called to the same place with it."""

    tag: TagView | None
    companions: tuple[TagView, ...] = ()


class TagAction(Shape):
    """POST /v1/queue/{arrive,miss,recall}: what became of a called tag at place."""

    tag_token: Token
    place: Name


class ParkRequest(Shape):
    """POST /v1/queue/park: set a tag aside; for_place is where it will be called afterwards."""

    tag_token: Token
    reason: ParkReason
    for_place: Name | None = None


class ResumeRequest(Shape):
    """POST /v1/queue/resume: a missed or parked tag waits again."""

    tag_token: Token
    for_place: Name | None = None


class VoidRequest(Shape):
    """POST /v1/queue/void: end a tag without service."""

    tag_token: Token
    reason: VoidReason


class ReserveRequest(Shape):
    """POST /v1/cards/{id}/reserve: this station is about to take the card out of its slot.

    action_id: two officers confirmed that it goes out though a limit of the policy is passed.
    """

    expect_version: Whole
    action_id: UUID | None = None


class SignInRequest(Shape):
    """POST /v1/officers/sign-in."""

    officer_id: Name
    password: Annotated[str, Field(min_length=1, max_length=200, pattern=WITHOUT_NUL)]


class OfficerSession(Shape):
    """The answer: a token for the header X-Officer, good until sign-out or the day's end."""

    token: Token
    officer_id: Name
    display_name: Line
    roles: tuple[Role, ...]


class Call(Shape):
    """One line of the display panel: a tag and a place, never a name or number.

    Attributes:
        times: How often the tag was called to this stage, this time included.
        revision: The panel's revision when it was called: another one for each time.
    """

    tag_number: str
    place: str
    stage: Stage
    called_at: datetime
    times: int
    revision: int = 0


class DisplayState(Shape):
    """What the panel shows; revision only grows.

    Attributes:
        calls: Who is called and has not come yet, the newest first.
        waiting: How many wait to be called.
        announce: Those calls that this listener has not been told of, the oldest first.
        at: The centre's moment, to which called_at and closes_at are compared.
        is_open: Whether people are received now; who has a tag is called after closing, too.
        closes_at: Until when, where the office is open and ever closes.
    """

    revision: int
    calls: tuple[Call, ...]
    waiting: int
    announce: tuple[Call, ...] = ()
    at: datetime | None = None
    is_open: bool = True
    closes_at: datetime | None = None


class Problem(Shape):
    """Every refusal: a word a program can match and a sentence for the log."""

    problem: Name
    detail: Line = ""
