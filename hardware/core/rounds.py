"""Looks after kept devices while nobody uses them, so that a fault is known before it matters."""

from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import Any

from hardware.core.keeper import Keeper

EVERY_S = 5.0


class Rounds:
    """Asks every device how it is, again and again, in a thread of its own.

    A device that was unplugged while idle is said so once, and is open again before the next
    person comes. One that is in use is passed by.
    """

    def __init__(
        self,
        keepers: Sequence[Keeper[Any]],
        every_s: float = EVERY_S,
        look: Callable[[Keeper[Any]], object] = Keeper.health,
    ) -> None:
        """Say what to look after.

        Args:
            keepers: The devices.
            every_s: The rest between two rounds.
            look: What is done with each; it raises nothing and waits for nobody.
        """
        self._keepers = tuple(keepers)
        self._look = look
        self._every_s = every_s
        self._ended = Event()
        self._thread = Thread(target=self._run, name="device-rounds", daemon=True)

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._thread.start()

    def stop(self) -> None:
        """End; a look that has begun is finished first."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            for keeper in self._keepers:
                if self._ended.is_set():
                    return
                self._look(keeper)
            self._ended.wait(self._every_s)
