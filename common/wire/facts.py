"""What happened, as stations write it and the backend keeps it. The same fact twice is one fact."""

from typing import Annotated, Literal
from uuid import UUID

import uuid_utils
from pydantic import Field

from common.domain.card import CardMove
from common.domain.case import OldDocument
from common.domain.queue import HandOffReason
from common.wire.base import Digest, Flag, Instant, Line, Name, Number, Picture, Shape, Whole
from common.wire.evidence import Attempts, EnrolledFinger, Exceptions, OfficersProof
from common.wire.shapes import Particulars

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
    """The portrait for the card: a JPEG, at most 20 kB, cropped."""

    kind: Literal["photograph_taken"] = "photograph_taken"
    portrait: Picture


class CardMoved(Shape):
    """A custody fact: which card, what happened to it, and where it is now."""

    kind: Literal["card_moved"] = "card_moved"
    card_id: UUID
    move: CardMove
    location: Line = ""
    slot: Whole | None = None
    chip_serial: Line = ""


class OldDocumentCaptured(Shape):
    """The old card or the acknowledgement form was kept."""

    kind: Literal["old_document_captured"] = "old_document_captured"
    document: OldDocument
    location: Line


What = Annotated[
    FormFilled
    | HolderIdentified
    | BiometricsAttempted
    | FingersEnrolled
    | FingersExcepted
    | Witnessed
    | TwinFlagged
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
