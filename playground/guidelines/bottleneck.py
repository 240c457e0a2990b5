"""Guideline 1: the data volume H×W×C should fall slowly."""

from __future__ import annotations

from functools import partial
from itertools import product
from math import prod
from typing import Any, NamedTuple

from playground import fixes
from playground.blocks.convolution import Conv2d
from playground.blocks.pooling import AvgPool, MaxPool
from playground.fixes import Document
from playground.guidelines.registry import guideline, page
from playground.guidelines.trial import keeps_the_end
from playground.measure import Measure, measure
from playground.notes import Note
from playground.settings import SettingError
from playground.shapes import Shape, ShapeError, both
from playground.walk import Walked

MAX_FALL = 8
"""A pool of 2×2 takes 4, one of 3×3 with stride 2 a little more; beyond this little is left to decide with."""
MAX_TRIED = 8
"""Blocks of one network for which a way out is looked for."""


class _Halves(NamedTuple):
    """A stride of 4 in two steps of 2: what the block itself becomes, and what comes before it."""

    before: list[tuple[str, dict[str, Any]]]
    last: tuple[str, dict[str, Any]]


@guideline(
    page(
        id="bottleneck.W001",
        title="Let the data volume fall slowly",
        why="""
        Between two layers a network passes on a volume of height × width × channels values. What a block throws away,
        no later layer can bring back; it has to be chosen well, and one block alone cannot choose well.

        Good networks let the image shrink while the channels grow, so that the volume falls by about 2 to 4 at a
        time: VGG halves both sides and doubles the channels. A pool with stride 4, two pools in a row, or a layer
        with few filters between wide ones makes a waist in the volume: the drawing and the volume chart show it.

        Let a layer with weights work between two steps of shrinking, or give the block that shrinks the image more
        channels. A global average or a dense layer at the end is no such waist: it is where the network decides.
        """,
        rule=f"""
        A block, or pools in a row with no layer between them, takes in more than {MAX_FALL} times as many values as
        it gives out, and gives out an image of more than one pixel. Blocks that join or open are not looked into.
        """,
        source="""
        Szegedy et al., Rethinking the Inception Architecture for Computer Vision, 2016, section 2, principle 1
        """,
        lecture=["L32"],
    ),
)
def tight_bottleneck(walked: Walked) -> list[Note]:
    """A block that throws away most of what comes in, with layers after it that would have needed it."""
    notes: list[Note] = []
    for node in walked.network.nodes:
        found = walked.measures.get(node.id)
        if found is None or len(found.shape) != 3 or found.shape[1:] == (1, 1):
            continue
        row = _row_of_pools(walked, node.id)
        inputs = walked.inputs(row[0])
        if not inputs:
            continue
        before, after = sum(prod(shape) for shape in inputs), prod(found.shape)
        if before <= MAX_FALL * after:
            continue
        if len(row) > 1 and prod((walked.inputs(node.id) or ((0,),))[0]) > MAX_FALL * after:
            row, inputs = [node.id], walked.inputs(node.id) or inputs
            before = prod(inputs[0])
        names = (
            " and ".join(map(walked.name, row)) if len(row) < 3 else f"{len(row)} pools up to {walked.name(node.id)}"
        )
        note = Note(
            "warning", "bottleneck.W001", node.id,
            f"{names} {'takes' if len(row) == 1 else 'take'} {before:,} values down to {after:,}:"
            f" a {before / after:.0f}-fold fall in {'one block' if len(row) == 1 else 'a row'}.",
            "Shrink the image in smaller steps, or give more channels where it shrinks.",
        )  # fmt: skip
        notes.append(_with_way_out(walked, note, row, found) if len(notes) < MAX_TRIED else note)
    return notes


def _row_of_pools(walked: Walked, node: str) -> list[str]:
    """The block with the pools before it that no layer parts from it; more than one only where the block is a pool."""
    row, before = [node], node
    if not _pools(walked, node):
        return row
    while True:
        sources = walked.wiring.inputs[before]
        before = sources[0] if len(sources) == 1 else ""
        if before not in walked.measures or len(walked.wiring.outputs[before]) != 1:
            return row
        if _pools(walked, before):
            row.insert(0, before)
        elif walked.measures[before].block.family not in {"activation", "steadying"}:
            return row


def _pools(walked: Walked, node: str) -> bool:
    return isinstance(walked.measures[node].block, MaxPool | AvgPool)


def _with_way_out(walked: Walked, note: Note, row: list[str], found: Measure) -> Note:
    node, block = row[-1], found.block
    image = (walked.inputs(node) or ((),))[0]
    if len(row) > 1:
        between = [_keeping(image[0]), ("relu", {})]
        return note._replace(
            hint="Let a layer with weights work between them: it can choose what is to be kept.",
            fix_label="Insert 3×3 between them", fix=partial(_inserted, walked.document, node, between),
        )  # fmt: skip
    halves = _halves(found, image)
    if halves:
        return note._replace(
            hint="Shrink the image in two steps of 2 and let a layer with weights work between them.",
            fix_label="Shrink in two steps", fix=partial(_in_two, walked.document, node, halves),
        )  # fmt: skip
    if isinstance(block, Conv2d):
        share = MAX_FALL * prod(found.shape[1:]) * block.groups
        filters = -(-prod(image) // share) * block.groups
        if keeps_the_end(walked, {node: {"filters": filters}}):
            return note._replace(
                hint=f"Give {walked.name(node)} {filters} channels in place of {block.filters}.",
                fix_label=f"Use {filters} channels",
                fix=partial(fixes.set_params, walked.document, node, {"filters": filters}),
            )  # fmt: skip
    return note


def _keeping(channels: int) -> tuple[str, dict[str, Any]]:
    """A convolution that leaves the shape as it is."""
    return "conv2d", {"filters": channels, "kernel_size": 3, "padding": "same"}


def _halves(found: Measure, image: Shape) -> _Halves | None:
    """Two steps that give the same shape, each with a fall that is allowed; None where there are none."""
    block = found.block
    if not isinstance(block, Conv2d | MaxPool | AvgPool) or both(block.stride) != (4, 4):
        return None
    params = block.model_dump(exclude_defaults=True)
    if isinstance(block, Conv2d):
        second = {"filters": block.filters, "kernel_size": 3, "stride": 2, "padding": 1}
        tried = [_Halves([("conv2d", {**params, "stride": 2}), ("relu", {})], ("conv2d", second))]
    else:
        windows = [{"kernel_size": size, "stride": 2, "padding": pad} for size, pad in ((2, 0), (3, 0), (3, 1))]
        tried = [
            _Halves(
                [(block.kind, {**params, **one}), _keeping(image[0]), ("relu", {})], (block.kind, {**params, **two})
            )
            for one, two in product(windows, windows)
        ]
    return next((halves for halves in tried if _falls_slowly(halves, image, found.shape)), None)


def _falls_slowly(halves: _Halves, image: Shape, wanted: Shape) -> bool:
    shape = image
    try:
        for kind, params in (*halves.before, halves.last):
            made = measure(kind, params, (shape,)).shape
            if prod(shape) > MAX_FALL * prod(made):
                return False
            shape = made
    except (ShapeError, SettingError):
        return False
    return shape == wanted


def _inserted(document: Document, node: str, blocks: list[tuple[str, dict[str, Any]]]) -> Document:
    for kind, params in blocks:
        document = fixes.insert_before(document, node, kind, params)
    return document


def _in_two(document: Document, node: str, halves: _Halves) -> Document:
    return fixes.replace(_inserted(document, node, halves.before), node, *halves.last)
