"""Which of several are best for their cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

K = TypeVar("K")


def best_for_cost(points: Iterable[tuple[K, float, float]]) -> list[K]:
    """Of (name, cost, error) those that no other beats, from the cheapest on.

    One is beaten by another that costs no more and errs no more, and is better in one of the two. Of several that are
    alike in both the first alone is named.
    """
    best: list[K] = []
    least = float("inf")
    for name, _, error in sorted(points, key=lambda point: point[1:]):
        if error < least:
            least = error
            best.append(name)
    return best
