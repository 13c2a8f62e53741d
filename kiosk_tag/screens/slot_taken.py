"""What was booked, or the slots that were printed; without a slip all of it stands here."""

from collections.abc import Sequence
from datetime import UTC, datetime

from common.ui.moments import slot
from common.ui.screen import Screen, Value
from common.wire.shapes import SlotAnswer
from kiosk_tag.events import WentBack
from kiosk_tag.screens import HERE
from kiosk_tag.screens.choose_slot import sample
from kiosk_tag.screens.code import code_image
from kiosk_tag.states import Question, Slip, SlotsListed, SlotTaken

_PATIENCE_S = {Slip.PRINTING: None, Slip.PRINTED: 30.0, Slip.MISSING: 60.0}


def slot_taken(state: SlotTaken) -> Screen:
    """Return the screen."""
    taken, is_missing = state.taken, state.slip is Slip.MISSING
    names = {"booked": "", "moved": "moved-", "waiting": "waiting-"}
    name = names.get(taken.outcome, "")
    token = taken.letter_token if is_missing else None
    return _screen(
        f"tag-booked-{name}title",
        "tag-booked-waiting-subtitle" if taken.outcome == "waiting" else "tag-booked-subtitle",
        state.slip,
        taken.slot,
        taken.enquiry_code or "",
        "" if token is None else code_image(token),
    )


def slots_listed(state: SlotsListed) -> Screen:
    """Return the screen for the printed list."""
    if state.slip is not Slip.MISSING:
        return _screen("tag-listed-title", "tag-listed-subtitle", state.slip)
    times = [slot(one.starts_at) for one in state.slots]
    return _screen("tag-paper-slots-title", "tag-listed-subtitle", state.slip, times=times)


def _screen(
    title: str,
    subtitle: str,
    slip: Slip,
    at: datetime | None = None,
    enquiry_code: str = "",
    code: str = "",
    times: Sequence[Value] = (),
) -> Screen:
    return Screen(
        HERE / "slot_taken.qml",
        {
            "title": title,
            "subtitle": subtitle,
            "slip": str(slip),
            "slot": {} if at is None else {"slot": slot(at)},
            "enquiry_code": enquiry_code,
            "code": code,
            "times": list(times),
        },
        {"done": lambda _: WentBack()},
        _PATIENCE_S[slip],
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    booked = SlotAnswer(
        outcome="booked",
        slot=datetime(2026, 11, 24, 1, 30, tzinfo=UTC),
        letter_token="sample-token-of-a-letter",  # noqa: S106 (a code without meaning)
        enquiry_code="2468",
    )
    moved = booked.model_copy(update={"outcome": "moved", "enquiry_code": None})
    waiting = SlotAnswer(outcome="waiting", enquiry_code="1357")
    return {
        "printing": slot_taken(SlotTaken(booked)),
        "booked": slot_taken(SlotTaken(booked, Slip.PRINTED)),
        "no_slip": slot_taken(SlotTaken(booked, Slip.MISSING)),
        "moved": slot_taken(SlotTaken(moved, Slip.PRINTED)),
        "waiting": slot_taken(SlotTaken(waiting, Slip.PRINTED)),
        "waiting_no_slip": slot_taken(SlotTaken(waiting, Slip.MISSING)),
        "list": slots_listed(SlotsListed((), Slip.PRINTED)),
        "list_no_slip": slots_listed(SlotsListed(sample(Question.NO_PLACES).slots, Slip.MISSING)),
    }
