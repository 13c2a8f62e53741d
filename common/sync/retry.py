"""When to try again: full jitter, the server's own word, and a breaker for each host."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import SystemRandom
from time import monotonic

FIRST_S, LONGEST_S = 0.5, 300.0
TRIPS_AFTER = 5
RESTS_S = 60.0
LONGEST_WORD_S = 3600.0


@dataclass
class Backoff:
    """Pauses that double on average, spread over their whole length so that no two stations meet.

    "Full jitter": the pause is drawn evenly between nothing and the doubled bound, which keeps a
    thousand stations that lost the same backend from coming back as one.
    """

    draw: Callable[[float, float], float] = field(default_factory=lambda: SystemRandom().uniform)
    tries: int = 0

    def next_s(self, retry_after_s: float | None = None) -> float:
        """Return how long to wait now; never shorter than the server asked for."""
        bound = min(LONGEST_S, FIRST_S * 2**self.tries)
        self.tries = min(self.tries + 1, 32)
        asked = min(retry_after_s or 0.0, LONGEST_WORD_S)
        return max(asked, self.draw(0.0, bound))

    def reset(self) -> None:
        """Begin anew after something went well."""
        self.tries = 0


@dataclass
class Breaker:
    """Leaves a host alone for a while after it failed so often in a row; then one try is let by."""

    clock: Callable[[], float] = monotonic
    failures: int = 0
    _rests_until: float = 0.0

    def allows(self) -> bool:
        """Tell whether the host may be asked now."""
        return self.clock() >= self._rests_until

    def rests_s(self) -> float:
        """Return for how long it is left alone."""
        return max(0.0, self._rests_until - self.clock())

    def failed(self) -> None:
        """Count a failure; the fifth in a row, and each one after it, begins a rest."""
        self.failures += 1
        if self.failures >= TRIPS_AFTER:
            self._rests_until = self.clock() + RESTS_S

    def succeeded(self) -> None:
        """Forget the failures."""
        self.failures, self._rests_until = 0, 0.0
