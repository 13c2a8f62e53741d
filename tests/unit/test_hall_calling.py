"""Which calls a panel says aloud: each once, again when called again, none that it was told before.

The states come from the centre's own rule of what a listener has not been told (`Panels`).
"""

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.panels import Panels
from booth.display.calling import WORTH_SAYING, Line, heard, key, said
from booth.display.wording import CALLED_IN, MANY, NOTES, called, called_briefly, utterances
from common.domain.clock import HandClock
from common.domain.language import Language
from common.domain.queue import Stage
from common.ui.speech.spelling import spelled
from common.wire.shapes import Call, DisplayState
from tests.support.backend_office import MORNING

TAGS = ("A001", "A002", "P003", "E004")
PLACES = ("B1", "B2", "C1")


@dataclass
class Hall:
    """A centre that calls and a panel that listens, as a model. Both can be started anew."""

    clock: HandClock = field(default_factory=lambda: HandClock(MORNING))
    revision: int = 0
    standing: dict[str, Call] = field(default_factory=dict)
    line: Line = field(default_factory=Line)
    after: int | None = None
    saying: Call | None = None
    told_from: int | None = None
    """The revision of the first state that the panel remembers: what was called before is old."""
    said: list[tuple[str, int]] = field(default_factory=list)

    def call(self, tag: str, place: str) -> None:
        self.revision += 1
        self.standing[tag] = Call(
            tag_number=tag,
            place=place,
            stage=Stage.BOOTH,
            called_at=self.clock(),
            times=1,
            revision=self.revision,
        )

    def come(self, tag: str) -> None:
        if self.standing.pop(tag, None):
            self.revision += 1

    def tell(self) -> None:
        calls = sorted(self.standing.values(), key=key, reverse=True)
        state = DisplayState(revision=self.revision, calls=tuple(calls), waiting=0, at=self.clock())
        told = Panels(self.clock)._announcing(state, self.after)
        self.line, self.after = heard(self.line, told), self.revision
        if self.told_from is None:
            self.told_from = self.revision

    def begin(self) -> None:
        if self.saying is None and self.line.unsaid:
            self.saying = self.line.unsaid[0]

    def end(self, is_whole: bool = True) -> None:
        if self.saying is not None and is_whole:
            self.said.append(key(self.saying))
            self.line = said(self.line, self.saying)
        self.saying = None

    def restart_panel(self, remembers: bool) -> None:
        """The feed asks for what came after the state in the memory, not for what it heard last."""
        self.saying = None
        kept = Line.model_validate_json(self.line.model_dump_json()) if remembers else Line()
        self.line, self.after = kept, kept.seen
        if not remembers:
            self.told_from = None

    def finish(self) -> None:
        self.tell()
        while self.line.unsaid or self.saying:
            self.begin()
            self.end()


STEPS = st.one_of(
    st.tuples(st.just("call"), st.sampled_from(TAGS), st.sampled_from(PLACES)),
    st.tuples(st.just("come"), st.sampled_from(TAGS)),
    st.tuples(st.just("tell")),
    st.tuples(st.just("begin")),
    st.tuples(st.just("end"), st.booleans()),
    st.tuples(st.just("restart_panel"), st.booleans()),
)


@given(st.lists(STEPS, max_size=40))
def test_each_call_is_said_once_and_none_of_before_a_panel_knew(steps):
    hall = Hall()
    for step in steps:
        name, *arguments = step
        getattr(hall, name)(*arguments)
        assert len(set(hall.said)) == len(hall.said), "a call was said twice"
    before = len(hall.said)
    hall.finish()
    assert len(set(hall.said)) == len(hall.said)
    told_from = hall.told_from or 0
    assert all(revision > told_from for _, revision in hall.said[before:])
    owed = {key(call) for call in hall.standing.values() if call.revision > told_from}
    assert owed <= set(hall.said), "a call was lost"


def test_a_panel_that_is_started_anew_reads_no_old_calls():
    hall = Hall()
    hall.call("A001", "B1")
    hall.tell()
    assert hall.line == Line(seen=1)
    hall.call("A002", "B2")
    hall.finish()
    hall.restart_panel(remembers=True)
    hall.finish()
    assert hall.said == [("A002", 2)]


def test_what_was_called_while_the_panel_was_away_is_said():
    hall = Hall()
    hall.tell()
    hall.call("A001", "B1")
    hall.tell()
    hall.restart_panel(remembers=True)
    hall.call("A002", "B2")
    hall.finish()
    assert hall.said == [("A001", 1), ("A002", 2)]


def test_a_tag_that_is_called_again_is_said_again_and_waits_only_once():
    hall = Hall()
    hall.tell()
    hall.call("A001", "B1")
    hall.finish()
    hall.call("A001", "B1")
    hall.finish()
    assert hall.said == [("A001", 1), ("A001", 2)]
    hall.call("A001", "B1")
    hall.tell()
    hall.call("A002", "B2")
    hall.call("A001", "B2")
    hall.tell()
    assert [(call.tag_number, call.place) for call in hall.line.unsaid] == [
        ("A001", "B2"),
        ("A002", "B2"),
    ]


def test_a_tag_that_is_called_again_while_it_is_said_is_said_once_more():
    hall = Hall()
    hall.tell()
    hall.call("A001", "B1")
    hall.tell()
    hall.begin()
    hall.call("A001", "B1")
    hall.tell()
    hall.end()
    hall.finish()
    assert hall.said == [("A001", 1), ("A001", 2)]


def test_who_is_called_together_is_called_one_by_one():
    hall = Hall()
    hall.tell()
    hall.call("A001", "B1")
    hall.standing["A002"] = hall.standing["A001"].model_copy(update={"tag_number": "A002"})
    hall.finish()
    assert hall.said == [("A001", 1), ("A002", 1)]


def test_who_came_or_was_called_long_ago_is_called_no_more():
    hall = Hall()
    hall.tell()
    hall.call("A001", "B1")
    hall.call("A002", "B2")
    hall.tell()
    hall.come("A001")
    hall.tell()
    assert [call.tag_number for call in hall.line.unsaid] == ["A002"]
    hall.clock.advance((WORTH_SAYING + timedelta(seconds=1)).total_seconds())
    hall.tell()
    assert hall.line.unsaid == ()


CALL = Call(tag_number="A012", place="B5", stage=Stage.BOOTH, called_at=MORNING, times=1)


def test_a_call_is_a_tone_and_a_sentence_in_each_language():
    tone, *sentences = utterances(CALL, 1)
    assert tone.pieces == (NOTES,)
    assert [(one.language, spelled(one.text)) for one in sentences] == [
        (Language.TRADITIONAL, "籌號 A-0 1 2，請到登記室 B-5"),
        (Language.SIMPLIFIED, "筹号 A-0 1 2，请到登记室 B-5"),
        (Language.ENGLISH, "Tag A-0 1 2, please go to registration booth B-5"),
    ]


def test_many_calls_are_said_briefly_and_in_every_language():
    brief = utterances(CALL, MANY)
    assert [one.language for one in brief] == list(CALLED_IN)
    assert [one.text for one in brief] == ["A012，B5", "A012，B5", "A012, B5"]
    assert len(utterances(CALL, MANY - 1)) == len(CALLED_IN) + 1


def test_every_stage_has_its_sentence_in_every_language():
    for stage in Stage:
        for language in CALLED_IN:
            call = CALL.model_copy(update={"stage": stage})
            assert "A012" in called(call, language)
            assert "B5" in called(call, language)
            assert "A012" in called_briefly(call, language)
