"""Student's t distribution and the two intervals made with it, without a library.

Student, The probable error of a mean, Biometrika 6 (1908); Welch, The generalization of Student's problem when several
different population variances are involved, Biometrika 34 (1947).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, lgamma, log, log1p, sqrt
from statistics import fmean, variance

LEVEL = 0.95
"""Of all intervals: so many of them hold the true value, in the long run."""
MOST_TERMS = 10_000
PRECISION = 1e-15
TINY = 1e-300


@dataclass(frozen=True)
class Interval:
    """A figure with what it may as well be. `freedom`: degrees of freedom of the t that made it."""

    middle: float
    low: float
    high: float
    freedom: float

    @property
    def holds_nought(self) -> bool:
        return self.low <= 0 <= self.high


def mean_interval(values: Sequence[float], level: float = LEVEL) -> Interval:
    """The mean of a normal population, of which these are drawn. Raises ValueError for fewer than two values."""
    if len(values) < 2:
        raise ValueError("One value says nothing of how far values scatter: two are the least.")
    freedom = len(values) - 1
    half = t_quantile((1 + level) / 2, freedom) * sqrt(variance(values) / len(values))
    middle = fmean(values)
    return Interval(middle, middle - half, middle + half, freedom)


def welch(ones: Sequence[float], others: Sequence[float], level: float = LEVEL) -> Interval:
    """How much larger the mean of the others is, where the two may scatter unlike. Raises ValueError as above.

    Values that do not scatter at all leave an interval of no width.
    """
    if len(ones) < 2 or len(others) < 2:
        raise ValueError("One value says nothing of how far values scatter: two on each side are the least.")
    parts = [variance(ones) / len(ones), variance(others) / len(others)]
    both = sum(parts)
    middle = fmean(others) - fmean(ones)
    if both == 0:
        return Interval(middle, middle, middle, len(ones) + len(others) - 2)
    shares = [part / both for part in parts]  # their squares do not vanish where those of the parts would
    freedom = 1 / (shares[0] ** 2 / (len(ones) - 1) + shares[1] ** 2 / (len(others) - 1))
    half = t_quantile((1 + level) / 2, freedom) * sqrt(both)
    return Interval(middle, middle - half, middle + half, freedom)


def t_share(t: float, freedom: float) -> float:
    """The share of the distribution below t."""
    if not isfinite(t):
        return 1.0 if t > 0 else 0.0
    tail = 0.5 * beta_share(freedom / 2, 0.5, freedom / (freedom + t * t))
    return 1 - tail if t > 0 else tail


def t_quantile(share: float, freedom: float) -> float:
    """The value that so large a share lies below, 0 < share < 1; to twelve figures."""
    if not 0 < share < 1 or freedom <= 0:
        raise ValueError(f"A share lies between 0 and 1 and freedom above 0, not {share} and {freedom}.")
    if share < 0.5:
        return -t_quantile(1 - share, freedom)
    low, high = 0.0, 1.0
    while t_share(high, freedom) < share:
        low, high = high, 2 * high
        if high == inf:
            return inf
    while high - low > 1e-13 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if t_share(middle, freedom) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by Lentz's continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(b, a, 1 - x)
    front = exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, MOST_TERMS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            fraction *= c * d
        if abs(c * d - 1) < PRECISION:
            break
    return front * fraction


def _away(value: float) -> float:
    return value if abs(value) > TINY else TINY
