"""Runs that differ in the seed alone, taken together; and whether two such groups differ by more than seeds explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from playground.comparing.student import Interval, mean_interval, welch
from playground.words import counted, listed

DIGITS = 2
"""Decimals of errors in percent and their differences in points."""


@dataclass(frozen=True)
class SeedRun:
    """What is needed of a run. `alike` is equal for runs that differ in the seed alone."""

    id: str
    letter: str
    alike: str
    seed: int
    error: float | None
    """Percent; None while there is none."""


@dataclass(frozen=True)
class Group:
    """Runs that differ in the seed alone; the first of each seed counts."""

    runs: tuple[SeedRun, ...]
    counted: tuple[SeedRun, ...]
    """Those with an error, one for each seed."""

    @property
    def name(self) -> str:
        return listed([run.letter for run in self.runs])

    @property
    def errors(self) -> list[float]:
        return [run.error for run in self.counted if run.error is not None]

    @property
    def interval(self) -> Interval | None:
        """Of the mean error; None where fewer than two seeds were measured."""
        return mean_interval(self.errors) if len(self.counted) > 1 else None


@dataclass(frozen=True)
class Verdict:
    """Whether two groups differ."""

    one: Group
    other: Group
    interval: Interval | None
    """Of the second's mean error less the first's, in points; None where a side has fewer than two seeds."""
    claimed: bool
    words: str


def groups_of(runs: Sequence[SeedRun]) -> list[Group]:
    """In the order of their first run."""
    found: dict[str, list[SeedRun]] = {}
    for run in runs:
        found.setdefault(run.alike, []).append(run)
    return [Group(tuple(members), tuple(_one_a_seed(members))) for members in found.values()]


def verdicts(groups: Sequence[Group]) -> list[Verdict]:
    """Of every pair of groups that were both measured; of the first with each other, where there are many."""
    measured = [group for group in groups if group.counted]
    pairs = combinations(measured, 2) if len(measured) <= 4 else ((measured[0], other) for other in measured[1:])
    return [verdict(one, other) for one, other in pairs]


def verdict(one: Group, other: Group) -> Verdict:
    """With the interval of Welch's t test at 95 %."""
    few = [group for group in (one, other) if len(group.counted) < 2]
    if few:
        names = listed([group.name for group in few])
        more = "One seed tells nothing of how far results scatter"
        words = (
            f"No difference can be claimed between {one.name} and {other.name}. {more}: train {names} with more seeds."
        )
        return Verdict(one, other, None, False, words)
    interval = welch(one.errors, other.errors)
    limits = f"{signed(interval.low)} to {signed(interval.high)} points at 95%"
    if interval.holds_nought:
        words = (
            f"No difference can be claimed between {one.name} and {other.name}: the interval of the difference, "
            f"{limits}, contains 0."
        )
        return Verdict(one, other, interval, False, words)
    less = "less" if interval.middle < 0 else "more"
    words = (
        f"{other.name} {_errs(other)} {abs(interval.middle):.{DIGITS}f} points {less} than {one.name}: {limits}, over "
        f"{counted(len(one.counted), 'seed', 'seeds')} and {len(other.counted)}."
    )
    return Verdict(one, other, interval, True, words)


def signed(points: float) -> str:
    """ "−0.31", "0.00", "+1.20"."""
    text = f"{points:+.{DIGITS}f}"
    return "0.00" if float(text) == 0 else text.replace("-", "−")


def _errs(group: Group) -> str:
    return "err" if len(group.runs) > 1 else "errs"


def _one_a_seed(runs: Sequence[SeedRun]) -> list[SeedRun]:
    """A seed again is the same run again, and says nothing new of how far results scatter."""
    found: dict[Any, SeedRun] = {}
    for run in runs:
        if run.error is not None:
            found.setdefault(run.seed, run)
    return list(found.values())
