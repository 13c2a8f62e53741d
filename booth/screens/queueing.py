"""Calling the next person, for registration and for the counter."""

from typing import assert_never

from booth.duties.counter import FindAsked
from booth.duties.queueing import (
    CallAsked,
    Called,
    Calling,
    QueueAct,
    QueueActAsked,
    QueueState,
    Ready,
    Resuming,
    TellingQueue,
)
from booth.duties.shared import HomeAsked, Left, Note
from booth.screens import HERE
from booth.screens.samples import TAG
from booth.screens.values import noted
from booth.screens.working import working
from common.domain.queue import Errand, Interpreted, Need, Stage
from common.ui.screen import Screen

NAMES = {
    Interpreted.INDONESIAN: "Bahasa Indonesia",
    Interpreted.TAGALOG: "Tagalog",
    Interpreted.HINDI: "Hindi",
    Interpreted.NEPALI: "Nepali",
    Interpreted.PUNJABI: "Punjabi",
    Interpreted.THAI: "Thai",
    Interpreted.URDU: "Urdu",
    Interpreted.VIETNAMESE: "Vietnamese",
}
"""Officers ask for an interpreter by these names."""


def screen_for(state: QueueState, place: str) -> Screen:
    """Return what the window shows until a case is open."""
    match state:
        case Resuming():
            return working("booth-busy-resuming")
        case Ready(stage, note):
            return _call_next(stage, note, place)
        case Calling():
            return working("booth-busy-calling", "tag")
        case Called(_, tag, note):
            return Screen(
                HERE / "called.qml",
                {
                    "number": tag.number,
                    "place": place,
                    "needs": [f"booth-need-{need}" for need in tag.needs],
                    "interpreter": "" if tag.interpreter is None else NAMES[tag.interpreter],
                    "errand": "" if tag.errand is None else f"booth-errand-{tag.errand}",
                    "keeps": True,
                    **noted(note),
                },
                {
                    "arrive": lambda _: QueueActAsked(QueueAct.ARRIVE),
                    "recall": lambda _: QueueActAsked(QueueAct.RECALL),
                    "miss": lambda _: QueueActAsked(QueueAct.MISS),
                },
            )
        case TellingQueue():
            return working("booth-busy-opening", "form")
        case Left():
            return working("booth-busy-opening")
        case _:
            assert_never(state)


def _call_next(stage: Stage, note: Note | None, place: str) -> Screen:
    at_counter = stage is Stage.COUNTER
    return Screen(
        HERE / "call_next.qml",
        {
            "title_key": f"booth-duty-{'counter' if at_counter else 'registration'}",
            "place": place,
            "can_find": at_counter,
            **noted(note),
        },
        {
            "call": lambda _: CallAsked(),
            "find": _find,
            "home": lambda _: HomeAsked(),
        },
    )


def _find(typed: str) -> FindAsked:
    if not 4 <= len(typed.strip()) <= 200:
        raise ValueError("too short or too long for any number")
    return FindAsked(typed)


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "call": screen_for(Ready(Stage.BOOTH), "B1"),
        "call-counter": screen_for(Ready(Stage.COUNTER, Note.NOBODY_WAITS), "C1"),
        "called": screen_for(Called(Stage.BOOTH, TAG, Note.CALLED_AGAIN), "B1"),
        "called-needs": screen_for(
            Called(
                Stage.BOOTH,
                TAG.model_copy(
                    update={
                        "errand": Errand.LOST,
                        "needs": tuple(Need),
                        "interpreter": Interpreted.URDU,
                    }
                ),
                None,
            ),
            "B1",
        ),
    }
