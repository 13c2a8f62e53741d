"""The tag in big figures, and what to do next. No name and no number of a person."""

import base64
from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID

from common.domain.queue import Service, Stage, TagStatus
from common.equipment.slip_paper import code_picture
from common.ui.screen import Screen
from common.wire.shapes import TagView
from kiosk_tag.flow import Slip, TagIssued, WentBack
from kiosk_tag.screens import HERE

SCREEN_MODULE_PX = 10


def your_tag(state: TagIssued) -> Screen:
    """Return the screen; where no slip came out, it shows the slip's code itself."""
    tag = state.tag
    return Screen(
        HERE / "your_tag.qml",
        {
            "number": tag.number,
            "next": "papers-next-unsent" if state.unsent else f"papers-next-{tag.stage}",
            "unsent": state.unsent,
            "low": tag.wait_low_min,
            "high": tag.wait_high_min,
            "slip": str(state.slip),
            # What is printed is spoken, too (EN 301 549, 5.1.3.16); the rest stands on the screen.
            "spoken": ["papers-slip-keep"] if state.slip is Slip.PRINTED else [],
            "reprinted": state.reprinted,
            "code": _code(tag.token) if state.slip is Slip.MISSING else "",
        },
        {"done": lambda _: WentBack()},
    )


def _code(token: str) -> str:
    png = BytesIO()
    code_picture(token, SCREEN_MODULE_PX).save(png, "PNG")
    return "data:image/png;base64," + base64.b64encode(png.getvalue()).decode()


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    tag = TagView(
        tag_id=UUID(int=1),
        number="A023",
        token="sample-token-of-a-tag",  # noqa: S106 (a code without meaning)
        case_id=UUID(int=2),
        service=Service.APPOINTMENT,
        stage=Stage.FORM,
        status=TagStatus.WAITING,
        issued_at=datetime(2026, 1, 5, 2, 30, tzinfo=UTC),
        people_ahead=3,
        wait_low_min=10,
        wait_high_min=20,
    )
    waiting = tag.model_copy(update={"stage": Stage.KIOSK})
    return {
        "printing": your_tag(TagIssued(tag, reprinted=False)),
        "printed": your_tag(TagIssued(waiting, reprinted=False, slip=Slip.PRINTED)),
        "no_slip": your_tag(TagIssued(tag, reprinted=False, slip=Slip.MISSING)),
        "unsent": your_tag(
            TagIssued(
                tag.model_copy(update={"number": "B017", "wait_high_min": 0}),
                reprinted=False,
                slip=Slip.PRINTED,
                unsent=True,
            )
        ),
        "again": your_tag(TagIssued(waiting, reprinted=True, slip=Slip.PRINTED)),
    }
