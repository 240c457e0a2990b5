"""Guideline 2: chains of 3×3 filters in place of a large one: fewer parameters, the same pixels, more activations."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from playground import fixes
from playground.blocks.convolution import Conv2d
from playground.fixes import Document
from playground.guidelines.registry import guideline, page
from playground.measure import measure
from playground.notes import Note
from playground.shapes import both
from playground.walk import Walked

SMALLEST, LARGEST = 5, 11
UNBENT = {"linear_activation", "softmax", "step"}


class _Step(NamedTuple):
    kind: str
    params: dict[str, Any]


@guideline(
    page(
        id="filters.W001",
        title="Prefer chains of small filters",
        why="""
        Two 3×3 convolutions one behind the other see the same 5×5 pixels as one 5×5 convolution, three see 7×7. Over
        C channels in and out the two have 2·9·C² = 18·C² weights and the large one 25·C²; for 7×7 it is 27·C² against
        49·C². The multiply-adds fall in the same proportion.

        The chain also has an activation between each two of its layers, and can tell apart what a single filter
        cannot.

        The rule holds where the channels in are about as many as the channels out. Over few channels, as on the image
        itself, the first layer of a chain already costs more than the large filter, and nothing is said.
        """,
        rule=f"""
        A convolution of {SMALLEST}×{SMALLEST} to {LARGEST}×{LARGEST}, odd and square, in one group, without dilation
        and with at most half its size as padding, for which the chain has fewer parameters and fewer multiply-adds.
        The last layer of the chain takes the stride, and what followed the large filter stands between the layers as
        well.
        """,
        source="""
        Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, 2015, section 2.3
        """,
        lecture=["L34", "L33"],
    ),
)
def large_filter(walked: Walked) -> list[Note]:
    """Only where the chain costs less; over few channels a large filter is the cheaper one."""
    notes = []
    for node in walked.of_kind("conv2d"):
        found, inputs = walked.measures.get(node), walked.inputs(node)
        if found is None or not inputs or not isinstance(found.block, Conv2d) or not _can_be_chain(found.block):
            continue
        size = both(found.block.kernel_size)[0]
        chain = _chain(walked, node, found.block)
        parameters, macs = _cost(chain, inputs)
        if parameters >= found.parameters or macs >= found.macs:
            continue
        notes.append(
            Note(
                "advice", "filters.W001", node,
                f"{walked.name(node)} takes {found.parameters:,} parameters and {found.macs:,} multiply-adds.",
                f"A chain of {size // 2} filters of 3×3 sees the same {size}×{size} pixels with {parameters:,}"
                f" parameters and {macs:,} multiply-adds, and has an activation between each two.",
                "Use a chain of 3×3", partial(_chained, walked.document, node, chain),
            )
        )  # fmt: skip
    return notes


def _can_be_chain(block: Conv2d) -> bool:
    rows, columns = both(block.kernel_size)
    pads = block.window((block.groups, 64, 64)).padding
    return (
        rows == columns and rows % 2 == 1 and SMALLEST <= rows <= LARGEST
        and both(block.dilation) == (1, 1) and block.groups == 1 and max(pads) <= rows // 2
    )  # fmt: skip


def _chain(walked: Walked, node: str, block: Conv2d) -> list[_Step]:
    """The 3×3 layers with what stands between them; the stride is taken by the last."""
    count = both(block.kernel_size)[0] // 2
    pads = block.window((1, 64, 64)).padding
    between = _between(walked, node)
    steps: list[_Step] = []
    for place in range(count):
        last = place == count - 1
        padding = tuple(int(place < pad) for pad in pads)
        params = {"filters": block.filters, "kernel_size": 3, "padding": padding, "bias": block.bias}
        steps.append(_Step("conv2d", {**params, "stride": block.stride if last else 1}))
        steps += [] if last else between
    return steps


def _between(walked: Walked, node: str) -> list[_Step]:
    """What follows the large filter: batch norm, if there is one, and its activation, else ReLU."""
    steps = []
    after = walked.wiring.outputs[node]
    if len(after) == 1 and walked.nodes[after[0]].block == "batch_norm":
        steps.append(_Step("batch_norm", dict(walked.nodes[after[0]].params)))
        after = walked.wiring.outputs[after[0]]
    follows = walked.measures.get(after[0]) if len(after) == 1 else None
    if follows and follows.block.family == "activation" and follows.block.kind not in UNBENT:
        return [*steps, _Step(follows.block.kind, dict(walked.nodes[after[0]].params))]
    return [*steps, _Step("relu", {})]


def _cost(chain: list[_Step], inputs: tuple[tuple[int, ...], ...]) -> tuple[int, int]:
    parameters = macs = 0
    for step in chain:
        found = measure(step.kind, step.params, inputs)
        parameters, macs, inputs = parameters + found.parameters, macs + found.macs, (found.shape,)
    return parameters, macs


def _chained(document: Document, node: str, chain: list[_Step]) -> Document:
    """The block itself becomes the last of the chain."""
    for step in chain[:-1]:
        document = fixes.insert_before(document, node, step.kind, step.params)
    return fixes.replace(document, node, chain[-1].kind, chain[-1].params)
