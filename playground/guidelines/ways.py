"""The shortest way from the image to each block: what a gradient has to pass at least, whatever the shortcuts."""

from __future__ import annotations

from collections.abc import Callable

from playground.measure import Measure, Part
from playground.walk import Walked

Weigh = Callable[[Part], int]


def least(walked: Walked, weigh: Weigh) -> dict[str, int]:
    """For every measured block the smallest sum of weights along a way to it, itself and its inside included."""
    found: dict[str, int] = {}
    known: dict[int, int] = {}
    for node in walked.wiring.order:
        measure = walked.measures.get(node)
        if measure is not None:
            inside = known.get(id(measure))  # equal blocks over equal inputs share their measure
            if inside is None:
                inside = known[id(measure)] = _inside(measure, weigh)
            found[node] = inside + min((found[source] for source in walked.wiring.inputs[node]), default=0)
    return found


def _inside(measure: Measure, weigh: Weigh) -> int:
    ways = {"in": 0}
    for part in measure.parts:
        name, sources = part.primitive.name, part.primitive.inputs
        ways[name] = min((ways[source] for source in sources), default=0) + weigh(part)
    return ways[measure.parts[-1].primitive.name]
