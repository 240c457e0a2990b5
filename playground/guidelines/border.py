"""Pools whose windows do not come out even."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from playground import fixes
from playground.blocks.pooling import AvgPool, MaxPool
from playground.guidelines.registry import guideline, page
from playground.guidelines.trial import keeps_the_end
from playground.notes import Note
from playground.shapes import Shape, both, explicit_padding, pooled, times
from playground.walk import Walked

MAX_TRIED = 8
"""Pools of one network for which a way out is looked for: each is tried on all that stands behind it."""


@guideline(
    page(
        id="border.W001",
        title="Let pooling windows come out even",
        why="""
        A pool moves its window by the stride until the next place would reach over the edge. Where the image does not
        come out even, the last rows or columns lie in no window: the network computed them and never looks at them.

        Frameworks differ here. torch rounds the number of windows down and drops the rest; Caffe, in which AlexNet's
        successors and GoogLeNet were trained, rounds up and lets the last window hang over the edge. GoogLeNet's
        sizes 112, 56, 28, 14 and 7 come out only if pools round up.

        Rounding up keeps the border and makes the image one pixel larger; where that does not fit what follows, a
        border of padding may do. A pixel of a large image is no great loss; of 5×5 pixels it is a third of all.
        """,
        rule="""
        A max or average pool that rounds down leaves at least one row or column of its input outside all windows. The
        press rounds up, or pads, where everything behind still fits and the network's output keeps its shape.
        """,
        source="Szegedy et al., Going Deeper with Convolutions, 2015, table 1; torch.nn.MaxPool2d, ceil_mode",
        lecture=["L21", "L32"],
    ),
)
def dropped_border(walked: Walked) -> list[Note]:
    """The last rows and columns that no window reaches; torch and Caffe differ in this default."""
    notes: list[Note] = []
    for node, found in walked.measures.items():
        inputs = walked.inputs(node)
        if not isinstance(found.block, MaxPool | AvgPool) or found.block.ceil_mode or not inputs:
            continue
        block, image = found.block, inputs[0]
        rows, columns = _missed(block, image, block.window(*inputs).padding)
        if not rows and not columns:
            continue
        note = Note(
            "advice", "border.W001", node,
            f"{walked.name(node)} never looks at {_lost(rows, columns)} of its {image[1]}×{image[2]} input.",
            "Choose a size that comes out even: an image, a window or a stride one larger or smaller.",
        )  # fmt: skip
        notes.append(_with_way_out(walked, note, block, image) if len(notes) < MAX_TRIED else note)
    return notes


def _missed(block: MaxPool | AvgPool, image: Shape, pads: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of the image behind the last window."""
    axes = zip(image[1:], both(block.kernel_size), both(block.stride), pads, strict=True)
    rows, columns = (max(0, (side + 2 * pad - size) % stride - pad) for side, size, stride, pad in axes)
    return rows, columns


def _with_way_out(walked: Walked, note: Note, block: MaxPool | AvgPool, image: Shape) -> Note:
    node = note.node or ""
    for params, label, words in _ways_out(block, image):
        if keeps_the_end(walked, {node: params}):
            return note._replace(
                hint=words, fix_label=label, fix=partial(fixes.set_params, walked.document, node, params)
            )
    return note


def _ways_out(block: MaxPool | AvgPool, image: Shape) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Settings that lose nothing, what the press says, and the hint."""
    pads = explicit_padding(block.padding, block.kernel_size, block.stride, what="window")
    yield (
        {"ceil_mode": True},
        "Round up",
        f"Round up, which gives {_size(block, image, pads, up=True)} in place of {_size(block, image, pads)}.",
    )
    for pad in range(1, min(both(block.kernel_size)) // 2 + 1):
        if _missed(block, image, (pad, pad)) == (0, 0):
            made = _size(block, image, (pad, pad))
            yield (
                {"padding": pad},
                f"Use padding {pad}",
                f"Use padding {pad}, which gives {made} in place of {_size(block, image, pads)}.",
            )


def _size(block: MaxPool | AvgPool, image: Shape, pads: tuple[int, int], *, up: bool = False) -> str:
    axes = zip(image[1:], both(block.kernel_size), both(block.stride), pads, strict=True)
    rows, columns = (pooled(*axis, up) for axis in axes)
    return times((rows, columns))


def _lost(rows: int, columns: int) -> str:
    parts = [
        f"the last {what}" if count == 1 else f"the last {count} {what}s"
        for count, what in ((rows, "row"), (columns, "column"))
        if count
    ]
    return " and ".join(parts)
