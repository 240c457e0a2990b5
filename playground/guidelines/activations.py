"""Activations that stop learning or add nothing."""

from __future__ import annotations

from functools import partial

from playground import fixes
from playground.blocks.convolution import Conv2d
from playground.blocks.dense import Dense
from playground.guidelines.registry import guideline
from playground.notes import Note
from playground.shapes import both, times
from playground.walk import Walked

LINEAR = {"linear_activation", "batch_norm", "dropout", "flatten"}
"""Between two layers with weights, these leave the whole a linear map (batch norm and dropout at test time)."""


@guideline
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


@guideline
def linear_layers_collapse(walked: Walked) -> list[Note]:
    """Two layers with weights and nothing bent between them are one layer, only dearer."""
    notes = []
    for node in walked.network.nodes:
        if node.block not in {"conv2d", "dense"} or node.id not in walked.measures:
            continue
        before = walked.wiring.inputs[node.id][0]
        while walked.nodes[before].block in LINEAR and len(walked.wiring.outputs[before]) == 1:
            before = walked.wiring.inputs[before][0]
        if walked.nodes[before].block in {"conv2d", "dense"} and len(walked.wiring.outputs[before]) == 1:
            notes.append(
                Note(
                    "warning", "activations.W002", node.id,
                    f"{walked.name(before)} and {walked.name(node.id)} have no activation between them,"
                    " so together they can do no more than one layer.",
                    f"{_one_layer(walked, before, node.id)}Insert ReLU before {walked.name(node.id)}.",
                    "Insert ReLU", partial(fixes.insert_before, walked.document, node.id, "relu", {}),
                )
            )  # fmt: skip
    return notes


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
