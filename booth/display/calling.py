"""Which calls are still to be said aloud: a state of the panel before and after, and no clock.

A call is one tag at one place, once: who is called again is another call. It waits here until it
was said whole. Until then it is left out where nobody needs to hear it any more: the person came,
was called elsewhere, or five minutes have passed. So nothing is said twice, and what could not be
said is not forgotten.
"""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from common.wire.shapes import Call, DisplayState

WORTH_SAYING = timedelta(minutes=5)
"""As the centre has it: who has not come so long after a call is called again, or is missed."""


class Line(BaseModel):
    """What a panel has heard of and not said yet; it outlives a restart.

    Attributes:
        seen: The revision of the last state, None before the first.
        unsaid: The calls that are still to be said, the oldest first.
    """

    model_config = ConfigDict(frozen=True)

    seen: int | None = None
    unsaid: tuple[Call, ...] = ()


def heard(line: Line, state: DisplayState) -> Line:
    """Take a state in: its new calls wait behind the others, a tag called again in its old turn."""
    standing = {
        call.tag_number: call
        for call in state.calls
        if state.at is None or state.at - call.called_at <= WORTH_SAYING
    }
    unsaid = {
        call.tag_number: standing[call.tag_number]
        for call in line.unsaid
        if call.tag_number in standing
    }
    for call in state.announce:
        if call.tag_number in standing:
            unsaid.setdefault(call.tag_number, call)
    return Line(seen=state.revision, unsaid=tuple(unsaid.values()))


def said(line: Line, call: Call) -> Line:
    """Take a call off that was said; one to the same tag that came meanwhile stays."""
    left = tuple(other for other in line.unsaid if key(other) != key(call))
    return line.model_copy(update={"unsaid": left})


def key(call: Call) -> tuple[str, int]:
    """Tell a call from all others, also from an earlier one of the same tag."""
    return call.tag_number, call.revision
