"""Guideline 2: chains of 3×3 filters in place of a large one: fewer parameters, the same pixels, more activations."""

from __future__ import annotations

import itertools
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


def as_chains(walked: Walked) -> tuple[Document, int] | None:
    """Every large filter as a chain, cheaper or not, and how many there were; None without any."""
    document, count = walked.document, 0
    for node, found in walked.measures.items():
        if isinstance(found.block, Conv2d) and _can_be_chain(found.block):
            document, count = _chained(document, node, _chain(walked, node, found.block)), count + 1
    return (document, count) if count else None


def as_large_filters(walked: Walked) -> tuple[Document, int] | None:
    """Every chain of 3×3 filters as one filter that sees the same pixels, and how many there were; None without any."""
    document, count = walked.document, 0
    taken: set[str] = set()
    for node in walked.wiring.order:
        chain = [] if node in taken else _links(walked, node)
        if len(chain) > 1:
            taken.update(chain)
            document, count = _joined(walked, document, chain), count + 1
    return (document, count) if count else None


def _links(walked: Walked, first: str) -> list[str]:
    """The convolutions of a chain that starts here, as many as the largest filter stands for."""
    links: list[str] = []
    node: str | None = first
    while node is not None and len(links) < LARGEST // 2:
        found = walked.measures.get(node)
        if found is None or not isinstance(found.block, Conv2d) or not _link(found.block):
            break
        links.append(node)
        if both(found.block.stride) != (1, 1):  # only the last of a chain may stride
            break
        node = _after_activation(walked, node)
    return links


def _link(block: Conv2d) -> bool:
    return both(block.kernel_size) == (3, 3) and both(block.dilation) == (1, 1) and block.groups == 1


def _after_activation(walked: Walked, node: str) -> str | None:
    """What a convolution feeds through its batch norm and activation alone; None where something else is between."""
    for block in ("batch_norm", ""):
        after = walked.wiring.outputs[node]
        if len(after) != 1 or after[0] not in walked.measures:
            return None
        if block and walked.nodes[after[0]].block == block:
            node = after[0]
    found = walked.measures[after[0]].block
    behind = walked.wiring.outputs[after[0]]
    return behind[0] if found.family == "activation" and found.kind not in UNBENT and len(behind) == 1 else None


def _joined(walked: Walked, document: Document, chain: list[str]) -> Document:
    """The last of the chain becomes the large filter; what stood before it in the chain goes."""
    last = chain[-1]
    pads = [walked.measures[node].block.window((1, 64, 64)).padding for node in chain]
    size = 2 * len(chain) + 1
    padding = (sum(pad[0] for pad in pads), sum(pad[1] for pad in pads))
    document = fixes.set_params(document, last, {"kernel_size": size, "padding": padding})
    document = fixes.change_each(document, {last: {"label": None}})
    between: set[str] = set()
    for node, following in itertools.pairwise(chain):
        while node != following:
            between.add(node)
            node = walked.wiring.outputs[node][0]
    return fixes.bypass_links(document, between)
