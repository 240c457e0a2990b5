"""Memory of outputs while a network runs, and of what training keeps.

Each primitive's output counts in full, as float32: also where a program could write over its input (ReLU in place) or
hand the same values on (flatten, the output block). The image counts, as the output of the input block. What a library
takes for itself while it computes one layer does not count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from playground.measure import Measure, Part
    from playground.recipe import Recipe


class Peak(NamedTuple):
    """The most bytes alive at once, and when."""

    bytes: int
    at: int
    """Place of the part or block that is being computed."""
    part: int
    """Place of the part inside that block."""
    alive: tuple[int, ...]
    """Bytes of each output alive then, in the order in which they were made."""


NOTHING = Peak(0, 0, 0, ())


def inside(parts: Sequence[Part], input_bytes: int) -> Peak:
    """The peak inside a block that runs its parts in order. `input_bytes`: its input, 0 where it is not to count."""
    readers = {source: place for place, part in enumerate(parts) for source in part.primitive.inputs}
    alive = {"in": input_bytes} if input_bytes else {}
    peak = NOTHING
    for place, part in enumerate(parts):
        alive[part.primitive.name] = part.activation_bytes
        now = sum(alive.values())
        if now > peak.bytes:
            peak = Peak(now, 0, place, tuple(alive.values()))
        for source in set(part.primitive.inputs):
            if readers[source] == place:
                alive.pop(source, None)
    return peak


def of_run(order: Sequence[str], inputs: Mapping[str, Sequence[str]], measures: Mapping[str, Measure]) -> Peak:
    """The peak while one image runs through the blocks in this order, each output let go after its last reader."""
    readers = {source: place for place, node in enumerate(order) for source in inputs[node]}
    alive: dict[str, int] = {}
    total, peak = 0, NOTHING
    for place, node in enumerate(order):
        found = measures[node]
        spent = {source for source in inputs[node] if readers[source] == place}
        opened = len(found.parts) > 1
        within = found.peak_with_input if opened and spent else found.peak_beside_input
        leaving = spent if opened else set()  # a composite block lets its one input go while it still runs
        now = total - sum(alive[source] for source in leaving) + within.bytes
        if now > peak.bytes:
            others = [bytes for source, bytes in alive.items() if source not in leaving]
            peak = Peak(now, place, within.part, (*others, *within.alive))
        for source in spent:
            total -= alive.pop(source)
        if node in readers:
            alive[node] = found.output_bytes
            total += found.output_bytes
    return peak


def kept_by_optimiser(recipe: Recipe) -> int:
    """Values that the optimiser keeps for each parameter: momentum, running means of gradients and their squares."""
    momentum = int(recipe.momentum > 0)
    return {"sgd": momentum, "rmsprop": 1 + momentum, "adam": 2, "adamw": 2}[recipe.optimiser]
