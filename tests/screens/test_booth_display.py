"""The panel of the hall: what it shows, what it calls aloud, and that both outlive a lost line."""

import socket
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread

import pytest

from booth.display.__main__ import hall_voice, status
from booth.display.board import MARKED_S, Board
from booth.display.caller import Caller
from booth.display.calling import Line
from booth.display.engines import Clips, Notes, hall_engine, parts_of, to_record
from booth.display.feed import DisplayFeed, states_in
from booth.display.memory import Memory
from booth.display.screens import PUBLIC, SIZE
from booth.display.screens.panel import Aloud, panel, previews
from booth.display.wording import CALLED_IN, NOTES, called
from common.domain.language import Language
from common.domain.queue import Stage
from common.i18n.texts import texts
from common.station.config import ConfigError, EngineConfig, read
from common.ui.accessibility import faults
from common.ui.loudspeaker import tone
from common.ui.speech.engine import Recordings, prompt_name
from common.ui.speech.spelling import spelled
from common.ui.speech.voice import Utterance, Voice, sound
from common.ui.touch_panel import controls
from common.ui.window import StationWindow
from common.wire.shapes import Call, DisplayState
from hardware.core.errors import DeviceAbsentError, RequestCancelledError
from hardware.simulation.sound_card import SimulatedSoundCard
from hardware.simulation.world import World
from hardware.sound.outputs import output_at
from tests.support.backend_office import MORNING, office_settings, running_office
from tests.support.ears import Mutter, NoJack
from tests.support.qt import render

CALL = Call(
    tag_number="A007", place="B1", stage=Stage.BOOTH, called_at=MORNING, times=1, revision=4
)
OTHER = CALL.model_copy(update={"tag_number": "P003", "place": "K2", "revision": 3})
STATE = DisplayState(revision=4, calls=(CALL, OTHER), waiting=2)
NOTHING_SEEN = Line()
CLOSES = MORNING + timedelta(minutes=20)
NEW = STATE.model_copy(update={"announce": (CALL,)})


@pytest.mark.parametrize("name", list(previews()))
def test_the_panel_can_be_read(qapp, name):
    with render(previews()[name], size=SIZE, public=PUBLIC) as shown:
        assert not faults(shown.window, shown.picture)


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


def test_a_lost_line_keeps_the_calls_under_a_banner(qtbot):
    with board_of(None) as (window, _, board):

        def says(words):
            return any(words in control.name for control in controls(window))

        board.told(STATE)
        qtbot.waitUntil(lambda: says("A007"))
        board.told(None)
        for language in CALLED_IN:
            qtbot.waitUntil(lambda: says(texts(language).text("display-line-lost")))  # noqa: B023
        assert says("A007")
        board.told(STATE.model_copy(update={"revision": 1, "calls": ()}))
        qtbot.waitUntil(lambda: not says("A007"))
        assert says(texts(CALLED_IN[0]).text("display-nobody"))


def test_only_tags_and_places_are_shown():
    values = panel(STATE, is_lost=False).values
    [newest], [other] = values["newest"], values["others"]
    assert newest == {
        "tag": "A007",
        "place": "B1",
        "kind": "登記室 · 登记室 · Registration booth",
        "calling": False,
        "name": "Tag A007, please go to registration booth B1",
    }
    assert (other["tag"], other["place"]) == ("P003", "K2")


def test_what_is_said_stands_largest_with_its_sentence():
    aloud = Aloud(OTHER, Language.SIMPLIFIED)
    values = panel(STATE, is_lost=False, aloud=aloud, calling={("P003", 3)}).values
    [newest], [other] = values["newest"], values["others"]
    assert (newest["tag"], newest["calling"]) == ("P003", True)
    assert (other["tag"], other["calling"]) == ("A007", False)
    assert values["said"] == "筹号 P003，请到登记室 K2"
    assert values["saidIn"] == "zh-Hans"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ""),
        ({"is_open": False}, "display-closed-waiting"),
        ({"at": MORNING, "closes_at": CLOSES}, "display-closing"),
    ],
)
def test_the_office_s_hours_stand_on_the_panel(change, expected):
    notice = panel(STATE.model_copy(update=change), is_lost=False).values["notice"]
    said = [texts(one).text(expected, time="09:20") for one in CALLED_IN] if expected else []
    assert [each["text"] for each in notice["texts"]] == said


def test_a_closed_office_with_nobody_waiting_says_so():
    closed = DisplayState(revision=1, calls=(), waiting=0, is_open=False)
    quiet = panel(closed, is_lost=False).values["quiet"]
    assert [each["text"] for each in quiet] == [
        "辦事處已關門",
        "办事处已关门",
        "The office is closed",
    ]


def marked(window: StationWindow) -> set[str]:
    assert window.current is not None
    calls = [*window.current.values["newest"], *window.current.values["others"]]
    return {call["tag"] for call in calls if call["calling"]}


def test_without_a_voice_a_new_call_is_marked_for_a_while(qtbot):
    clock = Hand()
    with board_of(None, clock=clock) as (window, caller, board):
        board.told(NEW)
        qtbot.waitUntil(lambda: marked(window) == {"A007"})
        assert caller.line == Line(seen=4)
        clock.now = MARKED_S - 1
        board.told(STATE)
        qtbot.wait(10)
        assert marked(window) == {"A007"}
        clock.now = MARKED_S + 1
        board.told(STATE)
        qtbot.waitUntil(lambda: marked(window) == set())


@dataclass
class Jack(NoJack):
    """Keeps how much was played; can be away, or take no sample."""

    played: list[int] = field(default_factory=list)
    is_away: bool = False
    hangs: bool = False

    def play(self, samples: Iterator[bytes], rate_hz: int, cancelled: Event) -> None:  # noqa: ARG002
        if self.is_away:
            raise DeviceAbsentError("the sound server is away")
        if self.hangs:
            cancelled.wait(10)
            raise RequestCancelledError("the sound was cut off")
        self.played.append(sum(map(len, samples)))


def test_a_call_is_said_in_three_languages_and_marked_until_after_its_end(qtbot):
    clock, said = Hand(), list[str]()
    voice = Voice(Mutter(), Jack())
    voice.began.connect(lambda utterance: said.append(utterance.text))
    with board_of(voice, clock=clock) as (window, caller, board):
        board.told(STATE)
        with qtbot.waitSignal(caller.called):
            board.told(NEW)
        assert said == [NOTES, *(called(CALL, language) for language in CALLED_IN)]
        qtbot.waitUntil(lambda: marked(window) == {"A007"})
        board.told(STATE)
        qtbot.wait(20)
        assert len(said) == 4, "a state that comes again is no call"
        clock.now = MARKED_S + 1
        board.told(STATE)
        qtbot.waitUntil(lambda: marked(window) == set())


def test_calls_wait_their_turn_and_a_crowd_is_called_briefly(qtbot):
    calls = tuple(
        CALL.model_copy(update={"tag_number": f"A{n:03}", "revision": n}) for n in range(1, 21)
    )
    said: list[str] = []
    voice = Voice(Mutter(), Jack())
    voice.began.connect(lambda utterance: said.append(utterance.text))
    with board_of(voice, Line(seen=0)) as (_, caller, board):
        board.told(DisplayState(revision=20, calls=calls[::-1], announce=calls, waiting=0))
        qtbot.waitUntil(lambda: len(said) == 18 * 3 + 2 * 4 and caller.saying is None)
    for call in calls:
        assert sum(call.tag_number in text for text in said) == 3
    order = [next(n for n, t in enumerate(said) if call.tag_number in t) for call in calls]
    assert order == sorted(order)


def test_a_loudspeaker_that_is_away_is_told_once_and_tried_with_each_state(qtbot, caplog):
    jack = Jack(is_away=True)
    with board_of(Voice(Mutter(), jack)) as (window, caller, board):
        for _ in range(3):
            board.told(NEW if caller.line.seen is None else STATE)
            qtbot.waitUntil(lambda: caller.is_silent and caller.saying is None)
        assert len([record for record in caplog.records if "away" in record.message]) == 1
        assert caller.line.unsaid == (CALL,)
        assert status(caller) == "the voice fails, 1 calls unsaid"
        assert window.current is not None
        silent = texts(CALLED_IN[2]).text("display-silent")
        assert window.current.values["notice"]["texts"][2]["text"] == silent
        assert marked(window) == {"A007"}
        jack.is_away = False
        with qtbot.waitSignal(caller.called):
            board.told(STATE)
        assert not caller.is_silent
        assert len(jack.played) == 4
        assert status(caller) == "0 calls to be said"


def test_a_loudspeaker_that_hangs_holds_up_nothing(qtbot):
    jack = Jack(hangs=True)
    with board_of(Voice(Mutter(), jack)) as (_, caller, board):
        caller._patience.setInterval(20)
        board.told(NEW)
        qtbot.waitUntil(lambda: caller.is_silent and caller.saying is None)
        jack.hangs = False
        with qtbot.waitSignal(caller.called):
            board.told(STATE)


def test_a_speech_program_that_is_missing_leaves_the_tone_and_the_panel(qtbot, tmp_path):
    engine = hall_engine(EngineConfig(command=(str(tmp_path / "none"), "{voice}", "{words}")))
    jack = Jack()
    with board_of(Voice(engine, jack)) as (window, caller, board):
        board.told(NEW)
        qtbot.waitUntil(lambda: caller.is_silent and caller.saying is None)
        assert len(jack.played) == 1
        assert caller.line.unsaid == (CALL,)
        assert window.current is not None
        assert window.current.values["newest"][0]["tag"] == "A007"


def test_what_the_hall_hears_are_the_samples_of_the_tone_and_of_the_sentences(qtbot, tmp_path):
    card = SimulatedSoundCard("display-1.loudspeaker", 0, World(tmp_path / "world"), {})
    card.start()
    engine = hall_engine(EngineConfig())
    voice = Voice(engine, output_at(f"tcp://127.0.0.1:{card.port}"))
    with (
        board_of(voice, Line(seen=0)) as (_, caller, board),
        qtbot.waitSignal(caller.called, timeout=20_000),
    ):
        board.told(NEW)
    card.stop()
    heard = [one.samples for one in card.heard]
    assert heard[0].startswith(tone())
    assert len(heard) == 1 + len(CALLED_IN)
    engine = hall_engine(EngineConfig())
    for language, samples in zip(CALLED_IN, heard[1:], strict=True):
        utterance = Utterance((called(CALL, language),), language)
        assert samples == b"".join(sound(engine, utterance, 1.0, voice.volume, Event()))
    engine.close()


def test_a_studio_s_recordings_say_a_call_and_the_program_what_they_lack(tmp_path):
    for number, part in enumerate(to_record(Language.ENGLISH)):
        file = tmp_path / "en" / prompt_name(part)
        file.parent.mkdir(exist_ok=True)
        with wave.open(str(file), "wb") as made:
            made.setparams((1, 2, 22050, 1, "NONE", ""))
            made.writeframes(bytes([number, 0]))
    clips = Clips(Recordings(tmp_path))
    sentence = spelled(called(CALL, Language.ENGLISH))
    assert parts_of(sentence) == [
        "Tag", "A", "0", "0", "7", "please go to registration booth", "B", "1",
    ]  # fmt: skip
    assert clips.can_say(sentence, Language.ENGLISH, 1.0)
    assert not clips.can_say("Tag A-0, window B-1", Language.ENGLISH, 1.0)
    assert not clips.can_say(sentence, Language.TRADITIONAL, 1.0)
    parts = to_record(Language.ENGLISH)
    said = b"".join(clips.say(sentence, Language.ENGLISH, 1.0, Event()))
    assert said == b"".join(bytes([parts.index(part), 0]) for part in parts_of(sentence))
    assert b"".join(Notes().say(NOTES, Language.ENGLISH, 1.0, Event())) == tone()


def test_the_memory_outlives_a_restart_and_a_torn_file_begins_anew(tmp_path, caplog):
    memory = Memory(tmp_path / "data")
    assert memory.recall() == Line()
    line = Line(seen=7, unsaid=(CALL,))
    memory.keep(line)
    assert Memory(tmp_path / "data").recall() == line
    assert {file.name for file in (tmp_path / "data").iterdir()} == {"line.json"}
    (tmp_path / "data" / "line.json").write_text('{"seen": 7, "un')
    assert Memory(tmp_path / "data").recall() == Line()
    assert "A007" not in caplog.text
    blocked = Memory(tmp_path / "data" / "line.json")
    blocked.keep(line)
    blocked.keep(Line(seen=8))
    assert len([r for r in caplog.records if "cannot keep" in r.message]) == 1


@pytest.mark.parametrize("address", ["http://here", "tcp://nowhere"])
def test_a_loudspeaker_s_address_that_is_none_is_told(tmp_path, address):
    file = tmp_path / "station.toml"
    station = '[station]\nname = "display-1"\nkind = "display"\noffice = "HQ"\n'
    backend = '[backend]\naddress = "http://127.0.0.1:1"\nkey = "file:none"\n'
    file.write_text(station + backend)
    assert hall_voice(read(file)) is None
    file.write_text(station + backend + f'[sound]\nloudspeaker = "{address}"\n')
    with pytest.raises(ConfigError, match="sound"):
        hall_voice(read(file))


def test_reads_events_and_skips_heartbeats():
    lines = ["retry: 2000", "", ": still here", "", "id: 4", f"data: {STATE.model_dump_json()}", ""]
    assert list(states_in(lines)) == [STATE]


def test_the_feed_follows_a_real_backend(tmp_path):
    told, came = [], Event()

    def tell(state):
        told.append(state)
        came.set()

    def wait_for(condition):
        for _ in range(200):
            if told and condition(told[-1]):
                return
            came.wait(0.05)
            came.clear()
        raise AssertionError(told)

    with running_office(office_settings(tmp_path, ("all-round",))) as office:
        feed = DisplayFeed(str(office.http.base_url), "HQ", tell)
        feed.start()
        wait_for(lambda state: state.calls == ())
        tag = office.registered()
        call = {"place": "R1", "stages": ["booth"]}
        office.good("booth-1", "/v1/queue/call", call, officer="all-round")
        wait_for(lambda state: bool(state.calls))
        assert (told[-1].calls[0].tag_number, told[-1].calls[0].place) == (tag["number"], "R1")
        feed.stop()
        # A panel that was away is told of the calls of meanwhile, and only of those.
        after = told[-1].revision
        office.good("booth-1", "/v1/queue/recall", recall(tag), officer="all-round")
        for seen, announced in ((None, ()), (after, (tag["number"],))):
            told.clear()
            feed = DisplayFeed(str(office.http.base_url), "HQ", tell, seen)
            feed.start()
            wait_for(lambda state: state.calls[0].times == 2)
            assert tuple(call.tag_number for call in told[0].announce) == announced
            assert told[0].is_open
            assert told[0].at is not None
            feed.stop()


def recall(tag):
    return {"tag_token": tag["token"], "place": "R1"}


def test_the_feed_tells_a_lost_line_once_and_comes_back():
    told, changed = [], Event()
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def tell(state):
        told.append(state)
        changed.set()

    def serve():
        for _ in range(2):
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    b"Connection: close\r\n\r\n"
                    + f"id: 4\ndata: {STATE.model_dump_json()}\n\n".encode()
                )

    server = Thread(target=serve)
    server.start()
    feed = DisplayFeed(f"http://127.0.0.1:{port}", "HQ", tell, first_pause_s=0.01)
    feed.start()
    server.join(10)
    listener.close()
    for _ in range(100):
        if len(told) >= 4:
            break
        changed.wait(0.05)
        changed.clear()
    feed.stop()
    assert told[:4] == [STATE, None, STATE, None]
    assert told.count(None) == 2
