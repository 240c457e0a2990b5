"""Guideline 3: keep the channels at bay: parameters and multiply-adds grow as channels in times channels out."""

from __future__ import annotations

from functools import partial

from playground import fixes
from playground.blocks.convolution import Conv2d
from playground.fixes import Document
from playground.guidelines.registry import guideline, page
from playground.measure import measure
from playground.notes import Note
from playground.shapes import ShapeError, both
from playground.walk import Walked

MANY_CHANNELS = 64
LARGE_SHARE = 0.5
REDUCTION = 4
"""As ResNet's bottlenecks do."""


@guideline(
    page(
        id="channels.W001",
        title="Keep the channels at bay",
        why=f"""
        A convolution costs kernel height × kernel width × channels in × channels out for each position. Twice the
        channels everywhere is four times the work, so that one wide layer easily does more than all others together.

        A 1×1 convolution mixes the channels of each pixel and costs a ninth of a 3×3. Put before a wide layer, it
        hands on fewer channels: a {REDUCTION}th of them, and the wide layer costs a {REDUCTION}th. GoogLeNet's
        inception blocks reduce like this before their 3×3 and 5×5 filters, and the bottlenecks of ResNet-50 before
        their 3×3.

        The reduction is learned and has an activation of its own. It is also a bottleneck: reduce too far, and what
        the wide layer needs is gone.
        """,
        rule=f"""
        One convolution over {MANY_CHANNELS} channels or more, larger than 1×1 and in one group, does more than
        {LARGE_SHARE:.0%} of the network's multiply-adds, no 1×1 convolution stands before it, and a reduction to
        1/{REDUCTION} of the channels makes parameters and multiply-adds fewer.
        """,
        source="""
        Szegedy et al., Going Deeper with Convolutions, 2015, section 4; Lin, Chen and Yan, Network in Network, 2014
        """,
        lecture=["L35", "L21"],
    ),
)
def layer_that_dominates(walked: Walked) -> list[Note]:
    """One convolution with more multiply-adds than all other layers together, and many channels in."""
    total = walked.totals().macs
    for node in walked.of_kind("conv2d"):
        found, inputs = walked.measures.get(node), walked.inputs(node)
        if found is None or not inputs or found.macs <= LARGE_SHARE * total or not isinstance(found.block, Conv2d):
            continue
        channels, filters = inputs[0][0], found.block.filters
        few = channels < MANY_CHANNELS or found.block.groups != 1 or both(found.block.kernel_size) == (1, 1)
        if few or _reduced_already(walked, node):
            continue
        less = channels // REDUCTION
        after = _after(walked, node, less)
        if after is None or after[0] >= found.parameters or after[1] >= found.macs:
            continue
        return [
            Note(
                "advice", "channels.W001", node,
                f"{walked.name(node)} does {found.macs / total:.0%} of all multiply-adds: {channels} channels in times"
                f" {filters} out make {found.parameters:,} parameters and {found.macs:,} multiply-adds.",
                f"With a 1×1 convolution to {less} channels before it, both together take {after[0]:,} parameters and"
                f" {after[1]:,} multiply-adds.",
                "Insert a 1×1 reduction", partial(_reduced, walked.document, node, less),
            )
        ]  # fmt: skip
    return []


def _reduced_already(walked: Walked, node: str) -> bool:
    """The layer before it is a 1×1 convolution."""
    before = walked.wiring.inputs[node][0]
    while walked.measures[before].block.family in {"activation", "steadying"}:
        before = walked.wiring.inputs[before][0]
    block = walked.measures[before].block
    return isinstance(block, Conv2d) and both(block.kernel_size) == (1, 1)


def _after(walked: Walked, node: str, less: int) -> tuple[int, int] | None:
    """Parameters and multiply-adds of both layers."""
    inputs = walked.inputs(node) or ()
    try:
        first = measure("conv2d", {"filters": less, "kernel_size": 1}, inputs)
        second = measure("conv2d", walked.nodes[node].params, (first.shape,))
    except ShapeError:
        return None
    return first.parameters + second.parameters, first.macs + second.macs


def _reduced(document: Document, node: str, less: int) -> Document:
    document = fixes.insert_before(document, node, "conv2d", {"filters": less, "kernel_size": 1})
    return fixes.insert_before(document, node, "relu", {})
