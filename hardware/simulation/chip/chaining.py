"""Command chaining: data that come in several commands (ISO 7816-4 clause 5.3.3)."""

from dataclasses import replace

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.commands import CHAINING, Command

LONGEST = 0x8000
STEPS = frozenset({0x86})
"""GENERAL AUTHENTICATE chains the steps of a protocol: each of its commands is answered."""


class Chain:
    """The data of a chain that is not finished."""

    def __init__(self) -> None:
        self._begun: Command | None = None
        self._data = b""

    def forget(self) -> None:
        """Break a chain off."""
        self._begun, self._data = None, b""

    def add(self, command: Command) -> Command | None:
        """Take one command; return the whole one when it is the last of its chain.

        Raises:
            Refusal: 6883, another command came in between; 6700, the chain is too long.
        """
        if command.ins in STEPS:
            self.forget()
            return command
        begun, data = self._begun, self._data
        self.forget()
        if begun is not None:
            same = (begun.cla & ~CHAINING, begun.ins, begun.parameters)
            if same != (command.cla & ~CHAINING, command.ins, command.parameters):
                raise Refusal(SW.CHAIN_NOT_ENDED)
        data += command.data
        if len(data) > LONGEST:
            raise Refusal(SW.WRONG_LENGTH)
        if command.chained:
            self._begun, self._data = command, data
            return None
        return replace(command, data=data) if begun is not None else command
