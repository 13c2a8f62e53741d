"""A kiosk's loudspeaker: two notes when something waits to be taken, played beside the screen."""

import logging
import math
from array import array
from pathlib import Path
from threading import Event, Thread

from common.station.config import ConfigError
from common.ui.window import StationWindow
from hardware.core.errors import DeviceError, RequestCancelledError
from hardware.sound.interface import SoundOutput
from hardware.sound.outputs import output_at

logger = logging.getLogger(__name__)

RATE_HZ = 22050
NOTES_HZ = (659.26, 880.0)
"""E5 and A5, upwards: high enough for a hall's noise, low enough for older ears."""
NOTE_S, FADE_S = 0.16, 0.02
LOUDNESS = 0.5


class Loudspeaker:
    """Sounds the tone in a thread of its own; a tone that is due while one sounds is that one."""

    def __init__(self, output: SoundOutput) -> None:
        self._output = output
        self._due, self._closed = Event(), Event()
        self._fault = ""
        self._thread = Thread(target=self._run, name="loudspeaker", daemon=True)
        self._thread.start()

    def sound(self) -> bool:
        """Have the tone sounded, at once and without waiting; False where it could not be before.

        A loudspeaker that was away is tried again with each tone.
        """
        self._due.set()
        return not self._fault

    def close(self) -> None:
        """Be silent for ever."""
        self._closed.set()
        self._due.set()
        self._thread.join()

    def _run(self) -> None:
        samples = tone()
        # Asked after _due was cleared: a close that came in during a tone is not slept through.
        while not self._closed.is_set():
            self._due.wait()
            if self._closed.is_set():
                return
            try:
                self._output.play(iter((samples,)), RATE_HZ, self._closed)
            except RequestCancelledError:
                return
            except DeviceError as error:
                self._note(str(error))
            else:
                self._note("")
            self._due.clear()

    def _note(self, fault: str) -> None:
        if fault != self._fault:
            logger.warning("loudspeaker: %s", fault or "works again")
        self._fault = fault


def open_loudspeaker(window: StationWindow, address: str, config: Path) -> Loudspeaker:
    """Give a window the loudspeaker at an address: alsa:DEVICE, or tcp://host:port.

    Raises:
        ConfigError: The address is neither; config is the file that says so.
    """
    try:
        loudspeaker = Loudspeaker(output_at(address))
    except ValueError as error:
        raise ConfigError(f"{config}: [sound]: {error}") from None
    window.tone = loudspeaker.sound
    return loudspeaker


def tone() -> bytes:
    """Return the two notes as signed 16-bit samples of one channel; each swells and fades."""
    count = round(NOTE_S * RATE_HZ)
    samples = array("h")
    for note_hz in NOTES_HZ:
        for number in range(count):
            edge = min(number, count - 1 - number) / (FADE_S * RATE_HZ)
            wave = math.sin(2 * math.pi * note_hz * number / RATE_HZ)
            samples.append(round(32767 * LOUDNESS * min(1.0, edge) * wave))
    return samples.tobytes()
