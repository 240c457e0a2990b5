"""Deep stacks of sigmoid or tanh: slopes below one multiply, and little of the gradient is left for the first layers.

Source: Glorot and Bengio, Understanding the Difficulty of Training Deep Feedforward Neural Networks, 2010.
"""

from __future__ import annotations

from functools import partial

from playground.fixes import Document
from playground.guidelines.registry import guideline
from playground.guidelines.ways import least
from playground.measure import Part
from playground.notes import Note
from playground.swaps import with_activation
from playground.walk import Walked

WEIGHTS = {"sigmoid": 2, "logistic": 2, "tanh": 1}
"""A sigmoid's slope is 1/4 at most; that of tanh is 1 at zero and falls quickly beside it."""
TOO_MANY = 6
"""Three sigmoids leave at most 1/64 of a gradient; LeNet 1990 still learned with five tanhs."""


@guideline
def saturating_stack(walked: Walked) -> list[Note]:
    """Three sigmoids or six tanhs in a row, with no shortcut around them."""
    ways = least(walked, _weight)
    deepest = max(ways, key=lambda node: ways[node], default="")
    if not deepest or ways[deepest] < TOO_MANY:
        return []
    count = least(walked, lambda part: int(_weight(part) > 0))[deepest]
    return [
        Note(
            "warning", "vanishing.W001", deepest,
            f"{walked.name(deepest)} ends a stack of {count} activations of sigmoid or tanh; their slopes are below 1"
            " (a sigmoid's at most 1/4) and multiply, so hardly any gradient reaches the first layers.",
            "Use ReLU, whose slope is 1 for all that is positive.",
            "Use ReLU in all of them", partial(_with_relu, walked),
        )
    ]  # fmt: skip


def _weight(part: Part) -> int:
    return WEIGHTS.get(part.primitive.block.kind, 0)


def _with_relu(walked: Walked) -> Document:
    return with_activation(walked, WEIGHTS, "relu") or walked.document
