"""The panel: tags and places, in Chinese and English at once, never a name or a number."""

from booth.display.screens import HERE
from booth.screens.samples import MORNING
from common.domain.language import Language
from common.domain.queue import Stage
from common.i18n.texts import TextValue, texts
from common.ui.screen import Screen, Value
from common.wire.shapes import Call, DisplayState

SPOKEN = (Language.TRADITIONAL, Language.ENGLISH)
"""Everybody in the hall reads one panel, so it speaks both languages at the same time."""
MOST_CALLS = 7


def panel(state: DisplayState | None, *, is_lost: bool) -> Screen:
    """Return the panel with the last known state, and a word of warning when it may be old."""
    calls = state.calls[:MOST_CALLS] if state is not None else ()
    shown: list[Value] = [
        {"tag": call.tag_number, "place": call.place, "times": call.times} for call in calls
    ]
    return Screen(
        HERE / "panel.qml",
        {
            "title": _both("display-title"),
            "tag": _both("display-tag"),
            "place": _both("display-place"),
            "nobody": _both("display-nobody"),
            "lost": _both("display-line-lost", " ") if is_lost else "",
            "waiting": _both("display-waiting", count=state.waiting) if state else "",
            "calls": shown,
            "keeps": True,
        },
    )


def _both(key: str, between: str = "  ", **values: TextValue) -> str:
    return between.join(texts(language).text(key, **values) for language in SPOKEN)


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    calls = tuple(
        Call(tag_number=tag, place=place, stage=Stage.BOOTH, called_at=MORNING, times=1)
        for tag, place in (("A012", "B1"), ("C103", "K3"), ("W007", "B2"), ("E001", "C1"))
    )
    state = DisplayState(revision=9, calls=calls, waiting=23)
    return {
        "calls": panel(state, is_lost=False),
        "lost": panel(state, is_lost=True),
        "nobody": panel(DisplayState(revision=1, calls=(), waiting=0), is_lost=False),
    }
