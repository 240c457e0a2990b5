"""How long a run had trained at each of its steps, told from the moments it wrote down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

MOST_POINTS = 200


@dataclass(frozen=True)
class Moment:
    """An epoch's end, a pause or its end; time in Unix seconds of the worker."""

    attempt: int
    step: int
    name: str
    time: float


@dataclass(frozen=True)
class _Stretch:
    """Steps of one attempt, both ends known."""

    first: int
    last: int
    seconds: float


def clock(
    moments: Iterable[Moment],
    attempts: Sequence[tuple[int, int]],
    last_step: int,
    seconds: float | None = None,
    pace: float | None = None,
) -> list[tuple[int, float]]:
    """(step, seconds of training up to it), ascending, without pauses and breaks; between two time passes evenly.

    attempts: (attempt, first step). seconds: of the whole run where they are known; the rest is scaled to them.
    pace: seconds a step, for a run of which nothing else tells. Empty where there is nothing to go by.
    """
    found = _stretches(list(moments), attempts)
    rates = [each.seconds / (each.last - each.first) for each in found]
    if rates:
        usual = median(rates)
    elif seconds is not None and last_step > 0:
        usual = seconds / last_step
    elif pace is not None:
        usual = pace
    else:
        return []
    points: list[tuple[int, float]] = [(0, 0.0)]
    for each in found:
        at, passed = points[-1]
        if each.first < at:
            continue
        if each.first > at:
            points.append((each.first, passed + (each.first - at) * usual))
        points.append((each.last, points[-1][1] + each.seconds))
    at, passed = points[-1]
    if last_step > at:
        points.append((last_step, passed + (last_step - at) * usual))
    total = points[-1][1]
    scale = seconds / total if seconds is not None and total > 0 else 1.0
    every = -(-len(points) // MOST_POINTS)
    kept = [*points[:-1:every], points[-1]] if len(points) > 1 else points
    return [(step, round(time * scale, 3)) for step, time in kept]


def _stretches(moments: Sequence[Moment], attempts: Sequence[tuple[int, int]]) -> list[_Stretch]:
    """Between the ends of two epochs of one attempt, as far as no later attempt did the same steps again."""
    found: list[_Stretch] = []
    for attempt in sorted({number for number, _ in attempts} or {1}):
        later = [first for number, first in attempts if number > attempt]
        end = min(later, default=None)
        begin: Moment | None = None
        paused: float | None = None
        lost = 0.0
        for moment in sorted((m for m in moments if m.attempt == attempt), key=lambda m: (m.time, m.step)):
            match moment.name:
                case "paused" if paused is None:
                    paused = moment.time
                case "resumed" if paused is not None:
                    lost += moment.time - paused
                    paused = None
                case "epoch":
                    passed = moment.time - begin.time - lost if begin else 0.0
                    known = begin is not None and moment.step > begin.step and passed > 0
                    if begin is not None and known and (end is None or moment.step <= end):
                        found.append(_Stretch(begin.step, moment.step, passed))
                    begin, lost = moment, 0.0
    return sorted(found, key=lambda each: each.first)
