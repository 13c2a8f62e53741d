"""Invented values that fill the screens of the gallery and the tests."""

from base64 import b64encode
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageDraw

from common.domain.biometrics import FingerException, Hand
from common.domain.card import CardState
from common.domain.case import CaseState, LateReason, OldDocument
from common.domain.officer import Role
from common.domain.portrait import Finding, PortraitRule
from common.domain.queue import HandOffReason, Service, Stage, TagStatus
from common.wire.evidence import (
    Attempts,
    EnrolledFinger,
    ExceptedFinger,
    Exceptions,
    FingerTries,
    HandPhotograph,
)
from common.wire.shapes import (
    CardView,
    CaseRow,
    CaseView,
    OfficerSession,
    Particulars,
    SubmitAnswer,
    TagView,
)

CASE_ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
CARD_ID = UUID("01890a5d-ac96-774b-bcce-b302099a8058")
MORNING = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@cache
def portrait() -> bytes:
    """Draw somebody who does not exist."""
    picture = Image.new("RGB", (300, 386), "#dfe6ee")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((40, 300, 260, 560), fill="#3d5a80")
    draw.ellipse((85, 70, 215, 250), fill="#e5bf9f")
    draw.chord((80, 50, 220, 210), 180, 360, fill="#3a2a20")
    draw.ellipse((115, 145, 130, 160), fill="#3a2a20")
    draw.ellipse((170, 145, 185, 160), fill="#3a2a20")
    draw.arc((125, 180, 175, 220), 20, 160, fill="#8a3b2a", width=4)
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


BROKEN = (
    Finding(PortraitRule.SHARPNESS, 11.2, "25..1e+06", False, "grey^2"),
    Finding(PortraitRule.FACING, -13.4, "-10..10", False, "deg"),
)
"""What the machine's check says of a poor photograph."""

OFFICER = OfficerSession(
    token="sample-session",  # noqa: S106 (a sample opens nothing)
    officer_id="lam.ks",
    display_name="Lam Ka Sze",
    roles=tuple(Role),
)

TAG = TagView(
    tag_id=CASE_ID,
    number="A012",
    token="sample-tag",  # noqa: S106 (a sample opens nothing)
    case_id=CASE_ID,
    service=Service.APPOINTMENT,
    stage=Stage.BOOTH,
    status=TagStatus.CALLED,
    place="B1",
    issued_at=MORNING,
)

FORM = Particulars(
    surname="CHAN",
    given_names="TAI MAN",
    chinese_name="陳大文",
    sex="M",
    date_of_birth=date(1970, 5, 17),
    place_of_birth="HONG KONG",
    nationality="CHINESE",
    marital_status="married",
    occupation="BAKER",
    address="FLAT 2A, 3 SAMPLE STREET, KOWLOON",
    telephone="2100 0000",
)

FINGERS = tuple(
    EnrolledFinger(position=position, quality=71, template=b"Rk1SACAyMAAAAAAY")
    for position in (1, 6)
)

RECEIPT = SubmitAnswer(
    receipt_number="HQ-2026-000123",
    receipt_token="sample-receipt-token-0123456789",  # noqa: S106 (a sample opens nothing)
    ready_on=date(2026, 3, 9),
)

CASE = CaseView.model_construct(
    case_id=CASE_ID,
    state=CaseState.REGISTERED,
    tag=TAG,
    identity_number="A123456(3)",
    particulars=FORM,
    missing=(),
    done=("form_done", "identified", "enrolled", "particulars_confirmed", "registered"),
    old_document=OldDocument.OLD_CARD,
    identified_by="finger",
    fingers=FINGERS,
    portrait=None,
    collection_office="HQ",
    receipt_number=None,
    receipt_token=None,
    ready_on=None,
    hand_off=None,
    captured_by=None,
    approved_by=None,
    card=None,
)


def handed_off() -> CaseView:
    """A case whose holder a kiosk could not identify."""
    return CASE.model_copy(
        update={
            "done": ("form_done",),
            "fingers": (),
            "identified_by": None,
            "particulars": FORM.model_copy(update={"telephone": ""}),
            "missing": ("telephone",),
            "hand_off": HandOffReason.FINGER_NOT_MATCHED,
        }
    )


def excepted() -> CaseView:
    """A case whose kiosk could read no finger, with the exceptions that an officer recorded."""
    tried = FingerTries(
        position=1, tries=3, best_quality=14, best_score=1.2, advice=("too_dry", "press_harder")
    )
    bandaged = FingerTries(position=6, excepted=True)
    exceptions = Exceptions(
        fingers=(
            ExceptedFinger(position=1, why=FingerException.WORN),
            ExceptedFinger(position=6, why=FingerException.BANDAGED),
        ),
        photographs=tuple(
            HandPhotograph(hand=hand, picture=b64encode(portrait())) for hand in Hand
        ),
        reason="Cleaner; the left thumb was cut last week",
    )
    return CASE.model_copy(
        update={
            "done": ("form_done", "attempted", "identified", "particulars_confirmed", "registered"),
            "fingers": (),
            "identified_by": "face",
            "attempts": Attempts(fingers=(tried, bandaged), face="accepted", seconds=71.5),
            "exceptions": exceptions,
            "excepted_by": "lam.ks",
            "twin": True,
        }
    )


def photographed() -> CaseView:
    """A case that can be submitted."""
    return CASE.model_copy(update={"portrait": portrait(), "done": (*CASE.done, "photographed")})


def from_kiosk() -> CaseView:
    """A case with what a kiosk took alone: its photograph waits for an officer's look."""
    done = (*CASE.done, "late_declared", "self_photographed", "signed")
    signed = BytesIO()
    line = Image.new("L", (400, 160), 255)
    ImageDraw.Draw(line).line([(20 + 9 * n, 80 + (-1) ** n * (40 - n)) for n in range(40)], width=3)
    line.save(signed, "PNG")
    more = {"portrait": portrait(), "signature": signed.getvalue(), "lateness": LateReason.ABROAD}
    return CASE.model_copy(update={"done": done, **more})


def submitted() -> CaseView:
    """A case with its receipt."""
    return photographed().model_copy(
        update={
            "state": CaseState.SUBMITTED,
            "done": (*CASE.done, "photographed", "submitted"),
            "receipt_number": RECEIPT.receipt_number,
            "receipt_token": RECEIPT.receipt_token,
            "ready_on": RECEIPT.ready_on,
            "captured_by": "wong.yk",
        }
    )


def card(state: CardState, location: str | None = None, slot: int | None = None) -> CardView:
    """A card in some state."""
    return CardView(
        card_id=CARD_ID,
        state=state,
        chip_serial=None if state is CardState.ORDERED else "00000000C0FFEE01",
        location=location,
        slot=slot,
        version=3,
        personalised_by=None if state is CardState.ORDERED else "ho.mm",
    )


def approved() -> CaseView:
    """A case whose card is ordered."""
    return submitted().model_copy(
        update={
            "state": CaseState.APPROVED,
            "done": (*submitted().done, "approved"),
            "approved_by": "lee.tf",
            "card": card(CardState.ORDERED),
        }
    )


def ready() -> CaseView:
    """A case whose card lies in the e-Cabinet, handed over by a collection kiosk."""
    return approved().model_copy(
        update={
            "state": CaseState.READY,
            "done": (*approved().done, "ready"),
            "hand_off": HandOffReason.FINGER_NOT_MATCHED,
            "card": card(CardState.STORED, "booth-1.cabinet", 3),
        }
    )


def rows() -> tuple[CaseRow, ...]:
    """A work list."""
    return tuple(
        CaseRow(
            case_id=CASE_ID,
            receipt_number=f"HQ-2026-{number:06d}",
            state=CaseState.SUBMITTED,
            submitted_at=MORNING,
            captured_by="wong.yk",
            card_id=CARD_ID,
        )
        for number in (121, 122, 123)
    )
