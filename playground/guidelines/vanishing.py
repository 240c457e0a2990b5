"""Deep stacks of sigmoid or tanh: slopes below one multiply, and the first layers get hardly any gradient."""

from __future__ import annotations

from functools import partial

from playground.fixes import Document
from playground.guidelines.registry import guideline, page
from playground.guidelines.ways import least
from playground.measure import Part
from playground.notes import Note
from playground.swaps import with_activation
from playground.walk import Walked

WEIGHTS = {"sigmoid": 7, "logistic": 7, "tanh": 3}
"""A sigmoid's slope is 1/4 at most; that of tanh is 1 at zero and falls quickly beside it."""
TOO_MANY = 21
"""Three sigmoids leave at most 1/64 of a gradient; LeNet-5 still learned with six tanhs, so seven are too many."""


@guideline(
    page(
        id="vanishing.W001",
        title="No deep stacks of sigmoid or tanh",
        why="""
        On its way back to the first layers a gradient is multiplied by the slope of each activation that it passes. A
        sigmoid's slope is 1/4 where it is steepest and nearly 0 where it saturates; that of tanh is 1 at zero and
        falls quickly beside it. A few such factors leave next to nothing: the first layers hardly learn.

        The slope of ReLU is 1 for all that is positive. Shortcuts help as well: the gradient goes round the
        activations.

        Watch it happen: train the network and look at the gradient of each layer, then press and train again.
        """,
        rule=f"""
        On every way from the image to some block, activations add up to {TOO_MANY} or more, where each sigmoid counts
        {WEIGHTS["sigmoid"]} and each tanh {WEIGHTS["tanh"]}. So three sigmoids are too many and
        seven tanhs; LeNet-5 of 1998 stays below with its six.
        """,
        source="""
        Glorot and Bengio, Understanding the Difficulty of Training Deep Feedforward Neural Networks, 2010, sections 3
        and 4; Hochreiter, Untersuchungen zu dynamischen neuronalen Netzen, 1991
        """,
        lecture=["L8", "L9"],
    ),
)
def saturating_stack(walked: Walked) -> list[Note]:
    """Three sigmoids or seven tanhs in a row, with no shortcut around them."""
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
