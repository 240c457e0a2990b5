"""The shortest way from the image to each block: what a gradient has to pass at least, whatever the shortcuts."""

from __future__ import annotations

from collections.abc import Callable

from playground.measure import Measure, Part
from playground.walk import Walked

Weigh = Callable[[Part], int]


def least(walked: Walked, weigh: Weigh) -> dict[str, int]:
    """For every measured block the smallest sum of weights along a way to it, itself and its inside included."""
    found: dict[str, int] = {}
    for node in walked.wiring.order:
        if node in walked.measures:
            before = min((found[source] for source in walked.wiring.inputs[node]), default=0)
            found[node] = before + _inside(walked.measures[node], weigh)
    return found


def _inside(measure: Measure, weigh: Weigh) -> int:
    ways = {"in": 0}
    for part in measure.parts:
        name, sources = part.primitive.name, part.primitive.inputs
        ways[name] = min((ways[source] for source in sources), default=0) + weigh(part)
    return ways[measure.parts[-1].primitive.name]
