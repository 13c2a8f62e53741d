"""Sentences become samples: by recordings, by espeak-ng, by any program that reads text."""

import os
import stat
import sys
import wave
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from common.domain.language import OFFICE_LANGUAGES, Language
from common.i18n.texts import texts
from common.ui.speech.engine import (
    RATE_HZ,
    EngineError,
    Engines,
    Recordings,
    SpeechProgram,
    prompt_name,
)
from common.ui.speech.script import write
from common.ui.speech.spelling import hidden, spelled
from common.ui.speech.wording import covered

SAID = {
    Language.ENGLISH: "Please take your card",
    Language.TRADITIONAL: "請取回身份證",
    Language.SIMPLIFIED: "请取回身份证",
}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Your tag number: A023", "Your tag number: A-0 2 3"),
        ("A123456(3)", "A-1 2 3 4 5 6 3"),
        ("A123***(*)", "A-1 2 3"),
        ("請往 K1", "請往 K-1"),
        ("請往K1室", "請往K-1室"),
        ("Call 6123 4567 in 2026", "Call 6 1 2 3 4 5 6 7 in 2026"),
        ("10 to 20 minutes", "10 to 20 minutes"),
        ("Tel. 51234567", "Tel. 5 1 2 3 4 5 6 7"),
    ],
)
def test_codes_are_read_letter_by_letter(written: str, said: str) -> None:
    assert spelled(written) == said


def test_dots_are_counted_and_never_said() -> None:
    words = texts(Language.ENGLISH)
    assert hidden("●●●5") == 3
    assert covered("●●●5", words) == "4 characters entered"
    assert covered("●●● That is wrong", words) == "3 characters entered That is wrong"
    assert covered("plain", words) == "plain"


def samples(engine: SpeechProgram | Recordings | Engines, text: str, language: Language) -> bytes:
    return b"".join(engine.say(text, language, 1.0, Event()))


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_espeak_speaks_every_language_of_the_office(language: Language) -> None:
    engine = SpeechProgram()
    try:
        said = np.frombuffer(samples(engine, SAID[language], language), "<i2")
        again = samples(engine, SAID[language], language)
        faster = b"".join(engine.say(SAID[language], language, 2.0, Event()))
    finally:
        engine.close()
    assert len(said) > 0.5 * RATE_HZ
    assert np.abs(said).max() > 1000
    assert len(again) == 2 * len(said)
    assert len(faster) < 0.8 * len(again)


def test_the_next_process_waits_ahead_and_ends_with_the_engine() -> None:
    engine = SpeechProgram()
    samples(engine, "One", Language.ENGLISH)
    assert engine._waiting is not None
    waiting = engine._waiting[1]
    assert waiting.poll() is None
    engine.close()
    assert waiting.poll() is not None


def program(folder: Path, body: str) -> tuple[str, ...]:
    file = folder / "speak"
    file.write_text(f"#!{sys.executable}\nimport os, sys, struct, time\n{body}")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return (str(file), "{voice}", "{words}")


HEAD = """
def head(rate=22050, channels=1):
    sys.stdout.buffer.write(b"RIFF\\xff\\xff\\xff\\xffWAVEfmt \\x10\\0\\0\\0\\x01\\0"
        + struct.pack("<HIIHH", channels, rate, 2 * rate, 2, 16) + b"data\\xff\\xff\\xff\\xff")
"""


def test_what_is_said_is_on_no_command_line(tmp_path: Path) -> None:
    body = (
        HEAD
        + f"""
text = sys.stdin.buffer.read()
open({str(tmp_path / "seen")!r}, "wb").write(repr((sys.argv[1:], text)).encode())
head(); sys.stdout.buffer.write(b"\\1\\2\\3\\4\\5")
"""
    )
    engine = SpeechProgram(program(tmp_path, body), {"en": "somebody"})
    assert samples(engine, "CHAN A123456(3)", Language.ENGLISH) == b"\1\2\3\4"
    engine.close()
    argv, text = eval((tmp_path / "seen").read_text())  # noqa: S307 (written just above)
    assert argv == ["somebody", "165"]
    assert text == b"CHAN A123456(3)"
    assert not engine.can_say("x", Language.TRADITIONAL, 1.0)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("sys.stdin.read()", "said nothing"),
        (HEAD + "sys.stdin.read(); head(rate=8000)", "8000 Hz"),
        (HEAD + "sys.stdin.read(); head(channels=2)", "2 channels"),
    ],
)
def test_a_program_that_does_not_speak_is_told(tmp_path: Path, body: str, reason: str) -> None:
    engine = SpeechProgram(program(tmp_path, body), {"en": "x"})
    with pytest.raises(EngineError, match=reason):
        samples(engine, "Hello", Language.ENGLISH)
    engine.close()


def test_a_program_that_is_missing_is_told(tmp_path: Path) -> None:
    engine = SpeechProgram((str(tmp_path / "none"),), {"en": "x"})
    with pytest.raises(EngineError, match="does not start"):
        samples(engine, "Hello", Language.ENGLISH)


def test_a_program_is_ended_when_its_words_are_not_wanted_any_more(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    body = (
        HEAD
        + f"""
sys.stdin.read()
open({str(pid)!r}, "w").write(str(os.getpid()))
head()
while True: sys.stdout.buffer.write(bytes(4096)); sys.stdout.buffer.flush()
"""
    )
    engine, cancelled = SpeechProgram(program(tmp_path, body), {"en": "x"}), Event()
    pieces = engine.say("For ever", Language.ENGLISH, 1.0, cancelled)
    next(pieces)
    cancelled.set()
    assert not b"".join(pieces).strip(b"\0")
    engine.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def record(file: Path, rate: int = RATE_HZ) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as made:
        made.setparams((1, 2, rate, 0, "NONE", ""))
        made.writeframes(b"\x07\x00" * 100)


def test_a_recording_is_preferred_at_its_own_speed(tmp_path: Path) -> None:
    record(tmp_path / "en" / prompt_name("Next"))
    engine = Engines([Recordings(tmp_path), SpeechProgram()])
    try:
        assert samples(engine, "Next", Language.ENGLISH) == b"\x07\x00" * 100
        assert b"".join(engine.say("Next", Language.ENGLISH, 1.5, Event())) != b"\x07\x00" * 100
        assert len(samples(engine, "Back", Language.ENGLISH)) > 2000
    finally:
        engine.close()


def test_a_recording_of_another_form_is_told(tmp_path: Path) -> None:
    record(tmp_path / "en" / prompt_name("Next"), 8000)
    with pytest.raises(EngineError, match="22050"):
        samples(Recordings(tmp_path), "Next", Language.ENGLISH)
    with pytest.raises(EngineError, match="cannot be read"):
        samples(Recordings(tmp_path), "Never spoken", Language.ENGLISH)


def test_without_a_voice_nothing_is_said() -> None:
    engine = Engines([SpeechProgram(voices={"en": "en-gb"})])
    assert not engine.can_say("x", Language.TRADITIONAL, 1.0)
    with pytest.raises(EngineError, match="no voice"):
        samples(engine, "x", Language.TRADITIONAL)


def test_the_studio_s_script_names_every_sentence_without_gaps(tmp_path: Path) -> None:
    record(tmp_path / "prompts" / "en" / prompt_name(texts(Language.ENGLISH).text("common-next")))
    files = write(tmp_path / "script", tmp_path / "prompts")
    assert [file.stem for file in files[:3]] == [str(language) for language in OFFICE_LANGUAGES]
    english, chinese = files[0].read_text("utf-8-sig"), files[1].read_text("utf-8-sig")
    assert "common-speech-intro" in english
    assert ",common-next," not in english
    assert f"{prompt_name('下一步')},common-next,下一步" in chinese
    assert "{" not in english
    assert "common-step," not in english
