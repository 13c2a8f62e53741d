"""Invented values for the gallery."""

from datetime import UTC, date, datetime
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageDraw

from common.domain.identity_number import IdentityNumber
from common.domain.language import Language
from common.domain.queue import Service, Stage, TagStatus
from common.wire.shapes import Particulars, TagView
from kiosk_registration.words import OfficeChoice, OldCard, OpenCase

DAY = date(2026, 1, 5)
PARTICULARS = Particulars(
    surname="CHAN",
    given_names="SIU MING",
    chinese_name="陳小明",
    sex="M",
    date_of_birth=date(1985, 3, 14),
    place_of_birth="HONG KONG",
    nationality="CHINESE",
    marital_status="married",
    occupation="CLERK",
    address="FLAT 5B, 12 SAMPLE STREET, KOWLOON",
    telephone="5555 0123",
)
CASE = OpenCase(UUID(int=1), "A023", IdentityNumber.parse("A123456(3)"), PARTICULARS)
OLD_CARD = OldCard(
    CASE.identity_number, "CHAN", "SIU MING", "陳小明", "M", date(1985, 3, 14), fingers=()
)
TAG = TagView(
    tag_id=UUID(int=2),
    number="A023",
    token="sample-token-of-a-tag",  # noqa: S106 (a code without meaning)
    case_id=UUID(int=1),
    service=Service.APPOINTMENT,
    stage=Stage.KIOSK,
    status=TagStatus.CALLED,
    place="K1",
    issued_at=datetime(2026, 1, 5, 2, 30, tzinfo=UTC),
)
OFFICES = tuple(
    OfficeChoice(
        f"S{number}",
        (
            (Language.ENGLISH, f"Sample Office {number}"),
            (Language.TRADITIONAL, f"樣本辦事處（{number}）"),
            (Language.SIMPLIFIED, f"样本办事处（{number}）"),
        ),
        (
            (Language.ENGLISH, f"{number} Sample Road, Kowloon"),
            (Language.TRADITIONAL, f"九龍樣本道 {number} 號"),
            (Language.SIMPLIFIED, f"九龙样本道 {number} 号"),
        ),
        is_here=number == 1,
    )
    for number in range(1, 10)
)


def _portrait() -> bytes:
    """Draw somebody who does not exist."""
    picture = Image.new("RGB", (300, 386), "#e6ebf0")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((30, 300, 270, 580), fill="#5a4a7a")
    draw.ellipse((88, 66, 212, 252), fill="#dcb592")
    draw.chord((82, 46, 218, 206), 180, 360, fill="#2b2320")
    for x in (126, 176):
        draw.ellipse((x - 8, 146, x + 6, 160), fill="#2b2320")
    draw.line((130, 214, 170, 214), fill="#8a4a3b", width=5)
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _signature() -> bytes:
    """Draw a wavy line."""
    picture = Image.new("L", (567, 354), 255)
    points = [(60 + 9 * n, 180 + (-1) ** n * (70 - n)) for n in range(50)]
    ImageDraw.Draw(picture).line(points, fill=0, width=4)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


PORTRAIT_JPEG = _portrait()
SIGNATURE_PNG = _signature()
