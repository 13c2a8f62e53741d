"""The panel of a hall in a window: what it shows, and a jack instead of its loudspeaker."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from booth.display.board import Board
from booth.display.caller import Caller
from booth.display.calling import Line
from booth.display.screens import PUBLIC, SIZE
from booth.display.wording import CALLED_IN
from common.domain.queue import Stage
from common.ui.screen import Screen
from common.ui.speech.voice import Voice
from common.ui.window import StationWindow
from common.wire.shapes import Call, DisplayState
from hardware.core.errors import DeviceAbsentError, RequestCancelledError
from tests.support.backend_office import MORNING
from tests.support.ears import NoJack

CALL = Call(
    tag_number="A007", place="B1", stage=Stage.BOOTH, called_at=MORNING, times=1, revision=4
)
OTHER = CALL.model_copy(update={"tag_number": "P003", "place": "K2", "revision": 3})
STATE = DisplayState(revision=4, calls=(CALL, OTHER), waiting=2)
NOTHING_SEEN = Line()
NEW = STATE.model_copy(update={"announce": (CALL,)})


@dataclass
class Hand:
    """A clock that is turned by hand."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def board_of(voice: Voice | None, line: Line = NOTHING_SEEN, clock: Hand | None = None):
    window = StationWindow("common-station", CALLED_IN[:1], SIZE, PUBLIC)
    window.open()
    caller = Caller(voice, line)
    board = Board(window, caller, clock or Hand())
    board.show()
    try:
        yield window, caller, board
    finally:
        caller.close()
        window.close()


def values(screen: Screen | None) -> dict[str, Any]:
    assert screen is not None
    return dict(screen.values)


def marked(window: StationWindow) -> set[str]:
    shown = values(window.current)
    calls = [*shown["newest"], *shown["others"]]
    return {call["tag"] for call in calls if call["calling"]}


@dataclass
class Jack(NoJack):
    """Keeps how much was played; can be away, or take no sample."""

    played: list[int] = field(default_factory=list)
    is_away: bool = False
    hangs: bool = False

    def play(self, samples: Iterator[bytes], rate_hz: int, cancelled: Event) -> None:
        del rate_hz  # how much was played says it too
        if self.is_away:
            raise DeviceAbsentError("the sound server is away")
        if self.hangs:
            cancelled.wait(10)
            raise RequestCancelledError("the sound was cut off")
        self.played.append(sum(map(len, samples)))
