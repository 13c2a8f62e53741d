"""What proves who a person is, and what stands in for a finger that cannot be given.

A second officer confirms what was seen and nothing else: each record has a digest of its case and
all that it says, and the confirmation names that digest.
"""

import hashlib
import json
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from common.domain.biometrics import FingerException, Hand, hands_to_photograph
from common.domain.case import SourceDocument
from common.domain.finger_ladder import FingerLadder
from common.domain.proxy import OF_PARENTS, ProxyDocument, ProxyPaper
from common.wire.base import (
    Day,
    Digest,
    Flag,
    Line,
    Name,
    Number,
    Picture,
    Position,
    Quality,
    Shape,
    Template,
)

DOCUMENTS_NEEDED = 2


class EnrolledFinger(Shape):
    """One impression of a finger: its ISO/IEC 19794-2 record and its NFIQ 2 quality.

    position is ISO's: 1 right thumb to 5 right little, 6 left thumb to 10 left little finger. A
    finger has up to two impressions. overridden: it lies below the gate for quality.
    """

    position: Position
    quality: Quality
    template: Template
    overridden: Flag = False


class FingerTries(Shape):
    """What was tried with one finger. excepted: the person says that it cannot be given."""

    position: Position
    tries: Annotated[int, Field(strict=True, ge=0, le=20)] = 0
    matched: Flag = False
    best_quality: Quality = 0
    best_score: Number = 0.0
    advice: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    excepted: Flag = False


class Attempts(Shape):
    """What a kiosk tried, so that nobody repeats it. It holds no image and no template."""

    fingers: Annotated[tuple[FingerTries, ...], Field(max_length=10)] = ()
    face: Literal["", "accepted", "no_face", "unlike"] = ""
    declined: Flag = False
    seconds: Annotated[Number, Field(ge=0)] = 0.0

    @classmethod
    def of(cls, ladder: FingerLadder, face: str = "") -> "Attempts":
        """Sum up what was tried; face: what a look at the face before the fingers found."""
        positions = dict.fromkeys([one.position for one in ladder.tries] + sorted(ladder.excepted))
        seen = ladder.face_tries[-1] if ladder.face_tries else face
        return cls.model_validate(
            {
                "fingers": tuple(_tries_of(ladder, position) for position in positions),
                "face": "accepted" if ladder.face_accepted else seen,
                "declined": ladder.declined,
                "seconds": round(ladder.used_s, 1),
            }
        )


def _tries_of(ladder: FingerLadder, position: int) -> FingerTries:
    tries = [one for one in ladder.tries if one.position == position]
    return FingerTries(
        position=position,
        tries=len(tries),
        matched=any(one.matched for one in tries),
        best_quality=max((one.quality for one in tries), default=0),
        best_score=round(max((one.score for one in tries), default=0.0), 2),
        advice=tuple(one.advice for one in tries if one.advice),
        excepted=position in ladder.excepted,
    )


class ExceptedFinger(Shape):
    """A finger that is not given, and why."""

    position: Position
    why: FingerException


class HandPhotograph(Shape):
    """A JPEG of one hand, where there is something to see."""

    hand: Hand
    picture: Picture


class Exceptions(Shape):
    """All fingers that are not given at this application.

    Attributes:
        reason: The officer's own words.
        parent: Who came with a person under 18, and by what that was checked.
    """

    fingers: Annotated[tuple[ExceptedFinger, ...], Field(max_length=10)] = ()
    photographs: Annotated[tuple[HandPhotograph, ...], Field(max_length=2)] = ()
    reason: Line = ""
    parent: Line = ""

    @property
    def positions(self) -> tuple[int, ...]:
        """The fingers that are excepted."""
        return tuple(finger.position for finger in self.fingers)

    def without_photograph(self) -> tuple[Hand, ...]:
        """Name the hands whose photograph is missing."""
        needed = hands_to_photograph([(one.position, one.why) for one in self.fingers])
        taken = {one.hand for one in self.photographs}
        return tuple(hand for hand in needed if hand not in taken)

    def digest(self, case_id: UUID) -> Digest:
        """Return what a second officer confirms: this case, these fingers, these pictures."""
        return _digest(
            case_id,
            sorted([finger.position, finger.why] for finger in self.fingers),
            sorted([one.hand, hashlib.sha256(one.picture).hexdigest()] for one in self.photographs),
            self.reason,
            self.parent,
        )


class Proxy(Shape):
    """Somebody who collects in the holder's place, and what the officer looked at.

    Attributes:
        name: As in the proxy's own document, whose number is number.
        adult: The proxy is 18 or over.
        signature_agrees: The paper's signature is the one on the application.
    """

    paper: ProxyPaper
    document: ProxyDocument
    name: Line = ""
    number: Line = ""
    adult: Flag = False
    signature_agrees: Flag = False

    @property
    def is_parent(self) -> bool:
        """A parent or guardian stands for a minor; the card then counts at once."""
        return self.paper in OF_PARENTS

    @property
    def is_enough(self) -> bool:
        """Everything was looked at and written down."""
        written = bool(self.name.strip() and self.number.strip())
        return written and self.adult and self.signature_agrees


class OfficersProof(Shape):
    """By what an officer knows a person without biometrics: documents, and the photograph.

    Where a proxy comes, the photograph is that of the proxy's own document.
    """

    documents: Annotated[tuple[SourceDocument, ...], Field(max_length=10)] = ()
    photograph_compared: Flag = False
    note: Line = ""
    proxy: Proxy | None = None

    @property
    def is_enough(self) -> bool:
        """The photograph compared, and two source documents inspected or a proxy's papers."""
        papers = len(set(self.documents)) >= DOCUMENTS_NEEDED
        if self.proxy is not None:
            papers = self.proxy.is_enough
        return papers and self.photograph_compared

    @property
    def needs_activation(self) -> bool:
        """Whether the card counts only once its holder was compared with it."""
        return self.proxy is not None and not self.proxy.is_parent

    def digest(self, case_id: UUID) -> Digest:
        """Return what a second officer confirms."""
        came = [] if self.proxy is None else [self.proxy.model_dump(mode="json")]
        documents = sorted(set(self.documents))
        return _digest(case_id, documents, self.photograph_compared, self.note, *came)


class InspectedDocument(Shape):
    """An original that was looked at: how strong it is as proof, and what its chip said.

    strong: issued after a check in person, with a photograph and features that are hard to copy
    (SP 800-63A, evidence strength). genuine: the features were looked at.
    """

    document: SourceDocument
    strength: Literal["fair", "strong", "superior"]
    original: Flag
    genuine: Flag
    expires_on: Day | None = None
    chip: Literal["absent", "not_read", "verified", "failed"] = "not_read"
    name_agrees: Flag = True

    def counts(self, day: date) -> bool:
        """Tell whether it proves anything on this day."""
        in_force = self.expires_on is None or self.expires_on >= day
        return self.original and self.genuine and in_force and self.chip != "failed"


def documents_suffice(
    documents: tuple[InspectedDocument, ...], name_evidence: str, day: date
) -> bool:
    """Tell whether two different documents count, one of them strong, and the names are clear."""
    good = [one for one in documents if one.counts(day)]
    strong = any(one.strength != "fair" for one in good)
    named = bool(name_evidence) or all(one.name_agrees for one in good)
    return len({one.document for one in good}) >= DOCUMENTS_NEEDED and strong and named


def card_content(
    case_id: UUID, form: Shape, portrait: bytes, fingers: tuple[EnrolledFinger, ...]
) -> Digest:
    """Return what binds a card to the data captured for one application, and for no other.

    portrait is as the shape holds it once read: the JPEG's bytes.
    """
    return _digest(
        case_id,
        form.model_dump(mode="json"),
        hashlib.sha256(portrait).hexdigest(),
        [[one.position, hashlib.sha256(one.template).hexdigest()] for one in fingers],
    )


def _digest(case_id: UUID, *parts: object) -> Digest:
    whole = json.dumps([str(case_id), *parts], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()
