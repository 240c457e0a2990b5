"""Guideline 1: the data volume H×W×C should fall slowly."""

from __future__ import annotations

from math import prod

from playground.guidelines.registry import guideline
from playground.notes import Note
from playground.walk import Walked

MAX_FALL = 8
"""A pool of 2×2 takes 4, one of 3×3 with stride 2 a little more; beyond this little is left to decide with."""


@guideline
def tight_bottleneck(walked: Walked) -> list[Note]:
    """A block that throws away most of what comes in, with layers after it that would have needed it."""
    notes = []
    for node in walked.network.nodes:
        found, inputs = walked.measures.get(node.id), walked.inputs(node.id)
        if found is None or not inputs or len(found.shape) != 3 or found.shape[1:] == (1, 1):
            continue
        before, after = sum(prod(shape) for shape in inputs), prod(found.shape)
        if before > MAX_FALL * after:
            notes.append(
                Note(
                    "warning", "bottleneck.W001", node.id,
                    f"{walked.name(node.id)} takes {before:,} values down to {after:,}:"
                    f" a {before / after:.0f}-fold fall in one block.",
                    "Shrink the image in smaller steps, or give more channels where it shrinks.",
                )
            )  # fmt: skip
    return notes
