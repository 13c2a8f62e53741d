"""Lets go of what networks keep of the last face and finger in memory of their own."""

from typing import Protocol
from weakref import WeakSet


class Holder(Protocol):
    """Something that keeps what it computed last until it computes the next."""

    def let_go(self) -> None:
        """Let go of it; any thread may call."""
        ...


_holders: "WeakSet[Holder]" = WeakSet()


def holds(holder: Holder) -> None:
    """Remember a holder as long as it lives."""
    _holders.add(holder)


def let_go() -> None:
    """Let every holder let go. Nothing happens where nothing was computed since the last time."""
    for holder in tuple(_holders):
        holder.let_go()
