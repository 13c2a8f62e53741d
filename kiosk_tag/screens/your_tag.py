"""The tag in big figures, and what to do next. No name and no number of a person."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from common.domain.queue import Arrival, ParkReason, Service, Stage, TagStatus
from common.ui.screen import Screen, Value
from common.wire.shapes import TagView
from kiosk_tag.events import MoreWanted, WentBack
from kiosk_tag.papers import hour_text, next_key, next_values
from kiosk_tag.screens import HERE
from kiosk_tag.screens.code import code_image
from kiosk_tag.states import Coming, Reason, Slip, TagIssued

# Without a slip there is a code to take a picture of, or a number to write down.
_PATIENCE_S = {Slip.PRINTING: None, Slip.PRINTED: 20.0, Slip.MISSING: 60.0}
_TOLD = {None: "", True: "tag-issued-told", False: "tag-issued-untold"}


def your_tag(state: TagIssued) -> Screen:
    """Return the screen; where no slip came out, it shows the slip's code itself."""
    tag = state.tag
    return Screen(
        HERE / "your_tag.qml",
        {
            "number": tag.number,
            "title": _title(state),
            "next": next_key(tag, unsent=state.unsent),
            "next_values": dict[str, Value](next_values(tag)),
            "at_reception": state.reception is not None,
            # What a child's parent has to do says already why.
            "reason": ""
            if state.reception in (None, Reason.CHILD)
            else f"tag-reception-{state.reception}",
            "unsent": state.unsent,
            "waits": tag.status is TagStatus.WAITING,
            "low": tag.wait_low_min,
            "high": tag.wait_high_min,
            "coming": _coming(state.coming),
            "slip": str(state.slip),
            # What is printed is spoken, too (EN 301 549, 5.1.3.16); the rest stands on the screen.
            "spoken": ["papers-slip-keep"] if state.slip is Slip.PRINTED else [],
            "told": _TOLD[state.told],
            "may_say_more": state.may_say_more,
            "code": code_image(tag.token) if state.slip is Slip.MISSING else "",
        },
        {
            "done": lambda _: WentBack(),
            "more": lambda _: MoreWanted(),
        },
        _PATIENCE_S[state.slip],
    )


def _title(state: TagIssued) -> str:
    if state.reception is not None:
        return "tag-reception-title"
    if state.tag.status is TagStatus.PARKED:
        return "tag-asleep-title"
    if next_values(state.tag):
        return "tag-called-title"
    return "tag-issued-again-title" if state.reprinted else "tag-issued-title"


def _coming(coming: Coming | None) -> dict[str, Value]:
    if coming is None:
        return {}
    back = "" if coming.be_back_at is None else hour_text(coming.be_back_at)
    return {
        "key": f"tag-coming-{coming.arrival}",
        "values": {"slot": hour_text(coming.slot), "back": back},
    }


SAMPLE = TagView(
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


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    tag, waiting = SAMPLE, SAMPLE.model_copy(update={"stage": Stage.KIOSK})
    parked = tag.model_copy(
        update={
            "number": "J004",
            "service": Service.JUVENILE,
            "status": TagStatus.PARKED,
            "reason": ParkReason.GUARDIAN,
        }
    )
    child = parked.model_copy(update={"stage": Stage.BOOTH, "status": TagStatus.WAITING})
    called = tag.model_copy(
        update={"number": "E007", "service": Service.ASSISTED, "stage": Stage.COUNTER}
    )
    expected = waiting.model_copy(update={"status": TagStatus.CALLED, "place": "K1"})
    unsent = tag.model_copy(update={"number": "B017", "wait_high_min": 0})
    slot = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    back = slot - timedelta(minutes=10)
    printed = Slip.PRINTED
    comings = {
        str(one): Coming(one, slot, back if one is Arrival.EARLY else None) for one in Arrival
    }
    return {
        "printing": your_tag(TagIssued(tag, reprinted=False)),
        "printed": your_tag(TagIssued(waiting, reprinted=False, slip=printed)),
        "no_slip": your_tag(TagIssued(tag, reprinted=False, slip=Slip.MISSING)),
        "unsent": your_tag(TagIssued(unsent, reprinted=False, slip=printed, unsent=True)),
        "again": your_tag(TagIssued(waiting, reprinted=True, slip=printed)),
        "called": your_tag(TagIssued(expected, reprinted=True, slip=printed)),
        "told": your_tag(TagIssued(waiting, reprinted=False, slip=printed, told=True)),
        "untold": your_tag(TagIssued(waiting, reprinted=False, slip=printed, told=False)),
        "parent": your_tag(TagIssued(parked, reprinted=False, slip=printed)),
        "child": your_tag(TagIssued(child, reprinted=False, slip=printed, reception=Reason.CHILD)),
        "reception": your_tag(
            TagIssued(called, reprinted=False, slip=printed, reception=Reason.RECEPTION)
        ),
        **{
            name: your_tag(TagIssued(tag, reprinted=False, slip=printed, coming=coming))
            for name, coming in comings.items()
        },
    }
