"""Sound through ALSA: the program aplay plays what comes through its pipe.

Each sound is a process of its own: to cut a sound off is to end its process, and the kernel drops
what the sound card has not played yet. The text of what is said never reaches a command line.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from threading import Event

from hardware.core.errors import DeviceAbsentError, RequestCancelledError
from hardware.sound.pipes import LOOK_EVERY_S, push, write_pipe


class Aplay:
    """One ALSA device by its name, such as default, or plughw:CARD=Headset of a keypad's card."""

    def __init__(self, device: str, program: str = "aplay") -> None:
        self._device = device
        self._program = program

    def play(self, samples: Iterator[bytes], rate_hz: int, cancelled: Event) -> None:
        """Play samples to their end, or until cancelled."""
        program = shutil.which(self._program)
        if program is None:
            raise DeviceAbsentError(f"the program {self._program} is not installed (alsa-utils)")
        command = [program, "-q", "-D", self._device, "-t", "raw", "-f", "S16_LE", "-c", "1"]
        player = subprocess.Popen(  # noqa: S603 (no shell; the device's name is configuration)
            [*command, "-r", str(rate_hz), "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._feed(player, samples, cancelled)
        except OSError as error:
            raise DeviceAbsentError(f"no sound on {self._device}") from error
        finally:
            player.kill()
            player.wait()

    def _feed(
        self, player: subprocess.Popen[bytes], samples: Iterator[bytes], cancelled: Event
    ) -> None:
        pipe = player.stdin
        if pipe is None:
            raise DeviceAbsentError("the player has no pipe")
        with pipe:
            os.set_blocking(pipe.fileno(), False)
            push(pipe.fileno(), samples, cancelled, write_pipe)
        while player.poll() is None:
            if cancelled.wait(LOOK_EVERY_S):
                raise RequestCancelledError("the sound was cut off")
        if player.returncode:
            raise DeviceAbsentError(f"{self._program} does not play on {self._device}")
