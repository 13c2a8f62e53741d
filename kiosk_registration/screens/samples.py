"""Invented values for the gallery."""

from datetime import UTC, date, datetime
from uuid import UUID

from common.domain.identity_number import IdentityNumber
from common.domain.queue import Service, Stage, TagStatus
from common.wire.shapes import Particulars, TagView
from kiosk_registration.visit import (
    OldCard,
    OpenCase,
)

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
