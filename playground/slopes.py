"""How much of a gradient the activations let through: the largest slopes on the way from the loss multiply (L8).

The weights on the way multiply it too, so this limits no gradient; it is the activations' own part in it.
"""

from __future__ import annotations

from collections import defaultdict

from playground.plan import Plan
from playground.settings import make_block


def steepest_slopes(layout: Plan) -> dict[str, float]:
    """The largest derivative of each activation, by the step's id."""
    slopes = {step.id: make_block(step.block, step.params).steepest() for step in layout.steps}
    return {step: slope for step, slope in slopes.items() if slope is not None}


def slope_bounds(layout: Plan) -> dict[str, float]:
    """For each step the product of the largest derivatives of the activations between its output and the loss.

    Where ways part, that of the way that lets the most through: a shortcut around an activation counts 1.
    """
    slopes = steepest_slopes(layout)
    bounds: defaultdict[str, float] = defaultdict(float)
    for step in reversed(layout.steps):
        if step.block in {"output", "auxiliary_output"}:
            bounds[step.id] = 1.0
        through = bounds[step.id] * slopes.get(step.id, 1.0)
        for source in step.inputs:
            bounds[source] = max(bounds[source], through)
    return {step.id: bounds[step.id] for step in layout.steps}
