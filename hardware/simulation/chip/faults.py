"""What can be wrong with a chip, as switches in its memory: memory["faults"].

{"delay_s": 0.015}   every answer takes so long
{"mute": true}       it never answers
{"torn_after": 7}    it loses its power after seven commands
{"garbled": true}    every answer has a wrong bit
"""

from collections.abc import Callable

from hardware.simulation.chip.answers import ChipMuteError, ChipTornError
from hardware.simulation.chip.memory import Memory


class Faults:
    """The switches, asked before and after each command since the power came."""

    def __init__(self, memory: Memory, wait: Callable[[float], None]) -> None:
        self._memory = memory
        self._wait = wait
        self._commands = 0

    def before(self) -> None:
        """Let time pass, or raise ChipMuteError or ChipTornError."""
        switches = self._switches()
        if not switches:
            self._commands += 1
            return
        if switches.get("mute"):
            raise ChipMuteError
        limit = switches.get("torn_after")
        if limit is not None and self._commands >= int(limit):
            raise ChipTornError
        self._commands += 1
        if delay := float(switches.get("delay_s", 0.0)):
            self._wait(delay)

    def garble(self, answer: bytes) -> bytes:
        """Turn one bit of an answer over, another one each time."""
        if not self._switches().get("garbled"):
            return answer
        at = self._commands * 7 % (8 * len(answer))
        wrong = bytearray(answer)
        wrong[at // 8] ^= 1 << at % 8
        return bytes(wrong)

    def _switches(self) -> Memory:
        switches: Memory = self._memory.get("faults") or {}
        return switches
