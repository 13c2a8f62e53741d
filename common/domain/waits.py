"""How long a wait will be: a range, whose width comes from how wrong earlier ranges were.

The middle is what queueing says (people ahead times the service time over the open places). How far
the truth lies from it is measured: each finished wait gives a score, (actual - middle) / spread,
and the range reaches from the low to the high quantile of the office's last scores. This is split
conformal prediction with a scaled score (Vovk, Gammerman, Shafer: Algorithmic Learning in a Random
World, 2005, chapter 4), over a moving window because a hall's days differ.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

AIM = 0.85
"""The share of waits that should end inside their range."""
ENOUGH = 20
"""With fewer scores than this, nothing is known yet and the range is a cautious guess."""

GUESS = (-1.0, 1.5)
_FLOOR_S = 30.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a stage moves, as measured.

    Attributes:
        each_s: Seconds that one person takes.
        places: Open places.
        low, high: Quantiles of the last scores.
    """

    each_s: float
    places: int
    low: float = GUESS[0]
    high: float = GUESS[1]


@dataclass(frozen=True, slots=True)
class Forecast:
    """A wait foretold. low_s and high_s are whole minutes, as people are told."""

    low_s: int
    high_s: int
    middle_s: float
    spread_s: float

    @property
    def minutes(self) -> tuple[int, int]:
        """Return the range in minutes."""
        return self.low_s // 60, self.high_s // 60

    def score(self, actual_s: float) -> float:
        """Say how far off the middle was, in spreads."""
        return (actual_s - self.middle_s) / self.spread_s

    def holds(self, actual_s: float) -> bool:
        """Tell whether a wait ended inside the range."""
        return self.low_s <= actual_s <= self.high_s


def forecast(
    pace: Pace,
    ahead: int,
    idle: int = 0,
    before_s: float = 0.0,
    not_before: timedelta | None = None,
) -> Forecast:
    """Foretell a wait.

    Args:
        pace: How fast the stage moves.
        ahead: People who will be called before.
        idle: Open places where nobody is served.
        before_s: What the person does first, such as the form, before anybody can call.
        not_before: How long until the person's slot; who comes early seldom goes in earlier.
    """
    turns = max(0, ahead - idle + 1)
    each_turn_s = pace.each_s / pace.places
    middle_s = before_s + turns * each_turn_s
    if not_before is not None:
        middle_s = max(middle_s, not_before.total_seconds())
    spread_s = _FLOOR_S + 0.25 * before_s + each_turn_s * math.sqrt(turns)
    low_min = math.floor(max(0.0, middle_s + pace.low * spread_s) / 60)
    high_min = math.ceil(max(0.0, middle_s + pace.high * spread_s) / 60)
    return Forecast(low_min * 60, max(high_min, low_min + 1) * 60, middle_s, spread_s)


def calibrate(scores: Sequence[float], aim: float = AIM) -> tuple[float, float]:
    """Return the low and the high score between which the next falls with probability aim.

    With n scores the ranks are taken of n + 1, so that the promise holds for small n too.
    """
    if len(scores) < ENOUGH:
        return GUESS
    in_order = sorted(scores)
    outside = (1 - aim) / 2
    count = len(in_order)
    low = math.floor((count + 1) * outside)
    high = math.ceil((count + 1) * (1 - outside))
    return in_order[max(low, 1) - 1], in_order[min(high, count) - 1]
