"""Invented people and cases for the previews."""

from base64 import b64encode
from datetime import UTC, date, datetime
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageDraw

from common.domain.card import CardState
from common.domain.case import CaseState, OldDocument
from common.domain.language import Language
from common.domain.officer import Role
from common.wire.evidence import EnrolledFinger
from common.wire.shapes import CardView, CaseView, OfficerSession, Particulars
from kiosk_collection.visit import NewCard, OfficeName, Place, Visit


def _portrait() -> bytes:
    """Draw nobody: head and shoulders."""
    picture = Image.new("RGB", (300, 400), (214, 222, 232))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((80, 70, 220, 240), fill=(120, 136, 156))
    draw.ellipse((20, 260, 280, 560), fill=(120, 136, 156))
    jpeg = BytesIO()
    picture.save(jpeg, "JPEG", quality=80)
    return jpeg.getvalue()


JPEG = _portrait()
OFFICER = OfficerSession(
    token="sample-session",  # noqa: S106 (opens nothing)
    officer_id="ho",
    display_name="Officer Ho",
    roles=(Role.PRODUCTION,),
)
NEW_CARD = NewCard("A123***(*)", "CHAN", "TAI MAN", "陳大文", JPEG)
OFFICE: OfficeName = (
    (Language.ENGLISH, "Harbour East Office"),
    (Language.TRADITIONAL, "東港辦事處"),
    (Language.SIMPLIFIED, "东港办事处"),
)
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


def visit(
    fingers: tuple[int, ...] = (1, 6), place: Place = Place.HERE, office: OfficeName = ()
) -> Visit:
    """Return a visit with the old card."""
    return Visit(OldDocument.OLD_CARD, case(fingers=fingers), place, office=office)
