"""A case: one application from the first tag to the card in hand."""

from enum import StrEnum


class CaseState(StrEnum):
    """The stations of a case; design notes section 8, shortened to what changes who acts next."""

    OPEN = "open"
    FORM_DONE = "form_done"
    REGISTERED = "registered"
    PHOTOGRAPHED = "photographed"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    IN_PRODUCTION = "in_production"
    READY = "ready"
    COLLECTED = "collected"


class OldDocument(StrEnum):
    """What is surrendered when the new card is collected."""

    OLD_CARD = "old_card"
    ACKNOWLEDGEMENT = "acknowledgement"


class SourceDocument(StrEnum):
    """An original that an officer inspects where no biometric says who a person is."""

    OLD_CARD = "old_card"
    TRAVEL_DOCUMENT = "travel_document"
    BIRTH_CERTIFICATE = "birth_certificate"
    DRIVING_LICENCE = "driving_licence"
    OTHER_OFFICIAL = "other_official"


class Decision(StrEnum):
    """What an assessing officer decides."""

    APPROVE = "approve"
    REFUSE = "refuse"


class LateReason(StrEnum):
    """Why somebody who was called up comes late, as the person declares it."""

    ABROAD = "abroad"
    ILL = "ill"
    NOT_AWARE = "not_aware"
    OTHER = "other"
