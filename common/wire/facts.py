"""What happened, as stations write it and the backend keeps it. The same fact twice is one fact."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import uuid_utils
from pydantic import Field

from common.domain.card import CardMove
from common.domain.case import OldDocument
from common.domain.queue import HandOffReason
from common.wire.shapes import EnrolledFinger, Line, Name, Particulars, Picture, Shape

FACT_SCHEMA: Literal[1] = 1


class FormFilled(Shape):
    """The holder of the tag filled in the form, at a bench or a kiosk."""

    kind: Literal["form_filled"] = "form_filled"
    particulars: Particulars


class HolderIdentified(Shape):
    """The person is the holder: by a finger against the old chip's record, or by an officer."""

    kind: Literal["holder_identified"] = "holder_identified"
    by: Literal["finger", "face_and_finger", "officer"]
    finger_position: Annotated[int, Field(ge=0, le=10)] = 0
    score: float = 0.0
    note: Line = ""  # what the officer went by


class FingersEnrolled(Shape):
    """New finger records were taken."""

    kind: Literal["fingers_enrolled"] = "fingers_enrolled"
    fingers: Annotated[tuple[EnrolledFinger, ...], Field(min_length=1, max_length=10)]


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
    """The portrait for the card: a JPEG, at most 20 kB, cropped."""

    kind: Literal["photograph_taken"] = "photograph_taken"
    portrait: Picture


class CardMoved(Shape):
    """A custody fact: which card, what happened to it, and where it is now."""

    kind: Literal["card_moved"] = "card_moved"
    card_id: UUID
    move: CardMove
    location: Line = ""
    slot: int | None = None
    chip_serial: Line = ""


class OldDocumentCaptured(Shape):
    """The old card or the acknowledgement form was kept."""

    kind: Literal["old_document_captured"] = "old_document_captured"
    document: OldDocument
    location: Line


What = Annotated[
    FormFilled
    | HolderIdentified
    | FingersEnrolled
    | ParticularsConfirmed
    | FormPrinted
    | RegistrationFinished
    | HandedOff
    | PhotographTaken
    | CardMoved
    | OldDocumentCaptured,
    Field(discriminator="kind"),
]


class Fact(Shape):
    """One thing that happened, once. id is a UUIDv7 made where it happened."""

    id: UUID
    what: What
    case_id: UUID
    station: Name
    officer: Name | None = None
    at: datetime
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
