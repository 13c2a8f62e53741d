"""Invented people and cases for the previews."""

from base64 import b64decode, b64encode
from datetime import UTC, date, datetime
from uuid import UUID

from common.domain.card import CardState
from common.domain.case import CaseState, OldDocument
from common.domain.officer import Role
from common.wire.shapes import CardView, CaseView, EnrolledFinger, OfficerSession, Particulars
from kiosk_collection.visit import NewCard, Place, Visit

JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////"
    "////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAA"
    "AAAAAAAAAAD/2gAIAQEAAD8AVN//2Q=="
)
OFFICER = OfficerSession(
    token="sample-session",  # noqa: S106 (opens nothing)
    officer_id="ho",
    display_name="Officer Ho",
    roles=(Role.PRODUCTION,),
)
NEW_CARD = NewCard("A123***(*)", "CHAN", "TAI MAN", "陳大文", JPEG)
MOMENT = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)


def case(state: CaseState = CaseState.READY, fingers: tuple[int, ...] = (1, 6)) -> CaseView:
    """Return a case whose card waits in pocket 3 of the kiosk sck-1."""
    return CaseView(
        case_id=UUID(int=1),
        state=state,
        tag=None,
        identity_number="A123456(3)",
        particulars=Particulars(surname="CHAN", given_names="TAI MAN", chinese_name="陳大文"),
        missing=(),
        done=(),
        old_document=OldDocument.OLD_CARD,
        fingers=tuple(
            EnrolledFinger(position=n, quality=60, template=b64encode(b"none")) for n in fingers
        ),
        portrait=b64encode(JPEG),
        collection_office="HQ",
        ready_on=date(2026, 1, 15),
        card=CardView(
            card_id=UUID(int=2),
            state=CardState.STORED,
            chip_serial="00112233",
            location="sck-1.magazine",
            slot=3,
            version=5,
        ),
    )


def visit(fingers: tuple[int, ...] = (1, 6), place: Place = Place.HERE) -> Visit:
    """Return a visit with the old card."""
    return Visit(OldDocument.OLD_CARD, case(fingers=fingers), place)
