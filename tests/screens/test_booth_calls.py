"""The panel of the hall calls aloud: each call in turn, and what becomes of those not heard."""

import wave
from threading import Event

import pytest

from booth.display.__main__ import hall_voice, status
from booth.display.board import MARKED_S
from booth.display.calling import Line
from booth.display.engines import Clips, Notes, hall_engine, parts_of, to_record
from booth.display.memory import Memory
from booth.display.wording import CALLED_IN, NOTES, called
from common.domain.language import Language
from common.i18n.texts import texts
from common.station.config import ConfigError, EngineConfig, read
from common.ui.loudspeaker import tone
from common.ui.speech.engine import Recordings, prompt_name
from common.ui.speech.spelling import spelled
from common.ui.speech.voice import Utterance, Voice, sound
from common.wire.shapes import DisplayState
from hardware.simulation.sound_card import SimulatedSoundCard
from hardware.simulation.world import World
from hardware.sound.outputs import output_at
from tests.support.ears import Mutter
from tests.support.hall import CALL, NEW, STATE, Hand, Jack, board_of, marked, values


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
        silent = texts(CALLED_IN[2]).text("display-silent")
        assert values(window.current)["notice"]["texts"][2]["text"] == silent
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
        assert values(window.current)["newest"][0]["tag"] == "A007"


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
