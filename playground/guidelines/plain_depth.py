"""Deep plain stacks get worse with every layer; shortcuts let the gradient through."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from playground import fixes
from playground.blocks.convolution import Conv2d
from playground.blocks.residual import ResidualBasic, ResidualBottleneck
from playground.fixes import Document
from playground.guidelines.registry import guideline, page
from playground.guidelines.ways import least
from playground.measure import Part
from playground.notes import Note
from playground.shapes import both
from playground.walk import Walked

DEEP = 20
"""In the paper a plain network of 20 layers still trains well; those of 32 and more are worse."""


class _Pair(NamedTuple):
    """Two convolutions that can stand in one residual block: the first of them, the block and what it takes in."""

    first: str
    stride: int
    filters: int
    normalise: bool
    activation: str
    others: tuple[str, ...]


@guideline(
    page(
        id="depth.W001",
        title="Lead shortcuts past deep stacks",
        why="""
        More layers should never be worse: the added ones could just hand on what they get. Yet He et al. found that
        plain networks get worse with depth, and not by overfitting: on ImageNet the plain network of 34 layers has a
        higher error on the training images too, and 28.54 % top-1 error against 27.94 % for the one of 18.

        A residual block adds its input to what its layers make of it, y = F(x) + x. To hand on its input it need only
        learn F = 0, and the gradient of y reaches x whatever F does. With shortcuts the order turns round: 25.03 %
        for 34 layers against 27.88 % for 18.

        A shortcut has no weights. Where the shape changes, it takes every second pixel and appends channels of zeros,
        or projects with a 1×1 convolution.
        """,
        rule=f"""
        More than {DEEP} layers with weights lie on every way from the image to some block. The press makes residual
        blocks of pairs of 3×3 convolutions that fit, and gives plain residual blocks their shortcut, with zeros for
        new channels.
        """,
        source="He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016, sections 1 and 4, table 2",
        lecture=["L36", "L22"],
    ),
)
def deep_and_plain(walked: Walked) -> list[Note]:
    """More layers with weights than DEEP, with no way around them."""
    ways = least(walked, _layer)
    deepest = max(ways, key=lambda node: ways[node], default="")
    if not deepest or ways[deepest] <= DEEP:
        return []
    last = next(node for node in walked.wiring.order if ways.get(node) == ways[deepest])
    note = Note(
        "advice", "depth.W001", last,
        f"{walked.name(last)} is the last of {ways[last]} layers with no shortcut around any of them; plain networks"
        " this deep train worse than shallower ones.",
        "Let shortcuts lead past every second layer.",
    )  # fmt: skip
    plain, pairs = _plain_blocks(walked), _pairs(walked)
    count = len(plain) + len(pairs)
    if not count:
        return [note]
    shortcuts = f"{count} shortcut{'s' if count > 1 else ''}"
    return [
        note._replace(
            hint=f"{note.hint} {shortcuts} can be put in without one parameter or multiply-add more.",
            fix_label="Make it residual",
            fix=partial(_residual, walked.document, plain, pairs),
        )
    ]


def with_shortcuts(walked: Walked) -> Document | None:
    """The document with a shortcut past every second layer that can have one; None where there is none."""
    plain, pairs = _plain_blocks(walked), _pairs(walked)
    return _residual(walked.document, plain, pairs) if plain or pairs else None


def _layer(part: Part) -> int:
    return int(part.parameters > 0 and part.primitive.block.family in {"conv", "dense"})


def _plain_blocks(walked: Walked) -> list[str]:
    """Residual blocks whose shortcut was taken out, where zero channels can make up for those that are missing."""
    found = []
    for node, measure in walked.measures.items():
        block, inputs = measure.block, walked.inputs(node)
        if isinstance(block, ResidualBasic | ResidualBottleneck) and block.shortcut == "none" and inputs:
            found += [node] if block.filters >= inputs[0][0] else []
    return found


def _pairs(walked: Walked) -> list[_Pair]:
    found: list[_Pair] = []
    taken: set[str] = set()
    for node in walked.wiring.order:
        if node in taken or node not in walked.measures:
            continue
        pair = _pair(walked, node)
        if pair:
            found.append(pair)
            taken.update(pair.others)
    return found


def _pair(walked: Walked, node: str) -> _Pair | None:
    first = _unit(walked, node)
    second = _unit(walked, _next(walked, first[-1])) if first else None
    if not first or not second or len(first) != len(second):
        return None
    one, two = walked.measures[first[0]].block, walked.measures[second[0]].block
    assert isinstance(one, Conv2d) and isinstance(two, Conv2d)
    channels = (walked.inputs(node) or ((0,),))[0][0]
    activations = {walked.nodes[unit[-1]].block for unit in (first, second)}
    if one.filters != two.filters or two.stride not in (1, (1, 1)) or one.filters < channels or len(activations) > 1:
        return None
    return _Pair(node, both(one.stride)[0], one.filters, len(first) == 3, activations.pop(), (*first[1:], *second))


def _unit(walked: Walked, node: str | None) -> list[str] | None:
    """[3×3 convolution, ReLU], or with batch norm between them; each feeds the next alone. Else None."""
    if node is None or node not in walked.measures:
        return None
    block = walked.measures[node].block
    if not isinstance(block, Conv2d) or not _even(block):
        return None
    unit = [node]
    after = _next(walked, node)
    if after is not None and walked.nodes[after].block == "batch_norm" and not walked.nodes[after].params:
        unit.append(after)
        after = _next(walked, after)
    if after is None or walked.nodes[after].block != "relu" or block.bias == (len(unit) == 2):
        return None
    return [*unit, after]


def _even(block: Conv2d) -> bool:
    """As the convolutions inside a residual block are."""
    padded = block.padding == "same" or both(block.padding) == (1, 1)
    rows, columns = both(block.stride)
    return (
        both(block.kernel_size) == (3, 3) and padded and rows == columns and rows <= 8
        and both(block.dilation) == (1, 1) and block.groups == 1
    )  # fmt: skip


def _next(walked: Walked, node: str) -> str | None:
    after = walked.wiring.outputs[node]
    return after[0] if len(after) == 1 and after[0] in walked.measures else None


def _residual(document: Document, plain: list[str], pairs: list[_Pair]) -> Document:
    for node in plain:
        document = fixes.set_params(document, node, {"shortcut": "pad"})
    for pair in pairs:
        settings = {"filters": pair.filters, "stride": pair.stride, "shortcut": "pad"}
        settings |= {"normalise": pair.normalise, "activation": pair.activation}
        document = fixes.replace(document, pair.first, "residual_basic", settings)
    return fixes.bypass_links(document, {other for pair in pairs for other in pair.others})
