"""Activations that stop learning or add nothing."""

from __future__ import annotations

from functools import partial

from playground import fixes
from playground.blocks.convolution import Conv2d
from playground.blocks.dense import Dense
from playground.guidelines.registry import guideline, page
from playground.notes import Note
from playground.shapes import both, times
from playground.walk import Walked

POOLS = {"avg_pool", "global_avg_pool"}
LINEAR = {"linear_activation", "batch_norm", "dropout", "flatten", *POOLS}
"""Between two layers with weights, these leave the whole a linear map (batch norm and dropout at test time)."""


@guideline(
    page(
        id="activations.W001",
        title="No step where gradients must pass",
        why="""
        The step function fires or does not: 1 for a positive value, else 0. It is flat on both sides of its jump, so
        that its derivative is zero wherever there is one.

        Backpropagation multiplies the gradient by that zero. Every layer before a step gets no gradient and keeps its
        start weights, whatever the rate. Only the layers behind the last step learn.

        A sigmoid is a soft step with a slope. ReLU has slope 1 for all that is positive, and is the usual choice.
        """,
        rule="A step has a layer with weights before it.",
        source="Rumelhart, Hinton and Williams, Learning Representations by Back-Propagating Errors, 1986",
        lecture=["L5", "L4"],
    ),
)
def step_stops_learning(walked: Walked) -> list[Note]:
    """The step's derivative is zero wherever it has one."""
    return [
        Note(
            "warning", "activations.W001", node,
            f"{walked.name(node)} has gradient zero everywhere, so nothing before it learns.",
            "Use ReLU, or a sigmoid, which is a soft step.",
            "Use ReLU", partial(fixes.replace, walked.document, node, "relu", {}),
        )
        for node in walked.of_kind("step")
        if node in walked.measures and _weights_before(walked, node)
    ]  # fmt: skip


def _weights_before(walked: Walked, node: str) -> bool:
    before = walked.wiring.reachable(node, forward=False)
    return any(walked.measures[each].parameters for each in before if each in walked.measures)


@guideline(
    page(
        id="activations.W002",
        title="Put an activation between two layers",
        why="""
        A convolution is a linear map of its input, and so is a dense layer. One linear map after another is a linear
        map: A·(B·x) = (A·B)·x. Two layers with nothing bent between them can compute nothing that one could not.

        They cost two layers' weights, though, and are harder to train than the one. What lies between them may be
        batch norm, dropout, an average or a flatten: at test time all of these are linear too.

        An activation between the two makes them a network: with it, one hidden layer can already come close to any
        continuous function.
        """,
        rule="""
        A convolution or dense layer feeds another, with nothing between the two but blocks that are linear at test
        time, and nothing else reads what lies between. Depthwise convolutions are left out: 1×1 filters are put
        behind them on purpose.
        """,
        source="Hornik, Stinchcombe and White, Multilayer Feedforward Networks Are Universal Approximators, 1989",
        lecture=["L6", "L34"],
    ),
)
def linear_layers_collapse(walked: Walked) -> list[Note]:
    """Two layers with weights and nothing bent between them are one layer, only dearer."""
    notes = []
    for node in walked.network.nodes:
        if node.block not in {"conv2d", "dense"} or node.id not in walked.measures:
            continue
        before, pooled = walked.wiring.inputs[node.id][0], False
        while walked.nodes[before].block in LINEAR and len(walked.wiring.outputs[before]) == 1:
            pooled = pooled or walked.nodes[before].block in POOLS
            before = walked.wiring.inputs[before][0]
        if walked.nodes[before].block in {"conv2d", "dense"} and len(walked.wiring.outputs[before]) == 1:
            notes.append(
                Note(
                    "warning", "activations.W002", node.id,
                    f"{walked.name(before)} and {walked.name(node.id)} have no activation between them,"
                    " so together they can do no more than one layer.",
                    f"{_one_layer(walked, before, node.id) if not pooled else ''}Insert ReLU before"
                    f" {walked.name(node.id)}.",
                    "Insert ReLU", partial(fixes.insert_before, walked.document, node.id, "relu", {}),
                )
            )  # fmt: skip
    return notes


@guideline(
    page(
        id="activations.W003",
        title="No softmax inside the network",
        why="""
        Softmax makes its inputs compete: it turns them into shares that sum to 1. Over hundreds of channels most
        shares are close to 0, so that the next layer sees hardly anything, and what one value gains the others lose.

        Its slope is p·(1 − p), at most 1/4 and near zero both for winners and for losers: gradients vanish in it as
        they do in a sigmoid.

        Softmax belongs behind the last scores, and there the loss has it already. Inside a network ReLU leaves values
        free and passes the gradient. (Attention weighs by softmax inside a network; there is no such block here.)
        """,
        rule="A softmax does not lead straight to the output, and has a layer with weights before it.",
        source="Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.2.2.3",
        lecture=["L14", "L8"],
    ),
)
def softmax_inside(walked: Walked) -> list[Note]:
    """Its output is shares of 1; the next layer sees little of what came in."""
    return [
        Note(
            "warning", "activations.W003", node,
            f"{walked.name(node)} stands inside the network: its {walked.measures[node].shape[0]} outputs are shares"
            " that sum to 1, and hardly any gradient passes it.",
            "Use ReLU here; softmax belongs behind the scores, where the loss has it already.",
            "Use ReLU", partial(fixes.replace, walked.document, node, "relu", {}),
        )
        for node in walked.of_kind("softmax")
        if node in walked.measures and not _leads_out(walked, node) and _weights_before(walked, node)
    ]  # fmt: skip


def _leads_out(walked: Walked, node: str) -> bool:
    """To an end of the network alone."""
    after = walked.wiring.outputs[node]
    return len(after) == 1 and walked.nodes[after[0]].block in {"output", "auxiliary_output"}


def _one_layer(walked: Walked, first: str, second: str) -> str:
    """The layer that both equal, in words; none where a border of zeros between two convolutions spoils it."""
    one, two = walked.measures[first].block, walked.measures[second].block
    if isinstance(one, Conv2d) and isinstance(two, Conv2d):
        inputs = walked.inputs(second) or ()
        if max(two.window(*inputs).padding):
            return ""
        sizes, strides = zip(*map(_composed, *_geometry(one), *_geometry(two)), strict=True)
        stride = strides[0] if strides[0] == strides[1] else times(strides)
        step = f" with stride {stride}" if max(strides) > 1 else ""
        return f"They equal one {times(sizes)} convolution{step} to {two.filters} channels. "
    if isinstance(one, Dense) and isinstance(two, Dense):
        return f"They equal one dense layer of {two.units} units. "
    return ""


def _geometry(block: Conv2d) -> tuple[tuple[int, int], tuple[int, int]]:
    """Reach of the filter and stride, (vertical, horizontal)."""
    kernel, dilation = both(block.kernel_size), both(block.dilation)
    return ((kernel[0] - 1) * dilation[0] + 1, (kernel[1] - 1) * dilation[1] + 1), both(block.stride)


def _composed(reach: int, stride: int, next_reach: int, next_stride: int) -> tuple[int, int]:
    return reach + (next_reach - 1) * stride, stride * next_stride
