"""A card that says again what another one said.

    python -m tests.benchmarks.replaying_card FILE PORT

FILE is JSON: {"atr": hex, "delay_s": seconds, "answers": {command hex: answer hex}}. It computes
nothing, so that what remains is what the service and the line cost.
"""

import json
import sys
from pathlib import Path
from threading import Event
from typing import Any

from hardware.simulation.vpcd import VpcdCard


class ReplayingChip:
    """Answers from a list; an unknown command gets 6F00."""

    takes_extended_length = True

    def __init__(self, told: dict[str, Any]) -> None:
        self.atr = bytes.fromhex(told["atr"])
        self._delay_s = float(told["delay_s"])
        self._answers = {
            bytes.fromhex(sent): bytes.fromhex(answer) for sent, answer in told["answers"].items()
        }

    def transmit(self, command: bytes) -> bytes:
        if self._delay_s:
            Event().wait(self._delay_s)
        return self._answers.get(command, b"\x6f\x00")


if __name__ == "__main__":
    chip = ReplayingChip(json.loads(Path(sys.argv[1]).read_text()))
    with VpcdCard(lambda: chip, int(sys.argv[2])):  # type: ignore[arg-type, return-value]
        Event().wait(120.0)
