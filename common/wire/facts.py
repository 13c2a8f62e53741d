"""What happened, as stations write it and the backend keeps it. The same fact twice is one fact."""

from typing import Annotated, Literal
from uuid import UUID

import uuid_utils
from pydantic import AfterValidator, Field

from common.domain.card import CardMove
from common.domain.case import LateReason, OldDocument
from common.domain.contact import mail_address, mobile_number
from common.domain.language import OfficeLanguage
from common.domain.notice import NoticeTopic
from common.domain.queue import HandOffReason
from common.wire.base import (
    Day,
    Digest,
    Flag,
    Instant,
    Line,
    Name,
    Number,
    Picture,
    Shape,
    Token,
    Whole,
)
from common.wire.evidence import (
    Attempts,
    EnrolledFinger,
    Exceptions,
    InspectedDocument,
    OfficersProof,
)
from common.wire.shapes import Particulars, TagRequest

FACT_SCHEMA: Literal[1] = 1


class FormFilled(Shape):
    """The holder of the tag filled in the form, at a bench or a kiosk."""

    kind: Literal["form_filled"] = "form_filled"
    particulars: Particulars


class HolderIdentified(Shape):
    """The person is the holder: by what the chip or the case holds, or by an officer.

    After submission it is the person who comes for the new card: by face and finger, or by an
    officer with a proof that a second officer confirms.
    """

    kind: Literal["holder_identified"] = "holder_identified"
    by: Literal["finger", "face", "face_and_finger", "officer"]
    finger_position: Annotated[int, Field(strict=True, ge=0, le=10)] = 0
    score: Number = 0.0
    note: Line = ""  # what the officer went by
    proof: OfficersProof | None = None
    liveness: Literal["not_checked", "live", "not_live"] = "not_checked"
    card: Literal["not_read", "verified", "failed"] = "not_read"  # the chip's own proof


class BiometricsAttempted(Shape):
    """What was tried of a person's fingers and face, whatever came of it."""

    kind: Literal["biometrics_attempted"] = "biometrics_attempted"
    attempts: Attempts


class FingersEnrolled(Shape):
    """New finger records were taken: up to two impressions a finger."""

    kind: Literal["fingers_enrolled"] = "fingers_enrolled"
    fingers: Annotated[tuple[EnrolledFinger, ...], Field(min_length=1, max_length=20)]
    note: Line = ""  # why an officer kept an impression below the gate


class FingersExcepted(Shape):
    """An officer says which fingers are not given, and why. It replaces what was said before."""

    kind: Literal["fingers_excepted"] = "fingers_excepted"
    exceptions: Exceptions


class DocumentsInspected(Shape):
    """An officer, or a station by the chip, looked at original documents. It replaces the last."""

    kind: Literal["documents_inspected"] = "documents_inspected"
    documents: Annotated[tuple[InspectedDocument, ...], Field(min_length=1, max_length=10)]
    name_evidence: Line = ""  # why the names differ, and what shows it


class NoticeGiven(Shape):
    """The notice on biometrics was shown, and the person agreed to it or not.

    notice names the text's version.
    """

    kind: Literal["notice_given"] = "notice_given"
    notice: Name
    agreed: Flag


class Witnessed(Shape):
    """A second officer confirms what the first recorded, exactly as it was seen."""

    kind: Literal["witnessed"] = "witnessed"
    of: Literal["exceptions", "recipient"]
    seen: Digest


class TwinFlagged(Shape):
    """An officer says whether somebody has the same face."""

    kind: Literal["twin_flagged"] = "twin_flagged"
    twin: Flag
    note: Line = ""


class ParticularsConfirmed(Shape):
    """The person confirmed the form as it stands."""

    kind: Literal["particulars_confirmed"] = "particulars_confirmed"
    particulars: Particulars
    note: Line = ""  # why an officer corrected them


class FormPrinted(Shape):
    """The application form came out of the printer."""

    kind: Literal["form_printed"] = "form_printed"


class RegistrationFinished(Shape):
    """The registration kiosk is done with the case; the tag waits for a booth."""

    kind: Literal["registration_finished"] = "registration_finished"


class HandedOff(Shape):
    """A kiosk hands the visit over to an officer, with everything done so far.

    A case without a live tag gets one of the letter E, waiting for the counter.
    """

    kind: Literal["handed_off"] = "handed_off"
    reason: HandOffReason
    note: Line = ""  # an officer's own words


class PhotographTaken(Shape):
    """The portrait for the card: a JPEG, at most 20 kB, cropped.

    From a booth by an officer; from a registration kiosk, where the person took it alone, it
    counts as soon as an officer has approved it.
    """

    kind: Literal["photograph_taken"] = "photograph_taken"
    portrait: Picture


class PhotographApproved(Shape):
    """An officer saw the person, and lets the portrait stand that a kiosk took without one.

    seen: the digest of the portrait that the officer looked at.
    """

    kind: Literal["photograph_approved"] = "photograph_approved"
    seen: Digest


class CollectionOfficeChosen(Shape):
    """The person chose where the new card will be collected."""

    kind: Literal["collection_office_chosen"] = "collection_office_chosen"
    office: Name


class SignatureGiven(Shape):
    """The person signed on a pad: a PNG. Empty: the person would rather sign at the booth."""

    kind: Literal["signature_given"] = "signature_given"
    picture: Picture = b""


class LatenessDeclared(Shape):
    """Who was called up and comes late declares why."""

    kind: Literal["lateness_declared"] = "lateness_declared"
    why: LateReason


class CardMoved(Shape):
    """A custody fact: which card, what happened to it, and where it is now."""

    kind: Literal["card_moved"] = "card_moved"
    card_id: UUID
    move: CardMove
    location: Line = ""
    slot: Whole | None = None
    chip_serial: Line = ""
    content: Digest | None = None  # with PERSONALISE: what was written, see card_content
    valid_until: Day | None = None  # with PERSONALISE


class OldDocumentCaptured(Shape):
    """The old card or the acknowledgement form was kept."""

    kind: Literal["old_document_captured"] = "old_document_captured"
    document: OldDocument
    location: Line


def _mail(text: str) -> str:
    return mail_address(text) if text else ""


def _mobile(text: str) -> str:
    return mobile_number(text) if text else ""


class ContactConsented(Shape):
    """The person says where notices may be sent, in place of what was said before.

    An empty address is no consent, and withdraws an earlier one; None was not asked, and what was
    said before stands. From benches, registration kiosks and booths only.
    """

    kind: Literal["contact_consented"] = "contact_consented"
    mail: Annotated[str, Field(max_length=254), AfterValidator(_mail)] | None = ""
    mobile: Annotated[str, Field(max_length=20), AfterValidator(_mobile)] | None = ""
    language: OfficeLanguage
    topics: Annotated[tuple[NoticeTopic, ...], Field(max_length=2)] = tuple(NoticeTopic)


class DocumentMoved(Shape):
    """A captured document was put into a bin."""

    kind: Literal["document_moved"] = "document_moved"
    document_id: UUID
    move: Literal["put_in_bin"] = "put_in_bin"
    location: Line


class TagIssuedOffline(Shape):
    """A kiosk out of reach gave a number of its lease; the case is opened when this arrives.

    The same number twice is one tag. Who has a case already keeps it, so that later facts name
    that case, not the one of this fact.
    """

    kind: Literal["tag_issued_offline"] = "tag_issued_offline"
    request: TagRequest
    tag_id: UUID
    number: Annotated[str, Field(pattern=r"^[A-Z][0-9]{3}$")]
    token: Token


What = Annotated[
    FormFilled
    | HolderIdentified
    | BiometricsAttempted
    | FingersEnrolled
    | FingersExcepted
    | DocumentsInspected
    | NoticeGiven
    | Witnessed
    | TwinFlagged
    | ParticularsConfirmed
    | FormPrinted
    | RegistrationFinished
    | HandedOff
    | PhotographTaken
    | PhotographApproved
    | CollectionOfficeChosen
    | SignatureGiven
    | LatenessDeclared
    | CardMoved
    | OldDocumentCaptured
    | ContactConsented
    | DocumentMoved
    | TagIssuedOffline,
    Field(discriminator="kind"),
]


class Fact(Shape):
    """One thing that happened, once. id is a UUIDv7 made where it happened."""

    id: UUID
    what: What
    case_id: UUID
    station: Name
    officer: Name | None = None
    at: Instant
    # "schema" would hide a method of pydantic's, hence the longer name.
    schema_version: Literal[1] = FACT_SCHEMA


class FactsRequest(Shape):
    """POST /v1/facts: in the order in which they happened."""

    facts: Annotated[tuple[Fact, ...], Field(min_length=1, max_length=50)]


class FactReceipt(Shape):
    """What became of one fact. Refused facts are kept aside for a supervisor, never dropped."""

    id: UUID
    outcome: Literal["accepted", "duplicate", "refused"]
    reason: Line = ""
    ledger_number: int | None = None


class FactsAnswer(Shape):
    """One receipt for each fact, in the same order."""

    receipts: tuple[FactReceipt, ...]


def new_id() -> UUID:
    """Make a UUIDv7: unique, and in the order of time."""
    return UUID(str(uuid_utils.uuid7()))
