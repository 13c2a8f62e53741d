"""Gives a public window its voice and its keypad, as station.toml describes them."""

from dataclasses import dataclass

from common.station.config import ConfigError, SpeechConfig, StationConfig
from common.ui.speech.engine import ESPEAK, VOICES, Engine, Engines, Recordings, SpeechProgram
from common.ui.speech.keypad import Keypad
from common.ui.speech.keys import Keymap
from common.ui.speech.narrator import Narrator
from common.ui.speech.voice import Voice
from common.ui.window import StationWindow
from hardware.sound.outputs import output_at


@dataclass(frozen=True, slots=True)
class SpeakingWindow:
    """What has to be closed before the window is."""

    narrator: Narrator
    keypad: Keypad

    def close(self) -> None:
        """Fall silent and take no more keys."""
        self.keypad.close()
        self.narrator.close()


def open_speech(window: StationWindow, config: StationConfig) -> SpeakingWindow | None:
    """Open speech and keypad; None at a station whose station.toml has no [speech].

    Raises:
        ConfigError: The output or a key is unknown.
    """
    wanted = config.speech
    if wanted is None:
        return None
    try:
        voice = Voice(_engine(wanted), output_at(wanted.output))
        narrator = Narrator(window, voice, captions=wanted.captions)
        keypad = Keypad(narrator, Keymap(wanted.keys), wanted.double_strike_s)
    except ValueError as error:
        raise ConfigError(f"{config.file}: [speech]: {error}") from None
    return SpeakingWindow(narrator, keypad)


def _engine(wanted: SpeechConfig) -> Engine:
    engines: list[Engine] = [Recordings(wanted.prompts)] if wanted.prompts else []
    engines.append(SpeechProgram(wanted.command or ESPEAK, wanted.voices or VOICES))
    return Engines(engines)
