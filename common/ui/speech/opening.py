"""Gives a public window its voice and its keypad, as station.toml describes them."""

from dataclasses import dataclass

from common.station.config import ConfigError, EngineConfig, StationConfig
from common.ui.speech.engine import ESPEAK, VOICES, Engine, Engines, Recordings, SpeechProgram
from common.ui.speech.key_feed import KeyFeed
from common.ui.speech.keypad import Keypad
from common.ui.speech.keys import Keymap
from common.ui.speech.narrator import Narrator
from common.ui.speech.voice import Voice
from common.ui.window import StationWindow
from hardware.core.hid_address import parse_hid_address
from hardware.core.links import RealLinks
from hardware.keypad.hid_keypad import HidKeypad
from hardware.sound.outputs import output_at


@dataclass(frozen=True, slots=True)
class SpeakingWindow:
    """What has to be closed before the window is."""

    narrator: Narrator
    keypad: Keypad
    feed: KeyFeed | None

    def close(self) -> None:
        """Fall silent and take no more keys."""
        if self.feed is not None:
            self.feed.close()
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
        voice = Voice(engine_of(wanted), output_at(wanted.output))
        narrator = Narrator(window, voice, captions=wanted.captions)
        keypad = Keypad(narrator, Keymap(wanted.keys), wanted.double_strike_s)
        feed = _feed(window, wanted.keypad) if wanted.keypad else None
    except ValueError as error:
        raise ConfigError(f"{config.file}: [speech]: {error}") from None
    return SpeakingWindow(narrator, keypad, feed)


def _feed(window: StationWindow, address: str) -> KeyFeed:
    parse_hid_address(address)
    return KeyFeed(window.view, lambda: HidKeypad(lambda: RealLinks().hid(address)))


def engine_of(wanted: EngineConfig) -> Engine:
    """Make the engine that a station.toml describes: recordings first, then a speech program."""
    engines: list[Engine] = [Recordings(wanted.prompts)] if wanted.prompts else []
    engines.append(SpeechProgram(wanted.command or ESPEAK, wanted.voices or VOICES))
    return Engines(engines)
