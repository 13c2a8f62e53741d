"""The panel: tags and places, in three languages at once, never a name or a number of identity."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from booth.display.calling import key
from booth.display.screens import HERE
from booth.display.wording import CALLED_IN, called, kind_of
from booth.screens.samples import MORNING
from common.domain.clock import OFFICE_ZONE
from common.domain.language import Language
from common.domain.queue import Stage
from common.i18n.texts import TextValue, texts
from common.ui.screen import Screen, Value
from common.wire.shapes import Call, DisplayState

BESIDES = 6
"""So many calls stand below the newest: more would be too small to be read from ten metres."""
SOON = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Aloud:
    """What the hall hears now.

    Attributes:
        call: The call that is being said.
        language: In which language; None while the tone sounds.
        is_silent: The last call could not be said.
    """

    call: Call | None = None
    language: Language | None = None
    is_silent: bool = False


QUIET = Aloud()


def panel(
    state: DisplayState | None,
    *,
    is_lost: bool,
    aloud: Aloud = QUIET,
    calling: Collection[tuple[str, int]] = (),
) -> Screen:
    """Return the panel.

    Args:
        state: The last known state, None before the first.
        is_lost: Whether it may be old.
        aloud: What is being said: that call stands largest, so that eye and ear are told the same.
        calling: The calls, by tag and revision, that are marked: just called, or to be said.
    """
    calls = [] if state is None else list(state.calls)
    first = next((call for call in calls if aloud.call and key(call) == key(aloud.call)), None)
    newest = [first or calls[0]] if calls else []
    others = [call for call in calls if call not in newest][:BESIDES]
    return Screen(
        HERE / "panel.qml",
        {
            "title": _all("display-title"),
            "waiting": "" if state is None else str(state.waiting),
            "waitingWords": _all("display-waiting"),
            "newest": [_shown(call, calling) for call in newest],
            "others": [_shown(call, calling) for call in others],
            "recent": _all("display-recent"),
            "quiet": [] if calls else _each(_quiet(state, is_lost)),
            "notice": _notice(state, is_lost, aloud.is_silent),
            "said": called(aloud.call, aloud.language) if aloud.call and aloud.language else "",
            "saidIn": str(aloud.language or ""),
            "keeps": True,
        },
    )


def _shown(call: Call, calling: Collection[tuple[str, int]]) -> dict[str, Value]:
    return {
        "tag": call.tag_number,
        "place": call.place,
        "kind": _all(f"display-place-{kind_of(call.stage)}"),
        "calling": key(call) in calling,
        "name": called(call, Language.ENGLISH),
    }


def _quiet(state: DisplayState | None, is_lost: bool) -> str:
    if state is None:
        return "display-line-lost" if is_lost else "display-starting"
    if not state.is_open and state.waiting == 0:
        return "display-closed"
    return "display-nobody"


def _notice(state: DisplayState | None, is_lost: bool, is_silent: bool) -> dict[str, Value]:
    """Return the one thing that everybody has to know besides; what is worst comes first."""
    if is_lost and state is not None:
        return {"kind": "warn", "texts": _each("display-line-lost")}
    if is_silent:
        return {"kind": "warn", "texts": _each("display-silent")}
    if state is None:
        return {"kind": "", "texts": []}
    if not state.is_open and (state.waiting or state.calls):
        return {"kind": "info", "texts": _each("display-closed-waiting")}
    if state.at and state.closes_at and state.closes_at - state.at <= SOON:
        clock = state.closes_at.astimezone(OFFICE_ZONE).strftime("%H:%M")
        return {"kind": "info", "texts": _each("display-closing", time=clock)}
    return {"kind": "", "texts": []}


def _each(name: str, **values: TextValue) -> list[Value]:
    return [{"language": str(one), "text": texts(one).text(name, **values)} for one in CALLED_IN]


def _all(name: str) -> str:
    """Return a text in all languages on one line; what two write alike stands there once."""
    return " · ".join(dict.fromkeys(texts(one).text(name) for one in CALLED_IN))


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    places = (
        ("A012", "B1", Stage.BOOTH),
        ("C103", "K3", Stage.KIOSK),
        ("P007", "B2", Stage.BOOTH),
        ("E001", "C1", Stage.COUNTER),
        ("W007", "K1", Stage.KIOSK),
        ("A014", "K2", Stage.KIOSK),
        ("A015", "B14", Stage.BOOTH),
        ("L1002", "B3", Stage.BOOTH),
    )
    calls = tuple(
        Call(tag_number=tag, place=place, stage=stage, called_at=MORNING, times=1, revision=n)
        for n, (tag, place, stage) in enumerate(places)
    )
    state = DisplayState(revision=9, calls=calls, waiting=23, at=MORNING)
    one = state.model_copy(update={"calls": calls[:1]})
    none = DisplayState(revision=1, calls=(), waiting=0)
    closing = MORNING + timedelta(minutes=20)
    said = Aloud(calls[1], Language.ENGLISH)
    return {
        "calls": panel(state, is_lost=False),
        "aloud": panel(state, is_lost=False, aloud=said, calling={("C103", 1), ("P007", 2)}),
        "one": panel(one, is_lost=False, aloud=Aloud(calls[0]), calling={("A012", 0)}),
        "lost": panel(state, is_lost=True),
        "silent": panel(state, is_lost=False, aloud=Aloud(is_silent=True), calling={("A012", 0)}),
        "closing": panel(
            state.model_copy(update={"closes_at": closing}),
            is_lost=False,
            aloud=Aloud(calls[0], Language.TRADITIONAL),
            calling={("A012", 0)},
        ),
        "closed-waiting": panel(
            one.model_copy(update={"is_open": False, "waiting": 2}), is_lost=False
        ),
        "closed": panel(none.model_copy(update={"is_open": False}), is_lost=False),
        "nobody": panel(none, is_lost=False),
        "starting": panel(None, is_lost=False),
        "unreachable": panel(None, is_lost=True),
    }
