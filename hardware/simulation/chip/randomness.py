"""Where the chip takes its random numbers from; tests put known numbers in its place."""

import secrets
from typing import Protocol


class Randomness(Protocol):
    """A source of random numbers."""

    def octets(self, count: int) -> bytes:
        """Return random bytes."""
        ...

    def scalar(self, order: int) -> int:
        """Return a number from 1 to order - 1."""
        ...


class SystemRandomness:
    """The operating system's source."""

    def octets(self, count: int) -> bytes:
        """Return random bytes."""
        return secrets.token_bytes(count)

    def scalar(self, order: int) -> int:
        """Return a number from 1 to order - 1."""
        return secrets.randbelow(order - 1) + 1
