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


class _Row(NamedTuple):
    """Pools one behind the other."""

    first: str
    pools: int


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
        it gives out, and gives out an image of more than one pixel. Blocks that join several inputs are left out, and
        of a block that opens only its two ends are looked at.
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
    rows = _rows_of_pools(walked)
    for node in walked.inference_order:  # an auxiliary head may throw away what the main way keeps
        found, inputs = walked.measures.get(node), walked.inputs(node)
        if not found or not inputs or len(found.shape) != 3 or found.shape[1:] == (1, 1) or len(inputs) > 1:
            continue
        row = _Row(node, 1)
        if prod(inputs[0]) <= MAX_FALL * prod(found.shape):
            row = rows.get(node, row)
            inputs = walked.inputs(row.first) or inputs
        before, after = prod(inputs[0]), prod(found.shape)
        if before <= MAX_FALL * after:
            continue
        note = Note(
            "warning", "bottleneck.W001", node,
            f"{_named(walked, row, node)} {before:,} values down to {after:,}:"
            f" a {before / after:.0f}-fold fall in {'one block' if row.pools == 1 else 'a row'}.",
            "Shrink the image in smaller steps, or give more channels where it shrinks.",
        )  # fmt: skip
        notes.append(_with_way_out(walked, note, row, found) if len(notes) < MAX_TRIED else note)
    return notes


def _named(walked: Walked, row: _Row, last: str) -> str:
    if row.pools == 1:
        return f"{walked.name(last)} takes"
    before = walked.name(row.first) if row.pools == 2 else f"The {row.pools - 1} pools from {walked.name(row.first)} on"
    return f"{before} and {walked.name(last)} take"


def _rows_of_pools(walked: Walked) -> dict[str, _Row]:
    """For each pool that follows others, with no layer between them: where they begin and how many they are."""
    rows: dict[str, _Row] = {}
    for node in walked.wiring.order:
        sources = walked.wiring.inputs[node]
        if len(sources) != 1 or node not in walked.measures:
            continue
        before = rows.get(sources[0]) if len(walked.wiring.outputs[sources[0]]) == 1 else None
        if _pools(walked, node):
            rows[node] = before._replace(pools=before.pools + 1) if before else _Row(node, 1)
        elif before and walked.measures[node].block.family in {"activation", "steadying"}:
            rows[node] = before
    return {node: row for node, row in rows.items() if _pools(walked, node)}


def _pools(walked: Walked, node: str) -> bool:
    return isinstance(walked.measures[node].block, MaxPool | AvgPool)


def _with_way_out(walked: Walked, note: Note, row: _Row, found: Measure) -> Note:
    node, block = note.node or "", found.block
    image = (walked.inputs(node) or ((),))[0]
    if row.pools > 1:
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
