"""How often a comparison errs, and how sure that is, from the scores of labelled pairs.

Words and conventions follow ISO/IEC 19795-1: FMR is the share of impostor scores at or above the
threshold, FNMR the share of genuine scores below it. A genuine score of minus infinity is a pair
of which one capture could not be used.

Pairs that share a person are not independent, so the intervals come from drawing people, not
pairs, again and again with replacement: a genuine pair weighs as often as its person was drawn, a
pair of strangers as often as the one times the other (A. B. Owen, The pigeonhole bootstrap, Annals
of Applied Statistics 1, 2007). Drawings of few people differ less than studies of few people do;
the ends are taken further out accordingly (T. C. Hesterberg, What Teachers Should Know About the
Bootstrap, The American Statistician 69, 2015, the expanded percentile interval).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

REPLICATES = 1000
DOUBT = 0.05
"""What an interval leaves out: half of it at either end."""

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Curve:
    """FMR and FNMR at every threshold that makes a difference.

    Attributes:
        thresholds: (t,) every score that occurs, ascending, and infinity at the end.
        fmr: (t,) falls to 0; not a number without impostor scores.
        fnmr: (t,) rises to 1; not a number without genuine scores.
    """

    thresholds: Floats
    fmr: Floats
    fnmr: Floats

    def at(self, threshold: float) -> tuple[float, float]:
        """FMR and FNMR of a match from that score; unknown where the threshold is."""
        if np.isnan(threshold):
            return float("nan"), float("nan")
        # No score lies between the threshold and the next that occurs, so both decide alike.
        place = int(np.searchsorted(self.thresholds, threshold, side="left"))
        return float(self.fmr[place]), float(self.fnmr[place])

    def threshold_for(self, fmr: float) -> float:
        """The smallest number from which at most that share of impostors match."""
        if np.isnan(self.fmr[0]):
            return float("nan")
        # The FMR falls along the thresholds.
        place = int(np.searchsorted(-self.fmr, -fmr, side="left"))
        if place == 0:
            return float(self.thresholds[0])
        return float(np.nextafter(self.thresholds[place - 1], np.inf))

    def fnmr_at(self, fmr: Floats) -> Floats:
        """(k,) the shares of genuine pairs that the thresholds for these (k,) FMRs miss."""
        if np.isnan(self.fmr[0]):
            return np.full(len(fmr), np.nan)
        return self.fnmr[np.searchsorted(-self.fmr, -fmr, side="left")]

    def eer(self) -> float:
        """The equal error rate: the mean of FMR and FNMR where they are nearest each other."""
        if np.isnan(self.fmr[0] + self.fnmr[0]):
            return float("nan")
        place = int(np.argmin(np.abs(self.fmr - self.fnmr)))
        return float(self.fmr[place] + self.fnmr[place]) / 2


@dataclass(frozen=True)
class Estimate:
    """A measured value and its 95 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of_rate(cls, value: float, low: float, high: float, trials: int) -> Self:
        """A rate with its interval from drawing people, which says nothing where none or all erred.

        There the limit of Clopper and Pearson stands in, with people or pairs of them as trials.
        """
        if value == 0:
            return cls(value, 0.0, most_when_none_seen(trials))
        if value == 1:
            return cls(value, 1 - most_when_none_seen(trials), 1.0)
        return cls(value, low, high)


@dataclass(frozen=True)
class Scores:
    """What was measured, and of whom.

    Attributes:
        genuine: (g,) scores of two captures of one subject.
        genuine_of: (g,) the subject, 0 to subjects - 1.
        impostor: (i,) scores of captures of two subjects.
        impostor_of: (i, 2) the two subjects.
        subjects: How many there are.
    """

    genuine: Floats
    genuine_of: Ints
    impostor: Floats
    impostor_of: Ints
    subjects: int

    @classmethod
    def of(cls, subject_a: Ints, subject_b: Ints, scores: Floats) -> Self:
        """Tell genuine pairs from impostors, and number the subjects anew, without gaps."""
        named, numbers = np.unique(np.stack([subject_a, subject_b], axis=1), return_inverse=True)
        pairs = numbers.reshape(-1, 2)
        same = pairs[:, 0] == pairs[:, 1]
        return cls(scores[same], pairs[same, 0], scores[~same], pairs[~same], len(named))

    @property
    def stranger_pairs(self) -> int:
        """How many pairs of different subjects were compared at least once."""
        return len(np.unique(np.sort(self.impostor_of, axis=1), axis=0))

    @property
    def lowest_supported_fmr(self) -> float:
        """Below which these people can prove no FMR, even if none of them matches another.

        Each pair of people counts once: comparing more of their captures adds certainty about
        these two and none about others.
        """
        return most_when_none_seen(self.stranger_pairs)

    @property
    def paired_subjects(self) -> int:
        """How many subjects were compared with themselves at least once."""
        return len(np.unique(self.genuine_of))

    def curve(self) -> Curve:
        """The error rates of the scores as they are."""
        return self._weighed(np.ones(self.subjects))

    def intervals(
        self,
        measure: Callable[[Curve], Floats],
        replicates: int = REPLICATES,
        seed: int = 1,
    ) -> tuple[Floats, Floats]:
        """Between which values other people like these would put what is measured, 95 times of 100.

        Args:
            measure: Takes k numbers from a curve; infinite and undefined ones are allowed.
            replicates: How often people are drawn.
            seed: The same seed gives the same intervals.

        Returns:
            (k,) lower and (k,) upper ends; not a number where no drawing could tell.
        """
        rng = np.random.default_rng(seed)
        odds = np.full(self.subjects, 1 / self.subjects)
        drawn = rng.multinomial(self.subjects, odds, size=replicates).astype(np.float64)
        found = np.array([measure(self._weighed(times)) for times in drawn])
        tail = _tail(self.subjects)
        ends = [_quantiles(column, tail) for column in found.T]
        return np.array([low for low, _ in ends]), np.array([high for _, high in ends])

    def _weighed(self, times: Floats) -> Curve:
        """The error rates when each subject counts so many times."""
        order = self._order
        genuine = _sums(times[order.genuine_of])
        impostor = _sums(times[order.impostor_of[:, 0]] * times[order.impostor_of[:, 1]])
        below = genuine[order.genuine_before]
        from_there = impostor[-1] - impostor[order.impostor_before]
        return Curve(order.thresholds, _share(from_there, impostor[-1]), _share(below, genuine[-1]))

    @cached_property
    def _order(self) -> "_Order":
        genuine, impostor = np.argsort(self.genuine), np.argsort(self.impostor)
        thresholds = np.append(np.unique(np.concatenate([self.genuine, self.impostor])), np.inf)
        return _Order(
            thresholds,
            self.genuine_of[genuine],
            np.searchsorted(self.genuine[genuine], thresholds),
            self.impostor_of[impostor],
            np.searchsorted(self.impostor[impostor], thresholds),
        )


@dataclass(frozen=True)
class _Order:
    """Pairs from the lowest score to the highest, and how many lie below each threshold."""

    thresholds: Floats
    genuine_of: Ints
    genuine_before: Ints
    impostor_of: Ints
    impostor_before: Ints


def _sums(weights: Floats) -> Floats:
    """(n + 1,) the weight of the first 0 to n pairs; weights are whole, so sums are exact."""
    return np.concatenate([[0.0], np.cumsum(weights)])


def _share(part: Floats, whole: float) -> Floats:
    return part / whole if whole else np.full(len(part), np.nan)


def _tail(people: int) -> float:
    """Which share of the drawings lies beyond either end; half of DOUBT for very many people."""
    if people < 2:
        return 0.0
    free, z = people - 1, _NORMAL.inv_cdf(1 - DOUBT / 2)
    # Student's t by the expansion of Cornish and Fisher: 2.093 for 20 people, as in the tables.
    t = z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
    return _NORMAL.cdf(-t * (people / free) ** 0.5)


def _quantiles(values: Floats, tail: float) -> tuple[float, float]:
    """The interval's ends as values that occurred, so that infinite ones do no harm."""
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return float("nan"), float("nan")
    last = len(known) - 1
    low = int(tail * last)
    return float(known[low]), float(known[last - low])


def most_when_none_seen(trials: int) -> float:
    """The rate that is exceeded with 5 % doubt at most when none of the trials erred.

    The upper limit of Clopper and Pearson, one-sided; about 3 / trials (the rule of three).
    """
    return 1.0 if trials < 1 else float(1 - DOUBT ** (1 / trials))
