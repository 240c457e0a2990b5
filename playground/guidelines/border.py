"""Pools whose windows do not come out even."""

from __future__ import annotations

from playground.blocks.pooling import AvgPool, MaxPool
from playground.guidelines.registry import guideline
from playground.notes import Note
from playground.shapes import both, pooled, times
from playground.walk import Walked


@guideline
def dropped_border(walked: Walked) -> list[Note]:
    """The last rows and columns that no window reaches; torch and Caffe differ in this default."""
    notes = []
    for node, found in walked.measures.items():
        inputs = walked.inputs(node)
        if not isinstance(found.block, MaxPool | AvgPool) or found.block.ceil_mode or not inputs:
            continue
        block, image = found.block, inputs[0][1:]
        axes = list(zip(image, both(block.kernel_size), both(block.stride), block.window(*inputs).padding, strict=True))
        rows, columns = (max(0, (side + 2 * pad - size) % stride - pad) for side, size, stride, pad in axes)
        if not rows and not columns:
            continue
        given = (found.shape[1], found.shape[2])
        kept = (pooled(*axes[0], True), pooled(*axes[1], True))
        notes.append(
            Note(
                "advice", "border.W001", node,
                f"{walked.name(node)} never looks at {_lost(rows, columns)} of its {image[0]}×{image[1]} input.",
                f"Round up, which gives {times(kept)} in place of {times(given)}, or choose a size that comes"
                " out even.",
            )
        )  # fmt: skip
    return notes


def _lost(rows: int, columns: int) -> str:
    parts = [
        f"the last {what}" if count == 1 else f"the last {count} {what}s"
        for count, what in ((rows, "row"), (columns, "column"))
        if count
    ]
    return " and ".join(parts)
