"""Makes sound of sentences: a studio's recordings where there are some, else a speech program."""

import hashlib
import logging
import os
import select
import struct
import subprocess
import wave
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Protocol

from common.domain.language import Language

logger = logging.getLogger(__name__)

RATE_HZ = 22050
ESPEAK = ("espeak-ng", "--stdin", "--stdout", "-v", "{voice}", "-s", "{words}")
"""The text goes through the pipe: what is said about a person is on no command line."""
VOICES: Mapping[str, str] = {
    Language.ENGLISH: "en-gb",
    Language.TRADITIONAL: "yue",
    Language.SIMPLIFIED: "cmn-latn-pinyin",
    Language.INDONESIAN: "id",
    Language.FILIPINO: "id",
    Language.HINDI: "hi",
    Language.NEPALI: "ne",
    Language.URDU: "ur",
    Language.THAI: "th",
}
"""espeak-ng 1.51 has no Filipino: the nearest relative reads it. Another program may have it.

Its dictionary of Putonghua is written in pinyin, which its voice cmn takes for English words: 请 is
heard as "king three". The voice that reads Latin letters as pinyin says it right.
"""
WORDS_A_MINUTE = 165
SILENT_S = 5.0
PIECE = 4096
HEADER = 44
"""Bytes of a WAV stream before its samples, as programs write that cannot know its length."""


class EngineError(Exception):
    """A sentence cannot be said."""


class Engine(Protocol):
    """Makes samples of a sentence."""

    def can_say(self, text: str, language: Language, speed: float) -> bool:
        """Tell whether it would try."""
        ...

    def say(self, text: str, language: Language, speed: float, cancelled: Event) -> Iterator[bytes]:
        """Give signed 16-bit samples of one channel, RATE_HZ a second, in pieces.

        Raises:
            EngineError: It cannot.
        """
        ...

    def close(self) -> None:
        """Release what it holds."""
        ...


def prompt_name(text: str) -> str:
    """Name the recording of a sentence; the same sentence has the same name for ever."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16] + ".wav"


@dataclass(frozen=True, slots=True)
class Recordings:
    """Prompts that were spoken in a studio: folder/LANGUAGE/NAME.wav, 22050 Hz, 16 bit, mono."""

    folder: Path

    def can_say(self, text: str, language: Language, speed: float) -> bool:
        """A recording is played at its own speed only."""
        return speed == 1.0 and self._file(text, language).is_file()

    def say(self, text: str, language: Language, speed: float, cancelled: Event) -> Iterator[bytes]:
        """Give the recording's samples."""
        del speed
        try:
            with wave.open(str(self._file(text, language))) as found:
                form = (found.getframerate(), found.getsampwidth(), found.getnchannels())
                if form != (RATE_HZ, 2, 1):
                    raise EngineError(f"a prompt is not {RATE_HZ} Hz, 16 bit, mono")
                while not cancelled.is_set() and (piece := found.readframes(PIECE)):
                    yield piece
        except (OSError, EOFError, wave.Error) as error:
            raise EngineError("a prompt cannot be read") from error

    def close(self) -> None:
        """Nothing is held."""

    def _file(self, text: str, language: Language) -> Path:
        return self.folder / str(language) / prompt_name(text)


@dataclass
class SpeechProgram:
    """A program that reads text and writes a WAV stream, such as espeak-ng.

    One process of the voice and speed in use waits with its pipe open, so that the first word
    comes as soon as the text is there.

    Attributes:
        command: Its words; {voice} and {words} (words a minute) are filled in.
        voices: The program's name of a voice by language; a language without one is not said.
    """

    command: Sequence[str] = ESPEAK
    voices: Mapping[str, str] = field(default_factory=lambda: VOICES)
    _waiting: tuple[tuple[str, ...], subprocess.Popen[bytes]] | None = None

    def can_say(self, text: str, language: Language, speed: float) -> bool:
        """Whatever it is, where there is a voice."""
        del text, speed
        return str(language) in self.voices

    def say(self, text: str, language: Language, speed: float, cancelled: Event) -> Iterator[bytes]:
        """Hand the text over and give what comes back, without the WAV header."""
        words = self._words(language, speed)
        process = self._take(words)
        try:
            self._waiting = (words, _start(words))
            with suppress(BrokenPipeError):
                if process.stdin is not None:
                    # espeak-ng would read double brackets as names of sounds.
                    process.stdin.write(text.replace("[[", "[ [").encode())
                    process.stdin.close()
            yield from _samples(process, cancelled)
        finally:
            _end(process)

    def close(self) -> None:
        """End the process that waits."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            _end(waiting[1])

    def _words(self, language: Language, speed: float) -> tuple[str, ...]:
        gaps = {
            "voice": self.voices[str(language)],
            "words": str(round(WORDS_A_MINUTE * speed)),
        }
        return tuple(word.format(**gaps) for word in self.command)

    def _take(self, words: tuple[str, ...]) -> subprocess.Popen[bytes]:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and waiting[0] == words and waiting[1].poll() is None:
            return waiting[1]
        if waiting is not None:
            _end(waiting[1])
        return _start(words)


def _start(words: tuple[str, ...]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 (no shell; the words are configuration)
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise EngineError(f"{words[0]} does not start: {error.strerror}") from error


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()  # before its pipes: it shall not take their end for the text's
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    process.wait()


def _samples(process: subprocess.Popen[bytes], cancelled: Event) -> Iterator[bytes]:
    """Take the header off; samples are never cut in two."""
    rest, is_open = b"", False
    for piece in _read(process, cancelled):
        rest += piece
        if not is_open:
            if len(rest) < HEADER:
                continue
            _check(rest)
            rest, is_open = rest[HEADER:], True
        whole = len(rest) // 2 * 2
        yield rest[:whole]
        rest = rest[whole:]
    if not is_open and not cancelled.is_set():
        raise EngineError("the program said nothing")


def _check(header: bytes) -> None:
    channels, rate = struct.unpack_from("<HI", header, 22)
    (bits,) = struct.unpack_from("<H", header, 34)
    if (channels, rate, bits) != (1, RATE_HZ, 16):
        raise EngineError(f"the program speaks {rate} Hz, {bits} bit, {channels} channels")


def _read(process: subprocess.Popen[bytes], cancelled: Event) -> Iterator[bytes]:
    if process.stdout is None:
        raise EngineError("the program has no pipe")
    fd, heard_at = process.stdout.fileno(), monotonic()
    while not cancelled.is_set():
        if select.select([fd], [], [], 0.05)[0]:
            piece = os.read(fd, PIECE)
            if not piece:
                return
            heard_at = monotonic()
            yield piece
        elif monotonic() - heard_at > SILENT_S:
            raise EngineError("the program is silent")


@dataclass(frozen=True, slots=True)
class Engines:
    """Several engines: the first that can say a sentence says it."""

    engines: Sequence[Engine]

    def can_say(self, text: str, language: Language, speed: float) -> bool:
        """Tell whether one of them would try."""
        return any(engine.can_say(text, language, speed) for engine in self.engines)

    def say(self, text: str, language: Language, speed: float, cancelled: Event) -> Iterator[bytes]:
        """Say it with the first that can."""
        for engine in self.engines:
            if engine.can_say(text, language, speed):
                yield from engine.say(text, language, speed, cancelled)
                return
        raise EngineError(f"no voice speaks {language}")

    def close(self) -> None:
        """Close all of them."""
        for engine in self.engines:
            engine.close()
