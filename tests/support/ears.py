"""Somebody with earphones before a window: what the voice says, without sound or with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from common.domain.language import Language
from common.ui.speech.engine import Engine
from common.ui.speech.keypad import Keypad
from common.ui.speech.keys import Keymap, PadKey
from common.ui.speech.narrator import Narrator
from common.ui.speech.voice import Utterance, Voice
from common.ui.window import StationWindow
from hardware.sound.interface import SoundOutput

KEYS = {
    PadKey.UP: Qt.Key.Key_F23,
    PadKey.DOWN: Qt.Key.Key_F22,
    PadKey.LEFT: Qt.Key.Key_F21,
    PadKey.RIGHT: Qt.Key.Key_F20,
    PadKey.SELECT: Qt.Key.Key_F18,
    PadKey.BACK: Qt.Key.Key_F17,
    PadKey.HELP: Qt.Key.Key_F14,
    PadKey.VOLUME: Qt.Key.Key_F13,
    PadKey.VOLUME_UP: Qt.Key.Key_VolumeUp,
    PadKey.JACK_IN: Qt.Key.Key_F15,
    PadKey.JACK_OUT: Qt.Key.Key_F16,
}


class Mutter:
    """An engine that makes one sample of anything."""

    def can_say(self, text: str, language: Language, speed: float) -> bool:
        return True

    def say(self, text: str, language: Language, speed: float, cancelled: Event) -> Iterator[bytes]:
        yield bytes(2)

    def close(self) -> None:
        pass


class NoJack:
    """An output that lets samples run through."""

    def play(self, samples: Iterator[bytes], rate_hz: int, cancelled: Event) -> None:
        for _ in samples:
            pass


class Listener:
    """Presses keys of the keypad and listens."""

    def __init__(self, window: StationWindow, narrator: Narrator) -> None:
        self.window = window
        self.narrator = narrator
        self.heard: list[Utterance] = []
        narrator.said.connect(self.heard.append)

    def press(self, *keys: PadKey) -> None:
        for key in keys:
            QTest.keyClick(self.window.view, KEYS[key])

    def listen(self) -> list[str]:
        """Wait until nothing more is said; return what was said since the last time."""
        for _ in range(500):
            QTest.qWait(10)
            if not self.narrator.is_speaking:
                break
        QTest.qWait(0)
        said = [utterance.text for utterance in self.heard]
        self.heard.clear()
        return said

    def pressing(self, *keys: PadKey) -> str:
        """Press keys and return all that was said then."""
        self.press(*keys)
        return " | ".join(self.listen())


@contextmanager
def listening(
    window: StationWindow,
    engine: Engine | None = None,
    output: SoundOutput | None = None,
    double_strike_s: float = 0.0,
    keymap: Keymap | None = None,
) -> Iterator[Listener]:
    """Give a window a voice and a keypad for as long as the block lasts."""
    narrator = Narrator(window, Voice(engine or Mutter(), output or NoJack()))
    keypad = Keypad(narrator, keymap or Keymap(), double_strike_s)
    try:
        yield Listener(window, narrator)
    finally:
        keypad.close()
        narrator.close()
