"""A simulated sound card behind a sound server's TCP door: it keeps what an ear would have heard.

One connection is one sound: signed 16-bit little-endian samples, one channel, of the option
rate_hz. It takes samples no faster than it plays them, with a short store ahead; a reset throws
away what is in the store, as an interrupted player does.
"""

import math
import struct
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from time import monotonic
from typing import Any

from hardware.simulation.line import Connection
from hardware.simulation.switches import SwitchedDevice
from hardware.simulation.timing import Timing
from hardware.simulation.world import World

STORE_S = 0.25
"""How far ahead of the ear the card takes samples."""
KEPT = 200
"""So many sounds are remembered; the card is no archive."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One sound as it came out of the jack.

    Attributes:
        samples: What was played, bytes of 16-bit samples.
        was_cut: The player broke off before the end.
    """

    samples: bytes
    was_cut: bool

    @property
    def loudness(self) -> float:
        """The root mean square of the samples, 0 (silence) to 1."""
        count = len(self.samples) // 2
        if count == 0:
            return 0.0
        values = struct.unpack(f"<{count}h", self.samples[: 2 * count])
        return math.sqrt(sum(value * value for value in values) / count) / 32768


class SimulatedSoundCard(SwitchedDevice):
    """Plays. Options: rate_hz (22050); timing: realistic plays as fast as an ear hears.

    Verbs: listen {} tells the sounds since the last time, and forgets them; hear {after} tells
    those after the so-manieth, and forgets none, so that several may hear. A sound's print is the
    SHA-256 of its samples: the same sound has the same print.
    """

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        del name, world  # sound is no thing that lies somewhere
        super().__init__(port)
        self._rate_hz = int(options.get("rate_hz", 22050))
        self._is_instant = Timing(options.get("timing", Timing.INSTANT)) is Timing.INSTANT
        self._lock = Lock()
        self._heard: deque[Heard] = deque(maxlen=KEPT)
        self._count = 0
        self.is_playing = False

    @property
    def heard(self) -> list[Heard]:
        """The sounds that are remembered, oldest first."""
        with self._lock:
            return list(self._heard)

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Listen to what came out."""
        if verb not in ("listen", "hear"):
            raise LookupError(f"nobody can {verb} a sound card")
        with self._lock:
            sounds, count = list(self._heard), self._count
            if verb == "listen":
                self._heard.clear()
        if verb == "hear":
            after = int(arguments.get("after", 0))
            sounds = sounds[max(0, len(sounds) - count + after) :]
        return {"count": count, "sounds": [self._told(one) for one in sounds]}

    def state(self) -> dict[str, Any]:
        """Tell how many sounds there were, and whether there is one now."""
        return {
            "kind": "sound_card",
            "sounds": self._count,
            "playing": self.is_playing,
            "faults": sorted(self.faults),
        }

    def _told(self, one: Heard) -> dict[str, Any]:
        seconds = len(one.samples) / 2 / self._rate_hz
        return {
            "seconds": round(seconds, 3),
            "loudness": one.loudness,
            "cut": one.was_cut,
            "print": sha256(one.samples).hexdigest(),
        }

    def serve(self, connection: Connection) -> None:
        """Play one sound."""
        came, began, is_whole = bytearray(), monotonic(), False
        connection.settimeout(0.5)
        try:
            while not self.ended.is_set():
                try:
                    data = connection.recv(2048)
                except TimeoutError:
                    continue
                if not data:
                    is_whole = True
                    break
                came += data
                self.is_playing = True
                self._play(connection, len(came), began, STORE_S)
            self._play(connection, len(came), began, 0.0)
        except OSError:
            is_whole = False
        finally:
            self.is_playing = False
            self._keep(bytes(came), began, is_whole)

    def _play(self, connection: Connection, count: int, began: float, ahead_s: float) -> None:
        """Wait until no more than ahead_s of the samples are still to be heard."""
        while not self._is_instant and not self.ended.is_set():
            left_s = count / 2 / self._rate_hz - ahead_s - (monotonic() - began)
            if left_s <= 0:
                return
            self.ended.wait(min(left_s, 0.02))
            connection.sendall(b"")  # nothing is said, but a reset is noticed

    def _keep(self, came: bytes, began: float, is_whole: bool) -> None:
        if not is_whole and not self._is_instant:
            played = 2 * int(self._rate_hz * (monotonic() - began))
            came = came[:played]
        with self._lock:
            self._count += 1
            self._heard.append(Heard(came, was_cut=not is_whole))
